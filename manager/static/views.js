/** What the live hall draws. Pure: a state in, a template out. */

import { html, nothing } from "../vendor/lit-html.js";
import { stopwatch } from "../js/clock.js";
import { icon, serviceIcon } from "../js/icons.js";
import { nameIn, say, spokenBy } from "../js/page.js";
import { alertsCard } from "./alerts.js";
import { faultBanners, printersCard, unprintedCard } from "./paper.js";
import { releaseButton, releaseRow } from "./release.js";

const DESK_TAGS = { open: "tag--good", paused: "tag--wait", closed: "" };

/** The sentence over a page whose connection is not alive. */
export function banner(connection) {
  if (connection === "lost" || connection === "full") return html`<p class="banner banner--bad" role="alert">${icon("lost")} ${say(connection)}</p>`;
  if (connection !== "refused") return nothing;
  const back = `/sign-in?next=${encodeURIComponent(location.pathname)}`;
  return html`<p class="banner banner--bad" role="alert">${icon("alert")} ${say("refused")} <a href=${back}>${say("sign_in_again")}</a></p>`;
}

/** @param {object} state  snapshot, connection, age (of the snapshot, in seconds), reprints (of paper.js), said (of alerts.js),
 *   releases (of release.js) */
export function draw({ snapshot, connection, age, reprints, said, releases }) {
  if (!snapshot) return html`${banner(connection)}<p class="empty">${say("loading")}</p>`;
  return html`
    ${banner(connection)} ${faultBanners(snapshot)} ${dayEnded(snapshot)} ${alertsCard(snapshot, said)}
    ${tiles(snapshot, age)}
    <div class="manager__columns">
      ${servicesCard(snapshot, age)} ${desksCard(snapshot, age, releases)}
      <div class="manager__stack">${printersCard(snapshot)} ${unprintedCard(snapshot, reprints)} ${owedCard(snapshot)}</div>
    </div>
  `;
}

const dayEnded = ({ day_ended: ended }) =>
  ended?.expired ? html`<p class="banner" role="note">${say("day_ended", { expired: ended.expired, counters: ended.counters_closed })}</p>` : nothing;

const minutes = (seconds) => say("minutes", { count: Math.floor(seconds / 60) });
const longest = (waiting, age) => (waiting.length ? minutes(Math.max(...waiting.map((one) => one.waited)) + age) : "–");

const tiles = ({ waiting, waiting_total: total, today }, age) => html`
  <dl class="tiles">
    ${tile("waiting", total)} ${tile("longest_wait", longest(waiting, age))} ${tile("arrivals", today.arrivals)}
    ${tile("served", today.served)} ${tile("no_shows", today.no_shows)} ${tile("walkouts", today.walkouts)}
    ${tile("service_level", percent(today.service_level))}
  </dl>
`;

const percent = (share) => (share === null ? "–" : html`<span class="number">${`${Math.round(share * 100)}\u202f%`}</span>`);

const tile = (word, value) => html`<div class="tile"><dt>${say(word)}</dt><dd data-tile=${word}>${value}</dd></div>`;

const servicesCard = ({ services, waiting }, age) => html`
  <section class="card">
    <h2 class="card__title">${say("services")}</h2>
    <table class="table">
      <thead>
        <tr>
          <th scope="col">${say("service")}</th>
          <th scope="col" class="table__figure">${say("waiting")}</th>
          <th scope="col" class="table__figure">${say("longest_wait")}</th>
        </tr>
      </thead>
      <tbody>
        ${services.map((service) => {
          const queue = waiting.filter((one) => one.service === service.id);
          return html`<tr>
            <td>
              <span class="named">${serviceIcon(service.icon)} <span>${nameIn(service.name)}</span>
              ${service.open ? nothing : html`<span class="tag">${say("service_closed")}</span>`}</span>
            </td>
            <td class="table__figure table__big"><span class="number">${service.waiting}</span></td>
            <td class="table__figure">${longest(queue, age)}</td>
          </tr>`;
        })}
      </tbody>
    </table>
  </section>
`;

const desksCard = ({ desks }, age, releases) => html`
  <section class="card">
    <h2 class="card__title">${say("counters")}</h2>
    <div class="scroll" tabindex="0"><table class="table">
      <thead>
        <tr>
          <th scope="col">${say("counter")}</th>
          <th scope="col">${say("clerk")}</th>
          <th scope="col">${say("visitor")}</th>
          <th scope="col" class="table__figure">${say("since")}</th>
          <th scope="col"><span class="visually-hidden">${say("release")}</span></th>
        </tr>
      </thead>
      <tbody>
        ${desks.map((desk) => [deskRow(desk, age, releases), releaseRow(desk, releases)])}
      </tbody>
    </table></div>
  </section>
`;

function deskRow(desk, age, releases) {
  const { current, state } = desk;
  const seconds = (current ? (current.served_for ?? current.called_for) : desk.state_for) ?? 0;
  const does = current ? `state_${current.state}` : state === "open" ? "state_free" : null;
  return html`<tr data-counter=${desk.number}>
    <td class="table__big"><span class="number">${desk.number}</span></td>
    <td>
      ${desk.clerk?.name ?? ""} <span class="tag ${DESK_TAGS[state] ?? ""}">${say(`state_${state}`)}</span>
      ${desk.clerk?.languages.length ? html`<div class="small" data-spoken>${spokenBy(desk.clerk)}</div>` : nothing}
    </td>
    <td>
      ${current ? html`<strong class="number">${current.ticket ?? "–"}</strong>` : nothing}
      ${does ? html`<span class="small">${say(does)}</span>` : nothing}
      ${!current && state === "paused" && desk.reason ? html`<span class="small" dir="auto">${desk.reason}</span>` : nothing}
    </td>
    <td class="table__figure">${state === "closed" && !current ? nothing : html`<span class="number">${stopwatch(seconds + age)}</span>`}</td>
    <td class="table__do">${releaseButton(desk, releases)}</td>
  </tr>`;
}

const owedCard = ({ deliveries }) => html`
  <section class="card">
    <h2 class="card__title">${say("owed")}</h2>
    <ul class="lines">
      ${Object.entries(deliveries).map(
        ([kind, counts]) => html`<li class="line">
          ${icon(kind === "print" ? "ticket" : "onward", kind === "print" ? "" : "icon--onward")}
          <span class="line__name">${say(`owed_${kind}`)}</span>
          <span class="line__more line__tags">
            ${Object.entries(counts).map(
              ([state, count]) => html`<span class="tag ${count && state !== "pending" ? "tag--bad" : ""}">${say(state)} <span class="number">${count}</span></span>`,
            )}
          </span>
        </li>`,
      )}
    </ul>
  </section>
`;
