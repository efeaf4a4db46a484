// Asking, one question at a time: the sections of the page become steps. Without this script they stand below each other.
(() => {
  document.addEventListener("DOMContentLoaded", () => {
    const form = document.querySelector("[data-steps]");
    if (!form) return;
    const steps = [...form.querySelectorAll("[data-step]")];
    const links = [...document.querySelectorAll("[data-go]")];
    const nameOf = (step) => step.dataset.step;
    const byName = (name) => steps.find((step) => nameOf(step) === name);
    let current = null;

    function show(step, { focus = true, remember = true } = {}) {
      current = step;
      const position = steps.indexOf(step);
      for (const each of steps) each.hidden = each !== step;
      links.forEach((link, index) => {
        link.parentElement.classList.toggle("is-done", index < position);
        link.parentElement.classList.toggle("is-here", index === position);
        if (index === position) link.setAttribute("aria-current", "step");
        else link.removeAttribute("aria-current");
      });
      if (remember && location.hash !== `#step-${nameOf(step)}`) history.pushState(null, "", `#step-${nameOf(step)}`);
      if (focus) {
        step.querySelector(".ask-title")?.focus({ preventScroll: true });
        form.closest(".asking").scrollIntoView({ block: "start" });
      }
    }

    // What a step needs before the next one makes sense.
    const lacking = {
      topic: () => (form.querySelector("[name=topic]:checked") ? null : form.querySelector("summary, [name=topic]")),
      question: () => {
        const { subject, text } = form.elements;
        if (!subject.value.trim()) return subject;
        return text.value.trim() || form.querySelector(".draft-file, .upload-row progress") ? null : text;
      },
    };

    function missingIn(step) {
      const field = lacking[nameOf(step)]?.();
      step.classList.toggle("is-incomplete", Boolean(field));
      for (const each of step.querySelectorAll("[data-lacking]")) each.hidden = !field;
      field?.focus();
      return Boolean(field);
    }

    function go(to) {
      for (const step of steps.slice(0, steps.indexOf(to))) {
        if (!missingIn(step)) continue;
        if (step !== current) show(step);
        missingIn(step);
        return;
      }
      show(to);
    }

    for (const button of form.querySelectorAll("[data-next], [data-back]")) button.hidden = false;
    for (const element of form.querySelectorAll("[data-without-script]")) element.hidden = true;
    form.addEventListener("click", (event) => {
      const position = steps.indexOf(current);
      if (event.target.closest("[data-next]")) go(steps[position + 1]);
      else if (event.target.closest("[data-back]")) show(steps[position - 1]);
    });
    for (const link of links) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        go(byName(link.dataset.go));
      });
    }
    window.addEventListener("popstate", () => {
      const step = byName(location.hash.replace("#step-", "")) || steps[0];
      show(step, { remember: false });
    });

    // Enter goes on to the next step; only the last one sends.
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !event.target.matches("input:not([type=checkbox])") || current === steps.at(-1)) return;
      event.preventDefault();
      go(steps[steps.indexOf(current) + 1]);
    });

    // A tap on a topic goes on by itself; an arrow key only moves (it comes as a click without a pointer).
    form.addEventListener("click", (event) => {
      if (event.target.matches("[name=topic]") && event.detail > 0) go(byName("question"));
    });

    const search = form.querySelector("[data-topic-search]");
    const none = form.querySelector("[data-topic-none]");
    const plain = (text) => text.toLowerCase().normalize("NFD").replace(/\p{Diacritic}/gu, "");
    search.hidden = false;
    search.querySelector("input").addEventListener("input", (event) => {
      const wanted = plain(event.target.value).split(/\s+/).filter(Boolean);
      let found = 0;
      for (const card of form.querySelectorAll(".topic-card")) {
        const branch = card.closest("details");
        const text = plain(`${branch ? branch.querySelector("summary").textContent : ""} ${card.textContent}`);
        card.hidden = !wanted.every((word) => text.includes(word));
        found += !card.hidden;
      }
      for (const branch of form.querySelectorAll("details.topic-branch")) {
        if (wanted.length) branch.removeAttribute("name");
        else branch.setAttribute("name", "topics");
        branch.hidden = !branch.querySelector(".topic-card:not([hidden])");
        branch.open = wanted.length ? !branch.hidden : Boolean(branch.querySelector(":checked"));
      }
      none.hidden = found > 0;
    });

    const opensAt = byName(location.hash.replace("#step-", "")) || byName(form.dataset.steps) || steps[0];
    show(opensAt, { focus: false, remember: false });
  });
})();
