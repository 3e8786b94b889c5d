/** Information and orientation: where help is, how to complain, and that each service tells what it needs. */

import { html, nothing } from "../vendor/lit-html.js";
import { icon } from "../js/icons.js";
import { hoursFact } from "./before.js";
import { edgeSign } from "./foot.js";
import { offers } from "./offers.js";
import { directionOf, ownName, page, say } from "../js/page.js";

const FROM_MOROCCO = ["3737", "0802003737"];
const FROM_ABROAD = "+212 5 37 67 99 06";
const PORTAL = "chikaya.ma";

/** Lowered, what is touched stands below all that is read. */
export const informationView = (state) =>
  state.low
    ? html`<main class="kiosk__body before">
        <div class="before__told" data-scrolled>
          <div class="heading">${title(state)}</div>
          ${facts(state, nothing)}
        </div>
        ${edgeSign(state)}
        <div class="before__ways">${tabs(state)} ${services(state)}</div>
      </main>`
    : html`<main class="kiosk__body">
        <div class="heading">${title(state)} ${tabs(state)}</div>
        ${facts(state, services(state))}
      </main>`;

const title = ({ lang }) => html`<h1 tabindex="-1" data-say="word/information">${say("information", {}, lang)}</h1>`;

const tabs = ({ lang, actions }) => html`
  <div class="tabs">
    ${page.choices.map(
      (one) => html`<button class="kiosk-button" lang=${one} dir=${directionOf(one)} aria-pressed=${one === lang}
        data-say="${one}:word/this_language" @click=${() => actions.informationIn(one)}>${ownName(one)}</button>`,
    )}
  </div>
`;

const services = ({ lang, actions }) => html`
  <button class="kiosk-button" data-services data-say="word/see_services" @click=${() => actions.language(lang)}>
    <span>${say("see_services", {}, lang)}</span> ${icon("onward", "icon--onward")}
  </button>
`;

const facts = ({ lang }, way) => html`
    <div class="facts">
      <section class="fact">
        <h2 data-say="word/help_title">${icon("phone")} ${say("help_title", {}, lang)}</h2>
        <p data-say="word/help_text">${say("help_text", {}, lang)}</p>
        <dl class="numbers">
          <div><dt>${say("from_morocco", {}, lang)}</dt><dd>${FROM_MOROCCO.map((number) => html`<span class="number">${number}</span>`)}</dd></div>
          <div><dt>${say("from_abroad", {}, lang)}</dt><dd><span class="number">${FROM_ABROAD}</span></dd></div>
        </dl>
      </section>
      <section class="fact">
        <h2 data-say="word/complain_title">${icon("complaint")} ${say("complain_title", {}, lang)}</h2>
        <p data-say="word/complain_text">${say("complain_text", {}, lang)}</p>
        <p class="fact__large"><span class="number">${PORTAL}</span></p>
      </section>
      ${hoursFact(offers().hours, "hall/hours", lang)}
      <section class="fact">
        <h2 data-say="word/services_title">${icon("folder")} ${say("services_title", {}, lang)}</h2>
        <p data-say="word/services_text">${say("services_text", {}, lang)}</p>
        ${way}
      </section>
    </div>
`;
