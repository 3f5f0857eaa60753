"""Reading the guides by ERP: written by support, for whoever sees transmissions; they name nobody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from tdba.db import db
from tdba.scope import Introuvable
from tdba.transmissions.models import GuideErp


@dataclass(frozen=True, slots=True)
class GuideVu:
    """One guide, as it was last written."""

    code: str
    nom: str
    texte: str
    maj_le: datetime


def noms() -> Mapping[str, str]:
    """The name of each software that has a guide, by code, in the order of names."""
    requete = select(GuideErp.code, GuideErp.nom).order_by(GuideErp.nom, GuideErp.code)
    return {guide.code: guide.nom for guide in db.session.execute(requete)}


def guide(code: str) -> GuideVu:
    """One guide. Raises Introuvable."""
    requete = select(GuideErp.code, GuideErp.nom, GuideErp.texte, GuideErp.maj_le)
    ligne = db.session.execute(requete.where(GuideErp.code == code)).one_or_none()
    if ligne is None:
        raise Introuvable
    return GuideVu(*ligne)


def a_modifier(code: str) -> GuideErp:
    """One guide, locked. Raises Introuvable."""
    requete = select(GuideErp).where(GuideErp.code == code).with_for_update()
    trouve = db.session.execute(requete.execution_options(populate_existing=True)).scalar_one_or_none()
    if trouve is None:
        raise Introuvable
    return trouve


def existe(code: str) -> bool:
    return db.session.execute(select(GuideErp.code).where(GuideErp.code == code)).first() is not None
