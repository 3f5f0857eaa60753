"""The follow-up of the record that a merge puts aside goes on in the file of the one that is kept, and comes back.

Steps, and what else hangs on a file, move to the file of the same contract, else to that of the same kind; without one
they stay where they are, on the record put aside, and come back with it.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import select, update

from tdba import scope
from tdba.db import db
from tdba.doublons import annexes
from tdba.effectifs.models import Effectif
from tdba.errors import ErreurMetier
from tdba.ruptures.models import Demarche, Dossier
from tdba.scope import Droit

Deplace = dict[str, Any]
"""What `fusion.deplace` keeps: `demarches` [[file left, file joined, ids]], `dossiers` [[file, last, next, référent before,
and the same three after]], `annexes` as `annexes.Deplacees`."""

_RESUME: Final = ("derniere_demarche_le", "prochaine_le", "referent_id")


def exiger(*organisme_ids: int) -> None:
    """Raise ErreurMetier for a network that does not read these steps: they would be left behind (decision 26)."""
    partages = scope.courant().suivi
    if partages is not None and not partages.issuperset(organisme_ids):
        raise ErreurMetier(
            "Une fusion, comme son annulation, déplace aussi les démarches de suivi, que ce CFA ne partage pas avec "
            "vous : demandez-lui de la faire, ou de partager son suivi."
        )


def deplacer(garde: Effectif, absorbe: Effectif) -> Deplace:
    """Move what hangs on one record's files to those of the other. Returns what putting it back needs."""
    vers = _dossiers(garde.id)
    demarches: list[list[Any]] = []
    resumes: dict[int, list[Any]] = {}
    deplacees = annexes.deplacer_opposition(garde, absorbe)
    for dossier in _dossiers(absorbe.id):
        cible = _cible(dossier, vers)
        if cible is None:
            continue
        deplacees += annexes.deplacer(dossier, cible)
        ids = _rattacher(dossier, cible)
        if not ids:
            continue
        demarches.append([dossier.id, cible.id, ids])
        resumes.setdefault(cible.id, _resume(cible))
        _completer(cible, dossier)
    db.session.flush()
    apres = {d.id: _resume(d) for d in vers}
    return {
        "demarches": demarches,
        "dossiers": [[cle, *avant, *apres[cle]] for cle, avant in resumes.items()],
        "annexes": deplacees,
    }


def replacer(deplace: Deplace) -> bool:
    """Put the steps back. False when a file was followed up since: its last and next steps are then left as they are."""
    _replacer_annexes(deplace)
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


def _replacer_annexes(deplace: Deplace) -> None:
    for nom, depart, joint, cles in deplace.get("annexes", ()):
        if nom == "opposition":
            absorbe = scope.get_or_404(Effectif, depart, Droit.CORRIGER, avec_corbeille=True)
            annexes.replacer_opposition(absorbe, cles)
            continue
        dossier = _un(depart)
        if dossier is not None:
            annexes.replacer(nom, dossier, joint, cles)


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
    """A contract that one record says broken and the other ended is the same follow-up."""
    memes = [d for d in vers if d.genre == dossier.genre]
    exactes = [d for d in (*memes, *vers) if d.contrat_debut == dossier.contrat_debut]
    return next(iter(exactes), memes[-1] if memes else None)


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
