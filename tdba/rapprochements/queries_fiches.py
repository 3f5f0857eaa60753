"""The records that a comparison looks at: those of the establishment, and those of its people elsewhere."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Date, Text, and_, any_, bindparam, cast, func, not_
from sqlalchemy.dialects.postgresql import ARRAY

from tdba import scope
from tdba.db import db, table_de
from tdba.effectifs import annees, raisons
from tdba.effectifs.models import Correction, Effectif, Periode
from tdba.effectifs.queries import EN_VIGUEUR
from tdba.effectifs.raisons import EtapeLue
from tdba.rapprochements import populations
from tdba.rapprochements.comparaison import Ailleurs, Fiche
from tdba.scope import Droit


class Tenue(NamedTuple):
    """One record of the establishment, in the years that figures count."""

    id: int
    id_erp: str
    recherche: str
    naissance: date
    statut: int | None
    corrige: bool
    corbeille: bool
    plus_transmise: bool

    def fiche(self, population: str) -> Fiche:
        compte = not self.corbeille and populations.compte(self.statut, population)
        return Fiche(
            self.id, self.id_erp, self.recherche, self.naissance, compte, self.corbeille, self.plus_transmise
        )


class Fait(NamedTuple):
    """What a row says of a record, as it is now."""

    id: int
    organisme_id: int
    annee_scolaire: str
    corbeille: date | None
    plus_transmise: date | None
    transmis: date | None
    source: str


def tenues(organisme_id: int, jour: date) -> list[Tenue]:
    """The records of the establishment in the years counted on that day, the bin included."""
    requete = scope.select_for(
        Effectif,
        Droit.CORRIGER,
        Effectif.id,
        Effectif.id_erp,
        Effectif.recherche,
        Effectif.date_naissance,
        _statut(jour),
        Effectif.corrige,
        Effectif.corbeille_le.is_not(None),
        Effectif.plus_transmis_depuis.is_not(None),
        avec_corbeille=True,
    ).where(Effectif.organisme_id == organisme_id, Effectif.annee_scolaire.in_(annees.comptees(jour)))
    return [Tenue(*ligne) for ligne in db.session.execute(requete.order_by(Effectif.id))]


def ailleurs(
    organisme_id: int, jour: date, population: str, *, ids_erp: Collection[str], noms: Collection[str]
) -> list[Ailleurs]:
    """The records, within reach, of other years or of other establishments that bear these identifiers or these names."""
    trouves: dict[int, Ailleurs] = {}
    for colonne, valeurs in ((Effectif.id_erp, ids_erp), (Effectif.recherche, noms)):
        if not valeurs:
            continue
        comptee = Effectif.annee_scolaire.in_(annees.comptees(jour))
        requete = scope.select_for(
            Effectif,
            Droit.CORRIGER,
            Effectif.id,
            Effectif.id_erp,
            Effectif.recherche,
            Effectif.date_naissance,
            Effectif.organisme_id == organisme_id,
            comptee,
            _statut(jour),
        ).where(_parmi(colonne, valeurs), not_(and_(Effectif.organisme_id == organisme_id, comptee)))
        for id_, id_erp, recherche, naissance, ici, annee, statut in db.session.execute(requete):
            compte = annee and populations.compte(statut, population)
            trouves[id_] = Ailleurs(id_, id_erp, recherche, naissance, ici, compte)
    return [trouves[id_] for id_ in sorted(trouves, reverse=True)]


def faits(effectif_ids: Collection[int]) -> dict[int, Fait]:
    """What rows say of these records."""
    requete = scope.select_for(
        Effectif,
        Droit.CORRIGER,
        Effectif.id,
        Effectif.organisme_id,
        Effectif.annee_scolaire,
        func.date(func.timezone("Europe/Paris", Effectif.corbeille_le)),
        Effectif.plus_transmis_depuis,
        func.date(func.timezone("Europe/Paris", Effectif.transmis_le)),
        Effectif.source,
        avec_corbeille=True,
    ).where(Effectif.id.in_(effectif_ids))
    return {ligne[0]: Fait(*ligne) for ligne in db.session.execute(requete)}


def etapes_du_jour(effectif_ids: Collection[int], jour: date) -> dict[int, EtapeLue]:
    """The step that makes the status of that day, with the rule and the dates that made it."""
    requete = scope.select_for(
        Periode,
        Droit.CORRIGER,
        Periode.effectif_id,
        Periode.statut,
        Periode.motif,
        Periode.raison,
        Periode.reperes,
        Periode.du,
        Periode.au,
    ).where(
        Periode.effectif_id.in_(effectif_ids), Periode.du <= jour, (Periode.au > jour) | Periode.au.is_(None)
    )
    return {ligne[0]: raisons.lire(*ligne[1:]) for ligne in db.session.execute(requete)}


def champs_corriges(effectif_ids: Collection[int]) -> dict[int, Sequence[str]]:
    """The fields that somebody of the CFA corrected here, and which the ERP may say otherwise."""
    requete = (
        scope.select_for(
            Correction,
            Droit.CORRIGER,
            Correction.effectif_id,
            func.array_agg(func.distinct(Correction.champ)),
        )
        .where(Correction.effectif_id.in_(effectif_ids), Correction.etat.in_(EN_VIGUEUR))
        .group_by(Correction.effectif_id)
    )
    return {id_: sorted(champs) for id_, champs in db.session.execute(requete)}


def _statut(jour: date) -> ColumnElement[Any]:
    """The status of that day (decision 10)."""
    colonnes = table_de(Effectif).c
    statut: ColumnElement[Any] = colonnes.statuts[
        func.width_bucket(bindparam(None, jour, type_=Date), colonnes.bornes)
    ]
    return statut


def _parmi(colonne: Any, valeurs: Iterable[str]) -> ColumnElement[bool]:
    """One bind whatever the number of values."""
    egal: ColumnElement[bool] = colonne == any_(
        cast(bindparam(None, sorted(valeurs), type_=ARRAY(Text)), ARRAY(Text))
    )
    return egal
