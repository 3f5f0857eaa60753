"""Which fields of a record people may correct, how each is typed, and what is refused. Pure.

Values are written as the intake writes them (domain.md §4.2); what a person types is checked more strictly, since they
are there to answer. Sensitive fields decide who somebody is, or a status: their correction asks a reason.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final, NamedTuple

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat
from stdnum.fr import siret as norme_siret

from tdba.effectifs import controles
from tdba.effectifs.controles import Refus
from tdba.textes import ressemble_a_un_nir

TEXTE: Final = "TEXTE"
DATE: Final = "DATE"
NOMBRE: Final = "NOMBRE"
COURRIEL: Final = "COURRIEL"
TELEPHONE: Final = "TELEPHONE"
SEXE: Final = "SEXE"
COMMUNE: Final = "COMMUNE"

TEXTE_MAX: Final = 255
ADRESSE_MAX: Final = 500
AGES: Final = (10, 99)
"""Ages that a birth date may give; beyond, it is a typing error."""

_COURRIEL: Final = re.compile(
    r"[A-Za-z0-9_'+-]+(?:\.[A-Za-z0-9_'+-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}"
)
_OUTRE_MER: Final = {
    "GP": ("590", "690", "691"),
    "GF": ("594", "694"),
    "MQ": ("596", "696", "697"),
    "RE": ("262", "692", "693"),
    "YT": ("269", "639"),
}
"""First digits, after the 0, of the territories that have their own country code."""


class ValeurRefusee(ValueError):
    """What was typed cannot be this field; the message is for the person."""


def _texte(texte: str, maximum: int = TEXTE_MAX) -> str:
    if len(texte) > maximum:
        raise ValeurRefusee(f"Ce texte est trop long : {maximum} caractères au plus.")
    if ressemble_a_un_nir(texte):
        raise ValeurRefusee(
            "Ce texte contient ce qui ressemble à un numéro de sécurité sociale : il ne doit pas être conservé ici."
        )
    return " ".join(texte.split())


def _nom(champ: str) -> Callable[[str], str]:
    def lire_nom(texte: str) -> str:
        propre = controles.nom_propre(champ, texte)
        if refus := controles.refus_de_nom(propre):
            raise ValeurRefusee(refus)
        return propre

    return lire_nom


def _sexe(texte: str) -> str:
    if texte not in ("M", "F"):
        raise ValeurRefusee("Choisissez dans la liste.")
    return texte


def _ine(texte: str) -> str:
    propre = "".join(_texte(texte).upper().split())
    if not re.fullmatch(r"[0-9A-Z_]{8,12}", propre):
        raise ValeurRefusee("Un INE compte 11 chiffres et lettres : 0123456789A, par exemple.")
    return propre


def _date(texte: str) -> date:
    for forme in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(texte, forme).date()  # noqa: DTZ007 - a day, not an instant
        except ValueError:
            continue
    raise ValeurRefusee("Cette date n’existe pas. Écrivez-la ainsi : 03/03/2026.")


def _entier(minimum: int, maximum: int) -> Callable[[str], int]:
    def lire_entier(texte: str) -> int:
        if not re.fullmatch(r"[0-9]{1,3}", texte) or not minimum <= int(texte) <= maximum:
            raise ValeurRefusee(f"Indiquez un nombre entre {minimum} et {maximum}.")
        return int(texte)

    return lire_entier


def _courriel(texte: str) -> str:
    if len(texte) > TEXTE_MAX or not _COURRIEL.fullmatch(texte):
        raise ValeurRefusee("Cette adresse électronique n’est pas complète : prenom.nom@exemple.fr.")
    return _texte(texte)


def _telephone(texte: str) -> str:
    """`0XXXXXXXXX` in metropolitan France, else E.164, as the intake stores them."""
    chiffres = re.sub(r"[-.()/\s]+", "", texte)
    national = chiffres.removeprefix("0")
    region = next((r for r, debuts in _OUTRE_MER.items() if national.startswith(debuts)), "FR")
    try:
        lu = phonenumbers.parse(chiffres if len(chiffres) <= 20 else "", region)
    except NumberParseException:
        raise ValeurRefusee("Ce numéro de téléphone n’est pas complet : 06 12 34 56 78.") from None
    if not phonenumbers.is_valid_number(lu):
        raise ValeurRefusee("Ce numéro de téléphone n’existe pas. Vérifiez ses chiffres.")
    if phonenumbers.region_code_for_number(lu) == "FR":
        return f"0{lu.national_number}"
    return phonenumbers.format_number(lu, PhoneNumberFormat.E164)


def _code_postal(texte: str) -> str:
    if not re.fullmatch(r"[0-9]{4,5}", texte):
        raise ValeurRefusee("Un code postal a cinq chiffres.")
    return texte.zfill(5)


def _code_insee(texte: str) -> str:
    propre = texte.upper()
    if not re.fullmatch(r"(?:[0-9]{2}|2A|2B)[0-9]{3}", propre):
        raise ValeurRefusee("Choisissez la commune dans la liste.")
    return propre


def _rncp(texte: str) -> str:
    propre = re.sub(r"[\s.\-]+", "", texte.upper()).removeprefix("RNCP")
    if not re.fullmatch(r"[0-9]{2,5}", propre):
        raise ValeurRefusee("Un code RNCP a deux à cinq chiffres : RNCP37537, par exemple.")
    return f"RNCP{propre}"


def _cfd(texte: str) -> str:
    propre = re.sub(r"[\s.\-]+", "", texte.upper())
    if not re.fullmatch(r"[0-9A-Z]{8}", propre):
        raise ValeurRefusee("Un code formation diplôme a huit caractères : 50022137, par exemple.")
    return propre


def siret(texte: str) -> str:
    """An employer's number: 14 digits whose key is right; establishments of La Poste have a key of their own."""
    propre = re.sub(r"[\s.\-]+", "", texte)
    if not re.fullmatch(r"[0-9]{14}", propre):
        raise ValeurRefusee("Un SIRET a 14 chiffres.")
    if not norme_siret.is_valid(propre):
        raise ValeurRefusee("La clé de ce SIRET n’est pas juste : un chiffre a sans doute été mal recopié.")
    return propre


class Champ(NamedTuple):
    """One field. `obligatoire`: a source must send it, so that it may not be emptied."""

    nom: str
    libelle: str
    groupe: str
    saisie: str
    lire: Callable[[str], Any]
    sensible: bool = False
    obligatoire: bool = False
    aide: str = ""


IDENTITE: Final = "identite"
FORMATION: Final = "formation"
CONTACT: Final = "contact"
ADRESSE: Final = "adresse"

_FICHE: Final = (
    Champ("nom", "Nom", IDENTITE, TEXTE, _nom("nom"), sensible=True, obligatoire=True),
    Champ("prenom", "Prénom", IDENTITE, TEXTE, _nom("prenom"), sensible=True, obligatoire=True),
    Champ("sexe", "Sexe", IDENTITE, SEXE, _sexe, sensible=True),
    Champ("date_naissance", "Date de naissance", IDENTITE, DATE, _date, sensible=True, obligatoire=True),
    Champ(
        "ine", "INE", IDENTITE, TEXTE, _ine, sensible=True, aide="Identifiant national élève : 11 caractères."
    ),
    Champ("rncp", "Code RNCP", FORMATION, TEXTE, _rncp, sensible=True),
    Champ("cfd", "Code formation diplôme", FORMATION, TEXTE, _cfd, sensible=True),
    Champ("annee_formation", "Année de la formation", FORMATION, NOMBRE, _entier(0, 5), aide="De 0 à 5."),
    Champ("duree_mois", "Durée théorique", FORMATION, NOMBRE, _entier(1, 48), aide="En mois, de 1 à 48."),
    Champ("date_inscription", "Inscription", FORMATION, DATE, _date, sensible=True, obligatoire=True),
    Champ("date_entree", "Entrée en formation", FORMATION, DATE, _date, sensible=True, obligatoire=True),
    Champ("date_fin", "Fin de la formation", FORMATION, DATE, _date, sensible=True, obligatoire=True),
    Champ("date_exclusion", "Sortie de formation", FORMATION, DATE, _date, sensible=True),
    Champ("cause_exclusion", "Cause de la sortie", FORMATION, TEXTE, _texte),
    Champ("telephone", "Téléphone", CONTACT, TELEPHONE, _telephone),
    Champ("courriel", "Courriel", CONTACT, COURRIEL, _courriel),
    Champ("courriel_responsable_1", "Courriel du responsable légal", CONTACT, COURRIEL, _courriel),
    Champ("courriel_responsable_2", "Courriel du second responsable légal", CONTACT, COURRIEL, _courriel),
    Champ("adresse", "Adresse", ADRESSE, TEXTE, lambda texte: _texte(texte, ADRESSE_MAX)),
    Champ("code_postal", "Code postal", ADRESSE, TEXTE, _code_postal),
    Champ("code_insee", "Commune", ADRESSE, COMMUNE, _code_insee),
)
FICHE: Final[Mapping[str, Champ]] = {champ.nom: champ for champ in _FICHE}
"""Fields of the record itself, in the order of the sheet."""

GROUPES: Final[Mapping[str, tuple[str, ...]]] = {
    ADRESSE: ("adresse", "code_postal", "code_insee"),
    FORMATION: ("date_inscription", "date_entree", "date_fin", "date_exclusion"),
}
"""What is corrected together, because one value answers for the other."""

SEULS_ENSEMBLE: Final = frozenset({"code_postal", "code_insee"})
"""Fields whose form is that of their group: a postal code chooses the commune."""

DATES: Final = ("date_naissance", *GROUPES[FORMATION])

CONTRAT: Final[Mapping[str, str]] = {
    "contrat": "Contrat",
    "debut": "Début du contrat",
    "fin": "Fin prévue du contrat",
    "rupture": "Rupture du contrat",
    "employeur_siret": "Employeur du contrat",
    "cause_legale": "Cause de la rupture du contrat",
    "mediateur_le": "Saisie du médiateur",
    "employeur_informe_le": "Employeur informé de la démission",
    "contestation": "Contestation de la rupture",
}
"""Words of the fields of a contract."""

LIBELLES: Final[Mapping[str, str]] = {**{champ.nom: champ.libelle for champ in _FICHE}, **CONTRAT}


def sensibles(champs: tuple[str, ...]) -> bool:
    """True when correcting one of these fields asks a reason."""
    return any(FICHE[champ].sensible for champ in champs)


def lire(champ: str, texte: str | None, *, actuelle: Any) -> Any:
    """The value that this text means for this field; None empties it. Raises ValeurRefusee.

    >>> lire("telephone", "06.12.34.56.78", actuelle=None)
    '0612345678'
    """
    decrit = FICHE[champ]
    propre = (texte or "").strip()
    if propre:
        return decrit.lire(propre)
    if decrit.obligatoire and actuelle is not None:
        raise ValeurRefusee(f"Indiquez une valeur : « {decrit.libelle} » ne peut pas être vide.")
    return None


def refus_de_dates(valeurs: Mapping[str, date | None], *, changes: set[str], jour: date) -> Refus | None:
    """Why these dates of a record cannot stand together; None when they can, or when none of them is being changed."""
    for champ in DATES:
        valeur = valeurs[champ]
        if champ in changes and valeur is not None:
            phrase = _naissance(valeur, jour) if champ == "date_naissance" else _annee(valeur, jour)
            if phrase:
                return Refus(champ, phrase)
    entree, fin, sortie = valeurs["date_entree"], valeurs["date_fin"], valeurs["date_exclusion"]
    if entree and fin and fin < entree and not changes.isdisjoint({"date_entree", "date_fin"}):
        champ = "date_fin" if "date_fin" in changes else "date_entree"
        return Refus(champ, "La fin de la formation ne peut pas être avant l’entrée.")
    if entree and sortie and sortie < entree and not changes.isdisjoint({"date_entree", "date_exclusion"}):
        champ = "date_exclusion" if "date_exclusion" in changes else "date_entree"
        return Refus(champ, "La sortie de formation ne peut pas être avant l’entrée.")
    return None


def _naissance(valeur: date, jour: date) -> str | None:
    plus_jeune, plus_vieux = AGES
    if not jour.year - plus_vieux <= valeur.year <= jour.year - plus_jeune:
        return f"Cette date de naissance donne moins de {plus_jeune} ans, ou plus de {plus_vieux}. Vérifiez l’année."
    return None


def _annee(valeur: date, jour: date) -> str | None:
    derniere = jour.year + controles.ANNEES_A_VENIR
    if not controles.PREMIERE_ANNEE <= valeur.year <= derniere:
        return f"Choisissez une date entre {controles.PREMIERE_ANNEE} et {derniere}."
    return None
