/** Reading the snapshot: names, and what concerns one desk. */

import { nameIn, say } from "../js/page.js";

export const serviceName = (snapshot, id) => nameIn(snapshot.services.find((service) => service.id === id)?.name) || id;
export const priorityName = (snapshot, id) => nameIn(snapshot.priorities?.[id]) || id;
export const ticketName = (visitor) => visitor.ticket ?? say("no_ticket_number");

/** A reason as people read it: the name of one of the hall's own, else what a clerk wrote. */
export function reasonName(snapshot, reason) {
  if (!reason) return "";
  const known = [...(snapshot.park_reasons ?? []), ...(snapshot.pause_reasons ?? [])].find((one) => one.id === reason);
  return nameIn(known?.name) || reason;
}

export const sentTo = (waiting) => waiting.for_counter !== null || waiting.for_clerk !== null;

/** Whether who waits is for this desk: sent to it or its clerk, or to nobody else and for a service it serves. */
export function isMine(waiting, desk) {
  if (sentTo(waiting)) return waiting.for_counter === desk.counter || (desk.clerk && waiting.for_clerk === desk.clerk.id);
  return desk.serves === null || desk.serves.includes(waiting.service);
}

/** How many wait for what this desk serves, also those beyond the end of the list. */
export function countFor(desk, snapshot) {
  const listed = snapshot.waiting.filter((one) => isMine(one, desk)).length;
  if (snapshot.waiting.length >= snapshot.waiting_total) return listed;
  if (desk.serves === null) return snapshot.waiting_total;
  const served = snapshot.services.filter((service) => desk.serves.includes(service.id));
  return served.reduce((sum, service) => sum + service.waiting, 0);
}
