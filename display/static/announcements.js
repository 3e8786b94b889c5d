/**
 * Which call is in the large place. Calls that were not known yet wait their turn, the oldest first, and each stays at least
 * `hold` ms and as long as it is being spoken (`busy`), so two quick calls are both seen and none is spoken over. A recall
 * goes before those that wait. Pure: the time is passed in.
 */

const keyOf = (call) => `${call.ticket} ${call.counter} ${call.called_at}`;
const KEYS_KEPT = 500;

export class Announcements {
  /**
   * @param {object} [options]
   * @param {number} [options.hold]   ms each call stays
   * @param {number} [options.fresh]  seconds after which a missed call is old news
   * @param {() => boolean} [options.busy]  whether the voice still says the present call
   */
  constructor({ hold = 4000, fresh = 90, busy = () => false } = {}) {
    this.hold = hold;
    this.fresh = fresh;
    this.busy = busy;
    this.known = null;
    this.queue = [];
    this.current = null;
    this.since = -Infinity;
  }

  /** How many calls wait for the large place. */
  get waiting() {
    return this.queue.length;
  }

  /** Take a snapshot's calls (newest first). On the first one nothing is announced: what is there is simply shown. */
  take(calls, serverNow) {
    const first = this.known === null;
    const unknown = calls.filter((call) => !this.known?.has(keyOf(call)));
    this.known = new Set([...(this.known ?? []), ...calls.map(keyOf)].slice(-KEYS_KEPT));
    if (first || calls.length === 0) {
      this.queue = [];
      this.current = calls[0] ?? null;
      return;
    }
    const news = unknown.filter((call) => serverNow - Date.parse(call.called_at) < this.fresh * 1000);
    for (const call of news.reverse()) this.#lineUp(call);
    if (!this.queue.length && unknown.length) this.current = calls[0];
  }

  /** A recall jumps the queue, behind the recalls that are there already; the same visitor's earlier call is dropped. */
  #lineUp(call) {
    this.queue = this.queue.filter((one) => one.ticket !== call.ticket || one.counter !== call.counter);
    const place = call.recalls > 0 ? this.queue.findIndex((one) => !one.recalls) : -1;
    this.queue.splice(place < 0 ? this.queue.length : place, 0, call);
  }

  /** Move on when it is time. Answers true when another call came into the large place. */
  tick(now) {
    if (!this.queue.length || now - this.since < this.hold || this.busy()) return false;
    this.current = this.queue.shift();
    this.since = now;
    return true;
  }
}
