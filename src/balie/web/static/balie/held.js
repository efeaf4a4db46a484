// How long an answer can still be taken back. Without it the page says for how long it could.
(() => {
  function tick() {
    for (const place of document.querySelectorAll("[data-leaves-at]")) {
      const seconds = Math.ceil((new Date(place.dataset.leavesAt) - Date.now()) / 1000);
      place.textContent = seconds > 0 ? place.dataset.leavesIn.replace("{seconds}", seconds) : place.dataset.leavesNow;
    }
  }
  setInterval(tick, 500);
  document.addEventListener("htmx:oobAfterSwap", tick);
  tick();
})();
