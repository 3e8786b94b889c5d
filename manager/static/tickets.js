/** The last tickets of a virtual printer, as pictures; looked for again after each snapshot. */

import { html, render } from "../vendor/lit-html.js";
import { follow } from "../js/live.js";
import { page, say } from "../js/page.js";
import { banner } from "./views.js";

const app = document.getElementById("app");
const LATER = 700;

let tickets = null;
let timer = 0;

const live = follow("/manager", { snapshot: look, connection: show });
show();

/** The paper comes a moment after the ticket: look at once and once more. */
function look() {
  fetchTickets();
  clearTimeout(timer);
  timer = setTimeout(fetchTickets, LATER);
}

async function fetchTickets() {
  try {
    const response = await fetch(`/manager/printers/${encodeURIComponent(page.printer)}/tickets.json`, { cache: "no-store" });
    if (response.ok) tickets = await response.json();
  } catch {
    // The next snapshot asks again; the banner tells of the lost connection.
  }
  show();
}

function show() {
  render(
    html`
      ${banner(live?.state())}
      <h1 class="tickets__title">${say("tickets_of", { printer: page.printer })}</h1>
      ${tickets && !tickets.length ? html`<p class="empty">${say("no_tickets")}</p>` : ""}
      <ul class="tickets">
        ${(tickets ?? []).map((one) => html`<li><img class="tickets__picture" src=${one.url} alt=${say("ticket_picture")} /></li>`)}
      </ul>
    `,
    app,
  );
}
