"""Identity provider of the demo: an OpenID provider shaped like ProConnect, on this machine only (decision 44).

Run as `python -m tdba.local.fournisseur --port 18000 [--personnes liste.json]`. Who its client is comes from the
environment of the demo. It has no password: it refuses any address but loopback, to bind and to be called.
"""

import argparse
import os
import sys
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Flask, Response, jsonify, redirect, request
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from tdba.local.commun import Echec, dire, executer
from tdba.local.emplacements import dossier_du_nom
from tdba.local.fournisseur_pages import STYLE, page
from tdba.local.fournisseur_protocole import Fournisseur, Refus, Reglages, lire_personnes

RETOUR: Final = "/connexion/retour"
RETOUR_FIN: Final = "/deconnexion/retour"


def creer(fournisseur: Fournisseur) -> Flask:
    """Build the provider's application, mounted under the path of its issuer."""
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = 64 * 1024
    prefixe = urlsplit(fournisseur.reglages.emetteur).path.rstrip("/")
    bp = Blueprint("fournisseur", __name__, url_prefix=prefixe or None)
    _protocole(bp, fournisseur)
    _ecrans(bp, fournisseur, prefixe)
    app.register_blueprint(bp)
    app.before_request(_exiger_boucle_locale)
    app.after_request(_entetes(fournisseur.reglages))

    def en_page(refus: Refus) -> tuple[str, int]:
        phrase = f"La demande n’est pas conforme ({refus.code}). Revenez au service et recommencez."
        return page("message", "Demande refusée", prefixe, phrase=phrase), refus.statut

    app.register_error_handler(Refus, en_page)
    return app


def _protocole(bp: Blueprint, fournisseur: Fournisseur) -> None:
    """What the client's server calls."""

    @bp.get("/.well-known/openid-configuration")
    def decouverte() -> Response:
        return jsonify(fournisseur.decouverte())

    @bp.get("/jwks")
    def jwks() -> Response:
        return jsonify(fournisseur.jwks())

    @bp.post("/token")
    def token() -> Any:
        try:
            return jsonify(fournisseur.echanger(_uniques(request.form)))
        except Refus as refus:
            return jsonify({"error": refus.code}), refus.statut

    @bp.get("/userinfo")
    def userinfo() -> Any:
        genre, _, jeton = request.headers.get("Authorization", "").partition(" ")
        try:
            return Response(fournisseur.infos(jeton if genre == "Bearer" else ""), mimetype="application/jwt")
        except Refus as refus:
            return jsonify({"error": refus.code}), refus.statut


def _ecrans(bp: Blueprint, fournisseur: Fournisseur, prefixe: str) -> None:
    """What the browser opens."""

    @bp.get("/style.css")
    def style() -> Response:
        return Response(STYLE, mimetype="text/css")

    @bp.get("/authorize")
    def authorize() -> str:
        demande = fournisseur.demander(_uniques(request.args))
        return page("choix", "Qui êtes-vous ?", prefixe, personnes=fournisseur.personnes(), demande=demande)

    @bp.post("/interaction")
    def interaction() -> Any:
        demande = fournisseur.prendre(request.form.get("demande", ""))
        reponse = {"state": demande["state"], "iss": fournisseur.reglages.emetteur}
        sub = request.form.get("sub", "")
        if "annuler" in request.form or fournisseur.refuse_le_niveau(demande, sub):
            reponse["error"] = "access_denied"
        else:
            reponse["code"] = fournisseur.autoriser(demande, sub)
        return redirect(f"{demande['redirect_uri']}?{urlencode(reponse)}", 303)

    @bp.get("/session/end")
    def fin() -> Any:
        parametres = _uniques(request.args)
        retour = fournisseur.adresse_fin(parametres)
        if retour is None:
            return page("message", "Vous êtes déconnecté", prefixe, phrase="Vous pouvez fermer cette page.")
        etat = {"state": parametres["state"]} if "state" in parametres else {}
        return redirect(f"{retour}?{urlencode(etat)}" if etat else retour, 303)


def _uniques(valeurs: Any) -> dict[str, str]:
    """The parameters, each given once: twice is a way to show one value and use another."""
    if any(len(valeurs.getlist(nom)) > 1 for nom in valeurs):
        raise Refus("Y000400")
    return dict(valeurs.items())


def _exiger_boucle_locale() -> tuple[str, int] | None:
    """Refuse a name that points here from elsewhere: another site's page could otherwise talk to this one."""
    if est_boucle_locale(urlsplit(f"//{request.host}").hostname or ""):
        return None
    return "This identity provider only answers on this machine.", 421


def _entetes(reglages: Reglages) -> Any:
    # Browsers apply form-action to the redirection that answers a form: the way back to the service is listed.
    origines = {f"{urlsplit(r).scheme}://{urlsplit(r).netloc}" for r in reglages.retours}
    politique = (
        f"default-src 'none'; style-src 'self'; form-action 'self' {' '.join(sorted(origines))}; "
        "base-uri 'none'; frame-ancestors 'none'"
    )

    def poser(reponse: Response) -> Response:
        reponse.headers["Content-Security-Policy"] = politique
        reponse.headers["X-Content-Type-Options"] = "nosniff"
        reponse.headers["Referrer-Policy"] = "no-referrer"
        reponse.headers["Cache-Control"] = "no-store"
        return reponse

    return poser


def est_boucle_locale(hote: str) -> bool:
    try:
        return ip_address(hote).is_loopback
    except ValueError:
        return hote == "localhost"


class _Silencieux(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Write nothing: the addresses of this protocol carry codes."""


def servir(fournisseur: Fournisseur, adresse: str, port: int) -> BaseWSGIServer:
    """Bind the provider, on loopback or not at all; the caller runs `serve_forever`."""
    if not est_boucle_locale(adresse):
        raise Echec(f"the demo identity provider has no password: it refuses to listen on {adresse}")
    return make_server(adresse, port, creer(fournisseur), threaded=True, request_handler=_Silencieux)


def main() -> int:
    arguments = _arguments()
    fichier: Path = arguments.personnes or dossier_du_nom("demo") / "personnes.json"

    def personnes() -> Any:
        # Read at each login: the demo may be prepared again while the provider runs.
        try:
            return lire_personnes(fichier)
        except FileNotFoundError:
            return []
        except (ValueError, TypeError) as erreur:
            raise Refus(f"{fichier.name} illisible", statut=500) from erreur

    serveur = servir(
        Fournisseur(_reglages(arguments.adresse, arguments.port), personnes),
        arguments.adresse,
        arguments.port,
    )
    dire(f"demo identity provider on http://{arguments.adresse}:{arguments.port}")
    try:
        serveur.serve_forever()
    finally:
        serveur.server_close()
    return 0


def _arguments() -> argparse.Namespace:
    analyseur = argparse.ArgumentParser(description="Identity provider of the demo, on this machine only.")
    analyseur.add_argument("--port", type=int, required=True)
    analyseur.add_argument("--adresse", default="127.0.0.1", help="a loopback address; any other is refused")
    analyseur.add_argument("--personnes", type=Path, help="JSON list of the people to choose among")
    return analyseur.parse_args()


def _reglages(adresse: str, port: int) -> Reglages:
    """Read who the client is from the environment that the launcher gives to every process of the demo."""
    manquantes = [
        nom
        for nom in ("TDBA_BASE_URL", "TDBA_OIDC_CLIENT_ID", "TDBA_OIDC_CLIENT_SECRET")
        if nom not in os.environ
    ]
    if manquantes:
        raise Echec(f"{', '.join(manquantes)} missing: `make demo` starts this provider with what it needs")
    if os.environ.get("TDBA_ENV") == "production":
        raise Echec("the demo identity provider has no password: it does not run in production")
    base = os.environ["TDBA_BASE_URL"]
    return Reglages(
        emetteur=os.environ.get("TDBA_OIDC_ISSUER") or f"http://{adresse}:{port}/api/v2",
        client_id=os.environ["TDBA_OIDC_CLIENT_ID"],
        client_secret=os.environ["TDBA_OIDC_CLIENT_SECRET"],
        retours=(base + RETOUR,),
        retours_fin=(base + RETOUR_FIN,),
    )


if __name__ == "__main__":
    sys.exit(executer(main))
