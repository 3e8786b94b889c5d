/** Visitors who came without a ticket get a number when they are sent on or put aside; nothing is printed, so the clerk tells it. */

const without = new Set();

/** A visitor is at the counter. */
export function met(visitor) {
  if (visitor?.visit && visitor.ticket === null) without.add(visitor.visit);
}

/** The number that this visitor has got since, once; or null. */
export function newNumber(visitor) {
  return visitor?.ticket && without.delete(visitor.visit) ? visitor.ticket : null;
}
