/** The ticket on the screen: number, how many are before it, whether paper comes, and a code for the visitor's phone. */

import { html, nothing } from "../vendor/lit-html.js";
import { icon } from "../js/icons.js";
import { page, say } from "../js/page.js";
import { aboutWithRange } from "../js/waits.js";
import { COMES } from "./paper.js";

export const ticketView = ({ lang, ticket, paper, paperSays }) => {
  const comes = paper === COMES;
  return html`
    <main class="kiosk__body kiosk__body--centre">
      <article class="slip">
        <h1 class="slip__label" tabindex="-1" data-say="word/your_number|ticket/${ticket.ticket}">${say("your_number", {}, lang)}</h1>
        <p class="slip__number number" data-ticket data-signs=${ticket.ticket.length}>${ticket.ticket}</p>
        <p class="slip__paper ${comes ? "" : "slip__paper--none"}" role="status" data-paper=${paper} data-say="word/${paperSays}">
          ${icon(comes ? "printer" : "note")}<span>${say(paperSays, { ticket: ticket.ticket }, lang)}</span>
        </p>
        <p class="slip__service strong">${ticket.service_name}</p>
        <dl class="slip__facts">
          ${ticket.appointment
            ? html`<div><dt data-say="word/appointment">${say("appointment", {}, lang)}</dt><dd class="number" data-aloud>${ticket.appointment}</dd></div>`
            : nothing}
          ${ticket.priority && !ticket.appointment
            ? html`<div data-say="word/with_priority" data-with-priority><dt class="visually-hidden">${say("your_number", {}, lang)}</dt>
                <dd class="slip__priority">${say("with_priority", {}, lang)}</dd></div>`
            : nothing}
          ${ticket.people_ahead > 0
            ? html`<div data-say="word/people_ahead|number/${ticket.people_ahead}">
                <dt>${say("people_ahead", {}, lang)}</dt><dd class="number">${ticket.people_ahead}</dd>
              </div>`
            : html`<div data-say="word/you_are_next"><dt class="visually-hidden">${say("people_ahead", {}, lang)}</dt>
                <dd>${say("you_are_next", {}, lang)}</dd></div>`}
          ${ticket.estimated_wait
            ? html`<div><dt data-say="word/estimated_wait">${say("estimated_wait", {}, lang)}</dt>
                <dd class="slip__wait" data-estimate data-aloud>${aboutWithRange(ticket.estimated_wait, lang)}</dd></div>`
            : nothing}
          <div><dt>${say("taken_at", {}, lang)}</dt><dd class="slip__time">${ticket.issued_text}</dd></div>
        </dl>
        ${page.qr
          ? html`<p class="slip__code">
              <img src="/t/${ticket.visit}/qr.svg" alt=${say("code_picture", {}, lang)} width="160" height="160" data-code />
              <span>${say("code_text", {}, lang)}</span>
            </p>`
          : nothing}
      </article>
      <p class="advice" data-say="word/watch_display">${say("watch_display", {}, lang)}</p>
    </main>
  `;
};
