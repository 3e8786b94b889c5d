/** Sizes the letters of this display by how far off and how large it is, when the snapshot says so. */

import { page } from "../js/page.js";
import { LAYOUTS, layoutFor, letterSize, sizeIn } from "./scale.js";

let done = "";

/** After a snapshot was drawn: choose the layout and the size, once for each reading and window size; anew as waits begin to be told. */
export function fitLetters(snapshot) {
  const reading = snapshot?.readings?.[page.screen];
  const asked = JSON.stringify([reading ?? null, innerWidth, innerHeight, snapshot?.services.some((one) => one.estimated_wait)]);
  const place = document.querySelector(".now");
  if (asked === done || !place) return;
  done = asked;
  const root = document.documentElement;
  delete root.dataset.layout;
  root.style.removeProperty("--call");
  if (!reading) return;
  const hall = document.querySelector(".hall");
  const gone = ["hall--media", "hall--first"].filter((one) => hall.classList.contains(one));
  hall.classList.remove(...gone); // measured as a call has it, the media away, beside those before it
  const areas = {};
  for (const layout of LAYOUTS) {
    root.dataset.layout = layout;
    areas[layout] = { width: place.clientWidth, height: place.clientHeight };
  }
  hall.classList.add(...gone);
  const size = letterSize(reading, { width: innerWidth, height: innerHeight });
  root.dataset.layout = layoutFor(size, areas);
  root.style.setProperty("--call", `${sizeIn(areas[root.dataset.layout])}px`);
}
