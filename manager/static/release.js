/** Releasing a counter on the manager's page: asked about once, in the row of the counter, as the counter is at that moment. */

import { html, nothing } from "../vendor/lit-html.js";
import { send } from "../js/commands.js";
import { page, say } from "../js/page.js";

const holder = ({ state, clerk }) => (state === "closed" ? null : (clerk?.id ?? "nobody"));

/** What is asked and told in the counters' rows. A question and a fault end with the hold that they are about. */
export class Releases {
  #desks = new Map();
  #asked = null;
  #sending = false;
  #faults = new Map();
  #numbers = new Map();
  #changed;

  constructor(changed) {
    this.#changed = changed;
  }

  isAsked = (counter) => this.#asked?.counter === counter;
  fault = (counter) => this.#faults.get(counter)?.words;
  /** The number that the visitor got by being put back, until somebody says to have seen it or opens the counter. */
  number = (counter) => this.#numbers.get(counter)?.ticket;

  /** The counters as they are now. */
  look(desks) {
    this.#desks = new Map(desks.map((desk) => [desk.counter, holder(desk)]));
    if (this.#asked && this.#isOver(this.#asked)) this.#asked = null;
    for (const [counter, fault] of this.#faults) if (this.#isOver(fault)) this.#faults.delete(counter);
    for (const [counter, number] of this.#numbers) {
      const closed = this.#desks.get(counter) === null;
      if (number.wasClosed && !closed) this.#numbers.delete(counter);
      else number.wasClosed = closed;
    }
  }

  #isOver = ({ counter, holder }) => this.#desks.get(counter) !== holder;

  ask(counter) {
    this.#asked = counter === null ? null : { counter, holder: this.#desks.get(counter) };
    this.#faults.delete(counter);
    this.#changed();
  }

  seen(counter) {
    this.#numbers.delete(counter);
    this.#changed();
  }

  async release(counter) {
    if (this.#sending) return;
    this.#sending = true;
    const held = { counter, holder: this.#desks.get(counter) };
    const { ok, data } = await send(`/api/v1/counters/${counter}/release`, {}, page.language, 20000);
    this.#sending = false;
    if (this.isAsked(counter)) this.#asked = null;
    if (!ok && !this.#isOver(held)) this.#faults.set(counter, { ...held, words: data?.detail ?? say("no_answer") });
    if (ok && data.numbered) this.#numbers.set(counter, { ticket: data.numbered, wasClosed: this.#desks.get(counter) === null });
    this.#changed();
  }
}

/** The button in a counter's row. */
export const releaseButton = ({ counter, number, state }, releases) =>
  state === "closed" || releases.isAsked(counter)
    ? nothing
    : html`<button class="button button--quiet" data-release @click=${() => releases.ask(counter)}>
        <span aria-hidden="true">${say("release")}</span><span class="visually-hidden">${say("release_of", { number })}</span>
      </button>`;

/** The row below it: the question, why it was not done, or the number that the visitor has to be told. */
export function releaseRow({ counter, number, state, clerk, current }, releases) {
  const fault = releases.fault(counter);
  if (fault) return html`<tr><td colspan="5"><p class="fault" role="alert">${fault}</p></td></tr>`;
  const given = releases.number(counter);
  if (state === "closed" && given)
    return html`<tr class="asked" data-numbered>
      <td colspan="5">
        <p role="alert">${say("tell_number")} <strong class="number">${given}</strong></p>
        <p class="asked__ways">
          <button class="button button--quiet" @click=${() => releases.seen(counter)}>${say("alert_say_seen")}</button>
        </p>
      </td>
    </tr>`;
  if (state === "closed" || !releases.isAsked(counter)) return nothing;
  const question = clerk ? say("release_sure", { number, name: clerk.name }) : say("release_nobodys", { number });
  const ticket = current?.ticket ?? say("visitor_without_ticket");
  return html`<tr class="asked" data-asked>
    <td colspan="5">
      <p role="alert">${question} ${current ? say("release_visitor", { ticket }) : nothing}</p>
      <p class="asked__ways">
        <button class="button" data-sure @click=${() => releases.release(counter)}>${say("release_do")}</button>
        <button class="button button--quiet" @click=${() => releases.ask(null)}>${say("cancel")}</button>
      </p>
    </td>
  </tr>`;
}
