"""Whatever the description of the API lets be sent, and what it forbids: no 500, and answers have the announced form.

schemathesis makes the calls from the served document; the same seed always makes the same ones. Wrong lines are not
wrong calls (they answer 200 with their errors), so what is checked is the answer, not that a call was refused.
"""

import contextvars
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy.orm import Session

from tdba.transmissions import openapi
from tests import factories as f
from tests.conftest import MIDI
from tests.transmissions.aides_api import Logiciel, une_correction, une_ligne

MODES = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)
ESSAIS = 10
CONTROLES: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
CAS = [
    pytest.param(o.methode, o.chemin, mode, id=f"{o.methode}-{o.chemin}-{mode.value}")
    for o in openapi.OPERATIONS
    for mode in MODES
    # Nothing wrong can be sent to what takes nothing.
    if mode is schemathesis.GenerationMode.POSITIVE
    or o.document.get("parameters")
    or "requestBody" in o.document
]


@pytest.fixture
def logiciel(app: Flask, session: Session) -> Logiciel:
    """A software whose CFA has corrected a record, an hour ago."""
    f.les_territoires(session)
    dunes = f.un_organisme(session, "Dunes")
    une_correction(session, f.un_effectif(session, dunes), maj_le=MIDI - timedelta(hours=1))
    return Logiciel(app, session, dunes)


@pytest.mark.parametrize(("methode", "chemin", "mode"), CAS)
def test_chaque_operation_tient_sa_description(
    logiciel: Logiciel, methode: str, chemin: str, mode: schemathesis.GenerationMode
) -> None:
    schema = dans_son_contexte(lambda: schemathesis.openapi.from_wsgi("/api/v3/openapi.json", logiciel.app))
    operation = schema[chemin][methode]
    entetes = {"Authorization": f"Bearer {logiciel.cle}"}
    # A transmission that exists is worth more than any identifier drawn at random.
    connus = {"id": envoyee(logiciel)} if "{id}" in chemin and mode is MODES[0] else None

    @settings(
        max_examples=ESSAIS,
        derandomize=True,
        deadline=None,
        database=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    @given(cas=operation.as_strategy(mode, path_parameters=connus))
    def essayer(cas: schemathesis.Case) -> None:
        reponse = dans_son_contexte(lambda: cas.call(headers=entetes))
        cas.validate_response(reponse, checks=CONTROLES)

    essayer()


def envoyee(logiciel: Logiciel) -> str:
    envoi = logiciel.envoyer(
        [une_ligne(logiciel.organisme), {"id_erp_apprenant": 1.5}, "x"], "?complet=1"
    ).json
    return str(envoi["transmission"]["id"]) if envoi else ""


def dans_son_contexte(faire: Callable[[], Any]) -> Any:
    """Each request apart from the test's own context, as in another process."""
    return contextvars.Context().run(faire)
