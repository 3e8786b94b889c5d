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

export const sentTo = (waiting) => waiting.for_counter !== undefined || waiting.for_clerk !== undefined;

const serves = (desk, service) => desk.serves === null || desk.serves.includes(service);

const isSentHere = (visitor, desk) =>
  visitor.for_counter === desk.counter || Boolean(desk.clerk && visitor.for_clerk === desk.clerk.id);

/** Whether who waits is for this desk: sent to it or its clerk, or bound to nobody else and for a service it serves. */
export const isMine = (waiting, desk) => isSentHere(waiting, desk) || (!waiting.bound && serves(desk, waiting.service));

/** Whether who is aside is for this desk: of a service it serves, sent to it or its clerk, or put aside by its clerk. */
export const isBack = (aside, desk) =>
  serves(desk, aside.service) || isSentHere(aside, desk) || Boolean(desk.clerk && aside.clerk === desk.clerk.id);

/** How many wait for this desk, also those who are not listed; whoever was sent to somebody always is. */
export function countFor(desk, snapshot) {
  const served = snapshot.services.filter((service) => serves(desk, service.id));
  const queues = desk.serves === null ? snapshot.waiting_total : served.reduce((sum, service) => sum + service.waiting, 0);
  return snapshot.waiting.filter(sentTo).reduce((sum, one) => sum + Boolean(isMine(one, desk)) - serves(desk, one.service), queues);
}
