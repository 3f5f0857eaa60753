"""The visit stands on any day: no gesture of the demo depends on when it starts."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from tdba import horloge, scope
from tdba.config import Configuration
from tests.conftest import isolement
from tests.local.aides_demo import monter

JOURS = (
    datetime(2026, 8, 3, 10, 0, tzinfo=UTC),
    datetime(2027, 2, 1, 10, 0, tzinfo=UTC),
    datetime(2027, 6, 28, 10, 0, tzinfo=UTC),
)


@pytest.mark.parametrize("instant", JOURS)
def test_aucun_geste_n_est_refuse(app: Flask, configuration: Configuration, instant: datetime) -> None:
    with isolement(app, configuration), horloge.regler(instant), scope.systeme("test"):
        assert monter(app, instant.date()).dits == []
