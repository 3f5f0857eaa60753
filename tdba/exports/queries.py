"""Reading one's own exports. Support and jobs read those of a person by its id; nobody else's is there (decision 22)."""

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from tdba import scope
from tdba.db import db
from tdba.exports.models import Export, ExportBloc
from tdba.scope import Droit, Introuvable

PAGE: Final = 25
EN_COURS: Final = ("DEMANDE", "EN_COURS")


def le_mien(uuid: UUID, *, verrou: bool = False) -> Export:
    """One export of the current person. Raises Introuvable for anybody else's, whatever their rights."""
    requete = scope.select_a_soi(Export.personne_id, Droit.SUPPORT, Export).where(
        Export.uuid == uuid, Export.personne_id == scope.courant().personne_id
    )
    requete = requete.execution_options(populate_existing=True)
    export = db.session.execute(requete.with_for_update() if verrou else requete).scalar_one_or_none()
    if not isinstance(export, Export):
        raise Introuvable
    return export


def les_miens(avant: int | None) -> tuple[list[Export], bool]:
    """A page of one's exports, the last first, and whether others follow."""
    requete = scope.select_a_soi(Export.personne_id, Droit.SUPPORT, Export).where(
        Export.personne_id == scope.courant().personne_id
    )
    if avant is not None:
        requete = requete.where(Export.id < avant)
    lus = list(db.session.execute(requete.order_by(Export.id.desc()).limit(PAGE + 1)).scalars())
    return lus[:PAGE], len(lus) > PAGE


def en_cours() -> int:
    """How many files are being made for the current person."""
    requete = scope.select_a_soi(Export.personne_id, Droit.SUPPORT, func.count()).where(
        Export.personne_id == scope.courant().personne_id, Export.etat.in_(EN_COURS)
    )
    return int(db.session.execute(requete).scalar_one())


def blocs(export: Export) -> Iterator[bytes]:
    """The bytes of a file, in order."""
    requete = scope.select_a_soi(ExportBloc.personne_id, Droit.SUPPORT, ExportBloc.contenu).where(
        ExportBloc.export_id == export.id, ExportBloc.personne_id == export.personne_id
    )
    for (contenu,) in db.session.execute(requete.order_by(ExportBloc.rang)):
        yield bytes(contenu)


def a_faire(export_id: int) -> Export | None:
    """An export that its job must make; None when it is made, refused or forgotten."""
    requete = scope.autorisee(select(Export), Droit.SUPPORT).where(
        Export.id == export_id, Export.etat.in_(EN_COURS)
    )
    trouve = db.session.execute(requete.execution_options(populate_existing=True)).scalar_one_or_none()
    return trouve if isinstance(trouve, Export) else None
