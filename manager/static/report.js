/** The wait-time report as a table. */

import { html } from "../vendor/lit-html.js";
import { stopwatch } from "../js/clock.js";
import { nameIn, say } from "../js/page.js";

const COUNTS = ["arrivals", "served", "no_shows", "walkouts"];
const WAITS = ["wait_mean", "wait_median", "wait_p90", "wait_longest"];
const NONE = "–";

/** @param {object} report  {by, rows, total} of the API  @param {object[]} services  for their names */
export function figures({ by, rows, total }, services) {
  if (!rows.length) return html`<p class="empty">${say("no_rows")}</p>`;
  const keys = by.split(",");
  return html`
    <table class="table" data-report>
      <thead>
        <tr>
          ${keys.map((key) => html`<th scope="col">${say(key === "hour" ? "by_hour" : "service")}</th>`)}
          ${[...COUNTS, ...WAITS, "service_level"].map((name) => html`<th scope="col" class="table__figure">${say(`col_${name}`)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map((row) => html`<tr>${keys.map((key, place) => keyCell(key, row, services, place))} ${cells(row)}</tr>`)}
      </tbody>
      <tfoot>
        <tr><th scope="row" colspan=${keys.length}>${say("all")}</th>${cells(total)}</tr>
      </tfoot>
    </table>
  `;
}

export const problem = (text) => html`<p class="banner banner--bad" role="alert">${text}</p>`;

function keyCell(key, row, services, place) {
  const text =
    key === "hour"
      ? html`<span class="number">${String(row.hour).padStart(2, "0")}:00</span>`
      : nameIn(services.find((service) => service.id === row.service)?.name) || row.service;
  return place === 0 ? html`<th scope="row">${text}</th>` : html`<td>${text}</td>`;
}

const cells = (row) => html`
  ${COUNTS.map((name) => html`<td class="table__figure"><span class="number">${row[name]}</span></td>`)}
  ${WAITS.map((name) => html`<td class="table__figure"><span class="number">${row[name] === null ? NONE : stopwatch(row[name])}</span></td>`)}
  <td class="table__figure"><span class="number">${row.service_level === null ? NONE : `${Math.round(row.service_level * 100)} %`}</span></td>
`;
