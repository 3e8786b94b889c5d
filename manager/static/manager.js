/** The manager's page: the live hall above, the wait-time report below. */

import { render } from "../vendor/lit-html.js";
import { follow } from "../js/live.js";
import { page, say } from "../js/page.js";
import { Reprints } from "./paper.js";
import { figures, problem } from "./report.js";
import { draw } from "./views.js";

const app = document.getElementById("app");
const form = document.getElementById("report");
const place = document.getElementById("figures");
const ADDRESS = "/api/v1/reports/wait-times";

const reprints = new Reprints(show);
let receivedAt = 0;

const live = follow("/manager", {
  snapshot: () => {
    receivedAt = performance.now();
    show();
  },
  connection: show,
});
setInterval(show, 1000);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const query = new URLSearchParams(new FormData(form));
  const csv = event.submitter?.value === "csv";
  report(query).then((made) => made && csv && location.assign(`${ADDRESS}?${query}&format=csv`));
});
show();

function show() {
  const age = (performance.now() - receivedAt) / 1000;
  render(draw({ snapshot: live?.current() ?? null, connection: live?.state() ?? "starting", age, reprints }), app);
}

/** Show the report; true when it could be made. */
async function report(query) {
  try {
    const response = await fetch(`${ADDRESS}?${query}&format=json`, { headers: { "Accept-Language": page.language } });
    const data = await response.json();
    const services = live.current()?.services ?? [];
    render(response.ok ? figures(data, services) : problem(data.detail ?? say("no_report")), place);
    return response.ok;
  } catch {
    render(problem(say("no_answer")), place);
    return false;
  }
}
