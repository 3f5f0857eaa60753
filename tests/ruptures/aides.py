"""Gestures of the tests of a file: read it, note a step, send a form as a browser does, count what a page costs."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, event, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tdba import horloge, scope
from tdba.db import db
from tdba.effectifs.models import Effectif
from tdba.journal import Evenement
from tdba.organismes.models import Organisme
from tdba.ruptures.models import Demarche, Dossier
from tdba.scope import Droit
from tests.conftest import MIDI
from tests.factories import un_effectif
from tests.pages import Navigateur, arbre, champs, texte

JOUR = horloge.jour_de_paris(MIDI)


def jours(n: int) -> str:
    return (JOUR + timedelta(days=n)).isoformat()


def sans_dossier(session: Session, effectif: Effectif) -> Effectif:
    """The same record before anything wrote its file, as after an intake whose job has not run yet."""
    ecriture = delete(Dossier).where(Dossier.effectif_id == effectif.id)
    session.execute(scope.pour_ecriture(ecriture, Droit.CORRIGER))
    session.commit()
    return effectif


def un_terme(session: Session, organisme: Organisme, *, depuis: int = 30, **options: Any) -> Effectif:
    """A youth whose contract reached its term `depuis` days ago, without a next one."""
    fin = JOUR - timedelta(days=depuis)
    debut = min(date(2025, 9, 1), fin - timedelta(days=60))
    return un_effectif(session, organisme, entree=debut, contrats=[(debut, fin, None)], **options)


def dossier_de(effectif: Effectif, genre: str | None = None) -> Dossier | None:
    requete = scope.select_for(Dossier, Droit.CORRIGER).where(Dossier.effectif_id == effectif.id)
    if genre is not None:
        requete = requete.where(Dossier.genre == genre)
    trouve: Dossier | None = db.session.execute(
        requete.execution_options(populate_existing=True)
    ).scalar_one_or_none()
    return trouve


def le_dossier(effectif: Effectif, genre: str | None = None) -> Dossier:
    trouve = dossier_de(effectif, genre)
    assert trouve is not None
    return trouve


def demarches() -> list[Demarche]:
    requete = scope.select_for(Demarche, Droit.CORRIGER).order_by(Demarche.id)
    return list(db.session.execute(requete.execution_options(populate_existing=True)).scalars())


def noter(directeur: Navigateur, effectif: Effectif, **valeurs: str) -> TestResponse:
    """Note a step on the page of the written file of this record."""
    adresse = f"/dossiers/{le_dossier(effectif).id}/demarches"
    saisie = champs(directeur.get(adresse), adresse)
    prefixe = next(nom for nom in saisie if nom.endswith("cle_formulaire")).removesuffix("cle_formulaire")
    voulus = {"resultat": "SANS_REPONSE"} | valeurs
    return directeur.post(adresse, saisie | {prefixe + nom: valeur for nom, valeur in voulus.items()})


def envoyer(navigateur: Navigateur, adresse: str, **saisies: Any) -> TestResponse:
    """Open a form on its own page, change some fields, and send it."""
    return navigateur.post(adresse, champs(navigateur.get(adresse), adresse) | saisies)


def mots(navigateur: Navigateur, adresse: str) -> str:
    """The words of a page that opens."""
    reponse = navigateur.get(adresse)
    assert reponse.status_code == 200, (adresse, reponse.status_code)
    return texte(arbre(reponse))


def evenements(session: Session, nom: str) -> list[dict[str, Any]]:
    requete = select(Evenement.details).where(Evenement.evenement == nom).order_by(Evenement.id)
    return list(session.execute(requete).scalars())


@contextmanager
def lectures_comptees() -> Iterator[list[str]]:
    """The SELECTs of a block, those of the session and of the reach included."""
    requetes: list[str] = []

    def noter_la(_c: object, _k: object, sql: str, *_: object) -> None:
        if sql.lstrip().upper().startswith(("SELECT", "WITH")) and "set_config" not in sql:
            requetes.append(sql)

    event.listen(Engine, "before_cursor_execute", noter_la)
    try:
        yield requetes
    finally:
        event.remove(Engine, "before_cursor_execute", noter_la)
