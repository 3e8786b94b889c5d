/** What the kiosk draws in each state. Pure: a state in, a template out. */

import { html, nothing } from "../vendor/lit-html.js";
import { curtain } from "../js/curtain.js";
import { icon, serviceIcon } from "../js/icons.js";
import { directionOf, nameIn, ownName, page, say } from "../js/page.js";
import { COMES } from "./paper.js";

const STAR = new URL("../icons/star-light.svg", import.meta.url).pathname;

/** @param {object} state  view, lang, ticket, paper (a word of paper.js), service, sentence, left, snapshot, connection, actions */
export function draw(state) {
  if (state.view === "ticket") return frame(state, ticketView(state));
  if (state.connection === "refused") return curtain("refused_title", "refused_text");
  if (state.connection === "lost") return curtain("lost_title", "lost_text");
  if (!state.snapshot) return frame(state, html`<div class="kiosk__body"></div>`);
  if (state.view === "sending") return frame(state, sendingView(state));
  if (state.view === "refused") return frame(state, refusedView(state));
  if (state.snapshot.services.every((service) => !service.open)) return frame(state, closedView());
  return frame(state, state.view === "services" ? servicesView(state) : languageView(state));
}

const frame = (state, body) => html`
  <header class="kiosk__head">
    <img class="brand__star" src=${STAR} alt="" />
    <p class="brand__name">${unitName(state)}</p>
  </header>
  ${body}
`;

const unitName = ({ view, snapshot, lang }) =>
  view === "language"
    ? page.choices.map((one) => html`<span lang=${one} dir=${directionOf(one)}>${snapshot?.unit.name[one] ?? ""}</span>`)
    : html`<span>${nameIn(snapshot?.unit.name, lang)}</span>`;

const languageView = ({ actions }) => html`
  <main class="kiosk__body kiosk__body--centre">
    <h1 class="welcome" tabindex="-1">
      ${page.choices.map(
        (lang) => html`<span lang=${lang} dir=${directionOf(lang)}>
          <strong>${say("welcome", {}, lang)}</strong> <span class="light">${say("choose_language", {}, lang)}</span>
        </span>`,
      )}
    </h1>
    <div class="choices">
      ${page.choices.map(
        (lang) => html`<button class="choice" lang=${lang} dir=${directionOf(lang)} @click=${() => actions.language(lang)}>
          ${ownName(lang)}
        </button>`,
      )}
    </div>
  </main>
`;

const servicesView = (state) => html`
  <main class="kiosk__body">
    <div class="heading">
      <h1 tabindex="-1">${say("choose_service", {}, state.lang)}</h1>
      <p>${say("choose_service_hint", {}, state.lang)}</p>
    </div>
    <ul class="services">
      ${state.snapshot.services.map((service) => html`<li>${serviceCard(service, state)}</li>`)}
    </ul>
  </main>
  ${foot(state, "language", "language")}
`;

const serviceCard = (service, { lang, actions }) => html`
  <button class="service" ?disabled=${!service.open} @click=${() => actions.take(service)}>
    <span class="service__icon">${serviceIcon(service.icon)}</span>
    <span class="service__name">${nameIn(service.name, lang)}</span>
    ${service.open
      ? html`<span class="service__wait light">${icon("people")}<span>${say("waiting", {}, lang)}</span>
          <span class="number">${service.waiting}</span></span>`
      : html`<span class="service__closed">${say("closed_now", {}, lang)}</span>`}
    <span class="service__prefix number" aria-hidden="true">${service.prefix}</span>
  </button>
`;

const sendingView = ({ lang, service }) => html`
  <main class="kiosk__body kiosk__body--centre">
    <div class="moment" role="status">
      <span class="moment__mark"></span>
      <h1 tabindex="-1">${say("one_moment", {}, lang)}</h1>
      <p>${nameIn(service.name, lang)}</p>
    </div>
  </main>
`;

const ticketView = (state) => {
  const { lang, ticket, paper } = state;
  const comes = paper === COMES;
  return html`
    <main class="kiosk__body kiosk__body--centre">
      <article class="slip">
        <h1 class="slip__label" tabindex="-1">${say("your_number", {}, lang)}</h1>
        <p class="slip__number number" data-ticket>${ticket.ticket}</p>
        <p class="slip__service strong">${ticket.service_name}</p>
        <dl class="slip__facts">
          ${ticket.people_ahead > 0
            ? html`<div><dt>${say("people_ahead", {}, lang)}</dt><dd class="number">${ticket.people_ahead}</dd></div>`
            : html`<div><dd>${say("you_are_next", {}, lang)}</dd></div>`}
          <div><dt>${say("taken_at", {}, lang)}</dt><dd class="slip__time">${ticket.issued_text}</dd></div>
        </dl>
        <p class="slip__paper ${comes ? "" : "slip__paper--none"}" role="status" data-paper=${paper}>
          ${icon(comes ? "printer" : "note")}<span>${say(paper, { ticket: ticket.ticket }, lang)}</span>
        </p>
      </article>
      <p class="advice">${say("watch_display", {}, lang)}</p>
    </main>
    ${foot(state, "finish", "check", true)}
  `;
};

const refusedView = (state) => html`
  <main class="kiosk__body kiosk__body--centre">
    <div class="refused" role="alert">
      ${icon("alert")}
      <h1 tabindex="-1">${say("no_ticket", {}, state.lang)}</h1>
      ${state.sentence ? html`<p class="text">${state.sentence}</p>` : nothing}
      <p>${say("try_again", {}, state.lang)}</p>
    </div>
  </main>
  ${foot(state, "back", "again")}
`;

const closedView = () => html`
  <main class="kiosk__body kiosk__body--centre">
    ${page.choices.map(
      (lang) => html`<section class="closed" lang=${lang} dir=${directionOf(lang)}>
        <h1 tabindex="-1">${say("all_closed_title", {}, lang)}</h1>
        <p>${say("all_closed_text", {}, lang)}</p>
      </section>`,
    )}
  </main>
`;

const foot = ({ lang, left, actions }, word, mark, main = false) => html`
  <footer class="kiosk__foot">
    <button class="kiosk-button ${main ? "kiosk-button--main" : ""}" data-reset @click=${actions.reset}>
      ${icon(mark)} <span>${say(word, {}, lang)}</span>
    </button>
    <p class="countdown">${icon("clock")} <span>${say("clears_in", { seconds: left }, lang)}</span></p>
  </footer>
`;
