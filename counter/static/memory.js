/** What this browser keeps: for the session at this counter switches, the last language, the last reasons; for a person what lasts. */

const PREFIX = "istiqbal.counter.";
const REASONS = 6;

export const kept = (name) => sessionStorage.getItem(PREFIX + name);
export const keep = (name, value) => sessionStorage.setItem(PREFIX + name, value);

/** What a person of this browser chose for good. */
export const keptFor = (person, name) => localStorage.getItem(`${PREFIX}${name}.${person}`);
export const keepFor = (person, name, value) => localStorage.setItem(`${PREFIX}${name}.${person}`, value);

/** The reasons given last for a call out of order, newest first; `reason` is one more. */
export function lastReasons(reason) {
  const known = JSON.parse(kept("reasons") ?? "[]");
  if (!reason) return known;
  const now = [reason, ...known.filter((one) => one !== reason)].slice(0, REASONS);
  keep("reasons", JSON.stringify(now));
  return now;
}
