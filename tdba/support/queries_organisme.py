"""One CFA as support sees it: its people, its relations, its figures. No apprentice is read here."""

from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, and_, exists, func, or_, select

from tdba import scope
from tdba.comptes.models import Habilitation, Organisation, OrganisationOrganisme, Personne
from tdba.db import db
from tdba.effectifs import annees
from tdba.effectifs.statuts import Statut
from tdba.indicateurs.models import Mouvement
from tdba.organismes import queries as organismes
from tdba.organismes.models import Organisme, RelationOrganisme
from tdba.organismes.queries import ReseauVu
from tdba.rapprochements import queries as rapprochements
from tdba.rapprochements.queries import Passe
from tdba.scope import Droit, Introuvable
from tdba.support import queries as demandes
from tdba.support.queries import DemandeVue
from tdba.transmissions import queries as transmissions
from tdba.transmissions.queries import ReceptionVue

PERSONNES_MAX: Final = 100
RECEPTIONS: Final = 5


class PersonneVue(NamedTuple):
    """Someone habilitated for this CFA."""

    prenom: str
    nom: str
    courriel: str
    etat: str
    organisation: str
    role: str
    debut: date
    fin: date | None


class RelationVue(NamedTuple):
    id: int
    nom: str
    partielle: bool


class Portrait(NamedTuple):
    """Everything the page of a CFA shows."""

    organisme: Organisme
    receptions: list[ReceptionVue]
    receptions_suite: bool
    """There are older ones."""
    personnes: list[PersonneVue]
    formateurs: list[RelationVue]
    responsables: list[RelationVue]
    reseaux: list[ReseauVu]
    comptes: dict[str, int]
    demandes: list[DemandeVue]
    rapprochements: list[Passe]


def portrait(organisme_id: int, jour: date) -> Portrait:
    """Read a CFA as it stands on that day. Raises Introuvable."""
    vu = organisme(organisme_id)
    receptions, suite = transmissions.dernieres(organisme_id=organisme_id, limite=RECEPTIONS)
    return Portrait(
        vu,
        receptions,
        suite,
        personnes(vu),
        formateurs(organisme_id),
        responsables(organisme_id),
        organismes.reseaux_de(organisme_id, jour),
        comptes(organisme_id, jour),
        demandes.de_l_organisme(organisme_id),
        rapprochements.passes(organisme_id),
    )


def organisme(organisme_id: int) -> Organisme:
    """Raises Introuvable."""
    trouve: Organisme | None = db.session.execute(
        select(Organisme).where(Organisme.id == organisme_id)
    ).scalar_one_or_none()
    if trouve is None:
        raise Introuvable
    return trouve


def personnes(vu: Organisme) -> list[PersonneVue]:
    """Those habilitated for the CFA itself, by its establishments or its SIREN; networks and the State are not listed."""
    par_liste = exists().where(
        OrganisationOrganisme.organisation_id == Organisation.id, OrganisationOrganisme.organisme_id == vu.id
    )
    par_siren = and_(Organisation.regle == "SIREN", Organisation.siren == vu.siren)
    requete = (
        select(
            Personne.prenom,
            Personne.nom,
            Personne.courriel,
            Personne.etat,
            Organisation.nom,
            Habilitation.role,
            Habilitation.debut,
            Habilitation.fin,
        )
        .join(Habilitation, Habilitation.personne_id == Personne.id)
        .join(Organisation, Organisation.id == Habilitation.organisation_id)
        .where(Organisation.type == "ORGANISME_FORMATION", or_(par_liste, par_siren))
        .order_by(Personne.nom, Personne.prenom, Habilitation.id)
    )
    return [PersonneVue(*ligne) for ligne in db.session.execute(requete.limit(PERSONNES_MAX))]


def formateurs(organisme_id: int) -> list[RelationVue]:
    """Those it answers for."""
    return _relations(
        _relation(RelationOrganisme.formateur_id).where(RelationOrganisme.responsable_id == organisme_id)
    )


def responsables(organisme_id: int) -> list[RelationVue]:
    """Those that answer for it."""
    return _relations(
        _relation(RelationOrganisme.responsable_id).where(RelationOrganisme.formateur_id == organisme_id)
    )


def _relation(autre: Any) -> Select[*tuple[Any, ...]]:
    requete: Select[*tuple[Any, ...]] = (
        select(Organisme.id, Organisme.nom, RelationOrganisme.partielle)
        .select_from(RelationOrganisme)
        .join(Organisme, Organisme.id == autre)
        .order_by(Organisme.nom, Organisme.id)
    )
    return requete


def _relations(requete: Select[*tuple[Any, ...]]) -> list[RelationVue]:
    return [RelationVue(*ligne) for ligne in db.session.execute(requete)]


def comptes(organisme_id: int, jour: date) -> dict[str, int]:
    """How many records have each status on that day, in the years counted then; read from the counting table."""
    requete = (
        scope.select_for(Mouvement, Droit.SUPPORT, Mouvement.statut, func.sum(Mouvement.n))
        .where(Mouvement.organisme_id == organisme_id, Mouvement.jour <= jour)
        .where(Mouvement.annee_scolaire.in_(annees.actives(jour)))
        .group_by(Mouvement.statut)
    )
    lus = {int(statut): int(n) for statut, n in db.session.execute(requete)}
    return {statut.name: lus.get(statut.value, 0) for statut in Statut}
