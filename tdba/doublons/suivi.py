"""The follow-up of the record that a merge puts aside goes on in the file of the one that is kept, and comes back.

Steps move to the file of the same broken contract, else to that of the same kind; without one they stay where they are.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import select, update

from tdba import scope
from tdba.db import db
from tdba.errors import ErreurMetier
from tdba.ruptures.models import Demarche, Dossier
from tdba.scope import Droit

Deplace = dict[str, Any]
"""What `fusion.deplace` keeps: `demarches` [[file left, file joined, ids]], `dossiers` [[file, last, next, référent before,
and the same three after]]."""

_RESUME: Final = ("derniere_demarche_le", "prochaine_le", "referent_id")


def exiger(*organisme_ids: int) -> None:
    """Raise ErreurMetier for a network that does not read these steps: they would be left behind (decision 26)."""
    partages = scope.courant().suivi
    if partages is not None and not partages.issuperset(organisme_ids):
        raise ErreurMetier(
            "Une fusion, comme son annulation, déplace aussi les démarches de suivi, que ce CFA ne partage pas avec "
            "vous : demandez-lui de la faire, ou de partager son suivi."
        )


def deplacer(garde_id: int, absorbe_id: int) -> Deplace:
    """Move the steps of one record's files to those of the other. Returns what putting them back needs."""
    vers = _dossiers(garde_id)
    demarches: list[list[Any]] = []
    resumes: dict[int, list[Any]] = {}
    for dossier in _dossiers(absorbe_id):
        cible = _cible(dossier, vers)
        ids = [] if cible is None else _rattacher(dossier, cible)
        if cible is None or not ids:
            continue
        demarches.append([dossier.id, cible.id, ids])
        resumes.setdefault(cible.id, _resume(cible))
        _completer(cible, dossier)
    db.session.flush()
    apres = {d.id: _resume(d) for d in vers}
    return {
        "demarches": demarches,
        "dossiers": [[cle, *avant, *apres[cle]] for cle, avant in resumes.items()],
    }


def replacer(deplace: Deplace) -> bool:
    """Put the steps back. False when a file was followed up since: its last and next steps are then left as they are."""
    for depart, _, ids in deplace.get("demarches", ()):
        dossier = _un(depart)
        if dossier is not None:
            _changer(ids, dossier)
    intacts = True
    for cle, *resumes in deplace.get("dossiers", ()):
        dossier = _un(cle)
        if dossier is None:
            continue
        if _resume(dossier) != resumes[3:]:
            intacts = False
            continue
        derniere, prochaine, dossier.referent_id = resumes[:3]
        dossier.derniere_demarche_le = None if derniere is None else datetime.fromisoformat(derniere)
        dossier.prochaine_le = None if prochaine is None else date.fromisoformat(prochaine)
    db.session.flush()
    return intacts


def _dossiers(effectif_id: int) -> Sequence[Dossier]:
    requete = scope.select_for(Dossier, Droit.CORRIGER).where(Dossier.effectif_id == effectif_id)
    requete = requete.order_by(Dossier.id).with_for_update().execution_options(populate_existing=True)
    return db.session.execute(requete).scalars().all()


def _un(dossier_id: int) -> Dossier | None:
    requete = scope.select_for(Dossier, Droit.CORRIGER).where(Dossier.id == dossier_id).with_for_update()
    trouve: Dossier | None = db.session.execute(
        requete.execution_options(populate_existing=True)
    ).scalar_one_or_none()
    return trouve


def _cible(dossier: Dossier, vers: Sequence[Dossier]) -> Dossier | None:
    memes = [d for d in vers if d.genre == dossier.genre]
    return next((d for d in memes if d.contrat_debut == dossier.contrat_debut), memes[-1] if memes else None)


def _rattacher(dossier: Dossier, cible: Dossier) -> list[int]:
    requete = scope.select_for(Demarche, Droit.CORRIGER, Demarche.id).where(Demarche.dossier_id == dossier.id)
    ids = list(db.session.execute(requete.order_by(Demarche.id)).scalars())
    _changer(ids, cible)
    return ids


def _changer(ids: Sequence[int], dossier: Dossier) -> None:
    changement = (
        update(Demarche)
        .where(Demarche.id.in_(ids))
        .values(
            dossier_id=dossier.id, organisme_id=dossier.organisme_id, annee_scolaire=dossier.annee_scolaire
        )
        .execution_options(synchronize_session=False)
    )
    db.session.execute(scope.pour_ecriture(changement, Droit.CORRIGER))


def _completer(cible: Dossier, dossier: Dossier) -> None:
    """The last step is the later of the two; the next one and the référent are the kept record's, if it has any."""
    faites = [le for le in (cible.derniere_demarche_le, dossier.derniere_demarche_le) if le is not None]
    cible.derniere_demarche_le = max(faites, default=None)
    cible.prochaine_le = cible.prochaine_le or dossier.prochaine_le
    cible.referent_id = cible.referent_id or dossier.referent_id


def _resume(dossier: Dossier) -> list[Any]:
    valeurs = (getattr(dossier, nom) for nom in _RESUME)
    return [v.isoformat() if isinstance(v, date) else v for v in valeurs]


def demarches_de(effectif_id: int) -> int:
    """How many steps the files of a record hold."""
    requete = (
        select(Demarche.id)
        .join(Dossier, Dossier.id == Demarche.dossier_id)
        .where(
            scope.predicat(Demarche, Droit.CORRIGER),
            scope.predicat(Dossier, Droit.CORRIGER),
            Dossier.effectif_id == effectif_id,
        )
    )
    return len(db.session.execute(scope.autorisee(requete, Droit.CORRIGER)).all())
