/** The pages of people and devices: asks before what can't be taken back, and keeps the lists of screens as they are now. */

const EVERY = 3000;
const LIVE = ["waiting", "screens"].filter((id) => document.getElementById(id));

document.addEventListener("submit", (event) => {
  const question = event.target.dataset.ask;
  if (question && !window.confirm(question)) event.preventDefault();
});
if (LIVE.length) setInterval(refresh, EVERY);

async function refresh() {
  try {
    const response = await fetch(location.pathname, { headers: { Accept: "text/html" }, cache: "no-store" });
    if (!response.ok || response.redirected) return;
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
    LIVE.forEach((id) => replace(document.getElementById(id), fresh.getElementById(id)));
  } catch {
    // The server is away: the lists stay as they are until it is back.
  }
}

/** Nothing is replaced under somebody's hands. */
function replace(old, fresh) {
  if (!fresh || old.contains(document.activeElement) || old.innerHTML === fresh.innerHTML) return;
  const typed = [...old.querySelectorAll("input")].some((input) => input.value !== input.defaultValue);
  if (!typed) old.replaceWith(document.adoptNode(fresh));
}
