"""One answer of the public search of companies (API Recherche d'entreprises) as a row of `entreprise`. Pure.

`lire` is the only place that knows the shape: should it change, an answer is refused whole, never half read. Companies
that ask not to be shown answer without a name; that is not an error.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

NAF: Final = re.compile(r"\d{4}[A-Z]")
COMMUNE: Final = re.compile(r"(\d{2}|2A|2B)\d{3}")
CODE_POSTAL: Final = re.compile(r"\d{5}")
FERMEE_SANS_DATE: Final = date.min
CACHE: Final = "[NON-DIFFUSIBLE]"


class ReponseIllisible(ValueError):
    """The answer does not have the shape that is known."""


def lire(objet: Any, siret: str) -> dict[str, Any]:
    """Columns of `entreprise` for this establishment; `inconnue` when the register does not know it.

    Raises ReponseIllisible.
    """
    try:
        entreprises = list(objet["results"])
        for entreprise in entreprises:
            siens = [*(entreprise.get("matching_etablissements") or ()), entreprise.get("siege") or {}]
            etablissement = next((e for e in siens if e.get("siret") == siret), None)
            if etablissement is not None:
                return _ligne(siret, entreprise, etablissement)
    except (KeyError, TypeError, AttributeError, ValueError) as erreur:
        raise ReponseIllisible(type(erreur).__name__) from erreur
    return {**dict.fromkeys(_COLONNES), "siret": siret, "inconnue": True}


_COLONNES: Final = (
    "nom",
    "naf",
    "code_insee",
    "code_postal",
    "nature_juridique",
    "tranche_effectif",
    "fermee_le",
)


def _ligne(siret: str, entreprise: Mapping[str, Any], etablissement: Mapping[str, Any]) -> dict[str, Any]:
    naf = (etablissement.get("activite_principale") or entreprise.get("activite_principale") or "").replace(
        ".", ""
    )
    nom = entreprise.get("nom_raison_sociale") or entreprise.get("nom_complet")
    ferme = etablissement.get("etat_administratif") == "F"
    le = etablissement.get("date_fermeture")
    return {
        "siret": siret,
        "nom": None if nom in (None, "", CACHE) else str(nom),
        "naf": naf if NAF.fullmatch(naf) else None,
        "code_insee": _forme(etablissement.get("commune"), COMMUNE),
        "code_postal": _forme(etablissement.get("code_postal"), CODE_POSTAL),
        "nature_juridique": _texte(entreprise.get("nature_juridique")),
        "tranche_effectif": _texte(etablissement.get("tranche_effectif_salarie")),
        "fermee_le": (date.fromisoformat(le) if le else FERMEE_SANS_DATE) if ferme else None,
        "inconnue": False,
    }


def _forme(valeur: Any, forme: re.Pattern[str]) -> str | None:
    return valeur if isinstance(valeur, str) and forme.fullmatch(valeur) else None


def _texte(valeur: Any) -> str | None:
    return None if valeur in (None, "") else str(valeur)
