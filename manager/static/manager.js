/** The manager's page: the live hall. */

import { render } from "../vendor/lit-html.js";
import { follow } from "../js/live.js";
import { announced, Said } from "./alerts.js";
import { Reprints } from "./paper.js";
import { Releases } from "./release.js";
import { draw } from "./views.js";

const app = document.getElementById("app");

const reprints = new Reprints(show);
const said = new Said(show);
const releases = new Releases(show);
const ears = document.getElementById("ears");
let receivedAt = 0;

const live = follow("/manager", {
  snapshot: () => {
    receivedAt = performance.now();
    releases.look(live.current().desks);
    tell();
    show();
  },
  connection: show,
});
setInterval(show, 1000);
show();

function show() {
  const age = (performance.now() - receivedAt) / 1000;
  render(draw({ snapshot: live?.current() ?? null, connection: live?.state() ?? "starting", age, reprints, said, releases }), app);
}

/** Say to a screen reader what is new, and nothing while it stays as it was. */
function tell() {
  const words = announced(live.current());
  if (ears.textContent !== words) ears.textContent = words;
}
