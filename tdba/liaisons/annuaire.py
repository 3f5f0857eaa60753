"""Which mission locale serves a commune, asked of the public API: what we ask, and the shape of an answer.

A code of commune is all that is sent: nothing about anybody.
"""

from collections.abc import Mapping
from typing import Any, Protocol

from tdba.liaisons import adresses
from tdba.liaisons.liste import MissionLue
from tdba.organismes.appels import ApiIndisponible, Appels
from tdba.organismes.champs import SIRET


class Annuaire(Protocol):
    """Anything that knows the mission locale of a commune."""

    def mission_locale(self, code_insee: str) -> MissionLue | None:
        """None: it knows of none. Raises ApiIndisponible."""
        ...


class ApiGeographie:
    """`GET <address>/geographie/v1/commune/search?code=<INSEE>`, with a bearer key."""

    def __init__(self, adresse: str, cle: str, *, attente: float = 1.0) -> None:
        entetes = {"Authorization": f"Bearer {cle}"}
        self._appels = Appels(f"{adresse.rstrip('/')}/geographie/v1/commune/search", entetes, attente=attente)

    def mission_locale(self, code_insee: str) -> MissionLue | None:
        """See `Annuaire`."""
        return lire(self._appels.lire({"code": code_insee}), code_insee)


def lire(reponse: object, code_insee: str) -> MissionLue | None:
    """The mission locale of an answer: one commune, or a list of one. Raises ApiIndisponible for another shape."""
    commune = (reponse[0] if reponse else {}) if isinstance(reponse, list) else reponse
    if not isinstance(commune, Mapping):
        raise ApiIndisponible("shape")
    mission = commune.get("mission_locale")
    if mission is None:
        return None
    if not isinstance(mission, Mapping):
        raise ApiIndisponible("shape")
    nom, siret = adresses.nom(_texte(mission, "nom")), _texte(mission, "siret")
    if nom is None or not SIRET.fullmatch(siret):
        return None
    contact, lieu = _objet(mission, "contact"), _objet(mission, "localisation")
    telephone, adresse = (
        _texte(contact, "telephone"),
        " ".join(filter(None, (_texte(lieu, champ) for champ in ("adresse", "cp", "ville")))),
    )
    return MissionLue(
        siret=siret,
        nom=nom,
        courriel=adresses.courriel(_texte(contact, "email")),
        telephone=telephone if 0 < len(telephone) <= 30 and telephone.isprintable() else None,
        adresse=adresse[:300] or None,
        communes=(code_insee,),
    )


def _objet(objet: Mapping[str, Any], nom: str) -> Mapping[str, Any]:
    lu = objet.get(nom)
    return lu if isinstance(lu, Mapping) else {}


def _texte(objet: Mapping[str, Any], nom: str) -> str:
    lu = objet.get(nom)
    return " ".join(lu.split()) if isinstance(lu, str) else ""
