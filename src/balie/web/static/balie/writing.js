// Forms that are kept while somebody writes them ([data-writing]): they are sent with the token of today, also when
// the visitor logged in again in another tab meanwhile, and a saving under way does not outlive the sending.
(() => {
  const token = () => (document.cookie.match(/(?:^|; )csrftoken=([^;]+)/) || [])[1];

  document.addEventListener("htmx:configRequest", (event) => {
    if (token()) event.detail.headers["X-CSRFToken"] = token();
  });

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form")) return;
    const field = event.target.elements.csrfmiddlewaretoken;
    if (field && token()) field.value = token();
    for (const keeper of document.querySelectorAll("[data-keeper]")) htmx.trigger(keeper, "htmx:abort");
  });

  // What was only typed within the last second is kept when the page goes away: `typed` counts what happened, and
  // `kept` is how much of that has arrived, which is less when somebody types on while it is being sent.
  let typed = 0;
  let sent = 0;
  let kept = 0;
  document.addEventListener("input", (event) => event.target.closest("[data-writing]") && (typed += 1));
  document.addEventListener("submit", () => (kept = typed));
  document.addEventListener("htmx:beforeSend", (event) => event.detail.elt.matches("[data-keeper]") && (sent = typed));
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt.matches("[data-keeper]") && event.detail.successful) kept = sent;
  });

  // Where to send what is not kept yet, and what that is; null when everything is.
  function unkept() {
    const form = document.querySelector("[data-writing]");
    const keeper = document.querySelector("[data-keeper]");
    if (kept === typed || !form || !keeper) return null;
    const content = new FormData(form);
    content.delete("files");
    if (token()) content.set("csrfmiddlewaretoken", token());
    return { keeper, address: keeper.getAttribute("hx-post"), content };
  }

  document.addEventListener("visibilitychange", () => {
    const rest = document.visibilityState === "hidden" && unkept();
    if (rest && navigator.sendBeacon(rest.address, rest.content)) kept = typed;
  });

  // A link to a page that fills in the same form waits until the last words are kept.
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("[data-after-keeping]");
    const rest = link && unkept();
    if (!rest) return;
    event.preventDefault();
    htmx.trigger(rest.keeper, "htmx:abort");
    const last = typed;
    try {
      if ((await fetch(rest.address, { method: "POST", body: rest.content })).ok) kept = last;
    } finally {
      location.assign(link.href);
    }
  });
})();
