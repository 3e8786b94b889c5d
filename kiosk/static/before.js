/** Before the ticket: what to bring, what it costs and when it is done; then the ticket, or a wish for priority. */

import { html, nothing } from "../vendor/lit-html.js";
import { icon, serviceIcon } from "../js/icons.js";
import { nameIn, say } from "../js/page.js";
import { edgeSign } from "./foot.js";
import { told } from "./offers.js";

export function beforeView(state) {
  const { lang, snapshot, actions } = state;
  const service = snapshot.services.find((one) => one.id === state.service);
  if (!service) return html`<main class="kiosk__body kiosk__body--centre"><h1 tabindex="-1">${say("no_ticket", {}, lang)}</h1></main>`;
  const priority = mayPriority(service, state.offers);
  return html`
    <main class="kiosk__body before">
      <div class="before__told" data-scrolled>
        <div class="before__head">
          <span class="service__icon">${serviceIcon(service.icon)}</span>
          <div>
            <h1 tabindex="-1" data-say="service/${service.id}/name">${nameIn(service.name, lang)}</h1>
            ${sentence(service, "sentence", lang)}
          </div>
        </div>
        ${facts(service, lang)}
      </div>
      ${edgeSign(state)}
      ${service.open ? nothing : closedBand(service, snapshot, lang)}
      ${service.open || priority
        ? html`<div class="before__ways">
            ${service.open
              ? html`<button class="kiosk-button kiosk-button--main before__take" data-take data-say="word/take_ticket" @click=${() => actions.take(null)}>
                  ${icon("ticket")} <span>${say("take_ticket", {}, lang)}</span>
                </button>`
              : nothing}
            ${priority
              ? html`<button class="kiosk-button" data-priority data-say="word/with_priority" @click=${actions.priority}>
                  ${icon("priority")} <span>${say("with_priority", {}, lang)}</span>
                </button>`
              : nothing}
          </div>`
        : nothing}
    </main>
  `;
}

/** Why no ticket is given here now, and when to come again. */
function closedBand(service, { openings, special_day: special }, lang) {
  const word = service.closed_because === "full" ? "full_text" : "service_closed";
  const opens = openings?.[service.id]?.[lang];
  const today = service.closed_because === "hours" ? special?.[lang] : null;
  return html`<p class="before__closed" data-say="word/${word}" role="status">
    ${icon("clock")} <span>${today ? html`<b data-special data-aloud>${today}</b>` : nothing} ${say(word, {}, lang)} ${opens ? html`<b data-aloud>${opens}</b>` : nothing}</span>
  </p>`;
}

/** Whether a wish for priority is taken: where there are any, and while the service gives tickets at least to these. */
export const mayPriority = (service, offers) => service.open_to_priority && offers.priorities.length > 0;

const sentence = (service, name, lang) => {
  const text = nameIn(told(service.id)[name], lang);
  return text ? html`<p data-say="service/${service.id}/${name}">${text}</p>` : nothing;
};

function facts(service, lang) {
  const { documents, fees, delay, steps, hours } = told(service.id);
  return html`
    <div class="facts">
      <section class="fact fact--documents">
        <h2 data-say="word/${documents.length ? "bring" : "bring_nothing"}">
          ${icon("folder")} ${say(documents.length ? "bring" : "bring_nothing", {}, lang)}
        </h2>
        ${documents.length
          ? html`<ul>
              ${documents.map(
                (one, number) => html`<li data-say="service/${service.id}/document-${number}">${icon("check")}<span>${nameIn(one, lang)}</span></li>`,
              )}
            </ul>`
          : nothing}
      </section>
      ${fact("fees", "payment", fees, service, lang)} ${fact("delay", "calendar", delay, service, lang)}
      ${fact("steps", "info", steps, service, lang)}
      ${hoursFact(hours, `service/${service.id}/hours`, lang)}
    </div>
  `;
}

/** Opening hours of the coming days, those of the hall or of one service; nothing where none are kept. */
export const hoursFact = (hours, spoken, lang) =>
  hours?.[lang]?.length
    ? html`<section class="fact">
        <h2 data-say="word/hours">${icon("clock")} ${say("hours", {}, lang)}</h2>
        <ul class="hours" data-hours data-say=${spoken}>${hours[lang].map((line) => html`<li>${line}</li>`)}</ul>
      </section>`
    : nothing;

const fact = (name, mark, text, service, lang) =>
  nameIn(text, lang)
    ? html`<section class="fact">
        <h2 data-say="word/${name}">${icon(mark)} ${say(name, {}, lang)}</h2>
        <p data-say="service/${service.id}/${name}">${nameIn(text, lang)}</p>
      </section>`
    : nothing;

export const priorityView = ({ lang, offers, actions }) => html`
  <main class="kiosk__body">
    <div class="heading">
      <h1 tabindex="-1" data-say="word/priority_title">${say("priority_title", {}, lang)}</h1>
      <p data-say="word/priority_text">${say("priority_text", {}, lang)}</p>
    </div>
    <ul class="reasons">
      ${offers.priorities.map(
        ({ id, name }) => html`<li>
          <button class="reason" data-reason=${id} data-say="priority/${id}" @click=${() => actions.because(id)}>
            ${icon("priority")} <span>${nameIn(name, lang)}</span>
          </button>
        </li>`,
      )}
    </ul>
  </main>
`;
