"""Every filter, at its edges: first of the month, midnight in Paris, 0 and 1, overseas numbers."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import jinja2
import pytest

from tdba import formats

NB = "\N{NO-BREAK SPACE}"
FINE = "\N{NARROW NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("valeur", "attendu"),
    [
        (date(2026, 3, 3), f"3{NB}mars{NB}2026"),
        (date(2026, 8, 1), f"1er{NB}août{NB}2026"),
        (date(2026, 2, 28), f"28{NB}février{NB}2026"),
        # 23:30 UTC on 31 December is already the new year in Paris.
        (datetime(2025, 12, 31, 23, 30, tzinfo=UTC), f"1er{NB}janvier{NB}2026"),
        (None, "non renseignée"),
    ],
)
def test_date_longue(valeur: date | None, attendu: str) -> None:
    assert formats.date_longue(valeur) == attendu


def test_date_courte() -> None:
    assert formats.date_courte(date(2026, 3, 3)) == "03/03/2026"
    assert formats.date_courte(datetime(2026, 6, 30, 22, 0, tzinfo=UTC)) == "01/07/2026"
    assert formats.date_courte(None) == "non renseignée"


def test_heure_is_paris_time_in_winter_and_summer() -> None:
    assert formats.heure(datetime(2026, 1, 5, 13, 2, tzinfo=UTC)) == f"14{NB}h{NB}02"
    assert formats.heure(datetime(2026, 7, 5, 3, 12, tzinfo=UTC)) == f"05{NB}h{NB}12"
    assert formats.heure(None) == "non renseignée"


def test_date_heure() -> None:
    instant = datetime(2026, 3, 3, 13, 2, tzinfo=UTC)
    assert formats.date_heure(instant) == f"3{NB}mars{NB}2026 à 14{NB}h{NB}02"
    assert formats.date_heure(None) == "non renseignée"


@pytest.mark.parametrize("filtre", [formats.heure, formats.date_longue, formats.date_courte])
def test_an_instant_without_a_zone_is_refused(filtre: Callable[[datetime], str]) -> None:
    with pytest.raises(ValueError, match="time zone"):
        filtre(datetime(2026, 3, 3, 13, 2))  # noqa: DTZ001 - the very mistake


@pytest.mark.parametrize(
    ("valeur", "decimales", "attendu"),
    [
        (0, 0, "0"),
        (999, 0, "999"),
        (1284, 0, f"1{FINE}284"),
        (1234567, 0, f"1{FINE}234{FINE}567"),
        (-1284, 0, f"−1{FINE}284"),
        (2.5, 0, "3"),
        (0.125, 2, "0,13"),
        (Decimal("1284.5"), 1, f"1{FINE}284,5"),
        (-0.2, 0, "0"),
        (None, 0, "non connu"),
    ],
)
def test_nombre(valeur: formats.Nombre | None, decimales: int, attendu: str) -> None:
    assert formats.nombre(valeur, decimales) == attendu


def test_pluriel_starts_at_two() -> None:
    assert [formats.pluriel(n, "jeune") for n in (0, 1, 1.9, 2, 412)] == [
        "jeune",
        "jeune",
        "jeune",
        "jeunes",
        "jeunes",
    ]
    assert formats.pluriel(3, "mois") == "mois"
    assert formats.pluriel(3, "jeune en rupture", "jeunes en rupture") == "jeunes en rupture"


def test_quantite_and_jours() -> None:
    assert formats.quantite(1284, "apprenant") == f"1{FINE}284{NB}apprenants"
    assert formats.quantite(2, "cheval", "chevaux") == f"2{NB}chevaux"
    assert formats.jours(71) == f"71{NB}jours"
    assert formats.jours(1) == f"1{NB}jour"


@pytest.mark.parametrize(
    ("rapport", "options", "attendu"),
    [
        (0.12, {}, f"12{NB}%"),
        (0.125, {"decimales": 1}, f"12,5{NB}%"),
        (0.12, {"signe": True}, f"+12{NB}%"),
        (-0.03, {"signe": True}, f"−3{NB}%"),
        (0.001, {"signe": True}, f"0{NB}%"),
        (None, {}, "non calculé"),
    ],
)
def test_pourcentage(rapport: float | None, options: dict[str, Any], attendu: str) -> None:
    assert formats.pourcentage(rapport, **options) == attendu


def test_siret() -> None:
    assert formats.siret("12345678900012") == f"123{NB}456{NB}789{NB}00012"
    assert formats.siret("123456789") == f"123{NB}456{NB}789"
    assert formats.siret("0359") == "0359"
    assert formats.siret(None) == formats.siret("") == "non renseigné"


@pytest.mark.parametrize(
    ("valeur", "attendu"),
    [
        ("0612345678", f"06{NB}12{NB}34{NB}56{NB}78"),
        ("+33612345678", f"06{NB}12{NB}34{NB}56{NB}78"),
        ("0033 6 12 34 56 78", f"06{NB}12{NB}34{NB}56{NB}78"),
        ("+33 (0)6.12.34.56.78", f"06{NB}12{NB}34{NB}56{NB}78"),
        ("+262692123456", f"06{NB}92{NB}12{NB}34{NB}56"),
        ("+32470123456", "+32470123456"),
        ("standard", "standard"),
        (None, "non renseigné"),
    ],
)
def test_telephone(valeur: str | None, attendu: str) -> None:
    assert formats.telephone(valeur) == attendu


def test_age_on_and_around_the_birthday() -> None:
    naissance = date(2008, 3, 3)
    assert formats.age(naissance, date(2026, 3, 2)) == 17
    assert formats.age(naissance, date(2026, 3, 3)) == 18
    assert formats.age(date(2008, 2, 29), date(2026, 2, 28)) == 17
    assert formats.age(date(2008, 2, 29), date(2026, 3, 1)) == 18


def test_initiales() -> None:
    assert formats.initiales("Léa Martin") == "LM"
    assert formats.initiales("jean-pierre  Le Goff") == "JPLG"
    assert formats.initiales("Élodie d’Arc") == "ÉDA"
    assert formats.initiales("") == ""


@pytest.mark.parametrize(
    ("valeur", "attendu"),
    [
        (date(2026, 7, 31), "2025-2026"),
        (date(2026, 8, 1), "2026-2027"),
        (2025, "2025-2026"),
        ("2025-2026", "2025-2026"),
        ("2024-2024", "2024"),
    ],
)
def test_annee_scolaire(valeur: date | int | str, attendu: str) -> None:
    assert formats.annee_scolaire(valeur) == attendu


def test_liste_et() -> None:
    assert formats.liste_et(["a", "b", "c"]) == "a, b et c"
    assert formats.liste_et(["a", "b"]) == "a et b"
    assert formats.liste_et(["a"]) == "a"
    assert formats.liste_et([]) == ""


def test_every_filter_is_registered_and_escaped() -> None:
    env = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=True)
    formats.enregistrer(env)
    assert env.from_string("{{ 1284 | nombre }}").render() == f"1{FINE}284"
    assert env.from_string("{{ ['<b>', 'c'] | liste_et }}").render() == "&lt;b&gt; et c"
    for filtre in formats.FILTRES:
        assert env.filters[filtre.__name__] is filtre
