/** While an answer is waited for. Pure. */

import { html } from "../vendor/lit-html.js";
import { nameIn, say } from "../js/page.js";

export const sendingView = ({ lang, service, snapshot }) => html`
  <main class="kiosk__body kiosk__body--centre">
    <div class="moment" role="status">
      <span class="moment__mark"></span>
      <h1 tabindex="-1" data-say="word/one_moment">${say("one_moment", {}, lang)}</h1>
      <p>${nameIn(snapshot.services.find((one) => one.id === service)?.name, lang)}</p>
    </div>
  </main>
`;
