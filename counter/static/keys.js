/** Key presses, whatever the keyboard's layout: what is typed counts when it is Latin, else the place of the key does. */

import { ACTIONS, SWITCHES } from "./actions.js";

const WRITING = "input:not([type=radio]), select, textarea";

/** Whether the press goes into a field. */
export const isWriting = (event) => Boolean(event.target.closest?.(WRITING));

const withModifier = (event) => event.ctrlKey || event.altKey || event.metaKey;

function letterOf(event) {
  if (event.key === "?" || event.key === "؟" || (event.code === "Slash" && event.shiftKey)) return "?";
  if (/^[a-z]$/i.test(event.key)) return event.key.toLowerCase();
  return event.code?.startsWith("Key") ? event.code.slice(3).toLowerCase() : "";
}

/** The digit of a key press (AZERTY types digits with Shift; the place of the key is enough here), or null. */
export function digitOf(event) {
  if (withModifier(event)) return null;
  if (/^\d$/.test(event.key)) return event.key;
  return /^(?:Digit|Numpad)(\d)$/.exec(event.code ?? "")?.[1] ?? null;
}

/** The action or switch of a key press, or undefined. */
export function meantBy(event) {
  if (withModifier(event) || event.repeat || event.isComposing || isWriting(event)) return undefined;
  const letter = letterOf(event);
  return ACTIONS.find((action) => action.key === letter) ?? SWITCHES.find((one) => one.key === letter);
}

/** How far an arrow key moves along a line (left and right mirrored where one reads from the right), or 0. */
export function stepAlong(event) {
  const onward = document.documentElement.dir === "rtl" ? -1 : 1;
  return { ArrowRight: onward, ArrowLeft: -onward }[event.key] ?? 0;
}
