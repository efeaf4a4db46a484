// The telephone by itself: clocks that count, a sound for who wants it, and numbers that the exchange dials.
(() => {
  // --- Clocks --------------------------------------------------------------------------------------------

  function count() {
    for (const time of document.querySelectorAll("[data-since]")) {
      const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(time.dateTime)) / 1000));
      time.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    }
  }
  document.addEventListener("DOMContentLoaded", count);
  document.addEventListener("htmx:afterSwap", count);
  setInterval(count, 1000);

  // --- A screen on the wall, which nobody loads anew when the desk was updated -------------------------------

  if (document.querySelector(".wallboard")) setTimeout(() => location.reload(), 3600 * 1000);

  // --- Sound, only for who switched it on on this computer -------------------------------------------------

  const KEY = "balie phone sound";
  const isOn = () => localStorage.getItem(KEY) === "on";
  let heard = new Set();

  function sound() {
    const context = new AudioContext();
    for (const [at, pitch] of [[0, 660], [0.25, 880]]) {
      const tone = new OscillatorNode(context, { frequency: pitch });
      const volume = new GainNode(context, { gain: 0.15 });
      tone.connect(volume).connect(context.destination);
      tone.start(context.currentTime + at);
      tone.stop(context.currentTime + at + 0.2);
    }
    setTimeout(() => context.close(), 1000);
  }
  function listen() {
    const ringing = new Set([...document.querySelectorAll('[data-call="ringing"]')].map((card) => card.id));
    if (isOn() && [...ringing].some((id) => !heard.has(id))) sound();
    heard = ringing;
  }
  document.addEventListener("htmx:afterSwap", (event) => event.target.id === "telephone" && listen());

  function showSound(button) {
    button.hidden = false;
    button.setAttribute("aria-pressed", String(isOn()));
    button.classList.toggle("btn-primary", isOn());
  }
  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-phone-sound]").forEach(showSound));
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-phone-sound]");
    if (!button) return;
    localStorage.setItem(KEY, isOn() ? "off" : "on");
    showSound(button);
    if (isOn()) sound();
  });

  // --- Dialling: where an exchange does it, a number is given to that -------------------------------------

  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="tel:"]:not([data-by-itself])');
    const part = document.querySelector("#telephone[data-dial]");
    if (!link || !part || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    htmx.ajax("POST", part.dataset.dial, { source: part, target: part, swap: "innerHTML", values: { number: link.getAttribute("href").slice(4) } });
  });
})();
