/** Moments of the server's clock, as the clerk's screen needs them. */

import { clockText, localDate, serverNow } from "../js/clock.js";
import { page } from "../js/page.js";

/** Whole seconds from now by the server's clock until an RFC 3339 moment, never negative. */
export function secondsUntil(moment) {
  const now = serverNow();
  return now === null || !moment ? 0 : Math.max(0, Math.ceil((Date.parse(moment) - now) / 1000));
}

/** An RFC 3339 moment so many seconds from now. */
export const inSeconds = (seconds) => new Date((serverNow() ?? Date.now()) + seconds * 1000).toISOString();

/** Hours and minutes of an RFC 3339 moment in the unit's time zone. */
export const timeOf = (moment) => clockText(localDate(page.offsets, Date.parse(moment)));
