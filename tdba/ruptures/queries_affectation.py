"""Which files a bulk assignment is about, and the other files of the same people (issue 6, part 1)."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, and_, any_, bindparam, select, union
from sqlalchemy.dialects.postgresql import ARRAY, BIGINT
from sqlalchemy.orm import aliased

from tdba import scope
from tdba.db import db
from tdba.effectifs.models import Effectif
from tdba.ruptures import selection
from tdba.ruptures.choix import Choix, Lecteur, retenues
from tdba.scope import Droit

MAXIMUM: Final = 500
"""Files assigned at once."""

# Built once: an alias of a wide table costs milliseconds.
_CHOISI: Final = aliased(Effectif)
_AUTRE: Final = aliased(Effectif)


class Concerne(NamedTuple):
    """An open file, written or not, and who follows it."""

    effectif_id: int
    dossier_id: int | None
    genre: str
    organisme_id: int
    referent_id: int | None


def de_la_liste(genre: str, jour: date, choix: Choix, lecteur: Lecteur) -> list[Concerne]:
    """The rows that these filters show, in their order, one more than what may be assigned at once."""
    lignes = selection.ouverts(genre, jour, choix.site)
    requete = _colonnes(lignes).where(retenues(lignes, choix, lecteur, jour))
    return _lire(requete.order_by(*selection.ordre(lignes)).limit(MAXIMUM + 1))


def parmi(genre: str, jour: date, effectif_ids: Sequence[int]) -> list[Concerne]:
    """Of these records, those whose file of that kind is open, in the order of the list."""
    lignes = selection.ouverts(genre, jour)
    requete = _colonnes(lignes).where(lignes.c.effectif_id == any_(_cles(effectif_ids)))
    return _lire(requete.order_by(*selection.ordre(lignes)).limit(MAXIMUM + 1))


def des_memes_jeunes(jour: date, concernes: Sequence[Concerne]) -> list[Concerne]:
    """The other open files of the same people, in the establishments within reach: one youth has one référent.

    The same youth: the same INE, or the same name and birth date.
    """
    choisis = {(c.effectif_id, c.genre) for c in concernes}
    if not choisis:
        return []
    lignes = selection.tous_ouverts(jour)
    ids = [c.effectif_id for c in concernes]
    requete = _colonnes(lignes).where(lignes.c.effectif_id.in_(_memes_jeunes(ids)))
    lus = _lire(requete.order_by(lignes.c.effectif_id).limit(MAXIMUM))
    return [c for c in lus if (c.effectif_id, c.genre) not in choisis]


def _memes_jeunes(effectif_ids: Sequence[int]) -> Any:
    par_ine = and_(_AUTRE.ine == _CHOISI.ine, _CHOISI.ine.is_not(None))
    par_etat_civil = and_(
        _AUTRE.recherche == _CHOISI.recherche, _AUTRE.date_naissance == _CHOISI.date_naissance
    )
    return union(
        *(
            select(_AUTRE.id)
            .join_from(_CHOISI, _AUTRE, memes)
            .where(_CHOISI.id == any_(_cles(effectif_ids)))
            .where(scope.portee_sur(_CHOISI.organisme_id, Droit.CORRIGER))
            .where(scope.portee_sur(_AUTRE.organisme_id, Droit.CORRIGER))
            for memes in (par_ine, par_etat_civil)
        )
    )


def _cles(cles: Sequence[int]) -> Any:
    return bindparam(None, sorted(cles), type_=ARRAY(BIGINT))


def _colonnes(lignes: Any) -> Select[Any]:
    c = lignes.c
    return select(c.effectif_id, c.dossier_id, c.genre, c.organisme_id, c.referent_id)


def _lire(requete: Select[Any]) -> list[Concerne]:
    return [Concerne(*ligne) for ligne in db.session.execute(scope.autorisee(requete, Droit.CORRIGER))]
