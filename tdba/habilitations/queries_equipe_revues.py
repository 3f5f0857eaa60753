"""Readings of the yearly review: rights to review, open questions, who is asked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Date, and_, cast, func, or_, select

from tdba.comptes.models import Habilitation, Organisation, Personne
from tdba.db import db
from tdba.habilitations.equipe import ADMINISTRATEUR
from tdba.habilitations.models import Revue


@dataclass(frozen=True, slots=True)
class Question:
    """An open question as an administrator reads it."""

    revue_id: int
    habilitation_id: int
    personne_id: int
    prenom: str
    nom: str
    role: str
    debut: date
    vue_le: datetime | None
    ouverte_le: datetime


def _en_cours(jour: date) -> ColumnElement[bool]:
    return and_(Habilitation.debut <= jour, or_(Habilitation.fin.is_(None), Habilitation.fin > jour))


_DERNIERE: Final = (
    select(Revue.habilitation_id, func.max(func.coalesce(Revue.repondue_le, Revue.ouverte_le)).label("le"))
    .group_by(Revue.habilitation_id)
    .subquery()
)


def a_examiner(jour: date) -> list[tuple[Habilitation, date]]:
    """Rights in force without an open question, with the day of the last review or else of the start.

    Only in organisations that have an administrator to ask.
    """
    ouverte = select(Revue.id).where(Revue.habilitation_id == Habilitation.id, Revue.reponse.is_(None))
    derniere = func.coalesce(cast(func.timezone("Europe/Paris", _DERNIERE.c.le), Date), Habilitation.debut)
    requete = (
        select(Habilitation, derniere)
        .outerjoin(_DERNIERE, _DERNIERE.c.habilitation_id == Habilitation.id)
        .where(_en_cours(jour), ~ouverte.exists(), Habilitation.organisation_id.in_(_pourvues(jour)))
        .order_by(Habilitation.id)
    )
    return [(h, le) for h, le in db.session.execute(requete)]


def _pourvues(jour: date) -> Any:
    return (
        select(Habilitation.organisation_id)
        .join(Personne, Personne.id == Habilitation.personne_id)
        .where(Habilitation.role == ADMINISTRATEUR, _en_cours(jour))
        .where(Personne.etat.in_(("ACTIVE", "ENDORMIE")))
    )


def ouvertes() -> list[tuple[Revue, Habilitation]]:
    """Every open question with its right, locked; among a team, whoever came longest ago first."""
    requete = (
        select(Revue, Habilitation)
        .join(Habilitation, Habilitation.id == Revue.habilitation_id)
        .join(Personne, Personne.id == Habilitation.personne_id)
        .where(Revue.reponse.is_(None))
        .order_by(Personne.vue_le.asc().nulls_first(), Revue.id)
        .with_for_update(of=Revue)
    )
    return [(revue, habilitation) for revue, habilitation in db.session.execute(requete)]


def questions(organisation_id: int, jour: date) -> list[Question]:
    """What an organisation's administrators are asked now, by name."""
    requete = (
        select(Revue, Habilitation, Personne)
        .join(Habilitation, Habilitation.id == Revue.habilitation_id)
        .join(Personne, Personne.id == Habilitation.personne_id)
        .where(Revue.organisation_id == organisation_id, Revue.reponse.is_(None), _en_cours(jour))
        .order_by(Personne.nom, Personne.prenom, Revue.id)
    )
    return [
        Question(r.id, h.id, p.id, p.prenom, p.nom, h.role, h.debut, p.vue_le, r.ouverte_le)
        for r, h, p in db.session.execute(requete)
    ]


def question_ouverte(revue_id: int, organisation_id: int) -> tuple[Revue, Habilitation] | None:
    """An open question of this organisation, locked, with its right."""
    requete = (
        select(Revue, Habilitation)
        .join(Habilitation, Habilitation.id == Revue.habilitation_id)
        .where(Revue.id == revue_id, Revue.organisation_id == organisation_id, Revue.reponse.is_(None))
        .with_for_update(of=Revue)
    )
    ligne = db.session.execute(requete).one_or_none()
    return None if ligne is None else (ligne[0], ligne[1])


def a_prevenir(organisation_ids: Iterable[int], jour: date) -> list[tuple[Organisation, Personne]]:
    """The administrators of these organisations, with each organisation."""
    requete = (
        select(Organisation, Personne)
        .join(Habilitation, Habilitation.organisation_id == Organisation.id)
        .join(Personne, Personne.id == Habilitation.personne_id)
        .where(Organisation.id.in_(sorted(set(organisation_ids))), Habilitation.role == ADMINISTRATEUR)
        .where(_en_cours(jour), Personne.etat.in_(("ACTIVE", "ENDORMIE")))
        .order_by(Organisation.id, Personne.id)
    )
    return [(organisation, personne) for organisation, personne in db.session.execute(requete)]
