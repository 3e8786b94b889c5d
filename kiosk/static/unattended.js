/** What every screen does that nobody of the administration stands beside: the kiosk, the tablet at a counter. */

import { directionOf } from "../js/page.js";

const TICK = 250;

/**
 * Forget who has gone away, let no menu of the browser open, and never come back from the browser's memory as it was left.
 * @param {{patience: Patience, reset: () => void, show: () => void, stay: () => void}} screen  `stay`: somebody is there
 */
export function unattended({ patience, reset, show, stay }) {
  setInterval(() => {
    const passed = patience.tick(performance.now());
    if (passed === "over") reset();
    else if (passed) show();
  }, TICK);
  document.addEventListener("contextmenu", (event) => event.preventDefault());
  document.addEventListener("pointerdown", stay);
  addEventListener("pageshow", (event) => event.persisted && location.reload());
}

/** The whole page in the language and the mode of who stands there. */
export function suit({ lang, low = false, strong }) {
  const root = document.documentElement;
  root.lang = lang;
  root.dir = directionOf(lang);
  root.toggleAttribute("data-low", low);
  root.toggleAttribute("data-strong", strong);
  if (strong) root.dataset.contrast = "high";
  else delete root.dataset.contrast;
}

/** The steps back of several ways, each `{view: view before}`, as actions by view. */
export const backBy = (go, ...ways) =>
  Object.fromEntries(Object.entries(Object.assign({}, ...ways)).map(([view, before]) => [view, () => go({ view: before, sentence: null })]));
