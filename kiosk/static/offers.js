/** What is told of each service beside the snapshot. Asked for anew when the hall's snapshot has another mark of it. */

import { page } from "../js/page.js";

const NOTHING = { documents: [], sentence: {}, fees: {}, delay: {}, steps: {}, heading: {}, hours: {} };
let known = page.offers;

/** @returns {{services: object, hours: object, priorities: {id: string, name: object}[]}} */
export const offers = () => known;

/** What is told of a service; one that is new here has nothing yet. */
export const told = (service) => known.services[service] ?? NOTHING;

/** What is offered is told by somebody else than this server's page, as a snapshot does. */
export function tell(offered) {
  known = offered;
}

/** Ask for what is told now, unless it is known by this mark; true when something else is told than before. */
export async function refreshOffers(mark = null) {
  if (mark === known.mark) return false;
  try {
    const answer = await fetch("/kiosk/offers.json", { credentials: "same-origin" });
    if (!answer.ok) return false;
    const before = known.mark;
    known = await answer.json();
    return known.mark !== before;
  } catch {
    return false; // The server is gone: what was known stays.
  }
}
