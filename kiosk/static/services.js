/** The services as large cards; under headings or in pages when there are many. A closed one still tells what it needs. */

import { html, nothing } from "../vendor/lit-html.js";
import { inTwoParts } from "../js/waits.js";
import { icon, serviceIcon } from "../js/icons.js";
import { nameIn, say } from "../js/page.js";
import { closedText, closedWord } from "./closed.js";
import { told } from "./offers.js";
import { headings, pageOf } from "./paging.js";

const LONG = 48;
const VERY_LONG = 60;

export function servicesView(state) {
  const { lang, snapshot, heading, room, terse, actions } = state;
  const groups = headings(snapshot.services, (service) => told(service.id).heading, room);
  const group = groups.find((one) => one.key === heading);
  const grouped = groups.length > 0 && !group;
  const cards = grouped
    ? groups.map((one) => html`<li>${headingCard(one, state)}</li>`)
    : (group?.services ?? snapshot.services).map((service) => html`<li>${serviceCard(service, state)}</li>`);
  const { items, at, count } = pageOf(cards, state.page, room);
  return html`
    <main class="kiosk__body">
      <div class="heading">
        <h1 tabindex="-1" data-say="word/choose_service">${group ? groupName(group, lang) : say("choose_service", {}, lang)}</h1>
        <p>${say(grouped ? "choose_group_hint" : "choose_service_hint", {}, lang)}</p>
      </div>
      <ul class="services services--${cards.length > 2 ? "many" : "few"} ${terse ? "services--terse" : ""}">${items}</ul>
      ${count > 1 ? pager(at, count, lang, actions) : nothing}
    </main>
  `;
}

const pager = (at, count, lang, actions) => html`
  <nav class="pager" data-pages=${count}>
    <button class="kiosk-button" data-page="previous" ?disabled=${at === 0} data-say="word/previous" @click=${() => actions.page(at - 1)}>
      ${icon("back", "icon--onward")} <span>${say("previous", {}, lang)}</span>
    </button>
    <p><span class="number">${at + 1} / ${count}</span></p>
    <button class="kiosk-button" data-page="next" ?disabled=${at === count - 1} data-say="word/more_services" @click=${() => actions.page(at + 1)}>
      <span>${say("more_services", {}, lang)}</span> ${icon("onward", "icon--onward")}
    </button>
  </nav>
`;

const groupName = (group, lang) => (group.name ? nameIn(group.name, lang) : say("other_services", {}, lang));
const length = (name) => (name.length > VERY_LONG ? "service--very-long" : name.length > LONG ? "service--long" : "");

const headingCard = (group, { lang, actions }) => html`
  <button class="service service--heading ${length(groupName(group, lang))}" @click=${() => actions.heading(group.key)}
    data-say=${group.name ? `service/${group.services[0].id}/heading` : "word/other_services"}>
    <span class="service__icon">${serviceIcon(group.services[0].icon)}</span>
    <span class="service__text"><span class="service__name">${groupName(group, lang)}</span></span>
    <span class="service__foot light">${icon("onward", "icon--onward")}</span>
  </button>
`;

function serviceCard(service, { lang, actions, snapshot }) {
  const name = nameIn(service.name, lang);
  const sentence = nameIn(told(service.id).sentence, lang);
  const spoken = [`service/${service.id}/name`, ...(service.open ? ["word/people_ahead", `number/${service.people_ahead}`] : [`word/${closedWord(service)}`])];
  return html`
    <button class="service ${service.open ? "" : "service--closed"} ${length(name)}" data-service=${service.id}
      data-say=${spoken.join("|")} @click=${() => actions.before(service)}>
      <span class="service__icon">${serviceIcon(service.icon)}</span>
      <span class="service__text">
        <span class="service__name">${name}</span>
        ${sentence ? html`<span class="service__sentence light">${sentence}</span>` : nothing}
      </span>
      ${service.open
        ? html`<span class="service__foot light">
            <span class="service__queue">
              ${icon("people")}<span class="service__waiting">${say("people_ahead", {}, lang)}</span> <span class="number">${service.people_ahead}</span>
            </span>
            ${service.estimated_wait
              ? html`<span class="service__wait" data-estimate>
                  ${icon("clock")}<span class="service__parts">${inTwoParts(service.estimated_wait, lang)}</span>
                </span>`
              : nothing}
          </span>`
        : closedText(service, snapshot.openings, lang)}
      <span class="service__prefix number" aria-hidden="true">${service.prefix}</span>
    </button>
  `;
}
