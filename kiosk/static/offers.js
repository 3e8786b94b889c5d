/** What is told of each service beside the snapshot. Asked for anew before each visitor; mostly nothing has changed. */

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

export async function refreshOffers() {
  try {
    const answer = await fetch("/kiosk/offers.json", { credentials: "same-origin" });
    if (answer.ok) known = await answer.json();
  } catch {
    // The server is gone: what was known stays.
  }
}
