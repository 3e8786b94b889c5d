/** What a ticket says: the picture follows the form before anything is saved. */

import { page, say } from "../js/page.js";

const SOON = 200;
const form = document.getElementById("slip");
const picture = document.getElementById("picture");
const trouble = document.getElementById("no-picture");
const { logo } = form.elements;
const logoName = document.getElementById("logo-name");

let timer = 0;
let asked = null;

form.addEventListener("input", ({ target }) => {
  if (target === logo) chosen();
  if (!["language", "width", "service"].includes(target.name)) changed();
  clearTimeout(timer);
  timer = setTimeout(draw, SOON);
});
forget("saved");
draw();

/** A file was chosen: one that is too large is put back at once, before it is sent anywhere. */
function chosen() {
  const file = logo.files[0];
  told({ field: "logo" });
  if (file && form.elements["no-logo"]) form.elements["no-logo"].checked = false;
  if (file?.size > page.largest_logo) {
    putBack({ field: "logo", sentence: say("logo_too_large", { limit: page.largest_logo / 1024 }) });
  } else if (file) {
    logoName.textContent = file.name;
  }
}

function changed() {
  document.getElementById("unsaved").textContent = say("unsaved");
  document.getElementById("saved")?.remove();
}

/** Ask for the ticket of the form as it is; an older question that is not answered yet is dropped. */
async function draw() {
  asked?.abort();
  const { signal } = (asked = new AbortController());
  try {
    const address = `/manager/tickets/preview?lang=${page.language}`;
    const response = await fetch(address, { method: "POST", body: new FormData(form), signal });
    if (response.ok) {
      show(await response.blob());
    } else if (response.headers.get("Content-Type") === "application/json") {
      refused((await response.json()).faults);
    } else {
      throw new Error(response.status);
    }
  } catch (error) {
    if (error.name === "AbortError") return;
    trouble.textContent = say("no_answer");
    trouble.hidden = false;
  }
}

function show(blob) {
  URL.revokeObjectURL(picture.src);
  picture.src = URL.createObjectURL(blob);
  picture.dataset.width = new FormData(form).get("width");
  trouble.hidden = true;
  for (const text of form.querySelectorAll("textarea")) told({ field: text.name });
}

function refused(faults) {
  trouble.hidden = true;
  for (const fault of faults) fault.field === "logo" ? putBack(fault) : told(fault);
}

/** A logo that can't be used is taken out of the form, so that the rest can go on; the sentence stays. */
function putBack(fault) {
  told(fault);
  if (!logo.value) return;
  logoName.textContent = logo.files[0].name;
  logo.value = "";
  draw();
}

/** The sentence beside a field, or none. */
function told({ field, sentence = "", detail = null }) {
  const place = document.getElementById(`fault-${field}`);
  place.hidden = !sentence;
  place.querySelector("[data-sentence]").textContent = sentence;
  place.querySelector("[data-detail]").textContent = detail ?? "";
}

/** Take a word out of the address, so that a reload does not say it again. */
function forget(name) {
  const address = new URL(location.href);
  address.searchParams.delete(name);
  history.replaceState(null, "", address);
}
