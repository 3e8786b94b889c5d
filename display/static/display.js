/** The hall display: it draws the last snapshot, brings new calls one after another, and heals by itself. */

import { render } from "../vendor/lit-html.js";
import { serverNow } from "../js/clock.js";
import { follow } from "../js/live.js";
import { page } from "../js/page.js";
import { watchPairing } from "../js/unpaired.js";
import { Announcements } from "./announcements.js";
import { fitLetters } from "./reading.js";
import { draw } from "./views.js";
import { Voice } from "./voice.js";

const app = document.getElementById("app");
const TURN = 8000;

const voice = new Voice();
const announcements = new Announcements({ busy: () => voice.speaking() });
let flashing = false;

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
  voice.announce(announcements.current, () => announcements.waiting);
  flashing = false;
  show();
  app.getBoundingClientRect();
  flashing = true;
}

function show() {
  const turn = Math.floor(performance.now() / TURN);
  render(
    draw({ snapshot: live?.current() ?? null, connection: live?.state() ?? "starting", call: announcements.current, flashing, turn, page }),
    app,
  );
  fitLetters(live?.current());
}
