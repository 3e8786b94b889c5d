/** Signing in at a counter PC: names by arrow keys, the PIN by keyboard or by touch. Without this script Tab and Enter do it. */

const names = [...document.querySelectorAll("#names a")];
const pin = document.querySelector("input[name=pin]");
const back = document.getElementById("back");
const STEPS = { ArrowDown: 1, ArrowUp: -1 };

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && back) back.click();
  const step = STEPS[event.key] ?? sideways(event.key);
  if (!step || !names.length) return;
  event.preventDefault();
  const at = names.indexOf(document.activeElement);
  names[(at + step + names.length) % names.length].focus();
});
document.getElementById("pad")?.addEventListener("click", (event) => {
  const digit = event.target.closest("[data-digit]")?.dataset.digit;
  if (digit === undefined) return;
  pin.value = digit === "" ? pin.value.slice(0, -1) : (pin.value + digit).slice(0, pin.maxLength);
  pin.focus();
});

function sideways(key) {
  const forth = document.documentElement.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
  return key === forth ? 1 : key === "ArrowLeft" || key === "ArrowRight" ? -1 : 0;
}
