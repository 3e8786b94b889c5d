/** What a screen does when the server turns its socket away: if its token was revoked, the page shows a code to pair it anew. */

const EVERY = 4000;
let askedAt = -Infinity;

/** @param {string} connection  state of the socket  @param {string} role  "kiosk" or "display" */
export async function watchPairing(connection, role) {
  if (connection !== "refused" || performance.now() - askedAt < EVERY) return;
  askedAt = performance.now();
  try {
    const response = await fetch(`/pairing/${role}/state`, { cache: "no-store" });
    if (response.ok && !(await response.json()).paired) location.reload();
  } catch {
    // The server is away: the socket says so by itself.
  }
}
