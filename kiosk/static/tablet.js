/**
 * The tablet before a citizen at a counter. It rests until the clerk lets a visitor go, then asks in the visitor's language. The
 * next visitor's start ends what was not begun; what was begun is finished in peace. Nothing of the last person stays in the state.
 */

import { render } from "../vendor/lit-html.js";
import { serverNow } from "../js/clock.js";
import { follow } from "../js/live.js";
import { page } from "../js/page.js";
import { watchPairing } from "../js/unpaired.js";
import { Answers } from "./answers.js";
import { tell } from "./offers.js";
import { Patience } from "./patience.js";
import { RATING_BACK, ratingActions, sendForgotten } from "./rating.js";
import { Settling } from "./settling.js";
import { draw } from "./tablet_views.js";
import { backBy, suit, unattended } from "./unattended.js";
import { WRITING_BACK, writingActions } from "./writing.js";

const app = document.getElementById("app");
const FIRST = "ar";
const UNTIMED = new Set(["rest", "sending"]);
const MS = 1000;
/** How long thanks stand before the next visitor is asked, whose visit may have ended meanwhile. */
const THANKED_MS = 6000;

const start = () => ({
  view: "rest", lang: FIRST, ticket: null, rating: null, wish: null, reference: null, service: null, sentence: null, keys: null, field: null,
  strong: false,
});

let state = start();
/** The visits that were asked about already: each once. */
const asked = new Set();
let thankedUntil = 0;
const answers = new Answers(go);
const patience = new Patience();
const settling = new Settling(app);

const parts = { get: () => state, go, show, answers };
const actions = {
  ...ratingActions(parts),
  ...writingActions(parts),
  keys: (keys) => {
    state.keys = keys;
    show();
  },
  language: (lang) => go({ lang }),
  back: () => (BACK[state.view] ?? reset)(),
  more: () => {
    patience.begin(page.seconds.more);
    show();
  },
  mode: (name) => {
    state = { ...state, [name]: !state[name] };
    show();
  },
  reset,
};
const BACK = {
  ...backBy(go, RATING_BACK, WRITING_BACK),
  rate_face: reset,
};

const live = follow("/tablet", {
  snapshot: (snapshot) => {
    tell({ writing: snapshot.writing });
    ask();
    show();
  },
  connection: (connection) => {
    watchPairing(connection, "tablet");
    show();
  },
});
unattended({ patience, reset, show, stay });
document.addEventListener("keydown", stay);
show();

/** Begin to ask, or stop asking, where nobody is in the middle of an answer. */
function ask() {
  const thanked = state.view === "rate_thanks" && performance.now() >= thankedUntil;
  const begun = state.view !== "rest" && !thanked && !(state.view === "rate_face" && state.rating.score === null);
  const now = live?.current()?.ask[page.counter];
  if (begun || (now && now.visit === state.rating?.visit)) return;
  if (now && !asked.has(now.visit) && serverNow() - Date.parse(now.ended_at) < page.ask_s * MS) {
    asked.add(now.visit);
    const lang = page.choices.includes(now.language) ? now.language : FIRST;
    go({ ...start(), view: "rate_face", lang, ticket: now.ticket, rating: { visit: now.visit, comment: "", score: null, reason: null } });
  } else if (!now && state.view === "rate_face") {
    go(start());
  }
}

function show() {
  suit(state);
  const seen = { snapshot: live?.current() ?? null, connection: live?.state() ?? "starting" };
  render(draw({ ...state, ...seen, left: patience.left, warned: patience.left <= page.seconds.warning, actions }), app);
}

function go(changes) {
  state = { ...state, ...changes };
  if (changes.view === "rate_thanks") {
    thankedUntil = performance.now() + THANKED_MS;
    setTimeout(ask, THANKED_MS);
  }
  patience.begin(UNTIMED.has(state.view) ? 0 : (page.seconds[state.view] ?? page.seconds.services));
  show();
  window.scrollTo(0, 0);
  settling.begin();
}

/** Somebody is there: the screen stays at least as long again. */
function stay() {
  if (!UNTIMED.has(state.view)) patience.extend(performance.now(), page.seconds[state.view] ?? page.seconds.services);
}

/** Back to rest. A face that was chosen counts; then the visitor who was let go meanwhile is asked. */
function reset() {
  sendForgotten(state);
  answers.forget();
  go(start());
  ask();
}
