"""Gestures of the bin, of transfers and of bulk actions, as a director makes them; and what figures say then."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tdba import horloge, scope
from tdba.comptes import queries, service
from tdba.comptes.models import Habilitation
from tdba.effectifs.models import Effectif
from tdba.effectifs.models_gestes import Retrait, Transfert
from tdba.indicateurs import service as indicateurs
from tdba.portee import RoleSql
from tests.effectifs.aides import tous
from tests.pages import Navigateur


def mettre_a_la_corbeille(
    navigateur: Navigateur, effectif_id: int, motif: str = "DOUBLON", **saisies: str
) -> TestResponse:
    return navigateur.post(f"/effectifs/{effectif_id}/retirer", {"motif": motif} | saisies)


def transferer(navigateur: Navigateur, effectif_id: int, destination: int, **saisies: str) -> TestResponse:
    envoi = {
        "destination": str(destination),
        "a_compter_du": "2026-11-02",
        "motif": "CHANGEMENT_DE_SITE",
        "action": "enregistrer",
    }
    return navigateur.post(f"/effectifs/{effectif_id}/transferer", envoi | saisies)


def retraits(session: Session) -> list[Retrait]:
    return tous(session, select(Retrait).order_by(Retrait.id))


def transferts(session: Session) -> list[Transfert]:
    return tous(session, select(Transfert).order_by(Transfert.id))


def fiches(session: Session, **criteres: Any) -> list[Effectif]:
    return tous(session, select(Effectif).filter_by(**criteres).order_by(Effectif.id))


@contextmanager
def agir(session: Session, habilitation: Habilitation) -> Iterator[None]:
    """Act by the services as that person, where a factory may write too: the first lock alone is theirs."""
    usage = queries.usage_de(habilitation.id)
    assert usage is not None
    acteur = replace(service.portee_de(usage, horloge.aujourd_hui()), role=RoleSql.NATIONAL)
    with scope.sous(acteur):
        yield
        session.commit()


def compte(session: Session, organisme_id: int) -> int:
    """How many records the figures of this establishment hold today, all statuses together."""
    lue = session.execute(
        text(
            "SELECT coalesce(sum(n), 0) FROM mouvement"
            " WHERE organisme_id = :o AND statut > 0 AND jour <= '2026-11-18'"
        ),
        {"o": organisme_id},
    )
    return int(lue.scalar_one())


def chiffres_justes(session: Session, *organisme_ids: int) -> bool:
    """The counting tables say what the parcours say."""
    with scope.systeme("test"):
        ecarts = indicateurs.verifier(list(organisme_ids))
        session.rollback()
    return ecarts == []
