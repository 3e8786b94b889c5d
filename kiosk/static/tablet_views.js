/** What the tablet at a counter draws in each state: its own rest and frame, the kiosk's views of rating and writing. Pure. */

import { html, nothing } from "../vendor/lit-html.js";
import { curtain } from "../js/curtain.js";
import { directionOf, nameIn, ownName, page, say } from "../js/page.js";
import { foot } from "./foot.js";
import { sendingView } from "./moment.js";
import { RATING_VIEWS } from "./rating.js";
import { WRITING_VIEWS } from "./writing.js";

const STAR = new URL("../icons/star.svg", import.meta.url).pathname;
const STAR_LIGHT = new URL("../icons/star-light.svg", import.meta.url).pathname;
const NOT_NOW = { word: "not_now", mark: "close", action: "reset" };

/** @param {object} state  view, lang, ticket, rating, wish, sentence, strong, left (seconds), warned, snapshot, connection, actions */
export function draw(state) {
  if (state.connection === "refused") return curtain("refused_title", "refused_text");
  if (["lost", "full"].includes(state.connection)) return curtain("lost_title", "tablet_lost");
  if (!state.snapshot || state.view === "rest") return restView(state);
  if (state.view === "sending") return frame(state, sendingView(state), foot(state, null));
  const [body, way] = { ...RATING_VIEWS, ...WRITING_VIEWS }[state.view](state);
  if (state.view !== "rate_face") return frame(state, body, foot(state, way));
  return frame(state, body, html`${languages(state)} ${foot(state, NOT_NOW)}`);
}

const restView = ({ snapshot }) => html`
  <main class="rest">
    <img class="rest__star" src=${STAR} alt="" />
    <h1 class="rest__place">
      <span class="rest__called">
        ${page.choices.map((lang) => html`<span lang=${lang} dir=${directionOf(lang)}>${say("counter", {}, lang)}</span> `)}
      </span>
      <strong class="rest__counter number">${page.counter}</strong>
    </h1>
    <div class="rest__words">
      ${page.choices.map((lang) => html`<p lang=${lang} dir=${directionOf(lang)}>${say("tablet_rest", {}, lang)}</p>`)}
    </div>
    <p class="rest__unit">
      ${page.choices.map((lang) => html`<span lang=${lang} dir=${directionOf(lang)}>${snapshot?.unit.name[lang] ?? "\u00a0"}</span>`)}
    </p>
  </main>
`;

const frame = ({ snapshot, lang, ticket }, body, below) => html`
  <header class="kiosk__head">
    <img class="brand__star" src=${STAR_LIGHT} alt="" />
    <p class="brand__name"><span>${nameIn(snapshot.unit.name, lang)}</span></p>
    ${ticket ? html`<p class="tablet__ticket"><span>${say("your_number", {}, lang)}</span> <strong class="number" dir="ltr">${ticket}</strong></p>` : nothing}
  </header>
  ${body} ${below}
`;

/** Somebody may read another language than the one the ticket was taken in. */
const languages = ({ lang, actions }) => html`
  <div class="tablet__languages">
    ${page.choices
      .filter((one) => one !== lang)
      .map(
        (one) => html`<button class="kiosk-button" lang=${one} dir=${directionOf(one)} data-language=${one} @click=${() => actions.language(one)}>
          ${ownName(one)}
        </button>`,
      )}
  </div>
`;
