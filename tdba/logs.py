"""Technical logs: one JSON object a line, ids only. No name, no query string, no statement parameter."""

import json
import logging
import re
import sys
from typing import Any, Final

from tdba import journal, scope

_CHAMPS: Final = ("trace", "duree_ms", "methode", "chemin", "code", "travail")


_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{43,}")
"""32 random bytes in base64: a one-time link, which opens something to whoever reads it."""


def masquer(adresse: str) -> str:
    """The address without the secret of a one-time link, in its path or carried by another address."""
    return _SECRET.sub("…", adresse)


class FormatJson(logging.Formatter):
    """Formats a record as one JSON line with the request's reference and the actor's id."""

    def format(self, record: logging.LogRecord) -> str:
        acteur = scope.courant()
        ligne: dict[str, Any] = {
            "le": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "niveau": record.levelname,
            "source": record.name,
            "message": masquer(record.getMessage()),
            "reference": journal.reference_requete.get() or None,
            "personne": acteur.personne_id,
        }
        ligne |= {champ: getattr(record, champ) for champ in _CHAMPS if hasattr(record, champ)}
        if "chemin" in ligne:
            ligne["chemin"] = masquer(str(ligne["chemin"]))
        if record.exc_info and record.exc_info[0]:
            ligne["exception"] = record.exc_info[0].__name__
        return json.dumps(
            {cle: valeur for cle, valeur in ligne.items() if valeur is not None}, ensure_ascii=False
        )


def installer(niveau: int = logging.INFO) -> None:
    """Send the logs of the application to standard error, as JSON lines."""
    racine = logging.getLogger("tdba")
    if not racine.handlers:
        sortie = logging.StreamHandler(sys.stderr)
        sortie.setFormatter(FormatJson())
        racine.addHandler(sortie)
        racine.propagate = False
    racine.setLevel(niveau)
