/** Releasing a counter on the manager's page: asked about once, in the row of the counter, as the counter is at that moment. */

import { html, nothing } from "../vendor/lit-html.js";
import { send } from "../js/commands.js";
import { page, say } from "../js/page.js";

/** Which counter was asked about on this page, and counter → why it could not be released. */
export class Releases {
  #asked = null;
  #sending = false;
  #faults = new Map();
  #changed;

  constructor(changed) {
    this.#changed = changed;
  }

  isAsked = (counter) => this.#asked === counter;
  fault = (counter) => this.#faults.get(counter);

  ask(counter) {
    this.#asked = counter;
    this.#faults.delete(counter);
    this.#changed();
  }

  async release(counter) {
    if (this.#sending) return;
    this.#sending = true;
    const answer = await send(`/api/v1/counters/${counter}/release`, {}, page.language, 20000);
    this.#sending = false;
    this.#asked = null;
    if (!answer.ok) this.#faults.set(counter, answer.data?.detail ?? say("no_answer"));
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

/** The row below it: the question, or why it was not done. */
export function releaseRow({ counter, number, state, clerk, current }, releases) {
  const fault = releases.fault(counter);
  if (fault) return html`<tr><td colspan="5"><p class="fault" role="alert">${fault}</p></td></tr>`;
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
