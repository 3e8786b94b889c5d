/** The list of clips: a press lets one be heard; the next press stops it. */

const sound = new Audio();

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-listen]");
  if (!button) return;
  const address = new URL(button.dataset.listen, location.href).href;
  if (!sound.paused && sound.src === address) {
    sound.pause();
    return;
  }
  sound.src = address;
  sound.play().catch(() => button.toggleAttribute("disabled", true));
});

const address = new URL(location.href);
if (address.searchParams.has("done")) {
  address.searchParams.delete("done");
  history.replaceState(null, "", address);
}
