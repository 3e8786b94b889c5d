/** What the clerk's screen draws: the counters to choose from, and the desk. Pure: a state in, a template out. */

import { html, nothing } from "../vendor/lit-html.js";
import { stopwatch } from "../js/clock.js";
import { icon } from "../js/icons.js";
import { nameIn, ownName, page, say } from "../js/page.js";
import { ACTIONS, actionNamed, isOthers, mainAction, possible } from "./actions.js";
import { priorityName, reasonName, serviceName, ticketName } from "./hall.js";
import { asideView, waitingView } from "./lists.js";
import { secondsUntil, timeOf } from "./moments.js";
import { switchView } from "./switches.js";

const TAGS = { open: "tag--good", paused: "tag--wait", closed: "tag--closed" };

/**
 * @param {object} state  snapshot, age (its age in seconds), desk, expected (the desk once all that is pending is done),
 *   pending (jobs not yet answered), kept (those not yet under way), slow, connection, notice, given (a number to tell the visitor),
 *   auto, nextComes, aloud, all;  act: press, put, takeUp, call, toggle, cancel
 */
export function draw(state) {
  const { snapshot, desk } = state;
  if (!snapshot) return html`${banner(state)}<p class="empty">${say("loading")}</p>`;
  if (page.counter === null) return html`${banner(state)}${chooseView(snapshot)}`;
  if (!desk) return html`<p class="banner banner--bad">${say("unknown_counter")} <a href="/counter/">${say("other_counter")}</a></p>`;
  return html`
    ${banner(state)}
    <div class="desk">
      <main class="desk__main">${headView(state)} ${currentView(state)} ${actionsView(state)}</main>
      <aside class="desk__aside card">${waitingView(state)} ${asideView(state, button(state, actionNamed("take-up"), "tool"))}</aside>
    </div>
  `;
}

function banner({ connection, slow, pending, kept, act }) {
  if (connection === "refused") {
    const back = `/sign-in?next=${encodeURIComponent(location.pathname)}`;
    return html`<p class="banner banner--bad lost" role="alert">
      ${icon("alert")} ${say("refused")} <a href=${back}>${say("sign_in_again")}</a>
    </p>`;
  }
  const wrong = connection === "lost" || connection === "full" ? connection : slow ? "slow" : null;
  if (!wrong) return nothing;
  const actions = pending.map((job) => say(job.name)).join(" · ");
  return html`<div class="banner banner--bad lost" role="alert">
    ${icon("lost")}
    <span>${say(wrong)} ${actions ? html`<b data-kept>${say("kept", { actions })}</b>` : nothing}</span>
    ${kept.length
      ? html`<button class="tool lost__cancel" data-give-up aria-keyshortcuts="Escape" @click=${act.cancel}>
          ${say("give_up")} <kbd class="key">Esc</kbd>
        </button>`
      : nothing}
  </div>`;
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

function headView(state) {
  const { desk, snapshot, auto, act } = state;
  const others = isOthers(desk, page.me);
  const shown = (action) =>
    action.place === "head" && desk.state !== "closed" && (!others || possible(action, desk, snapshot, page.me));
  return html`
    <div class="desk__head">
      <h1 class="desk__title">${say("counter")} <span class="desk__number number">${desk.number}</span></h1>
      ${stateTag(desk.state)}
      ${others ? html`<span class="tag tag--bad">${say("held_by", { name: desk.clerk.name })}</span>` : nothing}
      <div class="desk__tools">
        ${others ? nothing : switchView("auto", "J", auto, act)}
        ${ACTIONS.filter(shown).map((action) => button(state, action, "tool"))}
        <button
          class="tool"
          data-switch="help"
          aria-keyshortcuts="?"
          aria-label=${say("help")}
          title=${say("help")}
          @click=${() => act.toggle("help")}
        >
          <kbd class="key">?</kbd>
        </button>
        ${!others && desk.state === "closed" ? html`<a class="desk__other" href="/counter/">${say("other_counter")}</a>` : nothing}
      </div>
    </div>
  `;
}

function currentView(state) {
  const { desk, snapshot, age } = state;
  const current = desk.current;
  return html`
    <section class="current ${current ? `current--${current.state}` : ""}" aria-label=${say("current")}>
      ${current ? visitorView(current, snapshot, age) : emptyView(state)} ${footView(state)}
    </section>
  `;
}

function footView(state) {
  const { notice, given, desk, expected, connection, slow } = state;
  const offered = expected.undo && connection === "live" && !slow && !isOthers(expected, page.me);
  const left = offered ? secondsUntil(expected.undo.until) : 0;
  return html`<div class="current__foot">
    ${given && desk.current && !notice?.bad
      ? html`<p class="current__notice given--beside" role="status">${say("tell_number_before")} <b class="number" data-given>${given}</b></p>`
      : html`<p class="current__notice ${notice?.bad ? "current__notice--bad" : ""}" role="status">${notice?.text ?? ""}</p>`}
    ${left > 0
      ? html`<div class="undo" data-undo=${expected.undo.action}>
          <span class="undo__what">${say(`done_${expected.undo.action}`)}</span>
          ${button(state, actionNamed("undo"), "tool")}
          <span class="undo__left" aria-hidden="true">${say("seconds", { count: left })}</span>
        </div>`
      : nothing}
  </div>`;
}

const HINTS = { open: "ready_to_call", paused: "counter_is_paused", closed: "counter_is_closed" };
const hintOf = (desk, { desks }) => {
  if (isOthers(desk, page.me)) return desks.some((one) => !one.clerk) ? "counter_is_anothers" : "none_is_free";
  return desk.state === "closed" && desk.reason === "released" ? "counter_was_released" : HINTS[desk.state];
};

/** What is said in large letters: what keeps the clerk from calling, else that nobody is here. */
const largeOf = (desk, snapshot) => (isOthers(desk, page.me) ? hintOf(desk, snapshot) : desk.state === "open" ? "nobody_here" : `state_${desk.state}`);

const emptyView = ({ desk, snapshot, nextComes, given }) => html`
  <div class="current__empty">
    ${given
      ? html`<p class="given" role="status">${say("tell_number")} <b class="given__number number" data-given>${given}</b></p>`
      : html`<p class="current__nobody">${say(largeOf(desk, snapshot))}</p>`}
    ${isOthers(desk, page.me) ? html`<p><a class="button" href="/counter/">${say("other_counter")}</a></p>` : nothing}
    ${desk.state === "paused" && desk.reason
      ? html`<p><span class="tag tag--wait" data-reason>${reasonName(snapshot, desk.reason)}</span></p>`
      : nothing}
    ${nextComes ? html`<p class="banner" data-next-comes>${say("next_comes")}</p>` : isOthers(desk, page.me) ? nothing : html`<p>${say(hintOf(desk, snapshot))}</p>`}
  </div>
`;

const visitorView = (current, snapshot, age, papers = snapshot.documents?.[current.service]) => html`
  <div class="current__who">
    <p class="current__number number ${current.ticket ? "" : "current__number--none"}" data-ticket>${ticketName(current)}</p>
    <p class="current__state">${say(`state_${current.state}`)}</p>
  </div>
  <div class="current__about">
    <p class="current__service strong">${serviceName(snapshot, current.service)}</p>
    <dl class="facts">
      ${fact("language", html`<bdi lang=${current.language}>${ownName(current.language)}</bdi>`)}
      ${current.priority ? fact("priority", priorityName(snapshot, current.priority)) : nothing}
      ${current.due_at ? fact("appointment", number(timeOf(current.due_at))) : nothing}
      ${fact("waited", number(stopwatch(current.waited)))}
      ${current.state === "serving"
        ? fact("served_for", number(stopwatch((current.served_for ?? 0) + age)), "facts__running")
        : fact("called_for", number(stopwatch((current.called_for ?? 0) + age)), "facts__running")}
      ${current.recalls ? fact("recalls", say("times", { count: current.recalls })) : nothing}
    </dl>
  </div>
  <div class="current__more" tabindex=${current.note || current.park_reason ? "0" : nothing}>
    ${current.note || current.park_reason ? notesView(current, snapshot) : nothing}
    ${papers?.length
      ? html`<div class="papers"><h2 class="papers__title">${say("documents")}</h2>
          <ul class="papers__list" data-papers>${papers.map((name) => html`<li>${nameIn(name)}</li>`)}</ul></div>`
      : nothing}
  </div>
`;

/** What the clerks before had to say. */
const notesView = (current, snapshot) => html`<div class="notes">
  ${current.note ? html`<p class="note" data-note>${icon("note")} <b>${say("note")}</b> <bdi>${current.note}</bdi></p>` : nothing}
  ${current.park_reason
    ? html`<p class="note" data-park-reason>
        ${icon("folder")} <b>${say("was_aside")}</b> <bdi>${reasonName(snapshot, current.park_reason)}</bdi>
      </p>`
    : nothing}
</div>`;

const number = (text) => html`<span class="number">${text}</span>`;
const fact = (word, value, extra = "") => html`<div class=${extra}><dt>${say(word)}</dt><dd>${value}</dd></div>`;

function button(state, action, look) {
  const { expected, snapshot, connection, pending, act } = state;
  const main = action.name === mainAction(expected);
  return html`<button
    class="${look} ${look === "button" ? `action ${main ? "action--main" : "button--quiet"} action--${action.place}` : ""}"
    data-action=${action.name}
    aria-keyshortcuts=${action.key.toUpperCase()}
    aria-busy=${pending.some((job) => job.name === action.name) ? "true" : "false"}
    aria-haspopup=${action.dialog ? "dialog" : nothing}
    ?disabled=${connection === "refused" || !possible(action, expected, snapshot, page.me)}
    @click=${() => act.press(action.name)}
  >
    ${icon(action.icon)} <span class="action__word">${say(action.name)}</span> <kbd class="key">${action.key.toUpperCase()}</kbd>
  </button>`;
}

/** The first row holds opening the counter in the place of calling while the counter is not open. */
function actionsView(state) {
  const closed = state.expected.state !== "open" && !state.expected.current;
  const stays = (action) => action.name !== (closed ? "call-next" : "open") && (action.exists?.(state.snapshot) ?? true);
  const first = ACTIONS.filter((action) => action.place === "first" && stays(action));
  const rows = [
    first.sort((one, other) => (other.name === "open") - (one.name === "open")),
    ...["visitor", "more"].map((place) => ACTIONS.filter((action) => action.place === place && stays(action))),
  ];
  return html`
    <div class="actions" role="group" aria-label=${say("actions")}>
      ${rows.map((row) => html`<div class="actions__row">${row.map((action) => button(state, action, "button"))}</div>`)}
    </div>
  `;
}
