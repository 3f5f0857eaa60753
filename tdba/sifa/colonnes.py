"""The 47 columns of the file, in order, and how each value is written (domain.md §8). Pure; never raises.

No cell needs quoting, and none is a formula for a spreadsheet, but for the text `=""` that the survey wants for a
missing INE. What differs from the former export is told in docs/sifa.md.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Final, NamedTuple

from tdba.transmissions import normes

SANS_INE: Final = '=""'
NOM_MAX: Final = 100
ADRESSE_MAX: Final = 200


class Contrat(NamedTuple):
    """Dates of a contract, and its employer."""

    debut: date | None = None
    fin: date | None = None
    rupture: date | None = None
    siret: str | None = None
    rang: int = 0


class Employeur(NamedTuple):
    """What the national register of companies says of the establishment."""

    naf: str | None = None
    code_insee: str | None = None


SANS_CONTRAT: Final = Contrat()
SANS_EMPLOYEUR: Final = Employeur()


@dataclass(slots=True)
class Personne:
    """An apprentice as the survey sees them: effective values, answers, and the contract of the reference day."""

    effectif_id: int = 0
    organisme_id: int = 0
    version: int = 0
    """Of the answers: 0 when nobody typed any yet."""
    ine: str | None = None
    nom: str | None = None
    prenom: str | None = None
    sexe: str | None = None
    date_naissance: date | None = None
    adresse: str | None = None
    code_postal: str | None = None
    code_insee: str | None = None
    telephone: str | None = None
    courriel: str | None = None
    rncp: str | None = None
    cfd: str | None = None
    duree_mois: int | None = None
    annee_formation: int | None = None
    date_entree: date | None = None
    date_fin: date | None = None
    uai_responsable: str | None = None
    uai_formateur: str | None = None
    statut: int | None = None
    postal_naissance: str | None = None
    """As received; only helps to find the commune."""
    reponses: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    contrat: Contrat = SANS_CONTRAT
    employeur: Employeur = SANS_EMPLOYEUR
    reference: date = date.max

    def reponse(self, champ: str) -> str:
        return self.reponses.get(champ) or ""


_LIEES: Final = str.maketrans(
    {"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ẞ": "SS", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L"}
    | dict.fromkeys("-‐‑‒–—―−", " ")
)


def nettoyer(nom: str | None) -> str:
    """A name as the file takes it: no accents, hyphens as spaces, letters, digits and spaces alone, 100 at most."""
    if nom and nom.isascii() and nom.isalnum():
        return nom[:NOM_MAX]
    texte = (nom or "").translate(_LIEES)
    if not texte.isascii():
        texte = unicodedata.normalize("NFKD", texte).translate(_LIEES)
    gardes = "".join(c for c in texte if c.isascii() and (c.isalnum() or c.isspace()))
    return " ".join(gardes.split())[:NOM_MAX].rstrip()


_COUPURES: Final = re.compile(r'[;"\s\x00-\x1f\x7f\ud800-\udfff]+')


def neutre(texte: str | None, maximum: int = ADRESSE_MAX) -> str:
    """A free text in one cell: no separator, no quote, no line break, not the start of a formula."""
    propre = _COUPURES.sub(" ", unicodedata.normalize("NFC", texte or "")).strip()
    return propre.lstrip("=+-@ ")[:maximum].rstrip()


def jour(d: date | None) -> str:
    """`ddMMyyyy`; "" without a day."""
    return f"{d.day:02}{d.month:02}{d.year:04}" if d else ""


def telephone(numero: str | None) -> str:
    """`+33` becomes 0; another country keeps its own, written 00."""
    texte = re.sub(r"[\s.()\-]", "", numero or "")
    if texte.startswith("+33"):
        return "0" + texte[3:].removeprefix("0")
    return neutre("00" + texte[1:] if texte.startswith("+") else texte, 20)


def courriel(adresse: str | None) -> str:
    """An address is written whole or not at all."""
    texte = (adresse or "").strip()
    return texte if normes.EMAIL.fullmatch(texte) and texte[0] not in "+-" else ""


def duree_reelle(p: Personne) -> str:
    """Months as answered, else thirtieths of the days between entry and end (domain.md §4.4 step 5)."""
    if dite := p.reponse("duree_reelle"):
        return dite
    if p.date_entree is None or p.date_fin is None or p.date_fin < p.date_entree:
        return ""
    return str(round((p.date_fin - p.date_entree).days / 30))


def _ine(p: Personne) -> str:
    return re.sub(r"[^0-9A-Z_]", "", (p.ine or "").upper())[:11] or SANS_INE


def _etablissement_precedent(p: Personne) -> str:
    dit = p.reponse("dernier_organisme")
    return dit if len(dit) == 8 else dit.zfill(3)[-3:] if dit else ""


def _type_cfa(p: Personne) -> str:
    dit = p.reponse("type_cfa")
    return dit.zfill(2) if dit else ""


def _rupture(p: Personne) -> str:
    """Only what had happened by the reference day: a file made in March says what one made in January said."""
    rupture = p.contrat.rupture
    return jour(rupture) if rupture and rupture <= p.reference else ""


_SEXES: Final = {"M": "1", "F": "2"}
_Valeur = Callable[[Personne], str]


def _vide(_p: Personne) -> str:
    return ""


def _fixe(valeur: str) -> _Valeur:
    return lambda _p: valeur


def _dite(champ: str) -> _Valeur:
    return lambda p: p.reponse(champ)


class Colonne(NamedTuple):
    nom: str
    libelle: str
    valeur: _Valeur
    largeur: int = 0
    """Digits that a spreadsheet may have eaten at the left of a number (0: none)."""


_C = Colonne
COLONNES: Final = (
    _C("INE", "INE", _ine),
    _C("NUMERO_UAI", "UAI du CFA responsable", lambda p: p.uai_responsable or ""),
    _C("TYPE_CFA", "Type de CFA", _type_cfa, 2),
    _C("SIT_FORM", "UAI du site de formation", lambda p: p.uai_formateur or ""),
    _C("UAI_EPLE", "UAI de l’EPLE", _fixe("NC")),
    _C("NAT_STR_JUR", "Nature de la structure", _fixe("NC")),
    _C("STATUT", "Statut", _fixe("APP")),
    _C("DIPLOME", "Code formation diplôme", lambda p: p.cfd or ""),
    _C("RNCP", "Code RNCP", lambda p: "" if p.cfd else p.rncp or ""),
    _C("DUR_FORM_THEO", "Durée théorique", lambda p: str(p.duree_mois) if p.duree_mois else ""),
    _C("DUR_FORM_REELLE", "Durée réelle", duree_reelle),
    _C("AN_FORM", "Année de formation", lambda p: "" if p.annee_formation is None else f"{p.annee_formation}A"),
    _C("NOM", "Nom", lambda p: nettoyer(p.nom)),
    _C("NOM2", "Second nom", _vide),
    _C("PRENOM1", "Prénom", lambda p: nettoyer(p.prenom)),
    _C("PRENOM2", "Deuxième prénom", _vide),
    _C("PRENOM3", "Troisième prénom", _vide),
    _C("ADRESSE", "Adresse", lambda p: neutre(p.adresse)),
    _C("COD_POST", "Code postal", lambda p: neutre(p.code_postal, 10), 5),
    _C("COM_RESID", "Commune de résidence", lambda p: neutre(p.code_insee, 10), 5),
    _C("TEL_JEUNE", "Téléphone de l’apprenti", lambda p: telephone(p.telephone), 10),
    _C("TEL_RESP1_PERSO", "Téléphone du représentant", lambda p: telephone(p.reponse("representant_telephone")), 10),
    _C("TEL_RESP1_PRO", "Téléphone professionnel du représentant",
       lambda p: telephone(p.reponse("representant_telephone")), 10),
    _C("TEL_RESP2_PERSO", "Téléphone du second représentant", _vide),
    _C("TEL_RESP2_PRO", "Téléphone professionnel du second représentant", _vide),
    _C("MAIL_JEUNE", "Adresse électronique de l’apprenti", lambda p: courriel(p.courriel)),
    _C("MAIL_RESP1", "Adresse électronique du représentant", lambda p: courriel(p.reponse("representant_courriel"))),
    _C("MAIL_RESP2", "Adresse électronique du second représentant", _vide),
    _C("DATE_NAIS", "Date de naissance", lambda p: jour(p.date_naissance), 8),
    _C("LIEU_NAIS", "Commune de naissance", _dite("commune_naissance"), 5),
    _C("SEXE", "Sexe", lambda p: _SEXES.get(p.sexe or "", "")),
    _C("REGIME_SCO", "Régime scolaire", _dite("regime")),
    _C("PCS", "Profession du représentant", _dite("pcs")),
    _C("HANDI", "Situation de handicap", lambda p: "1" if p.reponse("rqth") == "oui" else "0"),
    _C("NATIO", "Nationalité", _dite("nationalite")),
    _C("SIT_AV_APP", "Situation avant le contrat", _dite("situation_avant")),
    _C("DIP_OBT", "Diplôme obtenu", lambda p: d.zfill(2) if (d := p.reponse("dernier_diplome")) else "", 2),
    _C("SIT_N_1", "Situation l’an dernier", _dite("derniere_situation")),
    _C("ETAB_N_1", "Établissement de l’an dernier", _etablissement_precedent, 3),
    _C("TYPE_EMP", "Type d’employeur", _dite("type_employeur")),
    _C("DATE_ENTREE_CFA", "Date d’entrée au CFA", _vide),
    _C("DATE_DEB_CONT", "Début du contrat", lambda p: jour(p.contrat.debut), 8),
    _C("DATE_RUPT_CONT", "Rupture du contrat", _rupture, 8),
    _C("COM_ETAB", "Commune de l’employeur",
       lambda p: p.reponse("commune_employeur") or p.employeur.code_insee or "", 5),
    _C("NAF_ETAB", "Activité de l’employeur", lambda p: p.reponse("naf") or p.employeur.naf or "", 5),
    _C("NBSAL_EMP", "Salariés de l’employeur", _dite("effectif_employeur")),
    _C("SIRET_EMP", "SIRET de l’employeur", lambda p: p.contrat.siret or "", 14),
)  # fmt: skip
NOMS: Final = tuple(c.nom for c in COLONNES)
LIBELLES: Final[Mapping[str, str]] = {c.nom: c.libelle for c in COLONNES}
RANGS: Final[Mapping[str, int]] = {c.nom: rang for rang, c in enumerate(COLONNES)}

Rangee = dict[str, str]
"""A line of the file: column → text."""

_PAR_COLONNE: Final = tuple((c.nom, c.valeur) for c in COLONNES)


def rangee(p: Personne) -> Rangee:
    """The line of one apprentice."""
    return {nom: valeur(p) for nom, valeur in _PAR_COLONNE}
