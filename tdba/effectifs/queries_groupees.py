"""Reading bulk actions: those of the current person, and what became of their records, within CORRIGER."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Select, and_, func, insert, literal, select
from sqlalchemy.orm import aliased

from tdba import scope
from tdba.db import db, table_de
from tdba.effectifs import groupees
from tdba.effectifs.models import Effectif
from tdba.effectifs.models_gestes import ActionGroupee, ActionGroupeeFiche
from tdba.scope import Droit, Introuvable

MONTREES: Final = 50
"""Records named on the page of an action; the counts hold them all."""
RECENTES: Final = 20


class Compte(NamedTuple):
    issue: str | None
    refus: str | None
    n: int


class Nommee(NamedTuple):
    """A record that the page of an action names: refused, or left as it is."""

    id: int
    nom: str
    prenom: str
    issue: str
    refus: str | None
    en_corbeille: bool


class ALire(NamedTuple):
    """What the rules look at, for each record of an action that is not confirmed yet."""

    id: int
    organisme_id: int
    en_corbeille: bool
    pris: bool
    """The destination holds a record of the same key."""
    valeurs: dict[str, Any]


def action(uuid: UUID, *, verrou: bool = False) -> ActionGroupee:
    """Raises Introuvable for an action of somebody else, or made under another habilitation."""
    acteur = scope.courant()
    requete = select(ActionGroupee).where(
        ActionGroupee.uuid == uuid,
        ActionGroupee.personne_id == acteur.personne_id,
        ActionGroupee.habilitation_id == acteur.habilitation_id,
    )
    if verrou:
        requete = requete.with_for_update().execution_options(populate_existing=True)
    trouvee = db.session.execute(requete).scalar_one_or_none()
    if trouvee is None:
        raise Introuvable
    return trouvee


def recentes() -> list[ActionGroupee]:
    """The last actions of the current person, those never confirmed left out."""
    acteur = scope.courant()
    requete = select(ActionGroupee).where(
        ActionGroupee.personne_id == acteur.personne_id,
        ActionGroupee.habilitation_id == acteur.habilitation_id,
        ActionGroupee.etat != groupees.A_CONFIRMER,
    )
    return list(db.session.execute(requete.order_by(ActionGroupee.id.desc()).limit(RECENTES)).scalars())


def figer(action_id: int, choisis: Select[Any]) -> int:
    """Keep the records of an action: those that `choisis` (id, organisme_id, annee_scolaire) finds now. Returns how many."""
    source = choisis.add_columns(literal(action_id).label("action_id")).limit(groupees.MAX + 1)
    colonnes = ["effectif_id", "organisme_id", "annee_scolaire", "action_id"]
    ordre = insert(table_de(ActionGroupeeFiche)).from_select(colonnes, source)
    db.session.execute(scope.pour_ecriture(ordre, Droit.CORRIGER))
    return sum(compte.n for compte in comptes(action_id))


def comptes(action_id: int) -> list[Compte]:
    """How many records for each issue and refusal."""
    requete = (
        scope.select_for(
            ActionGroupeeFiche,
            Droit.CORRIGER,
            ActionGroupeeFiche.issue,
            ActionGroupeeFiche.refus,
            func.count(),
        )
        .where(ActionGroupeeFiche.action_id == action_id)
        .group_by(ActionGroupeeFiche.issue, ActionGroupeeFiche.refus)
    )
    return [Compte(*ligne) for ligne in db.session.execute(requete)]


def par_issue(comptes_: Sequence[Compte]) -> Counter[str]:
    total: Counter[str] = Counter()
    for compte in comptes_:
        total[compte.issue or ""] += compte.n
    return total


def nommees(action_id: int) -> list[Nommee]:
    """The first records refused or left, by name."""
    requete = (
        scope.select_for(
            ActionGroupeeFiche,
            Droit.CORRIGER,
            Effectif.id,
            Effectif.nom,
            Effectif.prenom,
            ActionGroupeeFiche.issue,
            ActionGroupeeFiche.refus,
            Effectif.corbeille_le.is_not(None),
        )
        .join(Effectif, Effectif.id == ActionGroupeeFiche.effectif_id)
        .where(
            scope.predicat(Effectif, Droit.CORRIGER, avec_corbeille=True),
            ActionGroupeeFiche.action_id == action_id,
            ActionGroupeeFiche.issue.in_((groupees.REFUSEES, groupees.LAISSEES)),
        )
        .order_by(Effectif.recherche, Effectif.id)
        .limit(MONTREES)
    )
    return [Nommee(*ligne) for ligne in db.session.execute(requete)]


_AUTRE: Final = aliased(Effectif)


def a_lire(action_id: int, champs: Sequence[str], destination: int | None) -> list[ALire]:
    """The records of an action, with these columns, in one statement."""
    pris = (
        select(_AUTRE.id)
        .where(
            _AUTRE.organisme_id == (destination or 0),
            _AUTRE.annee_scolaire == Effectif.annee_scolaire,
            _AUTRE.id_erp == Effectif.id_erp,
            _AUTRE.id != Effectif.id,
        )
        .exists()
    )
    colonnes = [getattr(Effectif, champ) for champ in champs]
    requete = (
        scope.select_for(
            Effectif,
            Droit.CORRIGER,
            Effectif.id,
            Effectif.organisme_id,
            Effectif.corbeille_le.is_not(None),
            pris,
            *colonnes,
            avec_corbeille=True,
        )
        .join(
            ActionGroupeeFiche,
            and_(
                ActionGroupeeFiche.effectif_id == Effectif.id,
                ActionGroupeeFiche.organisme_id == Effectif.organisme_id,
            ),
        )
        .where(ActionGroupeeFiche.action_id == action_id)
    )
    return [
        ALire(cle, organisme_id, en_corbeille, deja, dict(zip(champs, valeurs, strict=True)))
        for cle, organisme_id, en_corbeille, deja, *valeurs in db.session.execute(requete)
    ]


def organismes_de(action_id: int) -> frozenset[int]:
    """The establishments whose records an action holds."""
    requete = (
        scope.select_for(ActionGroupeeFiche, Droit.CORRIGER, ActionGroupeeFiche.organisme_id)
        .where(ActionGroupeeFiche.action_id == action_id)
        .distinct()
    )
    return frozenset(db.session.execute(requete).scalars())
