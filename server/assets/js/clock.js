/**
 * The server's time on this screen. The wall clock of the machine is not asked: `now` of the last snapshot plus what the
 * monotonic clock counted since. Hours of the unit's time zone come from the table of offsets the server wrote into the page.
 */

let base = null;

/** Set the clock by a snapshot's `now`. */
export function setClock(now) {
  base = { server: Date.parse(now), steady: performance.now() };
}

/** The server's time in ms since 1970, or null before the first snapshot. */
export const serverNow = () => (base === null ? null : base.server + performance.now() - base.steady);

/** Seconds from an RFC 3339 moment until now by the server's clock, never negative. */
export function secondsSince(moment) {
  const now = serverNow();
  return now === null || !moment ? 0 : Math.max(0, Math.floor((now - Date.parse(moment)) / 1000));
}

/** Seconds as `4:05` or `1:04:05`. */
export function stopwatch(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const pad = (number) => String(number).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes}:${pad(whole % 60)}` : `${Math.floor(minutes / 60)}:${pad(minutes % 60)}:${pad(whole % 60)}`;
}

/** The unit's local time, its parts read with the getUTC… methods. `offsets` is [[from second, offset in seconds], …]. */
export function localDate(offsets, moment = serverNow()) {
  if (moment === null) return null;
  const at = moment / 1000;
  const offset = offsets.reduce((found, [from, seconds]) => (from <= at ? seconds : found), offsets[0]?.[1] ?? 0);
  return new Date(moment + offset * 1000);
}

/** `14:05` of a local date. */
export function clockText(local) {
  const pad = (number) => String(number).padStart(2, "0");
  return `${pad(local.getUTCHours())}:${pad(local.getUTCMinutes())}`;
}

/** A local date in words, by a calendar the server wrote: {pattern, months, days (Monday first)}. */
export function dateText(local, calendar) {
  const parts = {
    EEEE: calendar.days[(local.getUTCDay() + 6) % 7],
    MMMM: calendar.months[local.getUTCMonth()],
    d: local.getUTCDate(),
    y: local.getUTCFullYear(),
  };
  return calendar.pattern.replace(/EEEE|MMMM|d|y/g, (part) => parts[part]);
}
