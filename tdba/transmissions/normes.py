"""Normalisers of the fields of a line: what is received, then its normalised value or why it is refused. Pure.

A normaliser never raises, whatever it is given. It returns the typed value, a `Refus`, or None for "nothing sent".
Order of work and sentences: domain.md §4.2; what is stricter than the existing service: decision 13.
Functions are written by hand, one look at the type and one precompiled pattern each: see lignes.py for the figures.
"""

import math
import re
from collections.abc import Callable

from tdba.transmissions import refus, telephones
from tdba.transmissions.identifiants import contient_un_nir
from tdba.transmissions.refus import Refus

Normaliseur = Callable[[object], object]

LONGUEUR_TEXTE = 255
LONGUEUR_ADRESSE = 500

# What PostgreSQL or UTF-8 cannot hold: NUL, and halves of a surrogate pair.
CARACTERES_INTERDITS = re.compile("[\x00\ud800-\udfff]")

# Beyond, str() of an integer is slow, then refused by Python; no identifier is that long.
_PLUS_GRAND_NOMBRE = 10**20

_SEPARATEURS = re.compile(r"[\s.\-]+")
_ENTIER = re.compile(r"\s*([+-]?[0-9]{1,15})(?:\.0*)?\s*")
EMAIL = re.compile(
    r"[A-Za-z0-9_'+-]+(?:\.[A-Za-z0-9_'+-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}"
)
ANNEE_SCOLAIRE = re.compile(r"([12][0-9]{3})-([12][0-9]{3})")
SIRET = re.compile(r"[0-9]{14}")
UAI = re.compile(r"[0-9]{7}[A-Za-z]")
CODE_POSTAL = re.compile(r"[0-9]{5}")
CODE_INSEE = re.compile(r"(?:[0-9]{2}|2A|2B)[0-9]{3}")
RNCP = re.compile(r"RNCP[0-9]{2,5}")
CFD = re.compile(r"[A-Za-z0-9]{8}")
DERNIER_ORGANISME = re.compile(
    r"0?[0-9][0-9]|0?2[AB]|0?9[012345]|97[1234678]|98[678]|99[0135]|[0-9]{7}[a-zA-Z]"
)

SEXES = {"M": "M", "H": "M", "1": "M", "F": "F", "2": "F"}
STATUTS = frozenset({0, 2, 3})
TYPES_CFA = frozenset(f"{code:02d}" for code in range(1, 11))
_BOOLEENS_DE_CELLULE = {
    "1": True, "oui": True, "vrai": True, "true": True,
    "0": False, "non": False, "faux": False, "false": False,
}  # fmt: skip
# Codes of the SIFA survey, year N-1: x0xx as a pupil, x1xx as an apprentice (domain.md §2.1).
SITUATIONS = frozenset({
    1003, 1005, 1009, 1017, 1019, 1021, 1023, 2001, 2003, 2005, 2007, 3001, 3101, 3003, 3103, 3009, 3109,
    3011, 3111, 3031, 3131, 3032, 3132, 3033, 3133, 3117, 3119, 3021, 3121, 3023, 3123, 4001, 4101, 4003,
    4103, 4005, 4105, 4007, 4107, 4009, 4011, 4111, 4013, 4113, 4015, 4115, 4017, 4117, 4019, 4119, 4021,
    4121, 4023, 4123, 4025, 4125, 4027, 4127, 5901, 5903, 5905, 5907, 5909, 9900, 9999,
})  # fmt: skip


def en_texte(recu: object) -> str | None:
    """Return the text of a text or of a number (1234.0 reads "1234", as spreadsheets and JSON mean it), else None."""
    if isinstance(recu, str):
        return recu
    if isinstance(recu, bool):
        return None
    if isinstance(recu, float) and recu.is_integer():
        recu = int(recu)
    if isinstance(recu, int):
        return str(recu) if abs(recu) < _PLUS_GRAND_NOMBRE else None
    return str(recu) if isinstance(recu, float) and math.isfinite(recu) else None


def _verifie(valeur: str, maximum: int) -> str | Refus | None:
    """Apply to a trimmed text what every free text owes: a length, storable characters, no NIR (decision 16)."""
    if not valeur:
        return None
    if len(valeur) > maximum:
        return refus.texte_trop_long(maximum)
    if (not valeur.isascii() or "\x00" in valeur) and CARACTERES_INTERDITS.search(valeur):
        return refus.CARACTERE_INTERDIT
    return refus.RESSEMBLE_A_UN_NIR if contient_un_nir(valeur) else valeur


def texte(recu: object) -> str | Refus | None:
    """Trimmed free text; an empty one is nothing sent."""
    return _verifie(recu.strip(), LONGUEUR_TEXTE) if isinstance(recu, str) else refus.TEXTE_ATTENDU


def adresse(recu: object) -> str | Refus | None:
    return _verifie(recu.strip(), LONGUEUR_ADRESSE) if isinstance(recu, str) else refus.TEXTE_ATTENDU


def nom(recu: object) -> str | Refus | None:
    """Family name: trimmed, upper case; the length is that of the result ("ß" becomes "SS")."""
    return _verifie(recu.strip().upper(), LONGUEUR_TEXTE) if isinstance(recu, str) else refus.TEXTE_ATTENDU


def texte_ou_nombre(recu: object) -> str | Refus | None:
    """Free text that some senders write as a number."""
    valeur = en_texte(recu)
    return refus.TEXTE_ATTENDU if valeur is None else _verifie(valeur.strip(), LONGUEUR_TEXTE)


def adresse_de_cellule(recu: object) -> str | Refus | None:
    valeur = en_texte(recu)
    return refus.TEXTE_ATTENDU if valeur is None else _verifie(valeur.strip(), LONGUEUR_ADRESSE)


def identifiant(recu: object) -> str | Refus | None:
    """Id in the ERP, text or number; whether it is a NIR needs the birth date and is looked at by the line."""
    valeur = en_texte(recu)
    if valeur is None:
        return refus.TEXTE_ATTENDU
    valeur = valeur.strip()
    if len(valeur) > LONGUEUR_TEXTE:
        return refus.texte_trop_long(LONGUEUR_TEXTE)
    return refus.CARACTERE_INTERDIT if CARACTERES_INTERDITS.search(valeur) else valeur or None


def ine(recu: object) -> str | Refus | None:
    """National pupil number, upper case; its known forms are not enforced (domain.md §2.1)."""
    return identifiant(recu.upper() if isinstance(recu, str) else recu)


def libelle(recu: object) -> str | Refus | None:
    """Short title of the formation: at least 2 characters when it is sent."""
    if not isinstance(recu, str):
        return refus.TEXTE_ATTENDU
    valeur = recu.strip()
    return _verifie(valeur, LONGUEUR_TEXTE) if len(valeur) >= 2 else refus.TEXTE_TROP_COURT


def email(recu: object) -> str | Refus:
    """Trimmed e-mail; an empty one is refused, as the existing service does."""
    if not isinstance(recu, str):
        return refus.TEXTE_ATTENDU
    valeur = recu.strip()
    if len(valeur) > LONGUEUR_TEXTE:
        return refus.texte_trop_long(LONGUEUR_TEXTE)
    if EMAIL.fullmatch(valeur) is None:
        return refus.EMAIL_INVALIDE
    return refus.RESSEMBLE_A_UN_NIR if contient_un_nir(valeur) else valeur


def telephone(recu: object) -> str | Refus | None:
    valeur = en_texte(recu)
    return refus.FORMAT_INVALIDE if valeur is None else telephones.telephone(valeur)


def booleen(recu: object) -> bool | Refus:
    """Boolean of the API: a JSON boolean and nothing else."""
    return recu if isinstance(recu, bool) else refus.BOOLEEN_ATTENDU


def booleen_de_cellule(recu: object) -> bool | Refus:
    """Boolean of a spreadsheet: 1/0, oui/non, vrai/faux, true/false (domain.md §4.3)."""
    if isinstance(recu, bool):
        return recu
    valeur = _BOOLEENS_DE_CELLULE.get((en_texte(recu) or "").strip().lower())
    return refus.OUI_OU_NON_ATTENDU if valeur is None else valeur


def entier(recu: object) -> int | Refus:
    """Integer, or text that writes one."""
    if isinstance(recu, bool):
        return refus.NOMBRE_ATTENDU
    if isinstance(recu, int):
        return recu
    if isinstance(recu, float):
        return int(recu) if recu.is_integer() else refus.ENTIER_ATTENDU
    lu = _ENTIER.fullmatch(recu) if isinstance(recu, str) else None
    return refus.NOMBRE_ATTENDU if lu is None else int(lu[1])


def annee_de_formation(recu: object) -> int | Refus:
    """Year of the formation, 0 to 5."""
    valeur = entier(recu)
    if isinstance(valeur, Refus) or 0 <= valeur <= 5:
        return valeur
    return refus.ANNEE_TROP_GRANDE if valeur > 0 else refus.ANNEE_TROP_PETITE


def statut(recu: object) -> int | Refus:
    """Legacy status: 0 abandon, 2 inscrit, 3 apprenti."""
    valeur = entier(recu)
    return valeur if valeur in STATUTS else refus.STATUT_INVALIDE


def situation(recu: object) -> int | Refus | None:
    """Situation of the year before, SIFA code; 0 is nothing sent."""
    valeur = entier(recu)
    if valeur == 0:
        return None
    return valeur if valeur in SITUATIONS else refus.SITUATION_INVALIDE


def duree_en_annees(recu: object) -> int | Refus | None:
    return _duree(recu, 4)


def duree_en_mois(recu: object) -> int | Refus | None:
    return _duree(recu, 48)


def _duree(recu: object, maximum: int) -> int | Refus | None:
    if isinstance(recu, str) and not recu.strip():
        return None
    valeur = entier(recu)
    return valeur if not isinstance(valeur, Refus) and 1 <= valeur <= maximum else refus.DUREE_INVALIDE


def annee_scolaire(recu: object) -> str | Refus:
    """School year `2024-2025`, or `2024-2024`; `/` and spaces are forgiven."""
    valeur = en_texte(recu)
    if valeur is None:
        return refus.TEXTE_ATTENDU
    annees = ANNEE_SCOLAIRE.fullmatch(valeur)
    if annees is None:
        valeur = "".join(valeur.replace("/", "-").split())
        annees = ANNEE_SCOLAIRE.fullmatch(valeur)
    if annees is None or int(annees[2]) - int(annees[1]) not in (0, 1):
        return refus.ANNEE_SCOLAIRE_INVALIDE
    return valeur


def uai(recu: object) -> str | Refus:
    """UAI: 7 digits and a letter, upper case; its key is looked at with the couple, on required ones only."""
    if not isinstance(recu, str):
        return refus.TEXTE_ATTENDU
    valeur = recu.strip()
    return valeur.upper() if UAI.fullmatch(valeur) else refus.UAI_INVALIDE


def siret(recu: object) -> str | Refus:
    """SIRET: 14 digits once spaces, dots and dashes are gone."""
    valeur = en_texte(recu) or ""
    if SIRET.fullmatch(valeur):
        return valeur
    valeur = _SEPARATEURS.sub("", valeur)
    return valeur if SIRET.fullmatch(valeur) else refus.SIRET_INVALIDE


def siret_secondaire(recu: object) -> str | Refus | None:
    """SIRET of an employer or of a place: an empty one is nothing sent, a wrong one is set aside (decision 13)."""
    return None if isinstance(recu, str) and not recu.strip() else siret(recu)


def code_postal(recu: object) -> str | Refus:
    """Postal code, left-padded to 5 digits."""
    valeur = (en_texte(recu) or "").strip()
    complete = valeur.zfill(5) if valeur.isdigit() else valeur
    return complete if CODE_POSTAL.fullmatch(complete) else refus.CODE_POSTAL_INVALIDE


def code_postal_secondaire(recu: object) -> str | Refus | None:
    """Postal code of birth: an empty one is nothing sent, a wrong one is set aside (decision 13)."""
    return None if isinstance(recu, str) and not recu.strip() else code_postal(recu)


def code_insee(recu: object) -> str | Refus:
    valeur = en_texte(recu) or ""
    return valeur if CODE_INSEE.fullmatch(valeur) else refus.FORMAT_INVALIDE


def rncp(recu: object) -> str | Refus:
    """RNCP code: upper case, separators removed, prefix added when absent."""
    valeur = _SEPARATEURS.sub("", en_texte(recu) or "").upper()
    complete = valeur if valeur.startswith("RNCP") else f"RNCP{valeur}"
    return complete if RNCP.fullmatch(complete) else refus.RNCP_INVALIDE


def cfd(recu: object) -> str | Refus:
    """CFD code: 8 letters or digits, upper case."""
    valeur = (en_texte(recu) or "").strip()
    return valeur.upper() if CFD.fullmatch(valeur) else refus.CFD_INVALIDE


def sexe(recu: object) -> str | Refus:
    """M or F; H and 1 read M, 2 reads F."""
    return SEXES.get((en_texte(recu) or "").strip()) or refus.SEXE_INVALIDE


def dernier_organisme(recu: object) -> str | Refus:
    """UAI of the year before, or a département on 2 or 3 characters, or 990, 991, 993, 995."""
    valeur = (en_texte(recu) or "").strip()
    return valeur.upper() if DERNIER_ORGANISME.fullmatch(valeur) else refus.DERNIER_ORGANISME_INVALIDE


def type_cfa(recu: object) -> str | Refus:
    """Kind of CFA, left-padded to 2 digits, 01 to 10."""
    valeur = (en_texte(recu) or "").rjust(2, "0")
    return valeur if valeur in TYPES_CFA else refus.TYPE_CFA_INVALIDE
