"""What the home page "Aujourd’hui" reads: five statements, whatever the number of sites (ux.md, screen A)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, func, select, union_all

from tdba import horloge, scope
from tdba.db import db
from tdba.effectifs.annees import comptees
from tdba.effectifs.models import Effectif
from tdba.effectifs.statuts import Statut
from tdba.organismes.models import Organisme
from tdba.points import mots
from tdba.points import queries as points
from tdba.ruptures import queries, selection
from tdba.ruptures.queries_ligne import Ligne
from tdba.ruptures.regles import Semaine, ajouter_mois, semaine_de
from tdba.scope import Droit

LIGNES: Final = 10
RECEPTIONS: Final = 6


class Site(NamedTuple):
    """One organisme of the reach, and when it was last received."""

    id: int
    nom: str
    recu_le: datetime | None

    @property
    def recu_jour(self) -> date | None:
        """The Paris day of that reception."""
        return horloge.jour_de_paris(self.recu_le) if self.recu_le else None


class Chiffre(NamedTuple):
    """A count today, and on the same day last year. `nom` is a key of `CHIFFRES`."""

    nom: str
    nombre: int
    an_dernier: int


CHIFFRES: Final[dict[str, tuple[Statut, ...]]] = {
    "apprentis": (Statut.APPRENTI, Statut.FIN_DE_FORMATION),
    "inscrits": (Statut.INSCRIT,),
    "rupturants": (Statut.RUPTURANT,),
    "sorties": (Statut.ABANDON,),
}
"""What each figure counts (domain.md §6.1): those whose formation ends stay among the apprentices."""


@dataclass(frozen=True, slots=True)
class Accueil:
    semaine: Semaine
    a_appeler: int
    echeances_proches: int
    lignes: list[Ligne]
    chiffres: list[Chiffre]
    an_dernier: date


def sites() -> list[Site]:
    """The organismes that the person follows, by name."""
    portee = scope.courant().portee(Droit.CORRIGER)
    requete = select(Organisme.id, Organisme.nom, Organisme.derniere_reception_le)
    if portee.organismes is not None:
        requete = requete.where(scope.parmi(Organisme.__table__.c.id, portee.organismes))
    return [Site(*ligne) for ligne in db.session.execute(requete.order_by(Organisme.nom, Organisme.id))]


def receptions(sites: Sequence[Site], site: int | None) -> list[Site]:
    """What the home page says of receptions: the site looked at, else the sites longest without any."""
    regardes = [s for s in sites if site is None or s.id == site]
    return sorted(regardes, key=lambda s: (s.recu_le is not None, s.recu_le or 0))[:RECEPTIONS]


def accueil(jour: date, site: int | None = None, referent_id: int | None = None) -> Accueil:
    """Whom to call this week over the whole reach, one site, or one person's files; and how many are in each status."""
    semaine = semaine_de(jour)
    lignes = selection.tous_ouverts(jour, site, referent_id)
    raison = selection.raison_d_appel(lignes, semaine)
    comptes = select(
        func.count().filter(raison.is_not(None)),
        func.count().filter(selection.echeance_proche(lignes, semaine)),
    ).select_from(lignes)
    a_appeler, proches = db.session.execute(scope.autorisee(comptes, Droit.CORRIGER)).one()
    premieres = queries.a_appeler(lignes, raison, jour, LIGNES) if a_appeler else []
    an_dernier = ajouter_mois(jour, -12)
    return Accueil(semaine, a_appeler, proches, premieres, _chiffres(jour, an_dernier, site), an_dernier)


def _chiffres(jour: date, an_dernier: date, site: int | None) -> list[Chiffre]:
    """Counts by status; a record before its first step has none and is counted nowhere (decisions 8 and 29)."""
    requete = union_all(_par_statut(jour, site), _par_statut(an_dernier, site))
    nombres: Counter[tuple[date, int]] = Counter()
    for le, statut, nombre in db.session.execute(scope.autorisee(requete, Droit.CORRIGER)):
        nombres[le, statut] = nombre

    def compte(statuts: tuple[Statut, ...], au: date) -> int:
        return sum(nombres[au, int(statut)] for statut in statuts)

    return [Chiffre(nom, compte(s, jour), compte(s, an_dernier)) for nom, s in CHIFFRES.items()]


def _par_statut(jour: date, site: int | None) -> Select[Any]:
    au = selection.jour_de(jour)
    statut = Effectif.statuts[func.width_bucket(au, Effectif.bornes)].label("statut")
    requete = (
        select(au.label("jour"), statut, func.count())
        .where(scope.predicat(Effectif, Droit.CORRIGER))
        .where(Effectif.annee_scolaire.in_(comptees(jour)))
        .group_by("statut")
    )
    return requete if site is None else requete.where(Effectif.organisme_id == site)


def a_regler(site: int | None) -> str | None:
    """How many points are left to settle and what they hide from the figures; None without any, and for a network."""
    resume = points.resume(points.Filtres(site=site))
    return mots.resume_court(*resume) if resume.total else None
