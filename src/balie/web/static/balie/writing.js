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

  // What was only typed within the last second is kept when the page goes away.
  let isDirty = false;
  document.addEventListener("input", (event) => (isDirty = isDirty || !!event.target.closest("[data-writing]")));
  document.addEventListener("submit", () => (isDirty = false));
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt.matches("[data-keeper]") && event.detail.successful) isDirty = false;
  });
  document.addEventListener("visibilitychange", () => {
    const form = document.querySelector("[data-writing]");
    const keeper = document.querySelector("[data-keeper]");
    if (document.visibilityState !== "hidden" || !isDirty || !form || !keeper) return;
    const kept = new FormData(form);
    kept.delete("files");
    if (token()) kept.set("csrfmiddlewaretoken", token());
    if (navigator.sendBeacon(keeper.getAttribute("hx-post"), kept)) isDirty = false;
  });
})();
