"""« À surveiller » as an export reads it: the people of the screen with their sentences, in its order."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from sqlalchemy import Select

from tdba import formats, horloge
from tdba.exports.colonnes import AGE, ETABLISSEMENT, FORMATION, NAISSANCE, NOM, PRENOM, Colonne, Genre
from tdba.exports.queries_effectifs import Arguments, FiltreDisparu, mineur, parmi_les_cles
from tdba.ruptures import queries_accueil
from tdba.vigilance import queries
from tdba.vigilance.mots import EXPLICATIONS, PAR_CLE, VUS
from tdba.vigilance.queries import Etat
from tdba.vigilance.queries_personne import Ligne

COLONNES: Final = (
    NOM,
    PRENOM,
    NAISSANCE,
    AGE,
    FORMATION,
    ETABLISSEMENT,
    Colonne("employeur", "Employeur", defaut=True),
    Colonne("regles", "Règles", defaut=True),
    Colonne("pourquoi", "Pourquoi", defaut=True),
    Colonne("vu_le", "Vu le", Genre.JOUR, defaut=True),
    Colonne("vu_par", "Vu par", defaut=True),
    Colonne("revoir_le", "À revoir le", Genre.JOUR),
)
"""What the rows of the screen say, without notes."""


def comprendre(arguments: Arguments, _texte: str | None) -> Etat:
    """Read the state of the list. Raises FiltreDisparu for a site or a rule that is not there."""
    site, regle = (next(iter(arguments.get(nom, ())), "") for nom in ("site", "regle"))
    sites = {str(s.id): s.id for s in queries_accueil.sites()} if site else {}
    if (site and site not in sites) or (regle and regle not in PAR_CLE and regle != VUS):
        raise FiltreDisparu
    return Etat(sites.get(site), PAR_CLE.get(regle), regle == VUS)


def criteres(etat: Etat) -> str:
    cle = VUS if etat.vues else EXPLICATIONS[etat.regle].cle if etat.regle else None
    choisis: dict[str, Any] = {"site": etat.site, "regle": cle}
    return urlencode({nom: valeur for nom, valeur in choisis.items() if valeur is not None})


def en_mots(etat: Etat) -> list[str]:
    mots = [s.nom for s in queries_accueil.sites() if s.id == etat.site] if etat.site else []
    if etat.vues:
        mots.append("Vus")
    if etat.regle is not None:
        mots.append(EXPLICATIONS[etat.regle].libelle)
    return mots


def selection(etat: Etat, jour: date) -> Select[Any]:
    """(key, effectif, minor) of every row of the list, in its order."""
    return queries.cles(jour, etat, mineur(jour))


def lignes(etat: Etat, cles: Sequence[int], colonnes: Sequence[Colonne], jour: date) -> list[Sequence[Any]]:
    """The rows of these keys still in the list, the key first, in any order."""
    lues = queries.lignes(jour, etat, lambda cle: parmi_les_cles(cle, cles))
    return [_rangee(ligne, colonnes, jour) for ligne in lues]


def _rangee(ligne: Ligne, colonnes: Sequence[Colonne], jour: date) -> Sequence[Any]:
    valeurs: Mapping[str, Any] = {
        "nom": ligne.nom,
        "prenom": ligne.prenom,
        "date_naissance": ligne.date_naissance,
        "age": formats.age(ligne.date_naissance, jour),
        "formation": ligne.formation,
        "etablissement": ligne.site,
        "employeur": ligne.employeur,
        "regles": ", ".join(EXPLICATIONS[c.regle].libelle for c in ligne.constats),
        "pourquoi": " ".join(ligne.phrases),
        "vu_le": horloge.jour_de_paris(ligne.vu_le) if ligne.vu_le else None,
        "vu_par": ligne.vu_par,
        "revoir_le": ligne.revoir_le,
    }
    return [ligne.effectif_id, *(valeurs[c.code] for c in colonnes)]
