"""What the machine does and waits to do. PostgreSQL only: this page must open when Redis is down."""

import json
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select

from tdba.comptes.models import Personne
from tdba.db import db
from tdba.jobs import ESSAIS_MAX, PLANIFICATION, REGISTRE, Tache, Travail

TACHES_MAX = 200
TRAVAUX_MAX = 50


class TravailVu(NamedTuple):
    travail: Travail
    prenom: str | None
    nom: str | None


class TacheVue(NamedTuple):
    """One thing to do, with what it is about: ids, never names."""

    id: int
    nom: str
    arguments: dict[str, int | str]
    cree_le: datetime
    pas_avant: datetime
    bail_jusqu_a: datetime | None
    essais: int
    derniere_erreur: str | None
    connue: bool
    """This version of the code knows how to run it."""

    @property
    def arretee(self) -> bool:
        """It failed too often: nothing will try again unless support asks."""
        return self.essais >= ESSAIS_MAX

    def en_cours(self, maintenant: datetime) -> bool:
        """A long run holds it."""
        return self.bail_jusqu_a is not None and self.bail_jusqu_a >= maintenant


class Attente(NamedTuple):
    """What waits, in all: the table shows TACHES_MAX of them."""

    taches: int
    arretees: int
    depuis: datetime | None


class Periodique(NamedTuple):
    nom: str
    minutes: int


class Tableau(NamedTuple):
    """Everything the page of jobs shows."""

    attente: Attente
    taches: list[TacheVue]
    travaux: list[TravailVu]
    periodiques: list[Periodique]


def tableau() -> Tableau:
    return Tableau(attente(), taches(), travaux(), periodiques())


def travaux() -> list[TravailVu]:
    """The last works that people or the system asked for, the newest first."""
    requete = (
        select(Travail, Personne.prenom, Personne.nom)
        .outerjoin(Personne, Personne.id == Travail.personne_id)
        .order_by(Travail.id.desc())
    )
    return [TravailVu(*ligne) for ligne in db.session.execute(requete.limit(TRAVAUX_MAX))]


def taches() -> list[TacheVue]:
    """What waits, those that nothing tries any more first, then the oldest."""
    requete = select(Tache).order_by(Tache.essais < ESSAIS_MAX, Tache.cree_le, Tache.id).limit(TACHES_MAX)
    return [
        TacheVue(
            t.id,
            t.nom,
            json.loads(t.cle),
            t.cree_le,
            t.pas_avant,
            t.bail_jusqu_a,
            t.essais,
            t.derniere_erreur,
            t.nom in REGISTRE,
        )
        for t in db.session.execute(requete).scalars()
    ]


def attente() -> Attente:
    requete = select(
        func.count(), func.count().filter(Tache.essais >= ESSAIS_MAX), func.min(Tache.cree_le)
    ).select_from(Tache)
    return Attente(*db.session.execute(requete).one())


def tache_a_relancer(tache_id: int) -> Tache | None:
    """The row, locked; None when it is done meanwhile."""
    return db.session.execute(
        select(Tache).where(Tache.id == tache_id).with_for_update()
    ).scalar_one_or_none()


def periodiques() -> list[Periodique]:
    """What runs by itself, the most frequent first."""
    return sorted(
        (Periodique(nom, minutes) for nom, minutes in PLANIFICATION.items()), key=lambda p: (p.minutes, p.nom)
    )
