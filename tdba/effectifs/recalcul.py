"""Recomputing every parcours: after a change of the rules, or to prove that nothing has drifted.

The work is cut in parts that several workers may take; each part goes through its organismes in order, commits by
batches, and starts again where it was after an interruption.
"""

from collections.abc import Callable, Iterator
from typing import Final

from sqlalchemy import func, select, update

from tdba import horloge, journal, scope
from tdba.db import db
from tdba.effectifs.models import Effectif
from tdba.effectifs.parcours import par_lots, recalculer_organismes
from tdba.jobs import Travail, enqueue_after_commit
from tdba.memoire import sans_ramasse_miettes
from tdba.scope import Droit

LOT: Final = 4000
"""Effectifs in one batch: bounds the memory of the process and the time a batch holds its locks."""


def demander(parts: int = 1, personne_id: int | None = None) -> list[int]:
    """Ask for a full recomputation in `parts` parts. Returns the ids of the works to watch. The caller commits."""
    travaux = []
    for part in range(parts):
        travail = Travail(genre="recalcul", personne_id=personne_id, cree_le=horloge.maintenant())
        db.session.add(travail)
        db.session.flush()
        enqueue_after_commit("effectifs.recalculer_tout", part=part, parts=parts, travail_id=travail.id)
        travaux.append(travail.id)
    return travaux


def executer(renouveler: Callable[[], None], *, part: int, parts: int, travail_id: int) -> None:
    """Run one part. `renouveler` commits the batch and keeps the job's lease alive."""
    travail = db.session.get_one(Travail, travail_id)
    organismes = _organismes(part, parts)
    if travail.debut_le is None:
        travail.debut_le = horloge.maintenant()
    travail.etat, travail.total = "EN_COURS", sum(nombre for _, nombre in organismes)
    renouveler()
    depart = travail.reprise or 0
    for lot in par_lots([o for o in organismes if o[0] > depart], LOT):
        with sans_ramasse_miettes():
            # A batch lost in a crash is computed again: it need not wait for the disk.
            scope.connexion("lot d’un recalcul").exec_driver_sql("SET LOCAL synchronous_commit = off")
            bilan = recalculer_organismes(lot)
            _avancer(travail_id, lot[-1], bilan.lus, bilan.modifies)
            renouveler()
    db.session.refresh(travail)
    travail.etat, travail.fin_le = "TERMINE", horloge.maintenant()
    journal.consigner(
        "parcours.recalcule",
        organismes=len(organismes),
        lus=travail.fait,
        modifies=travail.comptes.get("modifies", 0),
    )


def _organismes(part: int, parts: int) -> list[tuple[int, int]]:
    """The organismes of one part with their number of effectifs, in order of id."""
    requete = (
        select(Effectif.organisme_id, func.count())
        .where(
            scope.predicat(Effectif, Droit.CORRIGER, avec_corbeille=True),
            Effectif.organisme_id % parts == part,
        )
        .group_by(Effectif.organisme_id)
        .order_by(Effectif.organisme_id)
    )
    return [(o, n) for o, n in db.session.execute(scope.autorisee(requete, Droit.CORRIGER))]


def _avancer(travail_id: int, organisme_id: int, lus: int, modifies: int) -> None:
    deja = func.coalesce(Travail.comptes["modifies"].as_integer(), 0)
    db.session.execute(
        update(Travail)
        .where(Travail.id == travail_id)
        .values(
            fait=Travail.fait + lus,
            reprise=organisme_id,
            comptes=func.jsonb_build_object("modifies", deja + modifies),
        )
        .execution_options(synchronize_session=False)
    )


def en_cours() -> Iterator[Travail]:
    """The recomputations not finished yet, oldest first."""
    requete = (
        select(Travail).where(Travail.genre == "recalcul", Travail.etat != "TERMINE").order_by(Travail.id)
    )
    yield from db.session.execute(requete).scalars()
