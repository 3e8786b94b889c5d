/**
 * The clerk's actions: which key does what, and when it is allowed. The table mirrors what a counter and a visitor can do
 * (open, pause, close; call, recall, start, finish, absent); the server judges again.
 *
 * The letters stand at the same place on QWERTY and AZERTY keyboards, so the place of the key serves under an Arabic or
 * Amazigh layout, where it types no Latin letter.
 */

const at = (desk, ...states) => states.includes(desk.current?.state);

export const ACTIONS = [
  { name: "call-next", key: "n", icon: "call", allowed: (desk) => desk.state === "open" && !desk.current },
  { name: "recall", key: "r", icon: "again", allowed: (desk) => at(desk, "called") },
  { name: "start", key: "s", icon: "start", allowed: (desk) => at(desk, "called") },
  { name: "finish", key: "f", icon: "check", allowed: (desk) => at(desk, "serving") },
  { name: "no-show", key: "x", icon: "absent", allowed: (desk) => at(desk, "called") },
  { name: "open", key: "o", icon: "open", allowed: (desk) => desk.state !== "open" },
  { name: "pause", key: "p", icon: "pause", allowed: (desk) => desk.state === "open" },
  { name: "close", key: "c", icon: "close", allowed: (desk) => desk.state !== "closed" && !desk.current },
];

/** The one action a clerk most likely wants now. */
export function mainAction(desk) {
  if (desk.state !== "open" && !desk.current) return "open";
  if (!desk.current) return "call-next";
  return desk.current.state === "called" ? "start" : "finish";
}

/** The action of a key press, or undefined. */
export function actionOf(event) {
  const busy = event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.isComposing;
  if (busy || event.target.closest?.("input, select, textarea")) return undefined;
  const typed = /^[a-z]$/i.test(event.key) ? event.key.toLowerCase() : null;
  const letter = typed ?? (event.code.startsWith("Key") ? event.code.slice(3).toLowerCase() : "");
  return ACTIONS.find((action) => action.key === letter);
}
