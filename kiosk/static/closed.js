/** Closed services: by the manager, by the hours, or because who waits fills the rest of the day; and when to come again. */

import { html, nothing } from "../vendor/lit-html.js";
import { directionOf, page, say } from "../js/page.js";
import { besideButtons } from "./start.js";

const isFull = (service) => service.closed_because === "full";

/** The key of the word that says why a service gives no ticket. */
export const closedWord = (service) => (isFull(service) ? "full_now" : "closed_now");

/** What stands on the card of a closed service: the next opening, when it is known. */
export function closedText(service, openings, lang) {
  const opens = openings?.[service.id]?.[lang];
  return html`<span class="service__foot service__closed">
    ${isFull(service) || !opens ? html`<span>${say(closedWord(service), {}, lang)}</span>` : nothing}
    ${opens ? html`<span>${opens}</span>` : nothing}
  </span>`;
}

/** All services are closed: said in every language, with the holiday that it is and the first next opening. */
export function closedView({ actions, snapshot: { services, openings, special_day: special } }) {
  const first = services.filter((one) => one.opens_at).sort((a, b) => (a.opens_at < b.opens_at ? -1 : 1))[0];
  const opens = openings?.[first?.id];
  const why = services.some(isFull) ? "full" : opens ? "hall_closed" : "all_closed";
  return html`
    <main class="kiosk__body kiosk__body--centre">
      ${page.choices.map(
        (lang) => html`<section class="closed" lang=${lang} dir=${directionOf(lang)}>
          <h1 tabindex="-1" data-say="${lang}:word/${why}_title">${say(`${why}_title`, {}, lang)}</h1>
          ${special && why === "hall_closed"
            ? html`<p class="strong" data-special data-aloud>${special[lang]}</p>`
            : html`<p class=${opens ? "closed__more" : ""} data-say="${lang}:word/${why}_text">${say(`${why}_text`, {}, lang)}</p>`}
          ${opens ? html`<p class="strong" data-aloud>${opens[lang]}</p>` : nothing}
        </section>`,
      )}
      <div class="closed__ways">
        ${page.choices.map(
          (lang) => html`<button class="kiosk-button" lang=${lang} dir=${directionOf(lang)} data-say="${lang}:word/see_services" @click=${() => actions.language(lang)}>
            ${say("see_services", {}, lang)}
          </button>`,
        )}
      </div>
      ${besideButtons(actions)}
    </main>
  `;
}
