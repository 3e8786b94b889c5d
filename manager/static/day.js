/** Today beside a usual day: fetched anew each minute; a table that was opened stays open. */

const EVERY_MS = 60_000;
const box = document.getElementById("day");

async function refresh() {
  try {
    const response = await fetch("/manager/day", { credentials: "same-origin", cache: "no-store" });
    if (!response.ok) return;
    const open = box.querySelector("details")?.open ?? false;
    box.innerHTML = await response.text();
    box.querySelector("details").open = open;
    box.hidden = false;
  } catch {
    // The line over the page says that the connection is lost; the picture stays as it was.
  }
}

setInterval(refresh, EVERY_MS);
refresh();
