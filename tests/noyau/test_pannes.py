"""PostgreSQL away, or a journal that cannot be written: a clear 503, and no name leaves."""

import dataclasses

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from tdba import journal
from tdba.application import create_app
from tdba.config import Configuration
from tests import factories as f
from tests.pages import Navigateur, titre


@pytest.fixture
def sans_base(configuration: Configuration) -> Flask:
    """The application, whose database answers nothing."""
    absente = "postgresql+psycopg://tdba_web@/tdba?host=/nulle-part"
    application = create_app(dataclasses.replace(configuration, database_url=absente))
    application.config["PROPAGATE_EXCEPTIONS"] = False
    return application


def test_sans_postgresql_une_page_claire_repond_503(sans_base: Flask) -> None:
    client = sans_base.test_client()
    client.set_cookie(sans_base.extensions["tdba"].cookie_session, "x" * 43, domain="localhost")
    reponse = client.get("/effectifs")
    assert reponse.status_code == 503
    assert reponse.headers["Retry-After"]
    assert titre(reponse)


def test_sans_postgresql_le_processus_vit_et_le_dit(sans_base: Flask) -> None:
    assert sans_base.test_client().get("/healthz").status_code == 200
    assert sans_base.test_client().get("/readyz").status_code == 503


def test_un_nom_ne_part_pas_si_sa_lecture_ne_peut_pas_etre_notee(
    navigateur: Navigateur, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    f.les_territoires(session)
    dunes = f.un_organisme(session, "Dunes")
    cfa = f.une_organisation(
        session, "ORGANISME_FORMATION", "Dunes", regle="ETABLISSEMENTS", organismes=[dunes]
    )
    directrice = f.une_habilitation(session, f.une_personne(session, "Anne"), cfa)
    f.un_apprenti(session, dunes, nom="CANARIPANNE")

    def en_panne(*_: object, **__: object) -> None:
        raise OperationalError("INSERT", {}, Exception())

    ecran = navigateur.comme(directrice)
    assert ecran.get("/effectifs").status_code == 200
    monkeypatch.setattr(journal, "consigner", en_panne)
    reponse = ecran.get("/effectifs")
    assert reponse.status_code == 503
    assert "CANARIPANNE" not in reponse.get_data(as_text=True)
