/** The lists beside the desk: who waits, and who is absent or put aside. */

import { html, nothing } from "../vendor/lit-html.js";
import { secondsSince } from "../js/clock.js";
import { icon } from "../js/icons.js";
import { directionOf, ownName, page, say } from "../js/page.js";
import { actionNamed, possible } from "./actions.js";
import { countFor, isBack, isMine, priorityName, reasonName, sentTo, serviceName, ticketName } from "./hall.js";
import { timeOf } from "./moments.js";

const minutes = (seconds) => say("minutes", { count: Math.floor(seconds / 60) });

export function waitingView(state) {
  const { snapshot, desk, all, act } = state;
  const listed = all ? snapshot.waiting : snapshot.waiting.filter((one) => isMine(one, desk));
  const total = all ? snapshot.waiting_total : countFor(desk, snapshot);
  const more = total - listed.length;
  return html`
    <div class="list__head">
      <h2 class="card__title">${say("waiting_list")} <span class="tag number" data-waiting>${total}</span></h2>
      <button
        class="tool ${all ? "tool--on" : ""}"
        data-switch="all"
        aria-pressed=${all ? "true" : "false"}
        aria-keyshortcuts="L"
        @click=${() => act.toggle("all")}
      >
        <span class="tool__light" aria-hidden="true"></span> ${say("all")} <kbd class="key">L</kbd>
      </button>
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

/** Who may come back. */
export function asideView({ snapshot, desk, all, expected, connection, act }) {
  const aside = (snapshot.aside ?? []).filter((one) => all || isBack(one, desk));
  if (!aside.length) return nothing;
  const possibleNow = connection !== "refused" && possible(actionNamed("recycle"), expected, snapshot, page.me);
  return html`
    <h2 class="card__title list__second">${say("aside_list")} <span class="tag number" data-aside>${aside.length}</span></h2>
    <ul class="queue queue--aside" tabindex="0" aria-label=${say("aside_list")}>
      ${aside.map((one) => {
        const ticket = ticketName(one);
        return html`<li class="queue__row">
          <span class="queue__ticket number">${one.ticket ?? "—"}</span>
          <span class="queue__about">
            <span class="queue__service">${serviceName(snapshot, one.service)}</span>
            <span class="queue__small">
              <span class="tag ${one.state === "parked" ? "tag--wait" : "tag--bad"}">${say(`aside_${one.state}`)}</span>
              ${one.reason ? html`<bdi>${reasonName(snapshot, one.reason)}</bdi>` : nothing}
            </span>
          </span>
          <span class="queue__wait">${minutes(secondsSince(one.since))}</span>
          <button
            class="tool tool--round"
            data-back=${ticket}
            ?disabled=${!possibleNow}
            aria-label=${say("back_this", { ticket })}
            title=${say("back_this", { ticket })}
            @click=${() => act.put(one)}
          >
            ${icon("collect")}
          </button>
        </li>`;
      })}
    </ul>
  `;
}
