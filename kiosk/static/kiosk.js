/** The kiosk: language, service, ticket. One state, drawn whole; nothing of the last person stays in it. */

import { render } from "../vendor/lit-html.js";
import { oneAtATime, send } from "../js/commands.js";
import { follow } from "../js/live.js";
import { directionOf, page } from "../js/page.js";
import { paperWord } from "./paper.js";
import { draw } from "./views.js";

const app = document.getElementById("app");
const SETTLE = 350;
const PATIENCE = 60000;
const FIRST = "ar";
const start = () => ({ view: "language", lang: FIRST, ticket: null, paper: undefined, service: null, sentence: null, left: 0 });

let state = start();
let ends = 0;
let settling = 0;
const once = oneAtATime();

const actions = {
  language: (lang) => go({ view: "services", lang }, page.seconds.services),
  reset,
  take: (service) =>
    once(async () => {
      go({ view: "sending", service });
      const answer = await send("/api/v1/tickets", { service: service.id, language: state.lang }, state.lang, PATIENCE);
      if (answer.ok) {
        state.ticket = answer.data;
        watchPaper();
        go({ view: "ticket" }, page.seconds.ticket);
      } else {
        go({ view: "refused", sentence: answer.data?.detail ?? null }, page.seconds.ticket);
      }
    }),
};

const live = follow("/kiosk", {
  snapshot: () => {
    watchPaper();
    show();
  },
  connection: show,
});
setInterval(countDown, 250);
document.addEventListener("contextmenu", (event) => event.preventDefault());
document.addEventListener("pointerdown", () => {
  if (state.view === "services") restart(page.seconds.services);
});
show();

function show() {
  document.documentElement.lang = state.lang;
  document.documentElement.dir = directionOf(state.lang);
  render(draw({ ...state, snapshot: live?.current() ?? null, connection: live?.state() ?? "starting", actions }), app);
}

/** A fault of the printer that comes or goes while a number is shown changes what is said below it. */
function watchPaper() {
  if (state.ticket) state.paper = paperWord(state.ticket, live.current()?.printers ?? [], state.paper);
}

/** Go to another view. For a moment it takes no touch, so that the second tap of a double one falls into nothing. */
function go(changes, seconds = 0) {
  state = { ...state, ...changes };
  restart(seconds);
  show();
  window.scrollTo(0, 0);
  app.inert = true;
  clearTimeout(settling);
  settling = setTimeout(() => {
    app.inert = false;
    app.querySelector("h1")?.focus({ preventScroll: true });
  }, SETTLE);
}

function restart(seconds) {
  ends = seconds ? performance.now() + seconds * 1000 : 0;
  state.left = seconds;
}

function countDown() {
  if (!ends) return;
  const left = Math.max(0, Math.ceil((ends - performance.now()) / 1000));
  if (left === 0) {
    reset();
  } else if (left !== state.left) {
    state.left = left;
    show();
  }
}

function reset() {
  go(start());
}
