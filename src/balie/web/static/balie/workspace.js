// What the agents' pages do by themselves. Everything works without it, only less by itself.
(() => {
  const $ = (selector) => document.querySelector(selector);

  // --- Live or not ---------------------------------------------------------------------------------------

  function sayLive(state) {
    for (const place of document.querySelectorAll("[data-live]")) place.dataset.live = state;
  }
  document.addEventListener("htmx:sseOpen", () => sayLive("on"));
  document.addEventListener("htmx:sseError", () => sayLive("off"));

  // A list that is asked again comes back as long as it was, so that nothing moves under the reader.
  document.addEventListener("htmx:configRequest", (event) => {
    const list = event.target;
    if (list.hasAttribute("data-keep-rows")) event.detail.parameters.rows = list.querySelectorAll(".ticket-row").length;
  });

  // A form that somebody is using is not replaced by news.
  function isUsed(part) {
    const typed = [...part.querySelectorAll("textarea, input[type=text]")].some((field) => field.value !== field.defaultValue);
    return typed || part.contains(document.activeElement);
  }
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const part = event.detail.target;
    if (part.hasAttribute("data-stays-while-used") && isUsed(part)) event.detail.shouldSwap = false;
  });

  // --- Writing -------------------------------------------------------------------------------------------

  const draftKey = (field) => `draft ${location.pathname}${location.search} ${field.dataset.draft}`;

  // What was typed survives a reload, a login in between and a slip of the hand; it stays in this tab.
  function restoreDrafts() {
    for (const field of document.querySelectorAll("[data-draft]")) {
      const kept = sessionStorage.getItem(draftKey(field));
      if (kept && !field.value) {
        field.value = kept;
        field.closest("details")?.setAttribute("open", "");
      }
    }
  }
  document.addEventListener("input", (event) => {
    const field = event.target;
    if (!field.dataset.draft) return;
    if (field.value) sessionStorage.setItem(draftKey(field), field.value);
    else sessionStorage.removeItem(draftKey(field));
  });
  function forgetDrafts(form) {
    for (const field of form.querySelectorAll("[data-draft]")) sessionStorage.removeItem(draftKey(field));
  }
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest?.("form[data-letter-form]");
    const answer = event.detail.xhr;
    const isSent = form && answer.status >= 200 && answer.status < 300;
    if (isSent && !(answer.getResponseHeader("HX-Redirect") || "").includes("/account/")) forgetDrafts(form);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method === "post" && !form.hasAttribute("data-letter-form")) forgetDrafts(form);
  });

  // Ctrl+Enter sends, as the first button says.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    const form = event.target.closest?.("form[data-letter-form]");
    const button = form?.querySelector("fieldset button:not([type=button])");
    if (button && !button.closest("fieldset").disabled) {
      event.preventDefault();
      button.click(); // HTMX knows the button only by its click
    }
  });

  // Somebody wrote meanwhile: who has read it, or has typed nothing yet, sees it; else sending asks first.
  function markSeen(key) {
    const seen = $("#id_reply-seen");
    if (seen) seen.value = key;
    const notice = $("#unseen");
    if (notice) notice.replaceChildren();
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-seen]");
    if (link) markSeen(link.dataset.seen);
  });
  document.addEventListener("htmx:oobAfterSwap", () => {
    const link = $("#unseen [data-seen]");
    const text = $("#id_reply-text");
    const seen = $("#id_reply-seen");
    if (link && seen && !text?.value.trim()) seen.value = link.dataset.seen;
  });

  // --- Mail in a frame -----------------------------------------------------------------------------------

  function fit(frame) {
    const page = frame.contentDocument?.body;
    if (page?.scrollHeight && frame.contentDocument.URL !== "about:blank") frame.style.height = `${Math.min(page.scrollHeight + 2, 2400)}px`;
  }
  document.addEventListener("load", (event) => event.target.matches?.(".message-letter iframe") && fit(event.target), true);
  document.addEventListener("toggle", (event) => event.target.matches?.("[data-letter][open]") && event.target.querySelectorAll("iframe").forEach(fit), true);
  document.addEventListener("click", (event) => {
    const notice = event.target.closest("[data-pictures]")?.closest("p");
    setTimeout(() => notice?.remove());
  });

  document.addEventListener("DOMContentLoaded", restoreDrafts);
})();
