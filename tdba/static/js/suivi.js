// Keys of the worklists, on top of j and k (app.js): n opens « Noter un appel » in the row in use, x ticks it.
// Comfort only: the same link and the same box are in the row. Turned off with the other one-key shortcuts.
"use strict";

document.addEventListener("keydown", (e) => {
  if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || e.isComposing) return;
  if (e.target.matches("input:not([type='checkbox']), textarea, select, [contenteditable]") || e.target.closest("dialog[open]")) return;
  const reglage = document.getElementById("raccourcis-actifs");
  if (reglage && !reglage.checked) return;
  const rangee = e.target.closest("[data-liste] > tbody > tr");
  const but = { n: "[data-touche='n']", x: "[data-choix]" }[e.key];
  const geste = but && rangee?.querySelector(but);
  if (!geste) return;
  e.preventDefault();
  geste.click();
});
