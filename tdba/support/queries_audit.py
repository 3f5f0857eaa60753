"""What an auditor reads: the journal, its seals, who holds which right (decisions 21 and 34). Never an apprentice's name.

The journal is granted to the national role of PostgreSQL alone; an auditor's transactions take another. It is taken
for these reads only, once the right to audit is checked.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, String, cast, func, or_, select
from sqlalchemy.orm import aliased

from tdba import journal, scope
from tdba.comptes.models import Habilitation, Organisation, Personne
from tdba.db import db
from tdba.evenements import CATALOGUE
from tdba.horloge import PARIS
from tdba.journal import Evenement, Sceau
from tdba.scope import Droit, PorteeOubliee

PAGE: Final = 50
SCEAUX: Final = 20
"""Each seal shown is computed again from its rows, so few are shown at once."""
FAMILLES: Final = sorted({nom.partition(".")[0] for nom in CATALOGUE})


@dataclass(frozen=True, slots=True)
class Filtre:
    """What of the journal is asked for; None: everything."""

    famille: str | None = None
    du: date | None = None
    au: date | None = None
    organisation_id: int | None = None
    personne_id: int | None = None


class SceauVu(NamedTuple):
    id: int
    premier_id: int
    dernier_id: int
    nombre: int
    le: datetime
    intact: bool


class HabilitationVue(NamedTuple):
    """A right in force: whose, for which organisation, given and signed by whom."""

    id: int
    prenom: str
    nom: str
    organisation: str
    type: str
    role: str
    debut: date
    fin: date | None
    accordee_par: str | None
    validee_par: str | None
    validee_le: datetime | None


class Compte(NamedTuple):
    type: str
    role: str
    nombre: int


@contextmanager
def _au_journal() -> Iterator[None]:
    if not scope.courant().a(Droit.AUDITER):
        raise PorteeOubliee("the journal is read with the right to audit")
    with scope.eleve("audit"):
        yield


def evenements(filtre: Filtre, *, avant: int | None = None) -> tuple[list[Evenement], int | None]:
    """A page of the journal, the newest first, and the id where the next page starts."""
    requete = select(Evenement).where(*_conditions(filtre)).order_by(Evenement.id.desc()).limit(PAGE + 1)
    if avant is not None:
        requete = requete.where(Evenement.id < avant)
    with _au_journal():
        lus = list(db.session.execute(requete).scalars())
    return lus[:PAGE], lus[PAGE - 1].id if len(lus) > PAGE else None


def _conditions(filtre: Filtre) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filtre.famille is not None:
        conditions.append(Evenement.evenement.startswith(f"{filtre.famille}.", autoescape=True))
    if filtre.du is not None:
        conditions.append(Evenement.le >= _minuit(filtre.du))
    if filtre.au is not None:
        conditions.append(Evenement.le < _minuit(filtre.au + timedelta(days=1)))
    if filtre.personne_id is not None:
        conditions.append(Evenement.personne_id == filtre.personne_id)
    if filtre.organisation_id is not None:
        siennes = select(Habilitation.id).where(Habilitation.organisation_id == filtre.organisation_id)
        nommee = Evenement.details["organisation_id"].astext == cast(filtre.organisation_id, String)
        conditions.append(or_(Evenement.habilitation_id.in_(siennes), nommee))
    return conditions


def _minuit(jour: date) -> datetime:
    """Days are Paris days (decision 11)."""
    return datetime.combine(jour, time(), tzinfo=PARIS)


def sceaux(*, avant: int | None = None) -> tuple[list[SceauVu], int | None]:
    """A page of seals, the newest first, each verified against its rows and the one before it."""
    requete = select(Sceau).order_by(Sceau.id.desc()).limit(SCEAUX + 1)
    if avant is not None:
        requete = requete.where(Sceau.id < avant)
    with _au_journal():
        lus = list(db.session.execute(requete).scalars())
        vus = [_verifie(s, lus[rang + 1] if rang + 1 < len(lus) else None) for rang, s in enumerate(lus)]
    return vus[:SCEAUX], lus[SCEAUX - 1].id if len(lus) > SCEAUX else None


def _verifie(sceau: Sceau, precedent: Sceau | None) -> SceauVu:
    empreinte, fin = (precedent.empreinte, precedent.dernier_id) if precedent else (b"", 0)
    juste = journal.intact(sceau, empreinte, fin)
    return SceauVu(sceau.id, sceau.premier_id, sceau.dernier_id, sceau.nombre, sceau.le, juste)


def habilitations(jour: date, *, avant: int | None = None) -> tuple[list[HabilitationVue], int | None]:
    """A page of the rights in force on `jour`, the newest first."""
    donneur, signataire = aliased(Personne), aliased(Personne)
    requete = (
        select(
            Habilitation.id,
            Personne.prenom,
            Personne.nom,
            Organisation.nom,
            Organisation.type,
            Habilitation.role,
            Habilitation.debut,
            Habilitation.fin,
            _nom_de(donneur),
            _nom_de(signataire),
            Habilitation.validee_le,
        )
        .join(Personne, Personne.id == Habilitation.personne_id)
        .join(Organisation, Organisation.id == Habilitation.organisation_id)
        .outerjoin(donneur, donneur.id == Habilitation.accordee_par_id)
        .outerjoin(signataire, signataire.id == Habilitation.validee_par_id)
        .where(*_en_vigueur(jour))
        .order_by(Habilitation.id.desc())
    )
    if avant is not None:
        requete = requete.where(Habilitation.id < avant)
    lues = [HabilitationVue(*ligne) for ligne in db.session.execute(requete.limit(PAGE + 1))]
    return lues[:PAGE], lues[PAGE - 1].id if len(lues) > PAGE else None


def comptes(jour: date) -> list[Compte]:
    """How many rights are in force, by type of organisation and role."""
    requete = (
        select(Organisation.type, Habilitation.role, func.count())
        .join(Organisation, Organisation.id == Habilitation.organisation_id)
        .where(*_en_vigueur(jour))
        .group_by(Organisation.type, Habilitation.role)
        .order_by(Organisation.type, Habilitation.role)
    )
    return [Compte(*ligne) for ligne in db.session.execute(requete)]


def _nom_de(personne: Any) -> ColumnElement[str | None]:
    nom: ColumnElement[str | None] = personne.prenom + " " + personne.nom
    return nom


def _en_vigueur(jour: date) -> list[ColumnElement[bool]]:
    return [Habilitation.debut <= jour, or_(Habilitation.fin.is_(None), Habilitation.fin > jour)]
