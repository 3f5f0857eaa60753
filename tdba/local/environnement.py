"""The environment given to the application by the demo, the tests and the measures: the one place that wires it."""

import json
import os
import secrets
from pathlib import Path
from typing import Final

from tdba.local.commun import umask
from tdba.local.serveurs import Serveurs

HOTE: Final = "127.0.0.1"

DISTANCE_FOURNISSEUR: Final = 10_000
"""Between the port of the site and that of its identity provider: two demos on neighbouring ports do not collide."""

CHEMIN_EMETTEUR: Final = "/api/v2"
"""ProConnect's issuer has this path; the demo's provider has the same shape."""

ETRANGERES: Final = ("PG", "FLASK_", "GUNICORN_", "WEB_CONCURRENCY", "SQLALCHEMY_", "PYTHONDONTWRITEBYTECODE")
"""Variables of the caller's shell that would change what libpq, Flask or gunicorn do, or compile us at each start."""


def port_fournisseur(port: int) -> int:
    """Return the identity provider's port when `FOURNISSEUR_PORT` does not choose it."""
    return (
        port + DISTANCE_FOURNISSEUR if port + DISTANCE_FOURNISSEUR <= 65535 else port - DISTANCE_FOURNISSEUR
    )


def environnement(
    serveurs: Serveurs,
    env: str,
    port: int,
    *,
    fournisseur: int | None = None,
    secrets_dans: Path | None = None,
) -> dict[str, str]:
    """Return the whole environment of a process of the application, ours on top of the caller's."""
    herite = {nom: valeur for nom, valeur in os.environ.items() if not nom.startswith(ETRANGERES)}
    sans_mandataire = ",".join(
        filter(None, [herite.get("NO_PROXY") or herite.get("no_proxy"), HOTE, "localhost"])
    )
    return {
        **herite,
        "NO_PROXY": sans_mandataire,
        "no_proxy": sans_mandataire,
        "PYTHONUNBUFFERED": "1",
        "TDBA_ENV": env,
        "TDBA_BASE_URL": f"http://{HOTE}:{port}",
        "TDBA_DATABASE_URL": serveurs.url_web,
        "TDBA_DATABASE_URL_WORKER": serveurs.url_worker,
        "TDBA_DATABASE_URL_PROPRIETAIRE": serveurs.url_proprietaire,
        "TDBA_REDIS_URL": serveurs.url_redis,
        "TDBA_OIDC_ISSUER": f"http://{HOTE}:{fournisseur or port_fournisseur(port)}{CHEMIN_EMETTEUR}",
        "TDBA_OIDC_CLIENT_ID": f"tdba-{env}",
        "TDBA_SIFA": "oui" if env == "demo" else "non",
        **_secrets(secrets_dans),
    }


def _secrets(fichier: Path | None) -> dict[str, str]:
    """Draw the secrets, once for a file and each time without one (tests: nothing outlives them)."""
    if fichier is not None and fichier.exists():
        connus: dict[str, str] = json.loads(fichier.read_text())
        return connus
    tires = {nom: secrets.token_urlsafe(48) for nom in ("TDBA_SECRET_KEY", "TDBA_OIDC_CLIENT_SECRET")}
    if fichier is not None:
        with umask(0o077):
            partiel = fichier.with_name(f"{fichier.name}.{os.getpid()}")
            partiel.write_text(json.dumps(tires))
            partiel.replace(fichier)
    return tires
