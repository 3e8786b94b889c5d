/** The hall display: it draws the last snapshot, brings new calls one after another, and heals by itself. */

import { render } from "../vendor/lit-html.js";
import { localDate, serverNow } from "../js/clock.js";
import { follow } from "../js/live.js";
import { page } from "../js/page.js";
import { watchPairing } from "../js/unpaired.js";
import { Announcements } from "./announcements.js";
import { Rotation, due } from "./media.js";
import { fitLetters } from "./reading.js";
import { draw } from "./views.js";
import { Voice } from "./voice.js";

const app = document.getElementById("app");
const TURN = 8000;

const voice = new Voice();
const announcements = new Announcements({ busy: () => voice.speaking() });
const rotation = new Rotation();
/** How long a call has the screen for itself before the media come back, in ms. */
const REST = 10000;
let flashing = false;
let called = -Infinity;

document.documentElement.lang = "ar";
document.documentElement.dir = "rtl";

const live = follow("/display", {
  snapshot: (data) => {
    voice.take(data.voice);
    announcements.take(data.calls, serverNow());
    advance();
    show();
  },
  connection: (state) => {
    watchPairing(state, "display");
    show();
  },
});
setInterval(() => {
  advance();
  show();
}, 250);
show();

function advance() {
  if (!announcements.tick(performance.now())) return;
  called = performance.now();
  voice.announce(announcements.current, () => announcements.waiting);
  flashing = false;
  show();
  app.getBoundingClientRect();
  flashing = true;
}

/** The item that is shown beside the last call, null while a call has the screen. */
function beside(snapshot) {
  const now = performance.now();
  const local = localDate(page.offsets);
  const resting = now - called >= REST && !announcements.waiting && !voice.speaking();
  if (!snapshot || !local || !resting) {
    rotation.rest();
    return null;
  }
  return rotation.at(due(snapshot, page.screen, local), now);
}

function show() {
  const turn = Math.floor(performance.now() / TURN);
  const snapshot = live?.current() ?? null;
  const medium = beside(snapshot);
  const broken = (item) => rotation.skip(item, performance.now());
  render(draw({ snapshot, connection: live?.state() ?? "starting", call: announcements.current, flashing, turn, medium, broken }), app);
  fitLetters(snapshot);
}
