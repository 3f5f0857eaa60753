// Warns two minutes before the session ends, so that a keyboard user can stay; at the end, hides what was on screen and
// sends what was being typed, to be found again. The words are in layout/_fin_session.html. Without this file the server
// does the same at the next request, minus the warning.
"use strict";

(() => {
  const page = document.body.dataset;
  const dialogue = document.getElementById("fin-session");
  if (!dialogue || !page.sessionInactivite) return;

  const PREAVIS = 120_000;
  const fin = Date.now() + Number(page.sessionDuree) * 1000; // whatever is done
  const canal = "BroadcastChannel" in window ? new BroadcastChannel("tdba-session") : null;
  const prolonger = dialogue.querySelector("[data-fin-prolonger]");
  const fermer = dialogue.querySelector("[data-fin-fermer]");
  const reprendre = dialogue.querySelector("[data-fin-reprendre]");
  let vue = Date.now();
  let prevenu = false;
  let finie = false;

  const inactive = () => vue + Number(page.sessionInactivite) * 1000;
  const echeance = () => Math.min(inactive(), fin);

  const montrer = (etat) => {
    for (const p of dialogue.querySelectorAll("[data-fin]")) p.hidden = p.dataset.fin !== etat;
    for (const heure of dialogue.querySelectorAll("[data-fin-heure]")) {
      heure.textContent = new Date(echeance()).toLocaleTimeString("fr-FR", { hour: "2-digit", minute: "2-digit" });
    }
    prolonger.hidden = etat !== "inactivite";
    fermer.hidden = etat !== "duree";
    reprendre.hidden = etat !== "finie";
    if (!dialogue.open) dialogue.showModal();
    dialogue.querySelector("form:not([hidden]) button").focus();
  };

  // Something was asked of the server, here or in another tab: the idle time starts again.
  const activite = (ailleurs) => {
    if (finie) return;
    vue = Date.now();
    prevenu = false;
    if (dialogue.open) dialogue.close();
    if (!ailleurs) canal?.postMessage("vue");
  };

  // The form that was changed, if any: the server keeps its text, never its secrets, and offers it back.
  const modifie = () => [...document.forms].find((f) => f.method === "post" && !dialogue.contains(f) && [...f.elements].some((c) =>
    (c.matches("textarea, input:not([type=hidden], [type=checkbox], [type=radio])") && c.value !== c.defaultValue) ||
    (c.matches("[type=checkbox], [type=radio]") && c.checked !== c.defaultChecked) ||
    (c.matches("select") && [...c.options].some((o) => o.selected !== o.defaultSelected))));

  const emporter = () => {
    const formulaire = modifie();
    if (!formulaire) return;
    const ajouter = (nom, valeur) => {
      const champ = document.createElement("input");
      champ.type = "hidden";
      champ.name = nom;
      champ.value = valeur;
      reprendre.append(champ);
    };
    ajouter("_adresse", formulaire.action);
    for (const [nom, valeur] of new FormData(formulaire)) {
      const champ = formulaire.elements[nom];
      if (typeof valeur === "string" && nom !== "csrf_token" && champ?.type !== "password") ajouter(nom, valeur);
    }
  };

  const terminer = () => {
    finie = true;
    emporter();
    document.getElementById("contenu").hidden = true;
    montrer("finie");
    if (page.sessionVerrou !== undefined) reprendre.requestSubmit();
  };

  const battre = () => {
    if (finie) return;
    const reste = echeance() - Date.now();
    if (reste <= 0) return terminer();
    if (reste <= PREAVIS && !prevenu) {
      prevenu = true;
      montrer(inactive() <= fin ? "inactivite" : "duree");
    }
  };

  // Escape may close the warning, never the end.
  dialogue.addEventListener("cancel", (e) => { if (finie) e.preventDefault(); });
  prolonger.addEventListener("submit", async (e) => {
    e.preventDefault();
    try {
      const reponse = await fetch(prolonger.action, {
        method: "POST", body: new FormData(prolonger), headers: { "X-Tdba-Session": "1" }, redirect: "manual",
      });
      if (reponse.status === 204) activite(false); else terminer();
    } catch {
      dialogue.close(); // no network: the page stays, and the end is said when it comes
    }
  });
  document.addEventListener("htmx:after:request", () => activite(false));
  if (canal) canal.onmessage = () => activite(true);
  canal?.postMessage("vue");
  setInterval(battre, 1000);
})();
