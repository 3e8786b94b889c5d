/** The clerk's screen: choose a counter, then call and serve. It draws the last snapshot; commands go by HTTP. */

import { render } from "../vendor/lit-html.js";
import { oneAtATime, send } from "../js/commands.js";
import { follow } from "../js/live.js";
import { page, say } from "../js/page.js";
import { ACTIONS, actionOf } from "./actions.js";
import { draw } from "./views.js";

const app = document.getElementById("app");
const NOTICE = 6000;

let notice = null;
let underWay = null;
let timer = 0;
let receivedAt = 0;
const once = oneAtATime();

const live = follow("/counter", {
  snapshot: () => {
    receivedAt = performance.now();
    show();
  },
  connection: show,
});
setInterval(show, 1000);
document.addEventListener("keydown", byKey);
show();

function show() {
  const snapshot = live?.current() ?? null;
  const age = (performance.now() - receivedAt) / 1000;
  render(draw({ snapshot, age, desk: deskOf(snapshot), connection: live?.state() ?? "starting", notice, underWay, press }), app);
}

function deskOf(snapshot) {
  return snapshot?.desks.find((desk) => desk.counter === page.counter) ?? null;
}

function tell(text, bad = false) {
  notice = { text, bad };
  clearTimeout(timer);
  timer = setTimeout(() => {
    notice = null;
    show();
  }, NOTICE);
  show();
}

function press(name) {
  const desk = deskOf(live.current());
  const action = ACTIONS.find((one) => one.name === name);
  if (!desk || !action.allowed(desk)) return;
  once(async () => {
    underWay = name;
    notice = null;
    show();
    const answer = await send(`/api/v1/counters/${page.counter}/${name}`, {}, page.language);
    underWay = null;
    judge(name, answer);
    show();
  });
}

function judge(name, { ok, status, data }) {
  if (status === 401) tell(say("refused"), true);
  else if (!ok) tell(data?.detail ?? say("no_answer"), true);
  else if (status === 204) tell(say("nobody_waits"));
  else if (name === "call-next" || name === "recall") tell(say("called_now", { ticket: data.ticket ?? "" }));
}

function byKey(event) {
  if (page.counter === null) {
    moveAmongCounters(event);
    return;
  }
  const action = actionOf(event);
  if (!action) return;
  event.preventDefault();
  press(action.name);
}

function moveAmongCounters(event) {
  const links = [...app.querySelectorAll("[data-counter]")];
  const rtl = document.documentElement.dir === "rtl";
  const steps = { ArrowDown: 1, ArrowUp: -1, ArrowRight: rtl ? -1 : 1, ArrowLeft: rtl ? 1 : -1 };
  const step = steps[event.key];
  if (!step || !links.length) return;
  event.preventDefault();
  const here = links.indexOf(document.activeElement);
  links[here < 0 ? 0 : (here + step + links.length) % links.length].focus();
}
