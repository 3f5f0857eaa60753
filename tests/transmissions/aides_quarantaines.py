"""Lines of an establishment that nobody knows, and what is kept of them."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba import scope
from tdba.organismes.models import Organisme
from tdba.scope import Droit
from tdba.transmissions.models import Ligne, Quarantaine, Reception
from tests.transmissions.aides_api import une_ligne

INCONNU = {"etablissement_formateur_uai": "0299999L", "etablissement_formateur_siret": "73282932000074"}


def sans_uai_juste(organisme: Organisme, id_erp: str = "A-1", **champs: Any) -> dict[str, Any]:
    """A line about this organisme under its SIRET and somebody else's UAI."""
    return une_ligne(organisme, id_erp, **({"etablissement_formateur_uai": "0299999L"} | champs))


def lignes(session: Session) -> list[Ligne]:
    session.commit()
    with scope.systeme("test"):
        requete = scope.autorisee(select(Ligne).order_by(Ligne.id), Droit.CORRIGER)
        return list(session.execute(requete.execution_options(populate_existing=True)).scalars())


def etats(session: Session) -> list[str]:
    return [ligne.etat for ligne in lignes(session)]


def quarantaines(session: Session) -> list[Quarantaine]:
    session.commit()
    session.expire_all()
    requete = scope.autorisee(select(Quarantaine).order_by(Quarantaine.id), Droit.CORRIGER)
    return list(session.execute(requete.execution_options(populate_existing=True)).scalars())


def receptions(session: Session) -> dict[int, tuple[int, int]]:
    requete = scope.autorisee(
        select(Reception.organisme_id, Reception.nb_lignes, Reception.nb_refusees), Droit.CORRIGER
    )
    return {cle: (n, refus) for cle, n, refus in session.execute(requete)}
