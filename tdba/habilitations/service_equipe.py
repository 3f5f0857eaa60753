"""The team of an organisation: who manages it, and what they change (decisions 20 and 25, domain.md §5.5).

Whoever calls is known by the habilitation in use, and is checked here: an administrator, today, of that organisation,
limited to no site. Habilitations are written by `octrois` alone.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import update

from tdba import journal
from tdba.access import AccesRefuse
from tdba.comptes import etats, queries
from tdba.comptes.models import Habilitation, Organisation
from tdba.db import db
from tdba.errors import ErreurMetier
from tdba.habilitations import equipe, octrois, queries_equipe
from tdba.habilitations.models import Revue

GERER: Final = "gérer l’équipe"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choix:
    """What an administrator gives: a role, sites, and the first day without the right."""

    role: str
    sites: Collection[int] = ()
    fin: date | None = None


@dataclass(frozen=True, slots=True)
class Administrateur:
    """The checked person who manages, and for whom."""

    personne_id: int
    organisation: Organisation


def administrateur(habilitation_id: int | None, jour: date) -> Administrateur:
    """Return who manages under that habilitation. Raises AccesRefuse for anybody but an administrator."""
    usage = None if habilitation_id is None else queries.usage_de(habilitation_id)
    if usage is None or not _gere(usage, jour):
        raise AccesRefuse(GERER)
    return Administrateur(usage.habilitation.personne_id, usage.organisation)


def _gere(usage: queries.Usage, jour: date) -> bool:
    """An administrator limited to sites would give more than they hold: they do not manage the team."""
    habilitation = usage.habilitation
    en_cours = etats.en_cours(habilitation.debut, habilitation.fin, jour)
    return en_cours and habilitation.role == equipe.ADMINISTRATEUR and not usage.sites


def gere_sous(habilitation_id: int | None, jour: date) -> bool:
    """Whether the team may be managed under that habilitation."""
    usage = None if habilitation_id is None else queries.usage_de(habilitation_id)
    return usage is not None and _gere(usage, jour)


def verifier(choix: Choix, organisation_id: int, jour: date) -> None:
    """Raises ErreurMetier for a role, sites or an end that the organisation cannot give."""
    if choix.role not in equipe.ROLES:
        raise ErreurMetier("Choisissez un rôle dans la liste.", champ="role")
    possibles = (
        [cle for cle, _ in queries_equipe.sites_possibles(organisation_id, jour)] if choix.sites else []
    )
    if refus := equipe.refus_de_sites(choix.role, choix.sites, possibles):
        raise ErreurMetier(refus, champ="sites")
    if refus := equipe.refus_de_fin(choix.fin, jour):
        raise ErreurMetier(refus, champ="dernier_jour")


def changer(acteur_id: int | None, habilitation_id: int, choix: Choix, jour: date) -> Habilitation:
    """Change the role, the sites or the end of a member, whose sessions end at once.

    Raises ErreurMetier for one's own role, and when no lasting administrator would remain.
    """
    qui = administrateur(acteur_id, jour)
    habilitation = queries_equipe.habilitation_de_l_equipe(habilitation_id, qui.organisation.id, jour)
    if habilitation.personne_id == qui.personne_id and choix.role != habilitation.role:
        raise ErreurMetier(
            "Vous ne pouvez pas changer votre propre rôle : demandez-le à un autre administrateur.",
            champ="role",
        )
    verifier(choix, qui.organisation.id, jour)
    sites = choix.sites
    if choix.role == equipe.MEMBRE and not queries_equipe.sites_possibles(qui.organisation.id, jour):
        # The form could not show them: an unseen limit is kept, never lifted by a change of something else.
        sites = queries_equipe.sites_de(habilitation.id)
    octrois.changer(habilitation, role=choix.role, sites=sites, fin=choix.fin)
    return habilitation


def retirer(
    acteur_id: int | None, habilitation_id: int, motif: str, maintenant: datetime, jour: date
) -> None:
    """Take a member's right back, for a reason that the journal keeps as a code.

    Raises ErreurMetier when no lasting administrator would remain.
    """
    qui = administrateur(acteur_id, jour)
    if motif not in equipe.MOTIFS_RETRAIT:
        raise ErreurMetier("Choisissez une raison dans la liste.", champ="motif")
    habilitation = queries_equipe.habilitation_de_l_equipe(habilitation_id, qui.organisation.id, jour)
    octrois.retirer(habilitation, motif=motif)
    _clore_la_revue(habilitation_id, qui.personne_id, maintenant)


def _clore_la_revue(habilitation_id: int, par: int, maintenant: datetime) -> None:
    """The yearly question about a right just taken back is answered by that."""
    requete = (
        update(Revue)
        .where(Revue.habilitation_id == habilitation_id, Revue.reponse.is_(None))
        .values(reponse="RETIRER", repondue_le=maintenant, repondue_par_id=par)
        .returning(Revue.id)
    )
    for revue_id in db.session.execute(requete).scalars().all():
        journal.consigner(
            "revue.repondue", objet=("revue", revue_id), habilitation_id=habilitation_id, reponse="RETIRER"
        )
