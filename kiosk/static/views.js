/** What the kiosk draws in each state. Pure: a state in, a template out. */

import { html, nothing } from "../vendor/lit-html.js";
import { curtain } from "../js/curtain.js";
import { icon } from "../js/icons.js";
import { directionOf, nameIn, page, say } from "../js/page.js";
import { appointmentView } from "./appointment.js";
import { beforeView, priorityView } from "./before.js";
import { closedView } from "./closed.js";
import { edgeSign, foot } from "./foot.js";
import { FOLLOWING_VIEWS } from "./following.js";
import { informationView } from "./information.js";
import { sendingView } from "./moment.js";
import { RATING_VIEWS } from "./rating.js";
import { servicesView } from "./services.js";
import { besideView, languageView } from "./start.js";
import { ticketView } from "./ticket.js";
import { WRITING_VIEWS } from "./writing.js";

const STAR = new URL("../icons/star-light.svg", import.meta.url).pathname;

/**
 * @param {object} state  view, lang, heading, page, service (its id), hour, ticket, paper (a word of paper.js), sentence, low, strong,
 *   audio, left (seconds), warned, edge (what is below the screen's edge: fitting.js), snapshot, connection, offers, actions
 */
export function draw(state) {
  if (state.view === "ticket") return frame(state, ticketView(state), foot(state, { word: "finish", mark: "check", main: true }));
  if (state.connection === "refused") return curtain("refused_title", "refused_text");
  if (["lost", "full"].includes(state.connection)) return curtain("lost_title", "lost_text");
  if (!state.snapshot) return frame(state, html`<div class="kiosk__body"></div>`);
  const [body, way] = (VIEWS[state.view] ?? VIEWS.language)(state);
  return frame(state, body, foot(state, way));
}

const BACK = { word: "back", mark: "back", action: "back" };
const VIEWS = {
  ...RATING_VIEWS,
  ...WRITING_VIEWS,
  ...FOLLOWING_VIEWS,
  beside: (state) => [besideView(state), { word: "back", mark: "back" }],
  language: (state) => [allClosed(state) ? closedView(state) : languageView(state), null],
  services: (state) => [servicesView(state), state.heading === null ? { word: "language", mark: "language" } : BACK],
  before: (state) => [beforeView(state), BACK],
  priority: (state) => [priorityView(state), BACK],
  appointment: (state) => [appointmentView(state), BACK],
  information: (state) => [informationView(state), BACK],
  sending: (state) => [sendingView(state), null],
  refused: (state) => [refusedView(state), { word: "back", mark: "again" }],
};

const allClosed = ({ snapshot }) => snapshot.services.every((service) => !service.open);

/** Those of which a part alone goes on, above what is touched. */
const withOwnEdge = ({ view, low }) => view === "before" || (view === "information" && low);

const frame = (state, body, below = nothing) => html`
  <header class="kiosk__head">
    <img class="brand__star" src=${STAR} alt="" />
    <p class="brand__name">${unitName(state)}</p>
  </header>
  ${body} ${withOwnEdge(state) ? nothing : edgeSign(state)} ${below}
`;

/** Before the names are there their lines are, so that nothing beside them moves; elements of their own, or they themselves would. */
const unnamed = (one) => html`<span lang=${one} dir=${directionOf(one)}>&nbsp;</span>`;

const unitName = ({ view, snapshot, lang }) =>
  view === "language"
    ? page.choices.map((one) => (snapshot ? html`<span lang=${one} dir=${directionOf(one)}>${snapshot.unit.name[one]}</span>` : unnamed(one)))
    : html`<span>${nameIn(snapshot?.unit.name, lang)}</span>`;

const refusedView = (state) => html`
  <main class="kiosk__body kiosk__body--centre">
    <div class="refused" role="alert">
      ${icon("alert")}
      <h1 tabindex="-1" data-say="word/no_ticket">${say("no_ticket", {}, state.lang)}</h1>
      ${state.sentence ? html`<p class="text" data-aloud>${state.sentence}</p>` : nothing}
      <p data-say="word/try_again">${say("try_again", {}, state.lang)}</p>
    </div>
  </main>
`;
