"""Under the mask, initials remain and nothing else (decision 24)."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tdba.support.masque import POINTS, masquer


@pytest.mark.parametrize(
    ("nom", "prenom", "masque"),
    [
        ("LE GOFF", "Camille", "L. G. C•••••"),
        ("D’ALMEIDA-ROY", "Jean-Pierre", "D. A. R. J•••••"),
        ("Éluard", "zoé", "É. Z•••••"),
        ("LI", "Bo", "L. B•••••"),
        ("Straße", "ßen", "S. S•••••"),
        ("123", "", "•••••"),
    ],
)
def test_des_initiales_et_toujours_autant_de_points(nom: str, prenom: str, masque: str) -> None:
    assert masquer(nom, prenom) == masque


NOMS = st.text(
    alphabet=st.characters(codec="utf-8", categories=("L", "M", "N", "Pd", "Zs", "Po")), max_size=60
)


@given(NOMS, NOMS)
def test_jamais_deux_lettres_de_suite(nom: str, prenom: str) -> None:
    masque = masquer(nom, prenom)
    assert not re.search(r"[^\W\d_]{2}", masque)
    assert not re.search(r"\d", masque)


@given(NOMS, NOMS, NOMS)
def test_un_prenom_plus_long_ne_se_voit_pas(nom: str, prenom: str, suite: str) -> None:
    initiale = masquer("", f"A{prenom}")
    assert masquer("", f"A{prenom}{suite}") == initiale == f"A{POINTS}"
