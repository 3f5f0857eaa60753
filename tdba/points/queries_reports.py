"""Corrections still to be copied into the CFA's ERP, which stays the master (decision 6).

A correction leaves this list by itself when the source sends the same value; ticking it says that somebody typed it
there and waits for the next sending.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, select, tuple_, update

from tdba import scope
from tdba.comptes.models import Personne
from tdba.db import db
from tdba.effectifs.models import Contrat, Correction, Effectif
from tdba.organismes.models import Organisme
from tdba.points.queries import du_cfa
from tdba.scope import Droit

PAGE: Final = 100
A_COPIER: Final = "ACTIVE"
"""One that the source contradicts is first to be chosen: it is a point of its own."""
CHEZ_NOUS: Final = ("mediateur_le", "employeur_informe_le")
"""Fields that no ERP holds: there is nothing to copy."""


class AReporter(NamedTuple):
    """One correction, beside what the source says."""

    id: int
    effectif_id: int
    nom: str
    prenom: str
    annee_scolaire: str
    organisme: str
    champ: str
    contrat_debut: date | None
    dans_l_erp: str | None
    a_saisir: str | None
    cree_le: datetime
    auteur: str
    reportee_le: datetime | None


class Lot(NamedTuple):
    """One page, and whether others follow."""

    lignes: list[AReporter]
    suite: bool


class Compte(NamedTuple):
    """How many are left to copy, and how many are ticked and wait for the ERP."""

    a_faire: int
    faites: int


def compter(site: int | None) -> Compte:
    """Both counts, for the sentence of the page."""
    faite = Correction.reportee_le.is_not(None)
    requete = _lisible(select(func.count().filter(~faite), func.count().filter(faite)), site)
    return Compte(*map(int, db.session.execute(scope.autorisee(requete, Droit.CORRIGER)).one()))


def page(*, faites: bool, site: int | None, apres: int | None, taille: int = PAGE) -> Lot:
    """Corrections by name of person; `apres` is the last correction of the page before."""
    ordre = (Effectif.recherche, Effectif.id, Correction.id)
    requete = _lisible(
        select(
            Correction.id,
            Correction.effectif_id,
            Effectif.nom,
            Effectif.prenom,
            Effectif.annee_scolaire,
            Organisme.nom,
            Correction.champ,
            Contrat.debut,
            Correction.valeur_source,
            Correction.valeur,
            Correction.cree_le,
            func.concat(Personne.prenom, " ", Personne.nom),
            Correction.reportee_le,
        ),
        site,
    ).where(Correction.reportee_le.is_not(None) if faites else Correction.reportee_le.is_(None))
    if apres is not None:
        repere = _lisible(select(*ordre), site).where(Correction.id == apres)
        trouve = db.session.execute(scope.autorisee(repere, Droit.CORRIGER)).one_or_none()
        if trouve is not None:
            requete = requete.where(tuple_(*ordre) > tuple_(*trouve))
    requete = requete.order_by(*ordre).limit(taille + 1)
    lignes = [AReporter(*ligne) for ligne in db.session.execute(scope.autorisee(requete, Droit.CORRIGER))]
    return Lot(lignes[:taille], len(lignes) > taille)


def cocher(
    correction_ids: Sequence[int], *, le: datetime | None, personne_id: int | None
) -> list[tuple[int, int]]:
    """Say that these are copied (`le` None: that they are not). Returns (correction, organisme) of those changed."""
    requete = (
        update(Correction)
        .where(Correction.id.in_(correction_ids), Correction.etat == A_COPIER)
        .where(Correction.reportee_le.is_(None) if le is not None else Correction.reportee_le.is_not(None))
        .where(scope.predicat(Correction, Droit.CORRIGER))
        .values(reportee_le=le, reportee_par_id=personne_id if le is not None else None)
        .returning(Correction.id, Correction.organisme_id)
        .execution_options(synchronize_session=False)
    )
    changees = db.session.execute(scope.pour_ecriture(requete, Droit.CORRIGER))
    return [(cle, organisme) for cle, organisme in changees]


def existe(correction_id: int) -> bool:
    """The correction is theirs, whatever its state."""
    requete = scope.select_for(Correction, Droit.CORRIGER, Correction.id).where(
        Correction.id == correction_id
    )
    return db.session.execute(requete).scalar_one_or_none() is not None


def _lisible(requete: Select[*tuple[Any, ...]], site: int | None) -> Select[*tuple[Any, ...]]:
    conditions: list[ColumnElement[bool]] = [
        scope.predicat(Correction, Droit.CORRIGER),
        du_cfa(),
        Correction.etat == A_COPIER,
        Correction.champ.not_in(CHEZ_NOUS),
        Effectif.corbeille_le.is_(None),
    ]
    if site is not None:
        conditions.append(Correction.organisme_id == site)
    return (
        requete.select_from(Correction)
        .join(
            Effectif,
            and_(Effectif.id == Correction.effectif_id, Effectif.organisme_id == Correction.organisme_id),
        )
        .join(Organisme, Organisme.id == Correction.organisme_id)
        .join(Personne, Personne.id == Correction.personne_id)
        .outerjoin(Contrat, Contrat.id == Correction.contrat_id)
        .where(*conditions)
    )
