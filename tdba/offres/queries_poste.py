"""Reading the vacant posts: of one broken contract, and all those of the reach."""

from datetime import date, datetime
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, and_, func, select

from tdba import scope
from tdba.db import db
from tdba.effectifs.models import Contrat, Effectif
from tdba.offres.models import Poste
from tdba.organismes.models import Entreprise, Organisme
from tdba.ruptures.models import Dossier
from tdba.ruptures.oppositions import GELE
from tdba.scope import Droit

PAGE: Final = 50


class Rompu(NamedTuple):
    """The broken contract of a file, as far as its employer is known."""

    employeur_siret: str | None
    debut: date | None
    rupture: date | None


def contrat_rompu(effectif_id: int, contrat_debut: date | None) -> Rompu | None:
    """The contract that a file of rupture is about; None once the data no longer hold it."""
    requete = (
        scope.select_for(Contrat, Droit.CORRIGER, Contrat.employeur_siret, Contrat.debut, Contrat.rupture)
        .where(Contrat.effectif_id == effectif_id, Contrat.debut == contrat_debut)
        .order_by(Contrat.rupture.is_(None), Contrat.rang)
        .limit(1)
    )
    lu = db.session.execute(requete).one_or_none()
    return Rompu(*lu) if lu else None


def poste(dossier_id: int, *, verrou: bool = False) -> Poste | None:
    """The post of a file; None while nobody said anything of it."""
    requete = scope.select_for(Poste, Droit.CORRIGER).where(Poste.dossier_id == dossier_id)
    if verrou:
        requete = requete.with_for_update()
    trouve: Poste | None = db.session.execute(
        requete.execution_options(populate_existing=True)
    ).scalar_one_or_none()
    return trouve


class PosteVu(NamedTuple):
    """One post of the list: its employer, what it was for, how far it is. Names nobody."""

    id: int
    dossier_id: int
    etat: str
    maj_le: datetime
    siret: str
    employeur: str | None
    code_postal: str | None
    ferme: bool
    formation: str | None
    site: str
    rupture: date


class Postes(NamedTuple):
    """A page of the list, newest first."""

    lignes: list[PosteVu]
    total: int
    suivante: int | None
    """Where the next page starts; None: this one is the last."""


_JOINTS: Final = (
    select()
    .select_from(Poste)
    .join(Dossier, and_(Dossier.id == Poste.dossier_id, Dossier.organisme_id == Poste.organisme_id))
    .join(Effectif, Effectif.id == Dossier.effectif_id)
    .join(Organisme, Organisme.id == Poste.organisme_id)
    .outerjoin(Entreprise, and_(Entreprise.siret == Poste.employeur_siret, Entreprise.maj_le.is_not(None)))
)
_LISTE: Final = _JOINTS.add_columns(
    Poste.id,
    Poste.dossier_id,
    Poste.etat,
    Poste.maj_le,
    Poste.employeur_siret,
    Entreprise.nom,
    Entreprise.code_postal,
    Entreprise.fermee_le.is_not(None),
    Effectif.formation,
    Organisme.nom,
    Dossier.ouvert_du,
)
_NOMBRE: Final = _JOINTS.add_columns(func.count())


def postes(etats: tuple[str, ...], site: int | None, avant: int | None) -> Postes:
    """The posts in these states, within reach; those of people who objected are left out."""
    conditions = [*_visibles(), Poste.etat.in_(etats)]
    if site is not None:
        conditions.append(Poste.organisme_id == site)
    total = db.session.execute(scope.autorisee(_NOMBRE.where(*conditions), Droit.CORRIGER)).scalar_one()
    if avant is not None:
        conditions.append(Poste.id < avant)
    requete = _LISTE.where(*conditions).order_by(Poste.id.desc()).limit(PAGE + 1)
    lues = [PosteVu(*ligne) for ligne in db.session.execute(scope.autorisee(requete, Droit.CORRIGER))]
    page = lues[:PAGE]
    return Postes(page, total, page[-1].id if len(lues) > PAGE else None)


def _visibles() -> list[ColumnElement[bool]]:
    return [
        *(scope.predicat(modele, Droit.CORRIGER) for modele in (Poste, Dossier, Effectif)),
        scope.suivi(Effectif),
        ~GELE,
    ]
