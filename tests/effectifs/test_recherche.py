"""What a typed search is understood as, and how long a session keeps it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tdba.effectifs import recherche

MIDI = datetime(2026, 11, 18, 11, 0, tzinfo=UTC)


def test_les_mots_perdent_accents_casse_et_traits_d_union() -> None:
    termes = recherche.comprendre("  Zoé   le-goff ").termes
    assert [t.mots for t in termes] == [("ZOE",), ("LE", "GOFF")]


@pytest.mark.parametrize(
    "texte",
    [
        "04/05/2007",
        "4/5/2007",
        "04.05.2007",
        "04-05-2007",
        "2007-05-04",
        "4 mai 2007",
        "4 MAI 2007",
    ],
)
def test_une_date_est_une_date_de_naissance(texte: str) -> None:
    criteres = recherche.comprendre(f"canari {texte}")
    assert criteres.naissances == (date(2007, 5, 4),)
    assert [t.mots for t in criteres.termes] == [("CANARI",)]


@pytest.mark.parametrize(
    ("texte", "mois"), [("1er août 2007", 8), ("1 aout 2007", 8), ("1er Février 2007", 2)]
)
def test_un_mois_s_ecrit_avec_ou_sans_accents(texte: str, mois: int) -> None:
    criteres = recherche.comprendre(texte)
    assert criteres.naissances == (date(2007, mois, 1),)
    assert not criteres.termes


def test_une_date_qui_n_existe_pas_est_dite() -> None:
    assert recherche.comprendre("30/02/2007").impossible == "30/02/2007"


@pytest.mark.parametrize(
    ("texte", "ine"), [("123ab", "123AB"), ("3AB", None), ("canari", None), ("12é4", None)]
)
def test_la_fin_d_un_ine_a_quatre_caracteres_et_un_chiffre(texte: str, ine: str | None) -> None:
    assert recherche.comprendre(texte).termes[0].ine == ine


@pytest.mark.parametrize("texte", ["", "   ", "-", "\x00"])
def test_une_recherche_vide_est_vide(texte: str) -> None:
    assert recherche.comprendre(texte).vide


def test_les_jokers_de_sql_sont_pris_a_la_lettre() -> None:
    assert recherche.motif_like("100%_\\") == "%100\\%\\_\\\\%"


def test_une_recherche_est_gardee_douze_heures() -> None:
    gardees = recherche.ranger({}, "abc", "canari", MIDI)
    assert recherche.retrouver(gardees, "abc", MIDI + timedelta(hours=11, minutes=59)) == "canari"
    assert recherche.retrouver(gardees, "abc", MIDI + timedelta(hours=12)) is None
    assert recherche.retrouver(gardees, "autre", MIDI) is None


def test_une_session_garde_les_vingt_dernieres_recherches() -> None:
    gardees: dict[str, object] = {}
    for n in range(25):
        gardees = recherche.ranger(gardees, f"r{n}", f"mot {n}", MIDI)
    assert list(gardees) == [f"r{n}" for n in range(5, 25)]
