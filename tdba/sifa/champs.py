"""What only the survey asks about an apprentice: each question, its shape, where its answer may come from. Pure.

Decision 16: these answers live in `sifa_fiche` alone and are shown on the survey's own screens alone. What records
already hold (name, sex, address, dates) is not asked again: it is corrected on the sheet (decision 6).
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from enum import Enum
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from tdba.sifa import codes
from tdba.textes import ressemble_a_un_nir
from tdba.transmissions import normes
from tdba.transmissions.refus import Refus

TEXTE_MAX: Final = 100
ADRESSE_MAX: Final = 200


class Genre(Enum):
    """How a question is asked and its answer read."""

    CHOIX = "CHOIX"
    OUI_NON = "OUI_NON"
    TEXTE = "TEXTE"
    ADRESSE = "ADRESSE"
    NOMBRE = "NOMBRE"
    DATE = "DATE"
    COMMUNE = "COMMUNE"
    ETABLISSEMENT = "ETABLISSEMENT"
    NAF = "NAF"
    TELEPHONE = "TELEPHONE"
    COURRIEL = "COURRIEL"


class Groupe(Enum):
    """Parts of the survey's tab."""

    NAISSANCE = "Naissance et nationalité"
    SCOLARITE = "Avant cette année"
    FORMATION = "Formation"
    HANDICAP = "Situation de handicap"
    REPRESENTANT = "Représentant légal"
    EMPLOYEUR = "Employeur au 31 décembre"


class Champ(NamedTuple):
    """One question. `source`: the field of a transmission that answers it."""

    nom: str
    libelle: str
    groupe: Groupe
    genre: Genre
    choix: codes.Liste = MappingProxyType({})
    aide: str = ""
    source: str | None = None
    sensible: bool = False
    """Shown folded, and named as such: disability, family."""
    maximum: int = 0


_C = Champ
_N, _S, _F = Groupe.NAISSANCE, Groupe.SCOLARITE, Groupe.FORMATION
_H, _R, _E = Groupe.HANDICAP, Groupe.REPRESENTANT, Groupe.EMPLOYEUR
_LISTE: Final = (
    _C("commune_naissance", "Commune de naissance (code INSEE)", _N, Genre.COMMUNE,
       aide="Cinq caractères, par exemple 35238. Né à l’étranger : le code du pays, qui commence par 99.",
       source="code_commune_insee_de_naissance_apprenant"),
    _C("nationalite", "Nationalité", _N, Genre.CHOIX, codes.NATIONALITE),
    _C("regime", "Régime scolaire", _F, Genre.CHOIX, codes.REGIME),
    _C("type_cfa", "Type de CFA, s’il diffère de celui de l’établissement", _F, Genre.CHOIX, codes.TYPE_CFA,
       source="type_cfa"),
    _C("duree_reelle", "Durée réelle de la formation, en mois", _F, Genre.NOMBRE, maximum=60,
       aide="Sans réponse, nous la calculons de l’entrée à la fin de la formation."),
    _C("derniere_situation", "Situation l’an dernier", _S, Genre.CHOIX, codes.DERNIERE_SITUATION,
       source="derniere_situation"),
    _C("dernier_organisme", "Établissement de l’an dernier", _S, Genre.ETABLISSEMENT,
       aide="Son UAI, ou le numéro du département. 990 à l’étranger, 993 inconnu, 995 sans objet.",
       source="dernier_organisme_uai"),
    _C("situation_avant", "Situation avant le contrat", _S, Genre.CHOIX, codes.SITUATION_AVANT),
    _C("dernier_diplome", "Diplôme le plus élevé obtenu", _S, Genre.CHOIX, codes.DIPLOME),
    _C("rqth", "Reconnaissance de la qualité de travailleur handicapé", _H, Genre.OUI_NON, codes.OUI_NON,
       source="rqth_apprenant", sensible=True),
    _C("date_rqth", "Date de cette reconnaissance", _H, Genre.DATE, source="date_rqth_apprenant", sensible=True),
    _C("pcs", "Profession du représentant légal", _R, Genre.CHOIX, codes.PCS, sensible=True),
    _C("representant_nom", "Nom du représentant légal", _R, Genre.TEXTE, sensible=True),
    _C("representant_prenom", "Prénom du représentant légal", _R, Genre.TEXTE, sensible=True),
    _C("representant_adresse", "Adresse, si elle diffère de celle de l’apprenti", _R, Genre.ADRESSE, sensible=True),
    _C("representant_telephone", "Téléphone du représentant légal", _R, Genre.TELEPHONE, sensible=True),
    _C("representant_courriel", "Adresse électronique du représentant légal", _R, Genre.COURRIEL, sensible=True),
    _C("type_employeur", "Type d’employeur", _E, Genre.CHOIX, codes.TYPE_EMPLOYEUR),
    _C("naf", "Activité de l’employeur (code NAF)", _E, Genre.NAF,
       aide="Quatre chiffres et une lettre, par exemple 1071C."),
    _C("effectif_employeur", "Nombre de salariés de l’employeur", _E, Genre.NOMBRE, maximum=999_999),
    _C("commune_employeur", "Commune de l’employeur (code INSEE)", _E, Genre.COMMUNE,
       aide="Le code de la commune, et non le code postal."),
)  # fmt: skip
CHAMPS: Final[Mapping[str, Champ]] = {champ.nom: champ for champ in _LISTE}
"""In the order of the tab."""

GROUPES: Final = tuple(Groupe)
ETABLISSEMENT: Final = ("type_cfa",)
"""What an establishment answers once for all its records."""

_INSEE: Final = re.compile(r"[0-9][0-9AB][0-9]{3}")
_NAF: Final = re.compile(r"([0-9]{2})\.?([0-9]{2})\s?([A-Za-z])")


class ReponseRefusee(Exception):
    """What was typed is no answer to the question. `phrase` says what to write."""

    def __init__(self, phrase: str) -> None:
        super().__init__(phrase)
        self.phrase = phrase


def lire(champ: Champ, texte: str) -> str | None:
    """The answer as `sifa_fiche` keeps it; None for an empty one. Raises ReponseRefusee."""
    texte = " ".join(texte.split())
    if not texte:
        return None
    return _LECTEURS[champ.genre](champ, texte)


def _choix(champ: Champ, texte: str) -> str:
    connue = texte in champ.choix or (champ.nom == "derniere_situation" and texte in codes.SITUATIONS_ADMISES)
    if not connue:
        raise ReponseRefusee("Choisissez une réponse dans la liste.")
    return texte


def _texte(champ: Champ, texte: str) -> str:
    maximum = ADRESSE_MAX if champ.genre is Genre.ADRESSE else TEXTE_MAX
    if len(texte) > maximum:
        raise ReponseRefusee(f"Ce texte est trop long : {maximum} caractères au plus.")
    if ressemble_a_un_nir(texte):
        raise ReponseRefusee(
            "Ce texte ressemble à un numéro de sécurité sociale, que nous ne gardons jamais."
        )
    return texte


def _nombre(champ: Champ, texte: str) -> str:
    compact = texte.replace(" ", "")
    if not (compact.isascii() and compact.isdigit()) or len(compact) > 9:
        raise ReponseRefusee("Écrivez un nombre entier, en chiffres.")
    if int(compact) > champ.maximum:
        raise ReponseRefusee(f"Ce nombre est trop grand : {champ.maximum} au plus.")
    return str(int(compact))


def _date(_champ: Champ, texte: str) -> str:
    francaise = "-".join(morceau.zfill(2) for morceau in reversed(texte.split("/")))
    for jour in (texte, francaise):
        try:
            return date.fromisoformat(jour).isoformat()
        except ValueError:
            continue
    raise ReponseRefusee("Cette date n’existe pas. Écrivez-la ainsi : 03/03/2026.")


def _commune(_champ: Champ, texte: str) -> str:
    code = texte.replace(" ", "").upper()
    if not _INSEE.fullmatch(code):
        raise ReponseRefusee("Un code de commune a cinq caractères, par exemple 35238 ou 2A004.")
    return code


def _etablissement(_champ: Champ, texte: str) -> str:
    lu = normes.dernier_organisme(texte)
    if isinstance(lu, Refus):
        raise ReponseRefusee("Écrivez un UAI (sept chiffres et une lettre) ou un numéro de département.")
    return lu


def _naf(_champ: Champ, texte: str) -> str:
    lu = _NAF.fullmatch(texte)
    if lu is None:
        raise ReponseRefusee("Un code NAF a quatre chiffres et une lettre, par exemple 1071C.")
    return f"{lu[1]}{lu[2]}{lu[3].upper()}"


def _telephone(_champ: Champ, texte: str) -> str:
    lu = normes.telephone(texte)
    if isinstance(lu, Refus) or lu is None:
        raise ReponseRefusee("Ce numéro de téléphone n’est pas valide. Écrivez-le ainsi : 06 12 34 56 78.")
    return lu


def _courriel(_champ: Champ, texte: str) -> str:
    lu = normes.email(texte)
    if isinstance(lu, Refus):
        raise ReponseRefusee(
            "Cette adresse électronique n’est pas valide. Écrivez-la ainsi : nom@exemple.fr."
        )
    return lu


_LECTEURS: Final[Mapping[Genre, Callable[[Champ, str], str]]] = {
    Genre.CHOIX: _choix,
    Genre.OUI_NON: _choix,
    Genre.TEXTE: _texte,
    Genre.ADRESSE: _texte,
    Genre.NOMBRE: _nombre,
    Genre.DATE: _date,
    Genre.COMMUNE: _commune,
    Genre.ETABLISSEMENT: _etablissement,
    Genre.NAF: _naf,
    Genre.TELEPHONE: _telephone,
    Genre.COURRIEL: _courriel,
}


def depuis_la_source(champ: Champ, valeur: Any) -> str | None:
    """An answer as a transmission gives it (typed values), in the shape of typed ones; None when it is no answer."""
    if valeur is None or valeur == "":
        return None
    if champ.genre is Genre.OUI_NON:
        return "oui" if valeur in (True, "true", "oui") else "non"
    return valeur.isoformat() if isinstance(valeur, date) else str(valeur)


def lisible(champ: Champ, valeur: str | None) -> str:
    """An answer in words."""
    if valeur is None:
        return "non renseigné"
    return champ.choix.get(valeur, valeur)
