/** Asking the server for visitors by their number: the lists hold the first of each queue only. */

const PATIENCE = 5000;

/**
 * @param {number} counter
 * @param {string} ticket   a part of the number
 * @returns {Promise<{waiting: object[], aside: object[]}>}  nobody when no answer came
 */
export async function visitorsNumbered(counter, ticket) {
  try {
    const address = `/api/v1/counters/${counter}/visitors?ticket=${encodeURIComponent(ticket)}`;
    const response = await fetch(address, { credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    if (response.ok) return await response.json();
  } catch {
    // As good as nobody found: what the screen lists can still be chosen.
  }
  return { waiting: [], aside: [] };
}
