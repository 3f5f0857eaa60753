"""The job of a bulk action: by batches that commit, as the person who confirmed it, with the rights they have now.

A record is closed in the transaction that changed it, so that a worker killed in the middle does nothing twice.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from sqlalchemy import select, update

from tdba import horloge, scope
from tdba.comptes import queries as comptes
from tdba.comptes import service as service_comptes
from tdba.db import db, table_de
from tdba.effectifs import gestes_groupes, groupees, transfert
from tdba.effectifs.gestes_groupes import Action, Issue
from tdba.effectifs.models_gestes import ActionGroupee, ActionGroupeeFiche, Transfert
from tdba.scope import Droit, Scope

Fiche = tuple[int, int, int | None]
"""A record, its establishment, and what it was given."""

_EN_ATTENTE: Final = {groupees.EN_COURS: None, groupees.ANNULATION: groupees.FAITES}
_DROIT_RETIRE: Final = Issue(groupees.REFUSEES, "DROIT_RETIRE")


def executer(renouveler: Callable[[], None], action_id: int) -> None:
    """Do, or undo, what is left of an action. `renouveler` commits each batch. Running twice changes nothing more."""
    while True:
        requete = select(ActionGroupee).where(ActionGroupee.id == action_id)
        action = db.session.execute(requete.execution_options(populate_existing=True)).scalar_one_or_none()
        if action is None or action.etat not in _EN_ATTENTE:
            return
        lot = _lot(action)
        if not lot:
            _finir(action, horloge.maintenant())
            return
        _appliquer(action, lot, horloge.maintenant())
        renouveler()


def _lot(action: ActionGroupee) -> list[Fiche]:
    fiches = ActionGroupeeFiche
    requete = select(fiches.effectif_id, fiches.organisme_id, fiches.trace_id).where(
        fiches.action_id == action.id, fiches.issue.is_not_distinct_from(_EN_ATTENTE[action.etat])
    )
    requete = requete.order_by(fiches.effectif_id).limit(groupees.LOT)
    lues = db.session.execute(scope.autorisee(requete, Droit.CORRIGER))
    return [(effectif_id, organisme_id, trace_id) for effectif_id, organisme_id, trace_id in lues]


def _appliquer(action: ActionGroupee, lot: list[Fiche], maintenant: datetime) -> None:
    portee = _portee(action, maintenant)
    geste = Action(
        nature=action.nature,
        parametres=dict(action.parametres),
        motif=action.motif,
        commentaire=action.commentaire,
    )
    annulation, action_id = action.etat == groupees.ANNULATION, action.id
    retire = gestes_groupes.LAISSEE if annulation else _DROIT_RETIRE
    issues = {effectif_id: retire for effectif_id, _, _ in lot}
    if portee is not None:
        if geste.nature == groupees.TRANSFERT:
            _verrouiller(geste, lot, annulation=annulation)
        with _comme(portee):
            for effectif_id, _, trace_id in lot:
                issues[effectif_id] = (
                    gestes_groupes.defaire(effectif_id, geste, trace_id, maintenant)
                    if annulation
                    else gestes_groupes.faire(effectif_id, geste, maintenant)
                )
    _noter(action_id, issues, annulation=annulation)


def _portee(action: ActionGroupee, maintenant: datetime) -> Scope | None:
    """What the person reaches now; None when nothing is left of the right under which they confirmed."""
    jour = horloge.jour_de_paris(maintenant)
    usage = comptes.usage_de(action.habilitation_id)
    personne = comptes.personne(action.personne_id)
    if usage is None or service_comptes.blocage_de(personne, usage.habilitation, jour) is not None:
        return None
    portee = service_comptes.portee_de(usage, jour)
    return portee if portee.a(Droit.CORRIGER) and not portee.a(Droit.SUPPORT) else None


@contextmanager
def _comme(portee: Scope) -> Iterator[None]:
    """Act as the person for a few statements of the batch: both locks are theirs."""
    systeme = scope.courant()
    scope.entrer(portee)
    try:
        yield
        db.session.flush()
    except BaseException:
        db.session.rollback()  # the batch is lost: what follows is the system's again
        raise
    finally:
        scope.entrer(systeme)


def _verrouiller(geste: Action, lot: list[Fiche], *, annulation: bool) -> None:
    """The locks of all the establishments of the batch, in order, before those that each record would take."""
    concernes = {organisme_id for _, organisme_id, _ in lot} | {int(geste.parametres["destination"])}
    if annulation:
        traces = [trace_id for _, _, trace_id in lot if trace_id is not None]
        requete = select(Transfert.ancien_organisme_id).where(Transfert.id.in_(traces))
        concernes |= set(db.session.execute(scope.autorisee(requete, Droit.CORRIGER)).scalars())
    transfert.verrouiller(sorted(concernes))


def _noter(action_id: int, issues: dict[int, Issue], *, annulation: bool) -> None:
    """Close each record of the batch. Undoing keeps what was done of it, as its trace."""
    table = table_de(ActionGroupeeFiche)
    for effectif_id, issue in issues.items():
        valeurs: dict[str, object] = {"issue": issue.issue}
        if not annulation:
            valeurs |= {"refus": issue.refus, "trace_id": issue.trace_id}
        ordre = update(table).where(table.c.action_id == action_id, table.c.effectif_id == effectif_id)
        db.session.execute(scope.pour_ecriture(ordre.values(valeurs), Droit.CORRIGER))
    actions = table_de(ActionGroupee)
    avance = update(actions).where(actions.c.id == action_id).values(faits=actions.c.faits + len(issues))
    db.session.execute(avance)
    db.session.flush()


def _finir(action: ActionGroupee, maintenant: datetime) -> None:
    if action.etat == groupees.ANNULATION:
        action.etat, action.annulee_le = groupees.ANNULEE, maintenant
    else:
        action.etat, action.fin_le = groupees.FAITE, maintenant
    db.session.flush()
