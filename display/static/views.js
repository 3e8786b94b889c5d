/** What the hall display draws. Pure: a state in, a template out. Arabic first, then Amazigh, then French. */

import { html, nothing } from "../vendor/lit-html.js";
import { clockText, dateText, localDate } from "../js/clock.js";
import { curtain } from "../js/curtain.js";
import { icon, serviceIcon } from "../js/icons.js";
import { inTwoParts } from "../js/waits.js";
import { mediumView } from "./media_views.js";
import { directionOf, nameIn, page, say } from "../js/page.js";

const STAR = new URL("../icons/star-light.svg", import.meta.url).pathname;

/** @param {object} state  snapshot, connection, call (in the large place), flashing, turn (of the notices),
 *   medium (beside the call, or null), broken (told the item that can't be shown) */
export function draw({ snapshot, connection, call, flashing, turn, medium, broken }) {
  if (connection === "refused") return curtain("refused_title", "refused_screen_text");
  if (["lost", "full"].includes(connection)) return curtain("lost_title", "lost_screen_text");
  if (!snapshot) return html`<div class="hall"></div>`;
  const others = snapshot.calls.filter((one) => !call || one.ticket !== call.ticket || one.counter !== call.counter);
  return html`
    <div class="hall ${medium ? "hall--media" : ""} ${others.length ? "" : "hall--first"}">
      ${head(snapshot)}
      <main class="now ${flashing ? "now--flash" : ""}" aria-live="assertive">${call ? callView(call) : emptyView()}</main>
      ${medium ? mediumView(medium, broken) : nothing}
      ${others.length ? html`<aside class="last">${lastView(others)}</aside>` : nothing}
      <section class="queues">${queuesView(snapshot, turn)}</section>
      ${noticeView(snapshot.messages, turn)}
    </div>
  `;
}

/** A word in every language of the hall, each in its own direction. */
const inAll = (key) => page.hall.map((lang) => html`<span lang=${lang} dir=${directionOf(lang)}>${say(key, {}, lang)}</span>`);

function head(snapshot) {
  const local = localDate(page.offsets);
  return html`
    <header class="head">
      <img class="head__star" src=${STAR} alt="" />
      <p class="head__name">
        ${page.hall.map((lang) => html`<span lang=${lang} dir=${directionOf(lang)}>${snapshot.unit.name[lang] ?? ""}</span>`)}
      </p>
      ${titleView(snapshot.title ?? {})}
      <div class="head__dates">
        ${page.hall.map((lang) => html`<span lang=${lang} dir=${directionOf(lang)}>${dateText(local, page.calendars[lang])}</span>`)}
      </div>
      <p class="head__clock number">${clockText(local)}</p>
    </header>
  `;
}

/** What this display is called on the set-up page, for a hall of several rooms. */
function titleView(title) {
  const langs = page.hall.filter((lang) => title[lang]);
  if (!langs.length) return nothing;
  return html`<p class="head__title" data-title>
    ${langs.map((lang) => html`<span lang=${lang} dir=${directionOf(lang)}>${title[lang]}</span>`)}
  </p>`;
}

const callView = (call) => html`
  <p class="now__label">${inAll("now_calling")}</p>
  <p class="now__ticket number" data-ticket>${call.ticket}</p>
  <div class="now__where">
    <p class="now__words strong">${inAll("counter")}</p>
    <p class="now__counter number" data-counter>${call.counter}</p>
  </div>
`;

const emptyView = () => html`
  <div class="now__empty">
    ${page.hall.map(
      (lang) => html`<p lang=${lang} dir=${directionOf(lang)}>
        <strong>${say("no_call_title", {}, lang)}</strong><span>${say("no_call_text", {}, lang)}</span>
      </p>`,
    )}
  </div>
`;

const lastView = (calls) => html`
  <h2 class="last__title">${inAll("last_calls")}</h2>
  <ol class="last__list">
    ${calls.slice(0, 6).map(
      (call) => html`<li class="last__call">
        <span class="last__ticket number">${call.ticket}</span>
        ${icon("onward", "icon--onward last__arrow")}
        <span class="last__counter"><span class="number">${call.counter}</span></span>
      </li>`,
    )}
  </ol>
`;

const QUEUES = 12;

/** As many services as there is room for; when there are more, the next ones at the next turn of all languages. */
function turnOf(services, turn) {
  const count = Math.max(1, Math.ceil(services.length / QUEUES));
  const at = Math.floor(turn / page.hall.length) % count;
  return services.slice(at * QUEUES, (at + 1) * QUEUES);
}

/** Columns that leave no service alone on a line, on a wide and on a tall screen. */
const wide = (count) => (count <= 6 ? count : Math.ceil(count / 2));
const tall = (count) => (count > 3 && count % 3 === 1 ? 2 : Math.min(count, 3));

/** Digits of the longest queue. */
const digits = (services) => Math.min(3, Math.max(1, ...services.map((one) => String(one.waiting).length)));

const queuesView = (snapshot, turn) => {
  const lang = page.hall[turn % page.hall.length];
  const shown = turnOf(snapshot.services, turn);
  return html`
    <h2 class="queues__title">${inAll("waiting")}</h2>
    <ul
      class="queues__list queues__list--digits-${digits(shown)} queues__list--wide-${wide(shown.length)} queues__list--tall-${tall(shown.length)}"
    >
      ${shown.map(
        (service) => html`<li class="queue ${service.open ? "" : "queue--closed"}">
          <span class="queue__icon">${serviceIcon(service.icon)}</span>
          <span class="queue__text" lang=${lang} dir=${directionOf(lang)}>
            <span class="queue__name">${nameIn(service.name, lang)}</span>
            ${service.open && service.estimated_wait
              ? html`<span class="queue__wait" data-estimate>${inTwoParts(service.estimated_wait, lang)}</span>`
              : nothing}</span>
          ${service.open
            ? html`<span class="queue__count number">${service.waiting}</span>`
            : html`<span class="queue__closed" lang=${lang} dir=${directionOf(lang)}>${say("closed_now", {}, lang)}</span>`}
        </li>`,
      )}
    </ul>
  `;
};

/** One notice at a time, in one language at a time: every notice in Arabic, then the next language. */
function noticeView(messages, turn) {
  const notices = messages.flatMap((message) => page.hall.filter((lang) => message.text[lang]).map((lang) => [lang, message.text[lang]]));
  if (!notices.length) return nothing;
  const [lang, text] = notices[turn % notices.length];
  return html`<footer class="notice" lang=${lang} dir=${directionOf(lang)}>${icon("info", "notice__icon")}<p>${text}</p></footer>`;
}
