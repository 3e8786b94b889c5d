/** The time on a convocation, in two touches: the hour, then the minutes in steps of five. */

import { html } from "../vendor/lit-html.js";
import { say } from "../js/page.js";

/** The id that a hall's list of priorities gives to who is convened for a time. */
export const APPOINTMENT = "appointment";

const range = (first, count, step = 1) => Array.from({ length: count }, (_, at) => first + at * step);
const HOURS = range(6, 16);
const MINUTES = range(0, 12, 5);
const written = (number) => String(number).padStart(2, "0");

export function appointmentView({ lang, hour, actions }) {
  const word = hour === null ? "appointment_hour" : "appointment_minute";
  const choose = (value) => (hour === null ? actions.hour(value) : actions.take(APPOINTMENT, `${written(hour)}:${written(value)}`));
  const time = (value) => (hour === null ? `${written(value)}:--` : `${written(hour)}:${written(value)}`);
  return html`
    <main class="kiosk__body">
      <div class="heading">
        <h1 tabindex="-1" data-say="word/appointment_title">${say("appointment_title", {}, lang)}</h1>
        <p data-say="word/${word}">${say(word, {}, lang)}</p>
      </div>
      <ul class="times">
        ${(hour === null ? HOURS : MINUTES).map(
          (value) => html`<li>
            <button class="time number" data-time=${time(value)} data-say="number/${value}" @click=${() => choose(value)}>
              <bdi dir="ltr">${time(value)}</bdi>
            </button>
          </li>`,
        )}
      </ul>
    </main>
  `;
}
