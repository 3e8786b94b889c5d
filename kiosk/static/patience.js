/** How long the screen still waits for the person before it. Pure: the time is passed in, except by `begin`. */

export class Patience {
  constructor() {
    this.ends = 0;
    this.left = Infinity;
  }

  /** Wait so many seconds from now; 0 waits for ever. */
  begin(seconds, now = performance.now()) {
    this.ends = seconds ? now + seconds * 1000 : 0;
    this.left = seconds || Infinity;
  }

  /** A sign of life: at least so many seconds from now, never less than were left. */
  extend(now, seconds) {
    if (this.ends && now + seconds * 1000 > this.ends) this.begin(seconds, now);
  }

  /** "over" once when the time is up, "changed" when another second has passed, else false. */
  tick(now) {
    if (!this.ends) return false;
    const left = Math.max(0, Math.ceil((this.ends - now) / 1000));
    if (left === this.left) return false;
    this.left = left;
    if (left > 0) return "changed";
    this.ends = 0;
    return "over";
  }
}
