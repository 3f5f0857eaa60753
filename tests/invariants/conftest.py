"""A database whose changes are committed, and a family in it, for what people do at the same instant."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.invariants.a_deux import base_a_part, une_famille
from tests.invariants.aides import Monde

TOURS = 2


@pytest.fixture(scope="module")
def base(urls: dict[str, str], app: Flask) -> Iterator[None]:
    with base_a_part(urls, app):
        yield


@pytest.fixture(params=range(TOURS))
def monde(base: None) -> Iterator[Monde]:
    with une_famille() as une:
        yield une
