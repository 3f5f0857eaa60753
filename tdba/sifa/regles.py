"""What a line of the file must be: each rule as a check, with its sentence and what to do (domain.md §8). Pure.

The same rules judge our lines and those of an ERP's file. A line that breaks a REFUS rule is left out of the file,
alone; an ERREUR is what the survey calls missing or wrong; an ALERTE is an answer that the survey asks for and takes empty.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from enum import IntEnum
from typing import Final, NamedTuple

from tdba.sifa import codes
from tdba.sifa.colonnes import SANS_INE, Rangee
from tdba.transmissions.identifiants import siret_valide, uai_valide


class Gravite(IntEnum):
    REFUS = 1
    ERREUR = 2
    ALERTE = 3


GRAVITES: Final[Mapping[Gravite, str]] = {
    Gravite.REFUS: "La ligne n’est pas dans le fichier",
    Gravite.ERREUR: "À compléter ou à corriger",
    Gravite.ALERTE: "À vérifier",
}

FICHE: Final = "À corriger sur la fiche, et dans votre ERP."
ONGLET: Final = "Répondez dans l’onglet SIFA de la fiche."


class Regle(NamedTuple):
    """One check of a line. `faute` tells whether the line breaks it."""

    code: str
    colonne: str
    gravite: Gravite
    phrase: str
    que_faire: str
    faute: Callable[[Rangee], bool]
    question: str | None = None
    """The question (`champs`) whose answer settles it; None: the record itself is to be corrected."""


_UAI: Final = re.compile(r"[0-9]{7}[A-Z]")
_CFD: Final = re.compile(r"[A-Z0-9]{8}")
_RNCP: Final = re.compile(r"RNCP[0-9]{2,5}")
_POSTAL: Final = re.compile(r"[0-9]{5}")
_INSEE: Final = re.compile(r"[0-9][0-9AB][0-9]{3}")
_NAF: Final = re.compile(r"[0-9]{4}[A-Z]")
_AN: Final = re.compile(r"[0-9]A")
_NOMBRE: Final = re.compile(r"[0-9]{1,6}")
_MOIS: Final = re.compile(r"[1-9][0-9]?")
_TEL: Final = re.compile(r"0[0-9]{9}|00[0-9]{6,15}")
_NOM: Final = re.compile(r"[A-Za-z0-9 ]{1,100}")
_DEPARTEMENT: Final = re.compile(r"0[0-9][0-9]|02[AB]|97[1-8]|98[678]|99[0135]")
_INES: Final = re.compile(r"[0-9]{9}[A-Z]{2}|[0-9_]{10}[A-Z]|[0-9]{4}[A-Z][0-9]{5}[A-Z]")


def lire_jour(texte: str) -> date | None:
    """A day written `ddMMyyyy`; None for what is no day."""
    if len(texte) != 8 or not (texte.isascii() and texte.isdigit()):
        return None
    try:
        return date(int(texte[4:]), int(texte[2:4]), int(texte[:2]))
    except ValueError:
        return None


def _vide(colonne: str) -> Callable[[Rangee], bool]:
    return lambda r: not r[colonne]


def _forme(colonne: str, forme: re.Pattern[str]) -> Callable[[Rangee], bool]:
    """Something is written, and it has not that shape."""
    return lambda r: bool(r[colonne]) and forme.fullmatch(r[colonne]) is None


def _hors(colonne: str, admises: Collection[str]) -> Callable[[Rangee], bool]:
    return lambda r: bool(r[colonne]) and r[colonne] not in admises


def _pas_un_jour(colonne: str) -> Callable[[Rangee], bool]:
    return lambda r: bool(r[colonne]) and lire_jour(r[colonne]) is None


def _uai_faux(colonne: str) -> Callable[[Rangee], bool]:
    return lambda r: bool(r[colonne]) and not (_UAI.fullmatch(r[colonne]) and uai_valide(r[colonne]))


def _etablissement_precedent(r: Rangee) -> bool:
    dit = r["ETAB_N_1"]
    return bool(dit) and not (_UAI.fullmatch(dit) or _DEPARTEMENT.fullmatch(dit))


def _rompu_avant(r: Rangee) -> bool:
    debut, rupture = lire_jour(r["DATE_DEB_CONT"]), lire_jour(r["DATE_RUPT_CONT"])
    return debut is not None and rupture is not None and rupture < debut


def _age_etonnant(r: Rangee) -> bool:
    naissance, debut = lire_jour(r["DATE_NAIS"]), lire_jour(r["DATE_DEB_CONT"])
    if naissance is None or debut is None:
        return False
    return not 14 <= debut.year - naissance.year <= 70


def _siret_faux(r: Rangee) -> bool:
    return bool(r["SIRET_EMP"]) and not siret_valide(r["SIRET_EMP"])


def _ine_inhabituel(r: Rangee) -> bool:
    return r["INE"] != SANS_INE and bool(r["INE"]) and _INES.fullmatch(r["INE"]) is None


_R, _E, _A = Gravite.REFUS, Gravite.ERREUR, Gravite.ALERTE
_CFA: Final = (
    "Vérifiez l’UAI de l’établissement responsable dans votre ERP ; si elle est juste, écrivez au support."
)
_ERP: Final = "Corrigez ce réglage dans votre ERP."

REGLES: Final[tuple[Regle, ...]] = (
    Regle("RESPONSABLE_INCONNU", "NUMERO_UAI", _R, "L’établissement responsable est inconnu.", _CFA, _vide("NUMERO_UAI")),
    Regle("RESPONSABLE_FAUX", "NUMERO_UAI", _R, "L’UAI de l’établissement responsable est fausse.", _CFA,
          _uai_faux("NUMERO_UAI")),
    Regle("NOM_VIDE", "NOM", _R, "Le nom est vide une fois écrit sans accents ni signes.", FICHE, _vide("NOM")),
    Regle("SITE_FAUX", "SIT_FORM", _E, "L’UAI du site de formation est fausse.", _CFA, _uai_faux("SIT_FORM")),
    Regle("SITE_VIDE", "SIT_FORM", _A, "L’UAI du site de formation manque.", _CFA, _vide("SIT_FORM")),
    Regle("NOM_SIGNES", "NOM", _E, "Le nom contient autre chose que des lettres sans accents, des chiffres et des espaces.",
          FICHE, _forme("NOM", _NOM)),
    Regle("PRENOM_VIDE", "PRENOM1", _E, "Le prénom manque.", FICHE, _vide("PRENOM1")),
    Regle("PRENOM_SIGNES", "PRENOM1", _E,
          "Le prénom contient autre chose que des lettres sans accents, des chiffres et des espaces.", FICHE,
          _forme("PRENOM1", _NOM)),
    Regle("NAISSANCE_VIDE", "DATE_NAIS", _E, "La date de naissance manque.", FICHE, _vide("DATE_NAIS")),
    Regle("NAISSANCE_FAUSSE", "DATE_NAIS", _E, "La date de naissance n’existe pas : elle s’écrit jjmmaaaa.", FICHE,
          _pas_un_jour("DATE_NAIS")),
    Regle("LIEU_NAISSANCE_VIDE", "LIEU_NAIS", _E, "La commune de naissance manque.", ONGLET, _vide("LIEU_NAIS"),
          "commune_naissance"),
    Regle("LIEU_NAISSANCE_FAUX", "LIEU_NAIS", _E, "La commune de naissance n’est pas un code INSEE.", ONGLET,
          _forme("LIEU_NAIS", _INSEE), "commune_naissance"),
    Regle("SEXE_INCONNU", "SEXE", _E, "Le sexe est inconnu : il n’est pas deviné.", FICHE, _vide("SEXE")),
    Regle("SEXE_FAUX", "SEXE", _E, "Le sexe s’écrit 1 ou 2.", FICHE, _hors("SEXE", codes.SEXE)),
    Regle("ADRESSE_VIDE", "ADRESSE", _E, "L’adresse manque.", FICHE, _vide("ADRESSE")),
    Regle("CODE_POSTAL_VIDE", "COD_POST", _E, "Le code postal manque.", FICHE, _vide("COD_POST")),
    Regle("CODE_POSTAL_FAUX", "COD_POST", _E, "Le code postal n’a pas cinq chiffres.", FICHE, _forme("COD_POST", _POSTAL)),
    Regle("RESIDENCE_VIDE", "COM_RESID", _A, "La commune de résidence est inconnue.", FICHE, _vide("COM_RESID")),
    Regle("RESIDENCE_FAUSSE", "COM_RESID", _E, "La commune de résidence n’est pas un code INSEE.", FICHE,
          _forme("COM_RESID", _INSEE)),
    Regle("SITUATION_VIDE", "SIT_N_1", _E, "La situation l’an dernier manque.", ONGLET, _vide("SIT_N_1"),
          "derniere_situation"),
    Regle("SITUATION_FAUSSE", "SIT_N_1", _E, "La situation l’an dernier n’est pas un code de l’enquête.", ONGLET,
          _hors("SIT_N_1", codes.SITUATIONS_ADMISES), "derniere_situation"),
    Regle("PRECEDENT_VIDE", "ETAB_N_1", _E, "L’établissement de l’an dernier manque.", ONGLET, _vide("ETAB_N_1"),
          "dernier_organisme"),
    Regle("PRECEDENT_FAUX", "ETAB_N_1", _E, "L’établissement de l’an dernier n’est ni un UAI, ni un département sur trois "
          "caractères.", ONGLET, _etablissement_precedent, "dernier_organisme"),
    Regle("TYPE_CFA_VIDE", "TYPE_CFA", _E, "Le type de CFA manque.", "Répondez une fois pour l’établissement.",
          _vide("TYPE_CFA"), "type_cfa"),
    Regle("TYPE_CFA_FAUX", "TYPE_CFA", _E, "Le type de CFA s’écrit sur deux chiffres, de 01 à 10.",
          "Répondez une fois pour l’établissement.", _hors("TYPE_CFA", codes.TYPE_CFA), "type_cfa"),
    Regle("DUREE_THEORIQUE_VIDE", "DUR_FORM_THEO", _E, "La durée théorique de la formation manque.", FICHE,
          _vide("DUR_FORM_THEO")),
    Regle("DUREE_THEORIQUE_FAUSSE", "DUR_FORM_THEO", _E, "La durée théorique n’est pas un nombre de mois.", FICHE,
          _forme("DUR_FORM_THEO", _MOIS)),
    Regle("DUREE_REELLE_VIDE", "DUR_FORM_REELLE", _E, "La durée réelle de la formation manque.", ONGLET,
          _vide("DUR_FORM_REELLE"), "duree_reelle"),
    Regle("DUREE_REELLE_FAUSSE", "DUR_FORM_REELLE", _E, "La durée réelle n’est pas un nombre de mois.", ONGLET,
          _forme("DUR_FORM_REELLE", _MOIS), "duree_reelle"),
    Regle("FORMATION_VIDE", "DIPLOME", _E, "Ni code formation diplôme, ni code RNCP.", FICHE,
          lambda r: not r["DIPLOME"] and not r["RNCP"]),
    Regle("DIPLOME_FAUX", "DIPLOME", _E, "Le code formation diplôme n’a pas huit caractères.", FICHE,
          _forme("DIPLOME", _CFD)),
    Regle("RNCP_FAUX", "RNCP", _E, "Le code RNCP s’écrit RNCP puis des chiffres.", FICHE, _forme("RNCP", _RNCP)),
    Regle("DEUX_CODES", "RNCP", _A, "Le code RNCP n’est attendu que sans code formation diplôme.", _ERP,
          lambda r: bool(r["DIPLOME"] and r["RNCP"])),
    Regle("ANNEE_VIDE", "AN_FORM", _A, "L’année de formation manque.", FICHE, _vide("AN_FORM")),
    Regle("ANNEE_FAUSSE", "AN_FORM", _E, "L’année de formation s’écrit 1A, 2A…", FICHE, _forme("AN_FORM", _AN)),
    Regle("CONTRAT_VIDE", "DATE_DEB_CONT", _E, "Aucun contrat n’a commencé avant le 31 décembre.", FICHE,
          _vide("DATE_DEB_CONT")),
    Regle("CONTRAT_FAUX", "DATE_DEB_CONT", _E, "Le début du contrat n’existe pas : il s’écrit jjmmaaaa.", FICHE,
          _pas_un_jour("DATE_DEB_CONT")),
    Regle("RUPTURE_FAUSSE", "DATE_RUPT_CONT", _E, "La date de rupture n’existe pas : elle s’écrit jjmmaaaa.", FICHE,
          _pas_un_jour("DATE_RUPT_CONT")),
    Regle("RUPTURE_AVANT", "DATE_RUPT_CONT", _E, "Le contrat est rompu avant d’avoir commencé.", FICHE, _rompu_avant),
    Regle("AGE", "DATE_NAIS", _A, "L’âge au début du contrat est étonnant : moins de 14 ans, ou plus de 70.", FICHE,
          _age_etonnant),
    Regle("INE_VIDE", "INE", _A, "L’INE manque.", FICHE, lambda r: r["INE"] in ("", SANS_INE)),
    Regle("INE_INHABITUEL", "INE", _A, "Cet INE n’a aucune des formes connues.", FICHE, _ine_inhabituel),
    Regle("SIRET_VIDE", "SIRET_EMP", _A, "Le SIRET de l’employeur manque.", FICHE, _vide("SIRET_EMP")),
    Regle("SIRET_FAUX", "SIRET_EMP", _E, "Le SIRET de l’employeur est faux.", FICHE, _siret_faux),
    Regle("COMMUNE_EMPLOYEUR_VIDE", "COM_ETAB", _A, "La commune de l’employeur est inconnue.", ONGLET, _vide("COM_ETAB"),
          "commune_employeur"),
    Regle("COMMUNE_EMPLOYEUR_FAUSSE", "COM_ETAB", _E, "La commune de l’employeur n’est pas un code INSEE.", ONGLET,
          _forme("COM_ETAB", _INSEE), "commune_employeur"),
    Regle("NAF_VIDE", "NAF_ETAB", _A, "L’activité de l’employeur est inconnue.", ONGLET, _vide("NAF_ETAB"), "naf"),
    Regle("NAF_FAUX", "NAF_ETAB", _E, "L’activité de l’employeur n’est pas un code NAF.", ONGLET,
          _forme("NAF_ETAB", _NAF), "naf"),
    Regle("SALARIES_VIDE", "NBSAL_EMP", _A, "Le nombre de salariés de l’employeur manque.", ONGLET, _vide("NBSAL_EMP"),
          "effectif_employeur"),
    Regle("SALARIES_FAUX", "NBSAL_EMP", _E, "Le nombre de salariés n’est pas un nombre.", ONGLET,
          _forme("NBSAL_EMP", _NOMBRE), "effectif_employeur"),
    Regle("TYPE_EMPLOYEUR_VIDE", "TYPE_EMP", _A, "Le type d’employeur manque.", ONGLET, _vide("TYPE_EMP"),
          "type_employeur"),
    Regle("TYPE_EMPLOYEUR_FAUX", "TYPE_EMP", _E, "Le type d’employeur n’est pas un code de l’enquête.", ONGLET,
          _hors("TYPE_EMP", codes.TYPE_EMPLOYEUR), "type_employeur"),
    Regle("NATIONALITE_VIDE", "NATIO", _A, "La nationalité manque.", ONGLET, _vide("NATIO"), "nationalite"),
    Regle("NATIONALITE_FAUSSE", "NATIO", _E, "La nationalité s’écrit 1, 2 ou 3.", ONGLET,
          _hors("NATIO", codes.NATIONALITE), "nationalite"),
    Regle("REGIME_VIDE", "REGIME_SCO", _A, "Le régime scolaire manque.", ONGLET, _vide("REGIME_SCO"), "regime"),
    Regle("REGIME_FAUX", "REGIME_SCO", _E, "Le régime scolaire s’écrit I, D, E ou IE.", ONGLET,
          _hors("REGIME_SCO", codes.REGIME), "regime"),
    Regle("AVANT_VIDE", "SIT_AV_APP", _A, "La situation avant le contrat manque.", ONGLET, _vide("SIT_AV_APP"),
          "situation_avant"),
    Regle("AVANT_FAUX", "SIT_AV_APP", _E, "La situation avant le contrat n’est pas un code de l’enquête.", ONGLET,
          _hors("SIT_AV_APP", codes.SITUATION_AVANT), "situation_avant"),
    Regle("DIPLOME_OBTENU_VIDE", "DIP_OBT", _A, "Le diplôme le plus élevé manque.", ONGLET, _vide("DIP_OBT"),
          "dernier_diplome"),
    Regle("DIPLOME_OBTENU_FAUX", "DIP_OBT", _E, "Le diplôme le plus élevé s’écrit sur deux chiffres.", ONGLET,
          _hors("DIP_OBT", codes.DIPLOME), "dernier_diplome"),
    Regle("PCS_VIDE", "PCS", _A, "La profession du représentant légal manque.", ONGLET, _vide("PCS"), "pcs"),
    Regle("PCS_FAUSSE", "PCS", _E, "La profession du représentant légal n’est pas un code de l’enquête.", ONGLET,
          _hors("PCS", codes.PCS), "pcs"),
    Regle("HANDICAP_FAUX", "HANDI", _E, "La situation de handicap s’écrit 0 ou 1.", ONGLET, lambda r: r["HANDI"] not in ("0", "1"),
          "rqth"),
    Regle("TELEPHONE_FAUX", "TEL_JEUNE", _A, "Le téléphone n’a pas dix chiffres.", FICHE, _forme("TEL_JEUNE", _TEL)),
    Regle("STATUT_FAUX", "STATUT", _E, "Le statut s’écrit APP.", _ERP, lambda r: r["STATUT"] != "APP"),
    Regle("SANS_OBJET", "UAI_EPLE", _A, "UAI_EPLE et NAT_STR_JUR s’écrivent NC.", _ERP,
          lambda r: r["UAI_EPLE"] != "NC" or r["NAT_STR_JUR"] != "NC"),
)  # fmt: skip
PAR_CODE: Final[Mapping[str, Regle]] = {regle.code: regle for regle in REGLES}

_CONTROLES: Final = tuple((regle, regle.faute) for regle in REGLES)


def fautes(rangee: Rangee) -> list[Regle]:
    """The rules that a line breaks, in the order of the catalogue."""
    return [regle for regle, faute in _CONTROLES if faute(rangee)]


def complete(trouvees: Iterable[Regle]) -> bool:
    """Nothing is missing nor wrong; what is only to be verified does not count."""
    return all(regle.gravite is Gravite.ALERTE for regle in trouvees)


def refusee(trouvees: Iterable[Regle]) -> bool:
    """The line is left out of the file."""
    return any(regle.gravite is Gravite.REFUS for regle in trouvees)
