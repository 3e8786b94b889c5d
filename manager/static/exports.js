/** Files that are being made: begun without leaving the page, followed once a second, fetched as soon as they are there. */

const list = document.getElementById("exports");
const fault = document.getElementById("export-fault");
const EVERY_MS = 1000;
const wanted = new Set();
let following = false;

async function show() {
  const answer = await fetch("/manager/reports/exports");
  if (!answer.ok) return;
  const focused = document.activeElement?.id;
  list.innerHTML = await answer.text();
  if (focused) document.getElementById(focused)?.focus();
  for (const one of list.querySelectorAll("[data-state=ready]")) {
    if (wanted.delete(one.dataset.export)) one.querySelector("a").click();
  }
}

function underWay() {
  return list.querySelector("[data-state=waiting], [data-state=running]") !== null;
}

async function follow() {
  if (following) return;
  following = true;
  while (underWay()) {
    await new Promise((go) => setTimeout(go, EVERY_MS));
    await show().catch(() => {});
  }
  following = false;
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-begin], [data-cancel]")) return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form, event.submitter));
  fault.hidden = true;
  const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Stay": "1" } });
  if (form.matches("[data-begin]")) {
    const said = await answer.text();
    if (answer.ok) wanted.add(said);
    else {
      fault.textContent = said;
      fault.hidden = false;
    }
  }
  await show();
  await follow();
});

follow();
