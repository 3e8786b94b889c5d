/** The kiosk: language, service, what to bring, ticket. One state, drawn whole; nothing of the last person stays in it. */

import { render } from "../vendor/lit-html.js";
import { send } from "../js/commands.js";
import { follow } from "../js/live.js";
import { page, say } from "../js/page.js";
import { watchPairing } from "../js/unpaired.js";
import { Answers } from "./answers.js";
import { APPOINTMENT } from "./appointment.js";
import { below, cut, onward, reach } from "./fitting.js";
import { FOLLOWING_BACK, followingActions } from "./following.js";
import { listenToKeys } from "./keys.js";
import { offers, refreshOffers } from "./offers.js";
import { FIRST_PAGE, closer, withRoom } from "./paging.js";
import { COMES, paperSentence, paperWord } from "./paper.js";
import { Patience } from "./patience.js";
import { RATING_BACK, ratingActions, sendForgotten } from "./rating.js";
import { Settling } from "./settling.js";
import { Guide } from "./speech.js";
import { backBy, suit, unattended } from "./unattended.js";
import { draw } from "./views.js";
import { WRITING_BACK, writingActions } from "./writing.js";

const app = document.getElementById("app");
const PATIENCE = 60000;
const FIRST = "ar";
const UNTIMED = new Set(["language", "sending"]);
const TAKING = new Set(["before", "priority", "appointment"]); // the views of one service
const NEEDED = 4; // a listener needs that many times as long as a reader

/**
 * view; lang; chosen heading, page (of `room` cards, without sentences when `terse`; `fitted` once every page was seen whole), service and hour of the appointment; the ticket and its paper; what is rated, written and
 * followed, with its keyboard; the modes low, strong and audio. All of it goes with the person.
 */
const start = () => ({
  view: "language", lang: FIRST, heading: null, ...FIRST_PAGE, service: null, hour: null, ticket: null, paper: undefined, paperSays: undefined, sentence: null,
  then: null, rating: null, wish: null, reference: null, asked: "", stage: null, keys: null, field: null,
  low: false, strong: false, audio: false, warned: false,
});

let state = start();
let edge = null;
const answers = new Answers(go);
const patience = new Patience();
const settling = new Settling(app);
const guide = new Guide(app);

const parts = { get: () => state, go, show, answers };
const actions = {
  ...ratingActions(parts),
  ...writingActions(parts),
  ...followingActions(parts),
  /** Something else than a ticket is wanted: the language first. */
  beside: (then) => go({ view: "beside", then }),
  besideIn: (lang) => {
    state.lang = lang;
    actions[state.then]();
  },
  keys: (keys) => {
    state.keys = keys;
    show();
  },
  language: (lang) => {
    tellAnew(); // another day tells other hours, and a quiet hall sends no snapshot for it
    go({ view: "services", lang, heading: null, ...FIRST_PAGE });
  },
  heading: (heading) => go({ view: "services", heading, ...FIRST_PAGE }),
  page: (number) => go({ page: number }),
  onward: () => onward(app),
  before: (service) => go({ view: "before", service: service.id }),
  priority: () => go({ view: "priority" }),
  information: () => go({ view: "information", told: state.view }),
  informationIn: (lang) => go({ lang }),
  back: () => (BACK[state.view] ?? reset)(),
  more: () => {
    patience.begin(page.seconds.more * pace());
    show();
  },
  mode: (name) => {
    state = { ...state, [name]: !state[name], ...withRoom(state) };
    show();
    if (name === "audio") guide[state.audio ? "begin" : "end"](state);
  },
  reset,
  because: (priority) => (priority === APPOINTMENT ? go({ view: "appointment", hour: null }) : actions.take(priority)),
  hour: (hour) => go({ hour }),
  take: (priority, appointment) =>
    answers.ask(
      () => {
        const order = { service: state.service, language: state.lang, ...(priority ? { priority } : {}), ...(appointment ? { appointment } : {}) };
        return send("/api/v1/tickets", order, state.lang, PATIENCE);
      },
      (answer) => {
        if (answer.ok) {
          state.ticket = answer.data;
          watchPaper();
          go({ view: "ticket" });
        } else {
          go({ view: "refused", sentence: answer.data?.detail ?? null });
        }
      },
    ),
};

const BACK = {
  ...backBy(go, RATING_BACK, WRITING_BACK, FOLLOWING_BACK),
  services: () => (state.heading === null ? reset() : go({ heading: null, ...FIRST_PAGE })),
  before: () => go({ view: "services" }),
  priority: () => go({ view: "before" }),
  appointment: () => go(state.hour === null ? { view: "priority" } : { hour: null }),
  information: () => (state.told === "language" ? reset() : go({ view: "services" })),
  sending: () => {}, // an answer on its way is for who asked
};

const live = follow("/kiosk", {
  snapshot: ({ services, offers: mark }) => {
    watchPaper();
    tellAnew(mark);
    if (TAKING.has(state.view) && !services.some(({ id }) => id === state.service)) {
      go({ view: "refused", sentence: say("service_gone", {}, state.lang) });
    } else {
      show();
    }
  },
  connection: (state) => {
    watchPairing(state, "kiosk");
    show();
  },
});
unattended({ patience, reset, show, stay });
app.addEventListener("scroll", show, { capture: true, passive: true });
addEventListener("resize", () => {
  state = { ...state, ...withRoom(state) };
  show();
});
listenToKeys({
  ready: () => !app.inert,
  pressed: stay,
  audio: () => page.audio && actions.mode("audio"),
  audioOn: () => page.audio && !state.audio && actions.mode("audio"),
  audioOff: () => state.audio && actions.mode("audio"),
  back: () => state.view !== "language" && actions.back(),
  guide,
});
show();

function show() {
  const warned = patience.left <= page.seconds.warning * pace();
  const warns = warned && !state.warned;
  if (!warned && state.warned) state = { ...state, ...withRoom(state) };
  state.warned = warned;
  suit(state);
  paint();
  fit();
  if (edge !== below(app)) {
    edge = below(app);
    paint();
  }
  reach(app, edge);
  if (warns) guide.remark("word/still_there");
}

function paint() {
  const seen = { snapshot: live?.current() ?? null, connection: live?.state() ?? "starting", offers: offers() };
  render(draw({ ...state, ...seen, edge, left: patience.left, actions }), app);
}

/** As many services a page as every page shows whole in every language: found at once, so that there are as many pages as are told while one turns them. */
function fit() {
  if (state.view !== "services" || !app.querySelector(".services")) return;
  while (state.room > 1 && (state.fitted ? cut(app) : cutInAnyLanguage())) {
    state = { ...state, ...closer(state) };
    paint();
  }
  if (state.terse && !state.fitted) withSentencesAgain();
  state.fitted = true;
}

/** Fewer cards may leave room for what was left out first. */
function withSentencesAgain() {
  state.terse = false;
  paint();
  state.terse = cutInAnyLanguage();
  paint();
}

function cutInAnyLanguage() {
  const { lang } = state;
  const found = page.choices.some((other) => {
    state.lang = other;
    suit(state);
    paint();
    return anyPageCut();
  });
  state.lang = lang;
  suit(state);
  paint();
  return found;
}

function anyPageCut() {
  const { page: seen } = state;
  const pages = Number(app.querySelector("[data-pages]")?.dataset.pages ?? 1);
  let found = cut(app);
  for (state.page = 0; !found && state.page < pages; state.page += 1) {
    paint();
    found = cut(app);
  }
  state.page = seen;
  paint();
  return found;
}

/** A fault of the printer that comes or goes while a number is shown changes what is said below it, and leaves time to note it. */
function watchPaper() {
  if (!state.ticket) return;
  const before = state.paper;
  state.paper = paperWord(state.ticket, live.current()?.printers ?? [], before);
  state.paperSays = paperSentence(state.paper, state.ticket, live.current());
  if (before && before !== state.paper) stay();
}

/** What is told of the services follows the manager; who stands there stays where they are. */
async function tellAnew(mark) {
  if (await refreshOffers(mark)) show();
}

/** Go to another view. */
function go(changes) {
  state = { ...state, ...changes };
  patience.begin(UNTIMED.has(state.view) ? 0 : seconds());
  show();
  toTop();
  guide.stop();
  settling.begin(() => state.audio && guide.tell(state));
}

/** Somebody is there: the screen stays at least as long again. */
function stay() {
  if (!UNTIMED.has(state.view)) patience.extend(performance.now(), seconds());
}

/** How long this view waits; longer where a number must be noted by hand. */
function seconds() {
  const view = state.view === "ticket" && state.paper !== COMES ? "ticket_noted" : state.view;
  return (page.seconds[view] ?? page.seconds.services) * pace();
}

function toTop() {
  window.scrollTo(0, 0);
  for (const one of app.querySelectorAll(".kiosk__body, [data-scrolled]")) one.scrollTo(0, 0);
}

function pace() {
  return state.audio ? NEEDED : 1;
}

function reset() {
  sendForgotten(state);
  answers.forget();
  guide.end();
  go(start());
}
