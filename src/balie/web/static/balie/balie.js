// The little that pages do by themselves. Everything works without it.
(() => {
  const html = document.documentElement;

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-theme-toggle]")) {
      html.dataset.bsTheme = html.dataset.bsTheme === "dark" ? "light" : "dark";
      localStorage.setItem("theme", html.dataset.bsTheme);
    }
  });

  // Deadlines count down: "over 2 u 5 min", in the page's language.
  const units = [["day", 86400, 172800], ["hour", 3600, 10800], ["minute", 60, 0]];
  const words = new Intl.RelativeTimeFormat(html.lang, { numeric: "always", style: "short" });

  function distance(seconds) {
    // The smaller unit as long as it says more: 40 hours, 150 minutes.
    const [unit, size] = units.find(([, size, from]) => Math.abs(seconds) >= from) || ["minute", 60];
    return words.format(Math.trunc(seconds / size), unit);
  }

  function countDown() {
    const now = Date.now();
    for (const time of document.querySelectorAll("[data-countdown]")) {
      const due = Date.parse(time.dateTime);
      const warn = Date.parse(time.dataset.warnAt || time.dateTime);
      time.textContent = distance((due - now) / 1000);
      time.classList.toggle("deadline-overdue", due < now);
      time.classList.toggle("deadline-soon", due >= now && warn <= now);
      time.classList.toggle("deadline-calm", warn > now);
    }
  }

  // A form that is being sent cannot be sent twice.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.hasAttribute("data-again")) return;
    setTimeout(() => form.querySelectorAll("button").forEach((button) => (button.disabled = true)));
  });
  window.addEventListener("pageshow", () =>
    document.querySelectorAll("form button[disabled]").forEach((button) => (button.disabled = false)),
  );

  document.addEventListener("DOMContentLoaded", countDown);
  for (const arrival of ["htmx:afterSwap", "htmx:oobAfterSwap"]) document.addEventListener(arrival, countDown);
  setInterval(countDown, 15000);

  // The logins of a demo desk fill the login form of the page.
  document.addEventListener("DOMContentLoaded", () => {
    for (const button of document.querySelectorAll("[data-fill-email]")) button.hidden = false;
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-fill-email]");
    const login = document.querySelector("input[name=login]");
    if (!button || !login) return;
    login.value = button.dataset.fillEmail;
    login.form.elements.password.value = button.dataset.fillPassword;
    const send = login.form.querySelector("button[type=submit], button:not([type])");
    send.scrollIntoView({ block: "center" });
    send.focus();
  });

  // A page for paper has a button to print it.
  document.addEventListener("DOMContentLoaded", () => {
    for (const button of document.querySelectorAll("[data-print]")) button.hidden = false;
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });

  // Files that are too large together are told before they are sent.
  document.addEventListener("change", (event) => {
    const chosen = event.target;
    if (!chosen.matches("input[type=file][data-largest]")) return;
    const total = [...chosen.files].reduce((sum, file) => sum + file.size, 0);
    chosen.setCustomValidity(total > Number(chosen.dataset.largest) ? chosen.dataset.tooLarge : "");
    chosen.reportValidity();
  });
})();
