/** What the screen shows whole: as many cards as there is room for, and a sign where a text goes on below the edge. */

const SLACK = 2;

/** Whether cards are not seen whole: there are more than the screen holds, or a name is longer than its card. */
export const cut = (app) => [app.querySelector(".kiosk__body"), ...app.querySelectorAll(".service")].some(higher);

/** What stands below the edge: "more", "end" when one has come to the end of it, null when all is seen, or would be without the sign itself. */
export function below(app) {
  const part = scrolled(app);
  const sign = app.querySelector(".edge")?.offsetHeight ?? 0;
  if (!part || part.scrollHeight <= part.clientHeight + sign + SLACK) return null;
  return part.scrollTop + part.clientHeight < part.scrollHeight - SLACK ? "more" : "end";
}

/** On by most of what is seen; from the end back to the top. */
export function onward(app) {
  const part = scrolled(app);
  part?.scrollTo({ top: below(app) === "end" ? 0 : part.scrollTop + part.clientHeight * 0.8 });
}

/** What goes on below the edge can be reached by keys alone (Page Down, Space), and only that stops the tabulator. */
export function reach(app, edge) {
  const part = scrolled(app);
  if (edge) part?.setAttribute("tabindex", "0");
  else part?.removeAttribute("tabindex");
}

const scrolled = (app) => app.querySelector("[data-scrolled]") ?? app.querySelector(".kiosk__body");
const higher = (one) => one !== null && one.scrollHeight > one.clientHeight + SLACK;
