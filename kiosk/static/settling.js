/** For a moment a new view takes no touch, so that the second tap of a double one falls into nothing; then its field or heading is focused. */

const SETTLE = 350;

export class Settling {
  #app;
  #timer = 0;

  constructor(app) {
    this.#app = app;
  }

  begin(then = () => {}) {
    this.#app.inert = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#app.inert = false;
      (this.#app.querySelector(".kiosk-field") ?? this.#app.querySelector("h1"))?.focus({ preventScroll: true });
      then();
    }, SETTLE);
  }
}
