"""Reading whatever answers a search, wherever it is hidden: the bin, other years and sites, lines that made no record."""

from datetime import date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select

from tdba import scope
from tdba.db import db
from tdba.effectifs.models import Effectif, Periode
from tdba.effectifs.models_gestes import Transfert
from tdba.effectifs.queries_filtres import correspond, rang_du_jour
from tdba.effectifs.recherche import Criteres
from tdba.effectifs.statuts import Motif, Statut
from tdba.organismes.models import Organisme
from tdba.rapprochements.absents import Trouvee
from tdba.rapprochements.queries_lignes import GARDEES, SANS_FICHE
from tdba.scope import Droit
from tdba.transmissions.models import Ligne, Reception, Transmission

FICHES_MAX: Final = 20
LIGNES_MAX: Final = 5_000
"""Lines without a record that one search reads, the last ones."""


class LigneSansFiche(NamedTuple):
    """A received line that made no record."""

    id: int
    etat: str
    contenu: Any
    source: str
    transmission_id: int
    transmission: UUID
    recue_le: datetime
    rang: int
    erreurs: Any
    organisme: str | None


def fiches(criteres: Criteres, jour: date) -> list[Trouvee]:
    """The records of the reach that answer, the bin and every year included, the latest year first."""
    rang = rang_du_jour(jour)
    motif = (
        select(Periode.motif)
        .where(Periode.effectif_id == Effectif.id, Periode.rang == rang - 1)
        .scalar_subquery()
    )
    transferee = (
        select(func.max(Transfert.a_compter_du))
        .where(
            Transfert.effectif_id == Effectif.id,
            Transfert.organisme_id == Effectif.organisme_id,
            Transfert.annule_le.is_(None),
        )
        .scalar_subquery()
    )
    requete = (
        scope.select_for(
            Effectif,
            Droit.CORRIGER,
            Effectif.id,
            Effectif.nom,
            Effectif.prenom,
            Organisme.nom,
            Effectif.annee_scolaire,
            func.date(func.timezone("Europe/Paris", Effectif.corbeille_le)),
            Effectif.plus_transmis_depuis,
            Effectif.statuts[rang],
            motif,
            Effectif.bornes[rang],
            Effectif.bornes[1],
            transferee,
            avec_corbeille=True,
        )
        .join(Organisme, Organisme.id == Effectif.organisme_id)
        .where(*correspond(criteres))
        .order_by(Effectif.annee_scolaire.desc(), Effectif.recherche, Effectif.id)
        .limit(FICHES_MAX)
    )
    return [_trouvee(tuple(ligne)) for ligne in db.session.execute(requete)]


def _trouvee(ligne: tuple[Any, ...]) -> Trouvee:
    lue = Trouvee._make(ligne)
    statut, motif = ligne[7:9]
    return lue._replace(
        statut=Statut(statut).name if statut else None, motif=Motif(motif).name if motif else None
    )


def lignes_sans_fiche(maintenant: datetime) -> list[LigneSansFiche]:
    """The last lines of 90 days, of the whole reach, that are refused or that wait."""
    recues = (
        scope.select_for(Reception, Droit.CORRIGER, Reception.transmission_id)
        .where(Reception.recue_le >= maintenant - GARDEES)
        .scalar_subquery()
    )
    requete = (
        select(
            Ligne.id,
            Ligne.etat,
            Ligne.contenu,
            Transmission.source,
            Transmission.id,
            Transmission.uuid,
            Transmission.recue_le,
            Ligne.rang,
            Ligne.erreurs,
            Organisme.nom,
        )
        .select_from(Ligne)
        .join(Transmission, Transmission.id == Ligne.transmission_id)
        .outerjoin(Organisme, Organisme.id == Ligne.organisme_id)
        .where(
            _atteintes(),
            Ligne.transmission_id.in_(recues),
            Ligne.etat.in_(SANS_FICHE),
            Transmission.etat.in_(("RECUE", "EN_COURS", "TRAITEE")),
        )
        .order_by(Ligne.id.desc())
        .limit(LIGNES_MAX)
    )
    return [LigneSansFiche(*ligne) for ligne in db.session.execute(scope.autorisee(requete, Droit.CORRIGER))]


def _atteintes() -> ColumnElement[bool]:
    """Lines about an establishment of the reach, or that it sent and that nobody could tell whose they are."""
    de_personne = and_(scope.portee_sur(Ligne.transmetteur_id, Droit.CORRIGER), Ligne.organisme_id.is_(None))
    return or_(scope.portee_sur(Ligne.organisme_id, Droit.CORRIGER), de_personne)
