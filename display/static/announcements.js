/**
 * Which call is in the large place. Calls that were not known yet wait their turn, the oldest first, and each stays at least
 * `hold` ms, so two quick calls are both seen. Pure: the time is passed in.
 */

const keyOf = (call) => `${call.ticket} ${call.counter} ${call.called_at}`;

export class Announcements {
  /** @param {number} hold   ms each call stays  @param {number} fresh  seconds after which a missed call is old news */
  constructor(hold = 4000, fresh = 90) {
    this.hold = hold;
    this.fresh = fresh;
    this.known = null;
    this.queue = [];
    this.current = null;
    this.since = -Infinity;
  }

  /** Take a snapshot's calls (newest first). On the first one nothing is announced: what is there is simply shown. */
  take(calls, serverNow) {
    const first = this.known === null;
    const unknown = calls.filter((call) => !this.known?.has(keyOf(call)));
    this.known = new Set(calls.map(keyOf));
    if (first || calls.length === 0) {
      this.queue = [];
      this.current = calls[0] ?? null;
      return;
    }
    const news = unknown.filter((call) => serverNow - Date.parse(call.called_at) < this.fresh * 1000);
    this.queue.push(...news.reverse());
    if (!this.queue.length && unknown.length) this.current = calls[0];
  }

  /** Move on when it is time. Answers true when another call came into the large place. */
  tick(now) {
    if (!this.queue.length || now - this.since < this.hold) return false;
    this.current = this.queue.shift();
    this.since = now;
    return true;
  }
}
