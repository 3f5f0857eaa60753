"""Opening and closing what is left to settle (decision 5). Callers commit.

A genre found by a SELECT is made equal to it, for some organismes at once: running again changes nothing, and what the
night makes again is what each act had made. Nothing here is journaled: the act that causes a point already is.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from json import dumps
from typing import Any, Final, NamedTuple

from tdba import horloge, journal, scope
from tdba.jobs import enqueue_after_commit
from tdba.points import genres, sql

LOT: Final = 50
"""Organismes made again between two commits."""


class Change(NamedTuple):
    """How many points were opened or said otherwise, and how many closed."""

    ouverts: int
    clos: int


def poser(
    genre: str,
    organisme_id: int,
    cle: str = "",
    *,
    effectif_id: int | None = None,
    annee_scolaire: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Open one point, or say again what it is. `cle` tells it from others of its genre in the organisme.

    `details` holds counts, codes, dates and ids, never a value of a person.
    """
    if _confie([organisme_id]):
        return
    scope.connexion("point à régler").exec_driver_sql(
        sql.POSER,
        {
            "organisme_id": organisme_id,
            "effectif_id": effectif_id,
            "annee_scolaire": annee_scolaire,
            "genre": genre,
            "consequence": genres.GENRES[genre].consequence,
            "cle": cle,
            "details": dumps(dict(details or {}), default=str),
            "le": horloge.maintenant(),
        },
    )


def clore(genre: str, organisme_id: int, cle: str = "") -> None:
    """Close one point, if it is open."""
    if _confie([organisme_id]):
        return
    scope.connexion("point réglé").exec_driver_sql(
        sql.CLORE, {"genre": genre, "organisme_id": organisme_id, "cle": cle, "le": horloge.maintenant()}
    )


def remplacer(genre: str, organisme_ids: Collection[int]) -> Change:
    """Make the open points of a genre, in these organismes, equal to what its owner's SELECT finds now."""
    voulus = genres.ouverts(genre)
    if voulus is None or not organisme_ids or _confie(organisme_ids):
        return Change(0, 0)
    return _aligner(genre, sql.aligner(voulus), {"organismes": sorted(organisme_ids)})


def refaire(organisme_ids: Collection[int]) -> Change:
    """Make every genre found by a SELECT right in these organismes."""
    changes = [remplacer(genre, organisme_ids) for genre in genres.recherches()]
    return Change(sum(c.ouverts for c in changes), sum(c.clos for c in changes))


def suivre_les_corrections(effectif_ids: Sequence[int]) -> None:
    """Say the conflicts of these records, and what is to be copied into the ERP, in the transaction that changed them."""
    portee = {"effectifs": list(effectif_ids)}
    trouves = scope.connexion("organismes des fiches changées").exec_driver_sql(
        sql.ORGANISMES_DES_EFFECTIFS, portee
    )
    organismes = trouves.scalars().all()
    if _confie(organismes):
        return
    _aligner("CONFLIT", _CONFLITS, portee)
    _aligner("CONTRAT_PLUS_TRANSMIS", _CONTRATS, portee)
    remplacer("A_REPORTER", organismes)


def _confie(organisme_ids: Collection[int]) -> bool:
    """Leave it to a job when a network corrects for its member: it reads none of the member's points (decision 26)."""
    if scope.courant().suivi is None:
        return False
    for organisme_id in organisme_ids:
        enqueue_after_commit("points.refaire", organisme_id=organisme_id)
    return True


_CONFLITS: Final = sql.aligner(sql.CONFLITS_DES_EFFECTIFS, portee=sql.DEPUIS_EFFECTIFS)
_CONTRATS: Final = sql.aligner(sql.CONTRATS_DES_EFFECTIFS, portee=sql.DEPUIS_EFFECTIFS)


def reconstruire(renouveler: Callable[[], None]) -> None:
    """Make every point of every organisme right: closes what the days alone end, and any drift. `renouveler` commits."""
    organismes, ouverts, clos = 0, 0, 0
    for lot in _lots():
        change = refaire(lot)
        renouveler()
        organismes, ouverts, clos = organismes + len(lot), ouverts + change.ouverts, clos + change.clos
    journal.consigner("points.reconstruits", organismes=organismes, ouverts=ouverts, clos=clos)


def _lots() -> Iterator[list[int]]:
    apres = 0
    while lot := list(
        scope.connexion("organismes, par lots")
        .exec_driver_sql(sql.ORGANISMES, {"apres": apres, "lot": LOT})
        .scalars()
    ):
        yield lot
        apres = lot[-1]


def _aligner(genre: str, requete: str, portee: Mapping[str, Any]) -> Change:
    maintenant = horloge.maintenant()
    parametres = {"genre": genre, "le": maintenant, "jour": horloge.jour_de_paris(maintenant), **portee}
    return Change(*scope.connexion("points à régler").exec_driver_sql(requete, parametres).one())
