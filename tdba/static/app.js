// Comfort on top of pages that work without it: keyboard, focus and announcements after an htmx swap.
// Nothing here changes data, and no page depends on it. The words are in the templates, so that there is one place to translate or correct.
"use strict";

(() => {
  const annonces = document.getElementById("annonces");
  const INVALIDE = "[aria-invalid='true']";
  const CLE = "tdba-raccourcis"; // a comfort setting, nothing personal

  // Announcements -----------------------------------------------------------------------------------------------

  // What a sighted reader sees change (a count) is said, not shown twice. Screen readers need the node to be there before its text.
  const dire = (texte) => {
    let ligne = annonces.querySelector("[data-annonce-courante]");
    if (!ligne) {
      ligne = document.createElement("p");
      ligne.className = "visually-hidden";
      ligne.dataset.annonceCourante = "";
      annonces.append(ligne);
    }
    ligne.textContent = "";
    setTimeout(() => { ligne.textContent = texte; }, 50);
  };

  // A failure must be seen: it takes the place of the previous failure, and stays.
  const montrer = (html) => {
    const bloc = new DOMParser().parseFromString(html, "text/html").querySelector("[data-erreur]");
    annonces.querySelector("[data-erreur]")?.remove();
    annonces.append(bloc ?? document.getElementById("panne-reseau").content.cloneNode(true));
    annonces.scrollIntoView({ block: "nearest" });
  };

  // htmx --------------------------------------------------------------------------------------------------------

  // After an outerHTML swap the target of the request is no longer in the page: its successor has the same id.
  const cible = (ctx) => {
    // After HX-Retarget htmx gives the selector, not the element.
    const elt = typeof ctx?.target === "string" ? document.querySelector(ctx.target) : ctx?.target;
    if (!(elt instanceof Element)) return null;
    return elt.isConnected ? elt : elt.id ? document.getElementById(elt.id) : null;
  };

  const placerLeFocus = (zone) => {
    const but = zone.querySelector(INVALIDE) ?? (zone.matches("[data-focus]") ? zone : zone.querySelector("[data-focus]"));
    if (but) return but.focus();
    // Typing in a filter while its list is replaced must not lose the field.
    if (document.activeElement && document.activeElement !== document.body) return;
    const titre = zone.querySelector("h1, h2, h3, [role='region']") ?? zone;
    if (!titre.hasAttribute("tabindex")) titre.tabIndex = -1;
    titre.focus();
  };

  document.addEventListener("htmx:before:request", (e) => cible(e.detail.ctx)?.setAttribute("aria-busy", "true"));
  document.addEventListener("htmx:finally:request", (e) => cible(e.detail.ctx)?.removeAttribute("aria-busy"));
  document.addEventListener("htmx:after:swap", (e) => {
    const { ctx } = e.detail;
    const zone = cible(ctx);
    if (!zone || ctx.swap === "none") return;
    const compte = zone.matches("[data-annonce]") ? zone : zone.querySelector("[data-annonce]");
    if (compte) dire(compte.textContent.trim());
    annonces.querySelector("[data-erreur]")?.remove();
    placerLeFocus(zone);
  });
  // Refused or failed: htmx-config keeps the page as it is; 409 and 422 bring their own form.
  document.addEventListener("htmx:response:error", (e) => {
    const { ctx } = e.detail;
    if (ctx.hx.redirect || ctx.hx.refresh) return;
    if (![409, 422].includes(ctx.response.status)) montrer(ctx.text);
  });
  document.addEventListener("htmx:error", () => montrer(""));

  // Keyboard ----------------------------------------------------------------------------------------------------

  const reglage = document.getElementById("raccourcis-actifs");
  const lire = () => { try { return localStorage.getItem(CLE) !== "non"; } catch { return true; } };
  if (reglage) {
    reglage.checked = lire();
    reglage.addEventListener("change", () => {
      try { localStorage.setItem(CLE, reglage.checked ? "oui" : "non"); } catch { /* private window: kept for this page only */ }
    });
  }

  const ecrit = (elt) => elt.matches("input, textarea, select, [contenteditable]") || elt.closest("dialog[open]") !== null;

  const ligne = (pas) => {
    const liens = [...document.querySelectorAll("[data-liste] > tbody > tr")].map((tr) => tr.querySelector("a, button")).filter(Boolean);
    const ici = liens.findIndex((lien) => lien.closest("tr").contains(document.activeElement));
    liens[ici < 0 ? (pas > 0 ? 0 : liens.length - 1) : Math.min(Math.max(ici + pas, 0), liens.length - 1)]?.focus();
    return liens.length > 0;
  };

  const ouvrir = (id) => { document.getElementById(id)?.showModal(); return true; };
  const focus = (elt) => { elt?.focus(); elt?.select(); return Boolean(elt); };

  document.addEventListener("keydown", (e) => {
    if (e.key === "Escape") {
      const menu = e.target.closest("[data-deroulant][open]");
      if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
    }
    if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || e.isComposing || ecrit(e.target)) return;
    if (reglage && !reglage.checked) return;
    const gestes = {
      "/": () => focus(document.getElementById("recherche")),
      "?": () => ouvrir("aide-clavier"),
      j: () => ligne(1),
      k: () => ligne(-1),
    };
    const lien = /^[a-z]$/.test(e.key) ? document.querySelector(`[data-raccourci="${e.key}"]`) : null;
    // A page may give j and k to its links (the next sheet of a list): they come before the rows of its tables.
    const geste = lien ? () => { lien.click(); return true; } : Object.hasOwn(gestes, e.key) && gestes[e.key];
    if (geste && geste()) e.preventDefault();
  });

  document.addEventListener("click", (e) => {
    const bouton = e.target.closest("[data-ouvre]");
    if (bouton) ouvrir(bouton.dataset.ouvre);
    for (const menu of document.querySelectorAll("[data-deroulant][open]")) if (!menu.contains(e.target)) menu.open = false;
  });

  // Start -------------------------------------------------------------------------------------------------------

  for (const elt of document.querySelectorAll("[data-si-script]")) elt.hidden = false;
  document.querySelector(`main ${INVALIDE}`)?.focus();
})();
