/**
 * In a field the keys write; in audio mode the arrows up and down lead out of it to the choices. Elsewhere the keyboard or keypad:
 * arrows go from choice to choice, Enter chooses, digits choose by number, 0 repeats, Escape goes back, + and − set the volume,
 * * begins or ends audio mode. A keypad that notices its headphone sends F15 (plugged) and F16 (pulled).
 */

import { VOLUME_STEP } from "./speech.js";

/** Keys that write nothing, for who has no other way out of a field. */
const LEAVE = new Set(["ArrowUp", "ArrowDown"]);

/** @param {object} kiosk  ready(), pressed(), audio(), audioOn(), audioOff(), back(), guide */
export function listenToKeys(kiosk) {
  const { guide } = kiosk;
  const does = {
    ArrowDown: () => guide.move(1), ArrowRight: () => guide.move(1), ArrowUp: () => guide.move(-1), ArrowLeft: () => guide.move(-1),
    Escape: kiosk.back, Backspace: kiosk.back, 0: () => guide.repeat(), r: () => guide.repeat(),
    "+": () => guide.speech.louder(VOLUME_STEP), "-": () => guide.speech.louder(-VOLUME_STEP),
    "*": kiosk.audio, F15: kiosk.audioOn, F16: kiosk.audioOff,
  };
  for (let digit = 1; digit <= 9; digit += 1) does[digit] = () => guide.choose(digit);

  document.addEventListener("keydown", (event) => {
    if (event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
    kiosk.pressed();
    if (!kiosk.ready()) {
      event.preventDefault();
      return;
    }
    if (event.target.matches?.("textarea, input")) {
      if (event.key === "Escape" || (guide.on && LEAVE.has(event.key))) {
        event.preventDefault();
        does[event.key]();
      }
      return;
    }
    const act = does[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
