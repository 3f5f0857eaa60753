"""Readings of "voir comme" and of the caller's check: the people of a case, and the passages of support (decision 24)."""

from datetime import date, datetime
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, and_, exists, false, or_, select

from tdba import scope
from tdba.comptes.models import Habilitation, Organisation, OrganisationOrganisme, Personne
from tdba.db import db
from tdba.organismes.models import Organisme
from tdba.scope import Droit
from tdba.support.models import Demande, Passage

PAGE: Final = 50
CANDIDATS_MAX: Final = 200
JAMAIS_VUES: Final = ("SUPPORT", "CONFORMITE", "AUDIT")
"""Types whose screens nobody looks at: they control support, or are support."""


class Candidat(NamedTuple):
    """An habilitation of the case's organisation, in force, of somebody who is not stopped."""

    habilitation_id: int
    personne_id: int
    prenom: str
    nom: str
    role: str
    organisation_id: int
    organisation: str


class PassageVu(NamedTuple):
    """What an organisation reads of a passage: of support, not who."""

    id: int
    debut: datetime
    fin: datetime
    motif: str
    prenom: str
    nom: str


class _Case(NamedTuple):
    """Whom a case is about: its requester, their organisation, and the CFA."""

    personne_id: int
    organisation_id: int | None
    type: str | None
    organisme_id: int | None
    siren: str | None


def candidats(demande_id: int, jour: date) -> list[Candidat]:
    """The people of a case: those of the requester's organisation; for a caller, those of the CFA it is about."""
    case = _case(demande_id)
    if case is None:
        return []
    requete = (
        select(
            Habilitation.id,
            Personne.id,
            Personne.prenom,
            Personne.nom,
            Habilitation.role,
            Organisation.id,
            Organisation.nom,
        )
        .join(Personne, Personne.id == Habilitation.personne_id)
        .join(Organisation, Organisation.id == Habilitation.organisation_id)
        .where(Organisation.type.not_in(JAMAIS_VUES), Personne.etat == "ACTIVE")
        .where(Habilitation.debut <= jour, or_(Habilitation.fin.is_(None), Habilitation.fin > jour))
        .where(Personne.id != scope.courant().personne_id, _de(case))
        .order_by(Personne.nom, Personne.prenom, Habilitation.id)
    )
    return [Candidat(*ligne) for ligne in db.session.execute(requete.limit(CANDIDATS_MAX))]


def appelants(demande_id: int, jour: date) -> dict[int, str]:
    """Who may be calling about a case, by key: its requester, or the people of the CFA when support wrote it down."""
    case = _case(demande_id)
    if case is None:
        return {}
    if case.type != "SUPPORT":
        requete = select(Personne.prenom, Personne.nom).where(Personne.id == case.personne_id)
        prenom, nom = db.session.execute(requete).one()
        return {case.personne_id: f"{prenom} {nom}"}
    return {c.personne_id: f"{c.prenom} {c.nom}, {c.organisation}" for c in candidats(demande_id, jour)}


def _case(demande_id: int) -> _Case | None:
    colonnes = (Demande.personne_id, Organisation.id, Organisation.type, Organisme.id, Organisme.siren)
    requete = (
        scope.select_a_soi(Demande.personne_id, Droit.SUPPORT, *colonnes)
        .outerjoin(Habilitation, Habilitation.id == Demande.habilitation_id)
        .outerjoin(Organisation, Organisation.id == Habilitation.organisation_id)
        .outerjoin(Organisme, Organisme.id == Demande.organisme_id)
        .where(Demande.id == demande_id)
    )
    ligne = db.session.execute(requete).one_or_none()
    return None if ligne is None else _Case(*ligne)


def _de(case: _Case) -> ColumnElement[bool]:
    """The organisation of the case. One that support wrote down for a caller is about the people of its CFA."""
    if case.type != "SUPPORT":
        return false() if case.organisation_id is None else Organisation.id == case.organisation_id
    if case.organisme_id is None:
        return false()
    par_liste = exists().where(
        OrganisationOrganisme.organisation_id == Organisation.id,
        OrganisationOrganisme.organisme_id == case.organisme_id,
    )
    par_siren = and_(Organisation.regle == "SIREN", Organisation.siren == case.siren)
    return and_(Organisation.type == "ORGANISME_FORMATION", or_(par_liste, par_siren))


def appelant_verifie(demande_id: int) -> tuple[str, datetime] | None:
    """Who was heard to be calling about that case, and when."""
    requete = (
        scope.select_a_soi(
            Demande.personne_id, Droit.SUPPORT, Personne.prenom, Personne.nom, Demande.appelant_verifie_le
        )
        .join(Personne, Personne.id == Demande.appelant_id)
        .where(Demande.id == demande_id)
    )
    ligne = db.session.execute(requete).one_or_none()
    return None if ligne is None else (f"{ligne[0]} {ligne[1]}", ligne[2])


def en_cours(passage_id: int, personne_id: int, maintenant: datetime) -> Passage | None:
    """A passage that goes on, of that person of support."""
    requete = select(Passage).where(
        Passage.id == passage_id, Passage.personne_id == personne_id, Passage.fin > maintenant
    )
    return db.session.execute(requete).scalar_one_or_none()


def de_l_organisation(
    organisation_id: int, *, avant: int | None = None
) -> tuple[list[PassageVu], int | None]:
    """A page of the passages over one organisation's screens, the newest first, and the id where the next one starts."""
    requete = (
        select(Passage.id, Passage.debut, Passage.fin, Passage.motif, Personne.prenom, Personne.nom)
        .join(Habilitation, Habilitation.id == Passage.habilitation_id)
        .join(Personne, Personne.id == Habilitation.personne_id)
        .where(Passage.organisation_id == organisation_id)
        .order_by(Passage.id.desc())
    )
    if avant is not None:
        requete = requete.where(Passage.id < avant)
    lignes = [PassageVu(*ligne) for ligne in db.session.execute(requete.limit(PAGE + 1))]
    return lignes[:PAGE], lignes[PAGE - 1].id if len(lignes) > PAGE else None
