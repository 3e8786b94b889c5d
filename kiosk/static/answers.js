/** What the server is asked for the person who stands here: one thing at a time, and told to nobody else. */

import { oneAtATime } from "../js/commands.js";

export class Answers {
  #go;
  #once = oneAtATime();
  #person = 0;

  /** @param {(changes: object) => void} go  to another view; “sending” must be one that nobody leaves */
  constructor(go) {
    this.#go = go;
  }

  /**
   * Ask while “sending” stands, then go on with the answer; one that comes when its person has gone is dropped.
   * @param {() => Promise<object>} question  gives up by itself   @param {(answer: object) => void} then
   * @param {object} [changes]  of the state while it is waited for
   */
  ask(question, then, changes = {}) {
    return this.#once(async () => {
      const person = this.#person;
      this.#go({ view: "sending", ...changes });
      const answer = await question();
      if (person === this.#person) then(answer);
    });
  }

  /** The person has gone. */
  forget() {
    this.#person += 1;
  }
}
