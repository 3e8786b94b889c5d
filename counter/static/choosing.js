/** Moving among the counters with the arrow keys. */

import { stepAlong } from "./keys.js";

export function byArrows(event, app) {
  const links = [...app.querySelectorAll("[data-counter]")];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key] ?? stepAlong(event);
  if (!step || !links.length) return;
  event.preventDefault();
  const here = links.indexOf(document.activeElement);
  links[here < 0 ? 0 : (here + step + links.length) % links.length].focus();
}
