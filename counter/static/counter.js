/** The clerk's screen: choose a counter, then call and serve. It draws the last snapshot; commands go by HTTP. */

import { render } from "../vendor/lit-html.js";
import { send } from "../js/commands.js";
import { follow } from "../js/live.js";
import { page, say } from "../js/page.js";
import { actionNamed } from "./actions.js";
import { attend, sound } from "./attention.js";
import { autoNext } from "./auto_next.js";
import { byArrows } from "./choosing.js";
import { dialogView } from "./dialog_view.js";
import { missingOf, opened, withChoice, withFound, withTab, withText } from "./dialogs.js";
import { visitorsNumbered } from "./finding.js";
import { countFor, isMine, ticketName } from "./hall.js";
import { meantBy } from "./keys.js";
import { keep, keepFor, kept, keptFor, lastReasons } from "./memory.js";
import { met, newNumber } from "./numbered.js";
import { presses } from "./presses.js";
import { draw } from "./views.js";

const app = document.getElementById("app");
const over = document.getElementById("dialog");
const NOTICE = 6000;
const TOLD = 30_000;
const TICK = 500;

let notice = null;
let given = null;
let timer = 0;
let givenTimer = 0;
let receivedAt = 0;
let dialog = null;
let all = kept("all") === "on";

const live = follow("/counter", {
  snapshot: () => {
    receivedAt = performance.now();
    arrived();
    met(desk()?.current);
    line.wake();
    next.look();
    show();
  },
  connection: () => {
    line.wake();
    show();
  },
});
const line = presses({
  me: page.me,
  snapshot: () => live.current(),
  desk,
  live: () => live.state() === "live",
  send: (job) => send(`/api/v1/counters/${page.counter}/${job.path}`, job.body, page.language),
  answered,
  dropped,
  changed: show,
});
const next = autoNext({
  on: auto,
  desk,
  me: page.me,
  mine,
  calm: () => !dialog && line.idle() && live.state() === "live",
  call: () => order("call-next", {}, { auto: true }),
  memory: { kept: (name) => kept(`${name}.${page.counter}`), keep: (name, value) => keep(`${name}.${page.counter}`, value) },
});
setInterval(() => {
  next.look();
  show();
}, TICK);
document.addEventListener("keydown", byKey);
window.addEventListener("beforeunload", (event) => {
  if (!line.idle()) event.preventDefault();
});
show();

function desk() {
  return live?.current()?.desks.find((one) => one.counter === page.counter) ?? null;
}

const named = (jobs) => jobs.map((job) => say(job.name)).join(" · ");

/** The visits that wait for this desk, as far as they are listed. */
function mine() {
  const here = desk();
  return here ? live.current().waiting.filter((one) => isMine(one, here)).map((one) => one.visit) : [];
}

function arrived() {
  const here = desk();
  if (!here) return;
  const idle = here.state === "open" && here.clerk?.id === page.me.id && !here.current;
  attend(countFor(here, live.current()), idle, aloud());
}

function show() {
  const snapshot = live?.current() ?? null;
  const connection = live?.state() ?? "starting";
  const age = (performance.now() - receivedAt) / 1000;
  const state = {
    snapshot, age, connection, notice, given, all,
    auto: auto(),
    nextComes: next.waits(),
    aloud: aloud(),
    desk: desk(),
    expected: line.expected(),
    pending: line.pending(),
    kept: line.kept(),
    slow: line.slow(),
    act: {
      press,
      put: (one) => order("recycle", { visit: one.visit }),
      takeUp: (one) => order("take-up", { visit: one.visit }),
      call: (one) => ask("call_why", of(one)),
      toggle,
      cancel,
    },
  };
  render(draw(state), app);
  drawDialog();
}

function drawDialog() {
  if (!dialog) over.querySelector("dialog")?.close();
  render(dialogView(dialog, { choose, type, tab, speak, confirm, cancel: closeDialog }), over);
  const element = over.querySelector("dialog");
  if (element && !element.open) element.showModal();
}

function tell(sentences, bad = false) {
  notice = { text: sentences.filter(Boolean).join(" "), bad };
  clearTimeout(timer);
  timer = setTimeout(() => {
    notice = null;
    show();
  }, NOTICE);
  show();
}

/** A number that the visitor before the clerk does not know yet: it stays longer than a notice. */
function tellNumber(ticket) {
  given = ticket;
  clearTimeout(givenTimer);
  givenTimer = setTimeout(() => {
    given = null;
    show();
  }, TOLD);
}

function auto() {
  return (kept("auto") ?? (live?.current()?.auto_next ? "on" : "off")) === "on";
}

function toggle(name) {
  if (name === "help") {
    ask("help");
    return;
  }
  if (name === "auto") keep("auto", auto() ? "off" : "on");
  else if (name === "sound") speakUp();
  else keep("all", (all = !all) ? "on" : "off");
  next.look();
  show();
}

function aloud() {
  return keptFor(page.me.id, "sound") === "on";
}

/** Whoever switches the sound on hears it. */
function speakUp() {
  keepFor(page.me.id, "sound", aloud() ? "off" : "on");
  if (aloud()) sound();
}

/** Give up the presses that wait for their turn. */
function cancel() {
  const jobs = line.cancel();
  if (jobs.length) tell([say("given_up", { actions: named(jobs) })]);
}

/** An action by its key or button: asks first when there is something to ask. */
function press(name) {
  if (live.state() === "refused") return;
  if (!actionNamed(name).dialog) order(name, {});
  else if (line.allows(name)) ask(name);
}

/** Put a command in the line; `more`: about (the visit that was meant), auto (nobody pressed it), asked (in a dialog). */
function order(name, body, { asked = false, ...more } = {}) {
  const { path } = actionNamed(name);
  const found = line.press({ name, path: path ?? name, body, ...more });
  if (found === "kept") notice = null;
  if (found === "full") tell([say("too_many")], true);
  if (found === "impossible" && asked) tell([say("dropped", { actions: say(name) })], true);
  show();
}

function answered(job, { ok, status, data }) {
  const number = ok && (data?.numbered ?? newNumber(data));
  if (number) tellNumber(number);
  if (status === 401) tell([say("refused")], true);
  else if (!ok) tell([data?.detail ?? say("no_answer")], true);
  else if (status === 204) sayNobody(job);
  else if ("rule" in data || job.name === "recall") tell([say(job.name === "recall" ? "recalled_now" : "called_now", { ticket: data.ticket ?? "" })]);
  else if (job.name === "recycle") tell([say("back_now", { ticket: ticketName(data) })]);
  else if (job.name === "transfer") tell([say("sent_on", { ticket: ticketName(data) })]);
  next.answered(job, { ok, status });
}

/** Who did not ask is not told: the screen says that it goes on waiting. */
function sayNobody(job) {
  if (!job.auto) tell([say("nobody_waits")]);
}

function byKey(event) {
  if (dialog) return;
  if (page.counter === null) {
    byArrows(event, app);
    return;
  }
  if (event.key === "Escape") cancel();
  const meant = meantBy(event);
  if (!meant) return;
  event.preventDefault();
  if (actionNamed(meant.name)) press(meant.name);
  else toggle(meant.name);
}

function dropped(jobs) {
  const pressed = jobs.filter((job) => !job.auto);
  if (pressed.length) tell([notice?.text, say("dropped", { actions: named(pressed) })], true);
}

function of(visitor) {
  return { visit: visitor.visit, ticket: ticketName(visitor) };
}

/** What a dialog reads of the screen. */
function seen() {
  return {
    snapshot: live.current(),
    desk: { ...desk(), current: line.expected()?.current ?? null },
    age: (performance.now() - receivedAt) / 1000,
    all,
    recent: lastReasons(),
    language: kept("language") ?? page.spoken[0],
  };
}

function ask(name, more) {
  if (!live.current()) return;
  closeDialog();
  dialog = opened(name, seen(), more);
  show();
}

function closeDialog() {
  dialog = null;
  drawDialog();
}

function choose(id, now = false) {
  dialog = withChoice(dialog, id);
  if (now && !dialog.spec.stay && !dialog.spec.search) confirm();
  else {
    show();
    if (now) over.querySelector("[data-text]")?.focus();
    over.querySelector("[aria-selected=true].option")?.scrollIntoView({ block: "nearest" });
  }
}

function type(text) {
  dialog = { ...withText(dialog, text), confirmed: false };
  if (dialog.spec.found && text.trim()) search(dialog.name, text);
  show();
}

/** Whom the screen does not list is asked for. Enter pressed before the answer counts when it is there. */
async function search(name, text) {
  dialog = { ...dialog, searched: text };
  const found = await visitorsNumbered(page.counter, text.trim());
  if (dialog?.name !== name || dialog.searched !== text) return;
  dialog = { ...withFound(dialog, dialog.spec.found(found, seen())), searched: null };
  if (dialog.confirmed) confirm();
  else show();
}

function tab(id) {
  dialog = withTab(dialog, id);
  show();
  over.querySelector("#dialog-options")?.focus();
}

function speak(language) {
  dialog = { ...dialog, language };
  show();
}

function confirm() {
  const { name, spec, about, chosen } = dialog;
  const entered = { ...dialog, text: dialog.text.trim() };
  if (spec.keys) return;
  if (!spec.needs(entered) && dialog.searched) {
    dialog = { ...dialog, confirmed: true };
    return;
  }
  if (!spec.needs(entered)) {
    dialog = { ...dialog, missing: missingOf(dialog) };
    show();
    return;
  }
  if (spec.then) {
    ask(spec.then, { visit: chosen, ticket: dialog.options.find((option) => option.id === chosen)?.label });
    return;
  }
  const body = spec.body(entered);
  if (name === "call_why") lastReasons(body.reason);
  if (spec.languages) keep("language", dialog.language);
  closeDialog();
  order(spec.action ?? name, body, { asked: true, ...(about ? { about } : {}) });
}
