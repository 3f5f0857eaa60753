"""The two worklists as an export reads them: the rows of their screen, in its order (decision 31)."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import urlencode

from sqlalchemy import Select, select

from tdba import formats, horloge, scope
from tdba.db import db
from tdba.effectifs.models import Effectif
from tdba.exports.colonnes import Colonne
from tdba.exports.queries_effectifs import Arguments, FiltreDisparu, mineur, parmi_les_cles, permis
from tdba.organismes.models import Organisme
from tdba.ruptures import queries_accueil, selection
from tdba.ruptures.queries_ligne import Ligne, afficher, ligne_de
from tdba.ruptures.regles import SEGMENTS, Segment
from tdba.scope import Droit


class Etat(NamedTuple):
    """One state of a worklist."""

    genre: str
    site: int | None
    segment: Segment | None


def comprendre(genre: str, arguments: Arguments, _texte: str | None) -> Etat:
    """Read the state of the list. Raises FiltreDisparu for a site or a segment that is not there."""
    segments = {_cle(s): s for s in SEGMENTS[genre]}
    site, segment = _premier(arguments, "site"), _premier(arguments, "segment")
    sites = {str(s.id): s.id for s in queries_accueil.sites()} if site else {}
    if (site and site not in sites) or (segment and segment not in segments):
        raise FiltreDisparu
    return Etat(genre, sites.get(site), segments.get(segment))


def _premier(arguments: Arguments, nom: str) -> str:
    return next(iter(arguments.get(nom, ())), "")


def _cle(segment: Segment) -> str:
    """How the address of the list names a segment: `45-89`, `180-plus`."""
    premier, dernier = segment.value
    return f"{premier}-{'plus' if dernier is None else dernier}"


def criteres(etat: Etat) -> str:
    choisis: dict[str, Any] = {"site": etat.site, "segment": _cle(etat.segment) if etat.segment else None}
    return urlencode({nom: valeur for nom, valeur in choisis.items() if valeur is not None})


def en_mots(etat: Etat) -> list[str]:
    mots = []
    if etat.site is not None:
        mots.append(
            str(db.session.execute(select(Organisme.nom).where(Organisme.id == etat.site)).scalar_one())
        )
    if etat.segment is not None:
        premier, dernier = etat.segment.value
        mots.append(
            f"{formats.jours(premier)} et plus"
            if dernier is None
            else f"{premier} à {formats.jours(dernier)}"
        )
    return mots


def selection_de(etat: Etat, jour: date) -> Select[Any]:
    """(key, effectif, minor) of every row of the list, in its order."""
    lignes = selection.ouverts(etat.genre, jour, etat.site)
    requete = select(lignes.c.effectif_id.label("cle"), lignes.c.effectif_id, mineur(jour)).join_from(
        lignes, Effectif, Effectif.id == lignes.c.effectif_id
    )
    if etat.segment is not None:
        requete = requete.where(selection.dans_le_segment(lignes, etat.segment))
    return scope.autorisee(requete.order_by(*selection.ordre(lignes)), Droit.CORRIGER)


def lignes(etat: Etat, cles: Sequence[int], colonnes: Sequence[Colonne], jour: date) -> list[Sequence[Any]]:
    """The rows of these keys still in the list, the key first, in any order."""
    ouvertes = selection.ouverts(etat.genre, jour, etat.site)
    contact = [permis(getattr(Effectif, c.code), c.droits) for c in colonnes if c.coordonnee]
    requete = afficher(ouvertes, *contact).where(parmi_les_cles(ouvertes.c.effectif_id, cles))
    lues = db.session.execute(scope.autorisee(requete, Droit.CORRIGER)).all()
    return [_rangee(lue[: len(contact)], ligne_de(lue[len(contact) :], jour), colonnes, jour) for lue in lues]


def _rangee(contact: Sequence[Any], ligne: Ligne, colonnes: Sequence[Colonne], jour: date) -> Sequence[Any]:
    derniere = ligne.derniere_demarche_le
    valeurs: Mapping[str, Any] = {
        "nom": ligne.nom,
        "prenom": ligne.prenom,
        "date_naissance": ligne.date_naissance,
        "age": formats.age(ligne.date_naissance, jour),
        "formation": ligne.formation,
        "etablissement": ligne.site,
        "depuis": ligne.depuis,
        "jours": ligne.situation.jours,
        "echeance": ligne.situation.echeance,
        "derniere_le": horloge.jour_de_paris(derniere) if derniere else None,
        "derniere": ligne.derniere_demarche,
        "prochaine_le": ligne.prochaine_le,
    }
    suite = iter(contact)
    return [ligne.effectif_id, *(next(suite) if c.coordonnee else valeurs[c.code] for c in colonnes)]


def pour(genre: str) -> Any:
    """How the state of that worklist is read."""
    return partial(comprendre, genre)
