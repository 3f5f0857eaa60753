"""Check keys of establishments (decision 13), on values met in the field."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import luhn

from tdba.transmissions.identifiants import siret_valide, uai_valide

REGLAGES = settings(derandomize=True, deadline=None, max_examples=300, database=None)


@pytest.mark.parametrize("siret", ["73282932000074", "43937112100013", "13002271800188", "00000000000018"])
def test_un_siret_dont_la_cle_est_juste(siret: str) -> None:
    assert siret_valide(siret)


@pytest.mark.parametrize(
    "siret",
    [
        "73282932000075",
        "12345678901234",
        "10000000000000",
        "7328293200007",
        "732829320000740",
        "7328293200007A",
        "",
    ],
)
def test_un_siret_dont_la_cle_ou_la_forme_est_fausse(siret: str) -> None:
    assert not siret_valide(siret)


@pytest.mark.parametrize(
    ("siret", "juste"),
    [
        ("35600000000048", True),  # head office: Luhn
        ("35600000037209", True),  # post office: digits add up to 35
        ("35600000037208", False),
    ],
)
def test_les_bureaux_de_la_poste_ont_leur_propre_cle(siret: str, juste: bool) -> None:
    assert siret_valide(siret) is juste


@REGLAGES
@given(st.integers(0, 10**14 - 1).map("{:014d}".format).filter(lambda siret: siret[:9] != "356000000"))
def test_hors_la_poste_la_cle_est_celle_de_luhn(siret: str) -> None:
    assert siret_valide(siret) is luhn.is_valid(siret)


@pytest.mark.parametrize("uai", ["0011058V", "0021496R", "0142321X", "0161229Z", "0440005S", "0000000A"])
def test_un_uai_dont_la_lettre_est_juste(uai: str) -> None:
    assert uai_valide(uai)


@pytest.mark.parametrize("uai", ["0010001A", "0123456A", "0009999Z", "0440005s", "0440005", "044000SS", ""])
def test_un_uai_dont_la_lettre_ou_la_forme_est_fausse(uai: str) -> None:
    assert not uai_valide(uai)
