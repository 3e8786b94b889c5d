/**
 * The clerk's actions: which key does what, where its button stands, and when it is allowed. The table mirrors what a counter
 * and a visitor can do; the server judges again.
 *
 * The letters stand at the same place on QWERTY and AZERTY keyboards, so the place of the key serves under an Arabic or
 * Amazigh layout, where it types no Latin letter. An action with a `dialog` asks something first; `path` is its name in the
 * API when that differs from its own.
 */

import { secondsUntil } from "./moments.js";

const at = (desk, ...states) => states.includes(desk.current?.state);
const free = (desk) => desk.state === "open" && !desk.current;

export const ACTIONS = [
  { name: "call-next", key: "n", icon: "call", place: "first", allowed: free },
  { name: "start", key: "s", icon: "start", place: "first", allowed: (desk) => at(desk, "called") },
  { name: "finish", key: "f", icon: "check", place: "first", allowed: (desk) => at(desk, "serving") },
  { name: "recall", key: "r", icon: "again", place: "visitor", allowed: (desk) => at(desk, "called") },
  { name: "no-show", key: "x", icon: "absent", place: "visitor", allowed: (desk) => at(desk, "called") },
  { name: "park", key: "k", icon: "folder", place: "visitor", dialog: true, allowed: (desk) => at(desk, "called", "serving") },
  { name: "transfer", key: "t", icon: "exchange", place: "visitor", dialog: true, allowed: (desk) => at(desk, "called", "serving") },
  {
    name: "finish-as", path: "finish", key: "e", icon: "note", place: "more", dialog: true,
    exists: (snapshot) => snapshot.outcomes?.length > 0,
    allowed: (desk) => at(desk, "serving"),
  },
  {
    name: "call", key: "g", icon: "people", place: "more", dialog: true,
    allowed: (desk, snapshot) => free(desk) && snapshot.waiting.length > 0,
  },
  {
    name: "take-up", key: "i", icon: "call", place: "aside", dialog: true,
    allowed: (desk, snapshot) => free(desk) && (snapshot.aside ?? []).some((one) => one.state === "parked"),
  },
  { name: "walk-direct", key: "d", icon: "ticket", place: "more", dialog: true, allowed: free },
  {
    name: "recycle", key: "b", icon: "collect", place: "more", dialog: true,
    allowed: (desk, snapshot) => desk.state !== "closed" && snapshot.aside?.length > 0,
  },
  { name: "undo", key: "u", icon: "again", place: "undo", allowed: (desk) => Boolean(desk.undo) && secondsUntil(desk.undo.until) > 0 },
  { name: "open", key: "o", icon: "open", place: "first", allowed: (desk) => desk.state !== "open" },
  { name: "pause", key: "p", icon: "pause", place: "head", dialog: true, allowed: free },
  { name: "close", key: "c", icon: "close", place: "head", allowed: (desk) => desk.state !== "closed" && (!desk.current || !desk.clerk) },
];

/** What the clerk switches on this screen alone. */
export const SWITCHES = [
  { name: "auto", key: "j" },
  { name: "sound", key: "v" },
  { name: "all", key: "l" },
  { name: "help", key: "?" },
];

export const actionNamed = (name) => ACTIONS.find((action) => action.name === name);

export const isOthers = (desk, me) => Boolean(desk.clerk) && desk.clerk.id !== me.id;

/**
 * Whether an action is possible at this desk for `me` {id, role}: it exists in this hall, its state fits, and the desk is not
 * somebody else's (which a manager may close all the same). A counter whose clerk was removed is nobody's until it is opened.
 */
export function possible(action, desk, snapshot, me) {
  const manages = me.role === "manager" || me.role === "administrator";
  const nobodys = desk.state !== "closed" && !desk.clerk;
  const may = action.name === "close" && (nobodys || isOthers(desk, me)) ? manages : nobodys ? action.name === "open" : !isOthers(desk, me);
  return may && (action.exists?.(snapshot) ?? true) && action.allowed(desk, snapshot);
}

/** The one action a clerk most likely wants now. */
export function mainAction(desk) {
  if (desk.state !== "open" && !desk.current) return "open";
  if (!desk.current) return "call-next";
  return desk.current.state === "called" ? "start" : "finish";
}
