// Light or dark before the first paint: as chosen here before, else as the system asks (the administration keeps "auto").
(() => {
  const kept = localStorage.getItem("theme");
  const dark = kept === "dark" || (kept !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.bsTheme = dark ? "dark" : "light";
})();
