// What help articles do by themselves: put words in a text, print. Without it the links and codes do the same.
(() => {
  // Buttons that only work with this script appear with it.
  function appear() {
    for (const button of document.querySelectorAll("[data-insert][hidden], [data-print][hidden]")) button.hidden = false;
  }

  // Words go where the cursor is, on a line of their own; the field tells its other listeners, so that drafts are kept.
  function insert(field, words) {
    field.closest("details")?.setAttribute("open", "");
    const [begin, end] = [field.selectionStart ?? field.value.length, field.selectionEnd ?? field.value.length];
    const before = field.value.slice(0, begin);
    const after = field.value.slice(end);
    const lead = before && !before.endsWith("\n") ? "\n" : "";
    const tail = after.startsWith("\n") || !after ? "\n" : "\n\n";
    field.value = `${before}${lead}${words}${tail}${after}`;
    const place = before.length + lead.length + words.length + 1;
    field.focus();
    field.setSelectionRange(place, place);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-insert]");
    const field = button && document.querySelector(button.dataset.insertInto);
    if (field) {
      event.preventDefault();
      insert(field, button.dataset.insert);
    }
    if (event.target.closest("[data-print]")) print();
  });

  document.addEventListener("DOMContentLoaded", appear);
  document.addEventListener("htmx:afterSettle", appear);
})();
