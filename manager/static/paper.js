/** Printers and paper on the manager's page: how each printer is, what to do about it, tickets that may not have come out. */

import { html, nothing } from "../vendor/lit-html.js";
import { clockText, localDate } from "../js/clock.js";
import { send } from "../js/commands.js";
import { icon } from "../js/icons.js";
import { page, say } from "../js/page.js";

const FAULTS = new Set(["paper-out", "cover-open", "offline", "error"]);
const PRINTS = new Set(["ready", "near-end"]);
const TAGS = { ready: "tag--good", "near-end": "tag--wait", unknown: "tag--wait" };

/** What was asked of the printers on this page: delivery → {printer} once it is theirs, {sentence} when it was refused. */
export class Reprints {
  #asked = new Map();
  #changed;

  constructor(changed) {
    this.#changed = changed;
  }

  of = (one) => this.#asked.get(keyOf(one));

  async ask(one, printer) {
    if (this.of(one) && !this.of(one).sentence) return;
    this.#note(one, { sending: true });
    const answer = await send(`/api/v1/visits/${one.visit}/reprint`, { printer }, page.language, 20000);
    this.#note(one, answer.ok ? { printer: answer.data.printer } : { sentence: answer.data?.detail ?? say("no_answer") });
  }

  #note(one, state) {
    this.#asked.set(keyOf(one), state);
    this.#changed();
  }
}

const keyOf = ({ visit, at }) => `${visit} ${at}`;

/** A line over the whole page for each printer that can't print. */
export const faultBanners = ({ printers }) =>
  printers
    .filter(({ state }) => FAULTS.has(state))
    .map(
      ({ name, state }) =>
        html`<p class="banner banner--bad" role="alert">${icon("alert")} ${say(`told_${state}`, { printer: name })}</p>`,
    );

export const printersCard = ({ printers }) => html`
  <section class="card">
    <h2 class="card__title">${say("printers")}</h2>
    ${printers.length ? nothing : html`<p>${say("no_printers")}</p>`}
    <ul class="lines">
      ${printers.map(printerLine)}
    </ul>
    <p class="foot"><a href="/manager/tickets">${say("what_a_ticket_says")}</a></p>
  </section>
`;

const printerLine = ({ name, state, detail }) => html`<li class="line" data-printer=${name}>
  ${icon("printer")} <span class="line__name"><bdi>${name}</bdi></span>
  <span class="line__more line__tags">
    <span class="tag ${TAGS[state] ?? "tag--bad"}">${say(`printer_${state}`)}</span>
    ${page.pictured.includes(name) ? html`<a href="/manager/printers/${encodeURIComponent(name)}">${say("see_tickets")}</a>` : nothing}
  </span>
  ${state === "ready" ? nothing : html`<p class="line__more" data-do>${say(`do_${state}`)}</p>${technical(detail)}`}
</li>`;

/** What a device said, for who repairs it. */
const technical = (sentence) => (sentence ? html`<p class="line__more small" dir="auto" data-technical>${told(sentence)}</p>` : nothing);

/** A sentence of printers `{kind, params?}` in the reader's language, sentences within it too; a text is as it came, in English. */
function told(sentence) {
  if (typeof sentence === "string") return sentence;
  const filled = Object.entries(sentence.params ?? {}).map(([name, one]) => [name, typeof one === "string" ? `\u2068${one}\u2069` : told(one)]);
  return say(`says_${sentence.kind}`, Object.fromEntries(filled));
}

/** Tickets of the last day that may not be on paper; nothing when there are none. */
export const unprintedCard = ({ unprinted, printers }, reprints) =>
  unprinted.length
    ? html`<section class="card" data-unprinted>
        <h2 class="card__title">${say("unprinted")}</h2>
        <p class="small">${say("unprinted_hint")}</p>
        <ul class="lines">
          ${unprinted.map((one) => unprintedLine(one, printers, reprints))}
        </ul>
      </section>`
    : nothing;

const unprintedLine = (one, printers, reprints) => html`<li class="line">
  <strong class="number table__big">${one.ticket}</strong>
  <span class="number">${clockText(localDate(page.offsets, Date.parse(one.at)))}</span>
  <span class="line__name small"><bdi>${one.printer}</bdi></span>
  ${again(one, printers, reprints)}
  <p class="line__more">${say(`unprinted_${one.state}`)}</p>
  ${technical(one.reason)}
</li>`;

function again(one, printers, reprints) {
  const asked = reprints.of(one);
  if (asked?.printer) return html`<span class="tag tag--good" role="status">${icon("check")} ${say("asked_again", { printer: asked.printer })}</span>`;
  const printer = printerFor(one, printers);
  const label = printer === one.printer ? say("print_again") : say("print_again_on", { printer });
  return html`<button class="button button--quiet" ?disabled=${asked?.sending} @click=${() => reprints.ask(one, printer)}>
      ${icon("again")} ${label}<span class="visually-hidden">${say("print_ticket_again", { ticket: one.ticket })}</span>
    </button>
    ${asked?.sentence ? html`<p class="line__more fault" role="alert">${asked.sentence}</p>` : nothing}`;
}

/** The ticket's own printer; another one that prints, while that one is in fault. */
function printerFor({ printer }, printers) {
  const own = printers.find((one) => one.name === printer);
  if (own && !FAULTS.has(own.state)) return printer;
  return printers.find((one) => PRINTS.has(one.state))?.name ?? printer;
}
