"""Reads and counts of readings: one statement for a page with names."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from tdba import horloge
from tdba.comptes.habitudes import JOURS
from tdba.comptes.models import LectureJour, PauseLecture, Personne
from tdba.db import db

PAUSES_MAX = 100


class Compte(NamedTuple):
    """Today's readings of a person, once those of this page are added."""

    nombre: int
    hors_de_chez_soi: int
    alerte_le: datetime | None
    pause_id: int | None
    """The pause under way, if any."""


class PauseVue(NamedTuple):
    pause: PauseLecture
    prenom: str
    nom: str
    levee_prenom: str | None
    levee_nom: str | None


def ajouter(personne_id: int, jour: date, nombre: int, *, chez_soi: bool) -> Compte:
    """Add this page's names to the person's day, and say whether they are under a pause."""
    ailleurs = 0 if chez_soi else nombre
    requete = insert(LectureJour).values(
        personne_id=personne_id, jour=jour, nombre=nombre, hors_de_chez_soi=ailleurs
    )
    requete = requete.on_conflict_do_update(
        index_elements=[LectureJour.personne_id, LectureJour.jour],
        set_={
            "nombre": LectureJour.nombre + nombre,
            "hors_de_chez_soi": LectureJour.hors_de_chez_soi + ailleurs,
        },
    )
    en_pause = select(PauseLecture.id).where(
        PauseLecture.personne_id == personne_id, PauseLecture.levee_le.is_(None)
    )
    rendus = (LectureJour.nombre, LectureJour.hors_de_chez_soi, LectureJour.alerte_le)
    ligne = db.session.execute(requete.returning(*rendus, en_pause.scalar_subquery())).one()
    return Compte(*ligne)


def jours_passes(personne_id: int, jour: date, *, chez_soi: bool) -> Sequence[int]:
    """The numbers of the last days with readings of that kind before `jour`, the last first."""
    nombre = LectureJour.hors_de_chez_soi
    if chez_soi:
        nombre = LectureJour.nombre - LectureJour.hors_de_chez_soi  # type: ignore[assignment]
    requete = select(nombre).where(
        LectureJour.personne_id == personne_id, LectureJour.jour < jour, nombre > 0
    )
    return db.session.execute(requete.order_by(LectureJour.jour.desc()).limit(JOURS)).scalars().all()


def marquer_alerte(personne_id: int, jour: date, maintenant: datetime) -> None:
    db.session.execute(
        update(LectureJour)
        .where(LectureJour.personne_id == personne_id, LectureJour.jour == jour)
        .values(alerte_le=maintenant)
    )


def levee_ce_jour(personne_id: int, jour: date) -> bool:
    """Support lifted a pause of this person today: they were asked, and are not stopped twice for the same day."""
    derniere = select(func.max(PauseLecture.levee_le)).where(PauseLecture.personne_id == personne_id)
    levee_le = db.session.execute(derniere).scalar_one()
    return levee_le is not None and horloge.jour_de_paris(levee_le) == jour


def pauses() -> list[PauseVue]:
    """The last pauses, those under way first."""
    support = aliased(Personne)
    requete = (
        select(PauseLecture, Personne.prenom, Personne.nom, support.prenom, support.nom)
        .join(Personne, Personne.id == PauseLecture.personne_id)
        .outerjoin(support, support.id == PauseLecture.levee_par_id)
        .order_by(PauseLecture.levee_le.is_not(None), PauseLecture.id.desc())
    )
    return [PauseVue(*ligne) for ligne in db.session.execute(requete.limit(PAUSES_MAX))]


def pause(pause_id: int) -> PauseLecture | None:
    """A pause, locked until the end of the transaction."""
    requete = select(PauseLecture).where(PauseLecture.id == pause_id).with_for_update()
    return db.session.execute(requete).scalar_one_or_none()
