"""When nothing matches a search: the records whose name is one typing mistake away from it, at a bounded cost."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, and_, or_

from tdba import scope
from tdba.db import db
from tdba.effectifs import fautes
from tdba.effectifs.filtres import Filtres
from tdba.effectifs.models import Effectif
from tdba.effectifs.queries_filtres import conditions_de, numero
from tdba.effectifs.recherche import Criteres, Terme, motif_like
from tdba.scope import Droit

CANDIDATS: Final = 500
"""Rows that PostgreSQL may bring back, to be compared one by one."""
PROCHES: Final = 50


def proches(filtres: Filtres, criteres: Criteres, jour: date) -> tuple[int, ...]:
    """The ids of the records near what was typed, within the filters and the reach, in the order of their names."""
    mots = [mot for terme in criteres.termes for mot in terme.mots]
    if criteres.impossible is not None or not any(map(fautes.tolere, mots)):
        return ()
    requete = scope.select_for(Effectif, Droit.VOIR_NOMINATIF, Effectif.id, Effectif.recherche)
    requete = requete.where(
        *conditions_de(filtres, None, jour),
        *(Effectif.date_naissance == naissance for naissance in criteres.naissances),
        *map(_approche, criteres.termes),
    )
    # Without an order: the candidates stop at their limit, instead of being all found first.
    lignes = db.session.execute(requete.limit(CANDIDATS)).all()
    a_chercher = [terme for terme in criteres.termes if terme.ine is None]
    gardees = sorted(
        (recherche, cle)
        for cle, recherche in lignes
        if fautes.proche((mot for terme in a_chercher for mot in terme.mots), recherche)
    )
    return tuple(cle for _, cle in gardees[:PROCHES])


def _approche(terme: Terme) -> ColumnElement[bool]:
    nom = and_(*voisins(terme.mots))
    return or_(nom, *numero(terme)) if terme.ine is not None else nom


def voisins(mots: Iterable[str], lettres: int = fautes.LETTRES_MIN) -> list[ColumnElement[bool]]:
    """For each word: the name holds it, or one near it when it has that many `lettres`.

    Indexes read the patterns; the expression narrows what they bring.
    """
    return [_voisin(mot, lettres) for mot in mots]


def _voisin(mot: str, lettres: int) -> ColumnElement[bool]:
    dedans = motif_like(mot)
    if len(mot) < lettres or not fautes.tolere(mot):
        return Effectif.recherche.like(dedans, escape="\\")
    bouts = or_(*(Effectif.recherche.like(motif) for motif in (dedans, *fautes.motifs(mot))))
    # Concatenated with nothing: the trigrams of the whole expression are too many to help, and cost.
    entier = Effectif.recherche.concat("").regexp_match(f"{fautes.expression(mot)}|{mot}")
    return and_(bouts, entier)
