/** What is shown beside the last call: which items are this display's now, and whose turn it is. Pure: time is passed in. */

const RESULTS_SECONDS = 15;
const pad = (number) => String(number).padStart(2, "0");

/**
 * The items that this display shows at a local date (its parts read with getUTC…), last month's results behind them.
 * @param {{media?: object[], results?: object|null}} snapshot  @param {string} screen  @param {Date} local
 */
export function due(snapshot, screen, local) {
  const day = local.toISOString().slice(0, 10);
  const hour = `${pad(local.getUTCHours())}:${pad(local.getUTCMinutes())}`;
  const items = (snapshot.media ?? []).filter(
    (one) =>
      (!one.displays.length || one.displays.includes(screen)) &&
      (!one.begins || one.begins <= day) &&
      (!one.ends || day <= one.ends) &&
      (!one.since || one.since <= hour) &&
      (!one.until || hour < one.until),
  );
  return snapshot.results ? [...items, { id: "results", kind: "results", seconds: RESULTS_SECONDS, results: snapshot.results }] : items;
}

const AGAIN_AFTER = 60000;

/** Shows one item after another, each for its seconds; one that can't be shown is passed over, and tried again after a minute. */
export class Rotation {
  #current = null;
  #since = 0;
  /** When each was found broken, in ms. */
  #broken = new Map();

  /** A call has the screen: the present item begins anew afterwards. */
  rest() {
    this.#since = null;
  }

  /** The item that is shown at `now` (ms), null when there is none. */
  at(items, now) {
    const shown = items.filter((one) => now - (this.#broken.get(keyOf(one)) ?? -Infinity) >= AGAIN_AFTER);
    if (!shown.length) return null;
    const place = shown.findIndex((one) => one.id === this.#current);
    this.#since ??= now;
    if (place >= 0 && now - this.#since < shown[place].seconds * 1000) return shown[place];
    const next = shown[(place + 1) % shown.length];
    this.#current = next.id;
    this.#since = now;
    return next;
  }

  /** This item can't be shown at `now`: its file is gone, nothing this browser knows, or the server was away. */
  skip(item, now) {
    this.#broken.set(keyOf(item), now);
  }
}

const keyOf = (item) => `${item.id} ${item.address ?? ""}`;
