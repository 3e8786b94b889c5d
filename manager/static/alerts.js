/** Alerts on the manager's page: what holds now, since when, and a place to say that it was seen. */

import { html, nothing } from "../vendor/lit-html.js";
import { clockText, localDate } from "../js/clock.js";
import { send } from "../js/commands.js";
import { icon } from "../js/icons.js";
import { nameIn, page, say } from "../js/page.js";

const OF_SERVICES = new Set(["too_many_for", "past_target", "nobody_serves"]);
const ICONS = { printer: "printer", display_gone: "lost", portal_silent: "onward", portal_refuses: "onward", ratings_fell: "face-2", no_portal_key: "note" };
const LEADS = { portal_silent: "/manager/portal", portal_refuses: "/manager/portal", no_portal_key: "/manager/portal", ratings_fell: "/manager/ratings", display_gone: "/manager/devices", clock_jumped: "/manager/doctor", nobody_serves: "/manager/setup/work_profiles" };

/** What was said of alerts on this page: id → why it could not be kept. */
export class Said {
  #faults = new Map();
  #changed;

  constructor(changed) {
    this.#changed = changed;
  }

  fault = (id) => this.#faults.get(id);

  async seen(id) {
    const answer = await send(`/api/v1/alerts/${id}/seen`, {}, page.language, 20000);
    if (answer.ok) this.#faults.delete(id);
    else this.#faults.set(id, answer.data?.detail ?? say("no_answer"));
    this.#changed();
  }
}

/** The sentence of an alert. */
export function sentence({ kind, subject, params }, services) {
  const named = OF_SERVICES.has(kind) ? nameIn(services.find((one) => one.id === subject)?.name) || subject : subject;
  if (kind === "printer") return say(`told_${params.state}`, { printer: subject });
  return say(`alert_${kind}`, { ...params, subject: named });
}

/** What a screen reader is told, once, when alerts begin. */
export const announced = ({ alerts, services }) =>
  alerts
    .filter((one) => !one.seen)
    .map((one) => say("alerts_new", { alert: sentence(one, services) }))
    .join(" ");

export const alertsCard = ({ alerts, services }, said) => html`
  <section class="card alerts" data-alerts aria-labelledby="alerts-title">
    <div class="alerts__head">
      <h2 class="card__title" id="alerts-title">${say("alerts")}</h2>
      <a class="small" href="/manager/setup/alerts">${say("alert_limits")}</a>
    </div>
    ${alerts.length ? nothing : html`<p class="alerts__none">${icon("check")} ${say("alerts_none")}</p>`}
    <ul class="lines">
      ${alerts.map((one) => alertLine(one, services, said))}
    </ul>
  </section>
`;

const time = (rfc3339) => clockText(localDate(page.offsets, Date.parse(rfc3339)));

function alertLine(one, services, said) {
  const words = sentence(one, services);
  const lead = LEADS[one.kind];
  return html`<li class="line alert ${one.seen ? "alert--seen" : ""}" data-alert=${one.kind} data-subject=${one.subject}>
    ${icon(ICONS[one.kind] ?? "alert")}
    <span class="line__name">${lead ? html`<a href=${lead}>${words}</a>` : words}
      <span class="small alert__since">${say("alert_since", { time: time(one.since) })}</span></span>
    ${one.seen
      ? html`<span class="small alert__seen">${icon("check")} ${say("alert_seen_by", { who: one.seen.by, time: time(one.seen.at) })}</span>`
      : html`<button class="button button--quiet" @click=${() => said.seen(one.id)}>
          <span aria-hidden="true">${say("alert_say_seen")}</span><span class="visually-hidden">${say("alert_say_seen_of", { alert: words })}</span>
        </button>`}
    ${said.fault(one.id) ? html`<p class="line__more fault" role="alert">${said.fault(one.id)}</p>` : nothing}
  </li>`;
}
