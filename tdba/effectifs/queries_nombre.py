"""How many of a list the figures count, and why not the others (decision 29, domain.md §6.1)."""

from datetime import date
from typing import Final, NamedTuple

from sqlalchemy import and_, func, not_, true

from tdba import scope
from tdba.db import db
from tdba.effectifs import annees
from tdba.effectifs.filtres import Filtres
from tdba.effectifs.models import Contrat, Effectif
from tdba.effectifs.queries_filtres import conditions_de, rang_du_jour
from tdba.effectifs.recherche import Criteres
from tdba.effectifs.statuts import Statut
from tdba.organismes.models import Entreprise, Organisme
from tdba.scope import Droit

EMPLOYEURS: Final = 200


class Nombre(NamedTuple):
    """A list, cut into what figures count, by figure, and what they do not, each record in one part only."""

    total: int
    autres_annees: int
    sans_statut: int
    """In a year that counts, before the first step or without any (decision 8)."""
    sites_ecartes: int
    """In an establishment that is not reliable, or closed: outside one's own family, figures leave it out."""
    apprentis: int
    """Those whose formation ended included."""
    inscrits: int
    rupturants: int
    sorties: int

    @property
    def compte(self) -> int:
        return self.apprentis + self.inscrits + self.rupturants + self.sorties


class Employeur(NamedTuple):
    siret: str
    nom: str | None
    nombre: int


def nombre(filtres: Filtres, criteres: Criteres | None, jour: date, *, chez_soi: bool) -> Nombre:
    """Count the list part by part. `chez_soi`: all its establishments count, as in a CFA's own figures."""
    dans_l_annee = Effectif.annee_scolaire.in_(annees.comptees(jour))
    statut = Effectif.statuts[rang_du_jour(jour)]
    site = true() if chez_soi else and_(Organisme.fiable, Organisme.ferme.is_(False))
    avec_statut = and_(dans_l_annee, statut.is_not(None))
    compte = and_(avec_statut, site)
    chiffres = (
        (Statut.APPRENTI, Statut.FIN_DE_FORMATION),
        (Statut.INSCRIT,),
        (Statut.RUPTURANT,),
        (Statut.ABANDON,),
    )
    requete = scope.select_for(
        Effectif,
        Droit.VOIR_NOMINATIF,
        func.count(),
        func.count().filter(not_(dans_l_annee)),
        func.count().filter(dans_l_annee, statut.is_(None)),
        func.count().filter(avec_statut, not_(site)),
        *(func.count().filter(compte, statut.in_([int(s) for s in statuts])) for statuts in chiffres),
    ).join(Organisme, Organisme.id == Effectif.organisme_id)
    return Nombre(*db.session.execute(requete.where(*conditions_de(filtres, criteres, jour))).one())


def employeurs(filtres: Filtres, jour: date) -> list[Employeur]:
    """The employers of the list, those of most apprentices first."""
    combien = func.count(Effectif.id.distinct())
    requete = (
        scope.select_for(
            Effectif, Droit.VOIR_NOMINATIF, Contrat.employeur_siret, func.max(Entreprise.nom), combien
        )
        .join(Contrat, Contrat.effectif_id == Effectif.id)
        .outerjoin(Entreprise, Entreprise.siret == Contrat.employeur_siret)
        .where(*conditions_de(filtres, None, jour), Contrat.employeur_siret.is_not(None))
        .group_by(Contrat.employeur_siret)
        .order_by(combien.desc(), Contrat.employeur_siret)
        .limit(EMPLOYEURS)
    )
    return [Employeur(*ligne) for ligne in db.session.execute(requete)]
