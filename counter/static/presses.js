/**
 * The clerk's presses, carried out one after the other in their order. A press is a job {name, path, body, about, takesBack}.
 *
 * While a command is under way or the connection is lost, the next few presses are kept. Each is one command with a key of its
 * own, sent again with that key until it is answered, so it is carried out once. When its turn comes it is judged by the newest
 * snapshot: what is no longer possible, or meant another visitor, is dropped, and the clerk is told.
 */

import { actionNamed, possible } from "./actions.js";
import { inSeconds } from "./moments.js";

const MOST = 6;
const SLOW = 2500;
const CATCH_UP = 1500;
const UNDO_WITHIN = 10;
const ABOUT_VISITOR = new Set(["start", "finish", "finish-as", "recall", "no-show", "park", "transfer"]);

/**
 * The line of presses.
 * @param {object} hall  what the presses need of the screen:
 *   snapshot(), desk(): the newest, or null;  live(): whether the connection is;  me: {id, role};
 *   send(job): a promise of the answer;  answered(job, answer), dropped(jobs), changed(): tell the screen
 */
export function presses(hall) {
  const kept = [];
  const droppedJobs = [];
  let underWay = null;
  let slow = false;
  let running = false;
  let caughtUp = () => {};

  /** The desk as it will be once everything kept is carried out. */
  const expected = () => [underWay, ...kept].filter(Boolean).reduce((desk, job) => afterJob(desk, job, hall.me), hall.desk());

  /** Keep a press. "kept", or why not: "impossible", "again" (the same press once more), "full". */
  function press(job) {
    const desk = expected();
    const action = actionNamed(job.name);
    if (!desk || !possible(action, desk, hall.snapshot(), hall.me)) return "impossible";
    const about = ABOUT_VISITOR.has(job.name) ? (job.about ?? desk.current.visit) : undefined;
    if (about && about !== (desk.current.visit ?? about)) return "impossible";
    if (same(kept.at(-1) ?? underWay, job)) return "again";
    if (kept.length >= MOST) return "full";
    kept.push({ ...job, about, takesBack: desk.undo?.action });
    run();
    return "kept";
  }

  async function run() {
    if (running) return;
    running = true;
    while (kept.length && hall.live()) {
      const job = kept.shift();
      if (makesSense(job, hall)) await carryOut(job);
      else droppedJobs.push(job);
    }
    running = false;
    if (droppedJobs.length) hall.dropped(droppedJobs.splice(0));
    hall.changed();
  }

  async function carryOut(job) {
    underWay = job;
    const timer = setTimeout(() => {
      slow = true;
      hall.changed();
    }, SLOW);
    const sent = hall.send(job);
    hall.changed();
    const answer = await sent;
    clearTimeout(timer);
    slow = false;
    if (answer.ok && answer.status !== 204) await snapshotWith(answer.data);
    underWay = null;
    if (answer.status === 401) droppedJobs.push(...kept.splice(0));
    hall.answered(job, answer);
  }

  /** Resolves when the snapshot shows what the answer says, or after a while: the socket may lag behind the answer. */
  function snapshotWith(data) {
    return new Promise((done) => {
      const timer = setTimeout(done, CATCH_UP);
      caughtUp = () => {
        if (!agrees(hall.desk(), data)) return;
        clearTimeout(timer);
        caughtUp = () => {};
        done();
      };
      caughtUp();
    });
  }

  return {
    press,
    expected,
    /** Whether the action will be possible once everything kept is carried out. */
    allows: (name) => Boolean(expected()) && possible(actionNamed(name), expected(), hall.snapshot(), hall.me),
    /** The jobs that are not under way yet, in their order. */
    kept: () => [...kept],
    /** Give up what is kept: the jobs that will not be done. What is under way can't be stopped. */
    cancel: () => kept.splice(0),
    /** The jobs not yet answered, in their order. */
    pending: () => [underWay, ...kept].filter(Boolean),
    underWay: () => underWay,
    /** Whether an answer takes longer than a clerk should wonder. */
    slow: () => slow,
    idle: () => !underWay && !kept.length,
    /** A snapshot came, or the connection changed. */
    wake: () => {
      caughtUp();
      run();
    },
  };
}

const same = (one, other) => one?.name === other.name && JSON.stringify(one.body) === JSON.stringify(other.body);

function makesSense(job, { desk, snapshot, me }) {
  const now = desk();
  if (!now || !possible(actionNamed(job.name), now, snapshot(), me)) return false;
  if (job.name === "undo") return job.takesBack === now.undo.action;
  return !job.about || job.about === now.current?.visit;
}

function agrees(desk, data) {
  if (!desk || !data) return true;
  if ("number" in data) return desk.state === data.state;
  const here = desk.current?.visit === data.visit;
  if ("rule" in data) return here;
  const atCounter = data.state === "called" || data.state === "serving";
  return atCounter && data.counter !== null ? here && desk.current.state === data.state : !here;
}

const undoOf = (action) => ({ action, until: inSeconds(UNDO_WITHIN) });
const called = (desk) => ({ ...desk, current: desk.current ?? { state: "called" }, undo: undoOf("call") });
const emptied = (action) => (desk) => ({ ...desk, current: null, undo: action && undoOf(action) });

const AFTER = {
  open: (desk, me) => ({ ...desk, state: "open", clerk: desk.clerk ?? { id: me.id, name: "" } }),
  pause: (desk) => ({ ...desk, state: "paused" }),
  close: (desk) => ({ ...desk, state: "closed", clerk: null }),
  "call-next": called,
  call: called,
  "take-up": called,
  "walk-direct": (desk) => ({ ...desk, current: desk.current ?? { state: "serving" }, undo: null }),
  start: (desk) => ({ ...desk, current: { ...desk.current, state: "serving" }, undo: undoOf("start") }),
  finish: emptied("finish"),
  "finish-as": emptied("finish"),
  "no-show": emptied("no-show"),
  park: emptied("park"),
  transfer: emptied(null),
  undo: (desk) => {
    const back = { call: null, start: { ...desk.current, state: "called" }, finish: { state: "serving" } };
    return { ...desk, current: desk.undo ? (back[desk.undo.action] ?? null) : desk.current, undo: null };
  },
};

function afterJob(desk, job, me) {
  return desk && AFTER[job.name] ? AFTER[job.name](desk, me) : desk;
}
