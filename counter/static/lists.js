/** The lists beside the desk: who waits, and who is absent or put aside. */

import { html, nothing } from "../vendor/lit-html.js";
import { secondsSince } from "../js/clock.js";
import { icon } from "../js/icons.js";
import { directionOf, ownName, page, say } from "../js/page.js";
import { actionNamed, possible } from "./actions.js";
import { countFor, isBack, isMine, priorityName, reasonName, sentTo, serviceName, ticketName } from "./hall.js";
import { timeOf } from "./moments.js";
import { switchView } from "./switches.js";

const minutes = (seconds) => say("minutes", { count: Math.floor(seconds / 60) });

export function waitingView(state) {
  const { snapshot, desk, all, aloud, act } = state;
  const listed = all ? snapshot.waiting : snapshot.waiting.filter((one) => isMine(one, desk));
  const total = all ? snapshot.waiting_total : countFor(desk, snapshot);
  const more = total - listed.length;
  return html`
    <div class="list__head">
      <h2 class="card__title">${say("waiting_list")} <span class="tag number" data-waiting>${total}</span></h2>
      <div class="list__switches">
        ${switchView("sound", "V", aloud, act, "sound")} ${switchView("all", "L", all, act)}
      </div>
    </div>
    <div class="list__body">
      ${listed.length === 0
        ? html`<p class="empty">${say(all || !snapshot.waiting_total ? "nobody_waits" : "nobody_waits_here")}</p>`
        : nothing}
      <ol class="queue" tabindex="0" aria-label=${say("waiting_list")}>
        ${listed.map((one) => waitingRow(one, state))}
      </ol>
      ${more > 0 ? html`<p class="empty">${say("and_more", { count: more })}</p>` : nothing}
    </div>
  `;
}

function waitingRow(one, { snapshot, expected, age, connection, act }) {
  const callable = connection !== "refused" && possible(actionNamed("call"), expected, snapshot, page.me);
  const ticket = ticketName(one);
  return html`<li class="queue__row">
    <span class="queue__ticket number">${ticket}</span>
    <span class="queue__about">
      <span class="queue__service">${serviceName(snapshot, one.service)}</span>
      <span class="queue__small">
        <bdi lang=${one.language} dir=${directionOf(one.language)}>${ownName(one.language)}</bdi>
        ${one.priority ? html`<span class="tag tag--wait">${priorityName(snapshot, one.priority)}</span>` : nothing}
        ${one.due_at ? html`<span class="tag tag--wait">${say("due", { time: timeOf(one.due_at) })}</span>` : nothing}
        ${sentTo(one) ? html`<span class="tag">${sentWhere(one, snapshot)}</span>` : nothing}
        ${one.park_reason ? html`<bdi class="queue__note">${reasonName(snapshot, one.park_reason)}</bdi>` : nothing}
        ${one.note ? html`<bdi class="queue__note">${one.note}</bdi>` : nothing}
      </span>
    </span>
    <span class="queue__wait">${minutes(one.waited + age)}</span>
    <button
      class="tool tool--round"
      data-call=${ticket}
      ?disabled=${!callable}
      aria-label=${say("call_this", { ticket })}
      title=${say("call_this", { ticket })}
      @click=${() => act.call(one)}
    >
      ${icon("call")}
    </button>
  </li>`;
}

function sentWhere(one, snapshot) {
  const toCounter = one.for_counter !== undefined;
  const desk = snapshot.desks.find((desk) => (toCounter ? desk.counter === one.for_counter : desk.clerk?.id === one.for_clerk));
  if (toCounter) return say("for_counter", { number: desk?.number ?? one.for_counter });
  return say("for_clerk", { name: desk?.clerk.name ?? "" });
}

/** Who may come back; `takeUp` is the button that asks which of the parked is back. */
export function asideView({ snapshot, desk, all, expected, connection, act }, takeUp) {
  const aside = (snapshot.aside ?? []).filter((one) => all || isBack(one, desk));
  if (!aside.length) return nothing;
  const can = (name) => connection !== "refused" && possible(actionNamed(name), expected, snapshot, page.me);
  const back = can("recycle");
  const up = can("take-up");
  return html`
    <div class="list__head list__second">
      <h2 class="card__title">${say("aside_list")} <span class="tag number" data-aside>${aside.length}</span></h2>
      ${aside.some((one) => one.state === "parked") ? takeUp : nothing}
    </div>
    <ul class="queue queue--aside" tabindex="0" aria-label=${say("aside_list")}>
      ${aside.map((one) => {
        const ticket = ticketName(one);
        return html`<li class="queue__row">
          <span class="queue__ticket number">${one.ticket ?? "—"}</span>
          <span class="queue__about">
            <span class="queue__service">${serviceName(snapshot, one.service)}</span>
            <span class="queue__small">
              <span class="queue__wait">${minutes(secondsSince(one.since))}</span>
              ${one.state === "parked" && one.park_reason ? reasonView(one, reasonName(snapshot, one.park_reason)) : stateView(one)}
            </span>
            ${one.note ? html`<span class="queue__small"><bdi class="queue__note">${one.note}</bdi></span>` : nothing}
          </span>
          <span class="queue__tools">
            ${one.state === "parked" ? rowButton("up", "call", say("call_this", { ticket }), ticket, up && isBack(one, desk), () => act.takeUp(one)) : nothing}
            ${rowButton("back", "collect", say("back_this", { ticket }), ticket, back, () => act.put(one))}
          </span>
        </li>`;
      })}
    </ul>
  `;
}

const stateView = ({ state }) => html`<span class="tag ${state === "parked" ? "tag--wait" : "tag--bad"}">${say(`aside_${state}`)}</span>`;

/** Why somebody was put aside stands in place of that they were: there is room for one of both. */
const reasonView = ({ state }, reason) => html`<span class="tag tag--wait queue__reason" title=${reason}>
  <span class="visually-hidden">${say(`aside_${state}`)}</span> <bdi>${reason}</bdi>
</span>`;

const rowButton = (kind, sign, words, ticket, possibleNow, onClick) => html`<button
  class="tool tool--round"
  data-back=${kind === "back" ? ticket : nothing}
  data-up=${kind === "up" ? ticket : nothing}
  ?disabled=${!possibleNow}
  aria-label=${words}
  title=${words}
  @click=${onClick}
>
  ${icon(sign)}
</button>`;
