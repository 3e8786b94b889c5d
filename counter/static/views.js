/** What the clerk's screen draws. Pure: a state in, a template out. */

import { html, nothing } from "../vendor/lit-html.js";
import { stopwatch } from "../js/clock.js";
import { icon } from "../js/icons.js";
import { directionOf, nameIn, ownName, page, say } from "../js/page.js";
import { ACTIONS, mainAction } from "./actions.js";

const TAGS = { open: "tag--good", paused: "tag--wait", closed: "" };

/** @param {object} state  snapshot, age (its age in seconds), desk, connection, notice, underWay, press */
export function draw(state) {
  const { snapshot, desk } = state;
  if (!snapshot) return html`${banner(state)}<p class="empty">${say("loading")}</p>`;
  if (page.counter === null) return html`${banner(state)}${chooseView(snapshot)}`;
  if (!desk) return html`<p class="banner banner--bad">${say("unknown_counter")} <a href="/counter/">${say("other_counter")}</a></p>`;
  return html`
    ${banner(state)}
    <div class="desk">
      <main class="desk__main">${deskHead(desk)} ${currentView(state)} ${actionsView(state)}</main>
      <aside class="desk__aside card">${waitingView(state)}</aside>
    </div>
  `;
}

function banner({ connection }) {
  if (connection === "lost") return html`<p class="banner banner--bad lost" role="alert">${icon("lost")} ${say("lost")}</p>`;
  if (connection !== "refused") return nothing;
  const back = `/sign-in?next=${encodeURIComponent(location.pathname)}`;
  return html`<p class="banner banner--bad lost" role="alert">${icon("alert")} ${say("refused")} <a href=${back}>${say("sign_in_again")}</a></p>`;
}

const stateTag = (state) => html`<span class="tag ${TAGS[state] ?? ""}">${say(`state_${state}`)}</span>`;

const chooseView = (snapshot) => html`
  <main class="choose">
    <h1>${say("choose_counter")}</h1>
    ${snapshot.desks.length ? html`<p class="choose__hint">${say("choose_counter_hint")}</p>` : html`<p>${say("no_counters")}</p>`}
    <ul class="choose__list">
      ${snapshot.desks.map(
        (desk) => html`<li>
          <a class="choose__desk" href="/counter/${desk.counter}" data-counter=${desk.counter}>
            <span class="choose__word">${say("counter")}</span>
            <span class="choose__number number">${desk.number}</span>
            ${stateTag(desk.state)}
            <span class="choose__clerk">${desk.clerk ? say("held_by", { name: desk.clerk.name }) : say("free")}</span>
          </a>
        </li>`,
      )}
    </ul>
  </main>
`;

const deskHead = (desk) => html`
  <div class="desk__head">
    <h1 class="desk__title">${say("counter")} <span class="desk__number number">${desk.number}</span></h1>
    ${stateTag(desk.state)}
    <span class="desk__clerk">${desk.clerk ? say("held_by", { name: desk.clerk.name }) : nothing}</span>
    <a class="desk__other" href="/counter/">${say("other_counter")}</a>
  </div>
`;

function currentView(state) {
  const { desk, snapshot, age, notice } = state;
  const current = desk.current;
  return html`
    <section class="current ${current ? `current--${current.state}` : ""}" aria-label=${say("current")}>
      ${current ? visitorView(current, snapshot, age) : emptyView(desk)}
      <p class="current__notice ${notice?.bad ? "current__notice--bad" : ""}" role="status">${notice?.text ?? ""}</p>
    </section>
  `;
}

const HINTS = { open: "ready_to_call", paused: "counter_is_paused", closed: "counter_is_closed" };

const emptyView = (desk) => html`
  <div class="current__empty">
    <p class="current__nobody">${say("nobody_here")}</p>
    <p>${say(HINTS[desk.state])}</p>
  </div>
`;

const visitorView = (current, snapshot, age) => html`
  <div class="current__who">
    <p class="current__number number" data-ticket>${current.ticket ?? say("no_ticket_number")}</p>
    <p class="current__state">${say(`state_${current.state}`)}</p>
  </div>
  <div class="current__about">
    <p class="current__service strong">${serviceName(snapshot, current.service)}</p>
    <dl class="facts">
      ${fact("language", html`<bdi lang=${current.language}>${ownName(current.language)}</bdi>`)}
      ${current.priority ? fact("priority", priorityName(current.priority)) : nothing}
      ${fact("waited", number(stopwatch(current.waited)))}
      ${current.state === "serving"
        ? fact("served_for", number(stopwatch((current.served_for ?? 0) + age)), "facts__running")
        : fact("called_for", number(stopwatch((current.called_for ?? 0) + age)), "facts__running")}
      ${current.recalls ? fact("recalls", number(say("times", { count: current.recalls }))) : nothing}
    </dl>
  </div>
`;

const number = (text) => html`<span class="number">${text}</span>`;
const fact = (word, value, extra = "") => html`<div class=${extra}><dt>${say(word)}</dt><dd>${value}</dd></div>`;

const serviceOf = (snapshot, id) => snapshot.services.find((service) => service.id === id);
const serviceName = (snapshot, id) => nameIn(serviceOf(snapshot, id)?.name) || id;
const priorityName = (id) => nameIn(page.priorities[id]) || id;

function actionsView({ desk, connection, underWay, press }) {
  const main = mainAction(desk);
  return html`
    <div class="actions" role="group" aria-label=${say("actions")}>
      ${ACTIONS.map(
        (action) => html`<button
          class="button action ${action.name === main ? "action--main" : "button--quiet"} action--${action.name}"
          data-action=${action.name}
          aria-keyshortcuts=${action.key.toUpperCase()}
          aria-busy=${underWay === action.name ? "true" : "false"}
          ?disabled=${connection !== "live" || underWay !== null || !action.allowed(desk)}
          @click=${() => press(action.name)}
        >
          ${icon(action.icon)} <span class="action__word">${say(action.name)}</span> <kbd class="key">${action.key.toUpperCase()}</kbd>
        </button>`,
      )}
    </div>
  `;
}

function waitingView({ snapshot, age }) {
  const more = snapshot.waiting_total - snapshot.waiting.length;
  return html`
    <h2 class="card__title">${say("waiting_list")} <span class="tag number" data-waiting>${snapshot.waiting_total}</span></h2>
    ${snapshot.waiting.length === 0 ? html`<p class="empty">${say("nobody_waits")}</p>` : nothing}
    <ol class="queue" tabindex="0" aria-label=${say("waiting_list")}>
      ${snapshot.waiting.map(
        (one) => html`<li class="queue__row">
          <span class="queue__ticket number">${one.ticket}</span>
          <span class="queue__about">
            <span class="queue__service">${serviceName(snapshot, one.service)}</span>
            <span class="queue__small">
              <bdi lang=${one.language} dir=${directionOf(one.language)}>${ownName(one.language)}</bdi>
              ${one.priority ? html`<span class="tag tag--wait">${priorityName(one.priority)}</span>` : nothing}
            </span>
          </span>
          <span class="queue__wait">${say("minutes", { count: Math.floor((one.waited + age) / 60) })}</span>
        </li>`,
      )}
    </ol>
    ${more > 0 ? html`<p class="empty">${say("and_more", { count: more })}</p>` : nothing}
  `;
}
