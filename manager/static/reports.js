/** The report's form: dates are asked for only when no period is named, keys only when a single report is. */

const form = document.getElementById("report");

function fit() {
  const dates = form.elements.period.value === "dates";
  const whole = form.elements.report.value === "whole";
  for (const field of form.querySelectorAll("[data-dates]")) show(field, dates);
  for (const field of form.querySelectorAll("[data-split]")) show(field, !whole);
}

function show(field, shown) {
  field.hidden = !shown;
  for (const input of field.querySelectorAll("input, select")) input.disabled = !shown;
}

form.addEventListener("change", fit);
form.addEventListener("submit", () => form.querySelector("button").setAttribute("aria-busy", "true"));
fit();
