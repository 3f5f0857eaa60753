// Passkeys: asks the server for a challenge, the browser for an answer, puts it in the form and sends it.
// The form says which: data-cle-acces="ajout" or "preuve", data-defi is where the challenge comes from.
"use strict";

(() => {
  const octets = (texte) => Uint8Array.from(atob(texte.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  const texte = (tampon) => btoa(String.fromCharCode(...new Uint8Array(tampon))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const cles = (liste) => (liste ?? []).map((cle) => ({ ...cle, id: octets(cle.id) }));

  const creer = async (o) => {
    const publicKey = { ...o, challenge: octets(o.challenge), user: { ...o.user, id: octets(o.user.id) }, excludeCredentials: cles(o.excludeCredentials) };
    const cle = await navigator.credentials.create({ publicKey });
    return { cle, response: { clientDataJSON: texte(cle.response.clientDataJSON), attestationObject: texte(cle.response.attestationObject) } };
  };
  const prouver = async (o) => {
    const publicKey = { ...o, challenge: octets(o.challenge), allowCredentials: cles(o.allowCredentials) };
    const cle = await navigator.credentials.get({ publicKey });
    const r = cle.response;
    return { cle, response: { clientDataJSON: texte(r.clientDataJSON), authenticatorData: texte(r.authenticatorData), signature: texte(r.signature) } };
  };

  const demander = async (formulaire) => {
    const reponse = await fetch(formulaire.dataset.defi, {
      method: "POST", headers: { "X-CSRFToken": formulaire.elements.csrf_token.value }, redirect: "manual",
    });
    if (!reponse.ok) throw new Error(String(reponse.status));
    const { cle, response } = await (formulaire.dataset.cleAcces === "ajout" ? creer : prouver)(await reponse.json());
    return JSON.stringify({ id: cle.id, rawId: texte(cle.rawId), type: cle.type, response, clientExtensionResults: {} });
  };

  if (!window.PublicKeyCredential) return;
  for (const formulaire of document.querySelectorAll("form[data-cle-acces]")) {
    const bouton = formulaire.querySelector("button[type=submit]");
    const echec = formulaire.querySelector("[data-cle-echec]");
    formulaire.querySelector("[data-cle-sans-script]").hidden = true;
    bouton.hidden = false;
    formulaire.addEventListener("submit", async (e) => {
      e.preventDefault();
      echec.hidden = true;
      bouton.disabled = true;
      try {
        formulaire.elements.reponse_cle.value = await demander(formulaire);
        formulaire.submit();
      } catch {
        echec.hidden = false; // refused, cancelled, or too late: the words say what to do
        bouton.disabled = false;
        bouton.focus();
      }
    });
  }
})();
