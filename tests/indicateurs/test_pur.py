"""Addresses, sorts, pages, comparisons and words of the figures pages."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tdba.indicateurs import filtres, tableau
from tdba.indicateurs.filtres import Demande
from tdba.indicateurs.phrases import lieu
from tdba.indicateurs.queries import trois_mois
from tdba.indicateurs.tableau import Attentes, Cfa, Ligne, Statuts
from tdba.ruptures.regles import ajouter_mois, echeance_sans_contrat

AUJOURD_HUI = date(2026, 11, 22)
RECU = datetime(2026, 11, 20, 4, 12, tzinfo=UTC)


def cfa(id_: int, nom: str, departement: str | None = "35", **options: Any) -> Cfa:
    region = "53" if departement else None
    valeurs = {
        "departement": departement,
        "region": region,
        "compte": True,
        "transmet": True,
        "reception": RECU,
    }
    return Cfa(id_, nom, departement, region_code=region, **(valeurs | options))


def ligne(id_: int, nom: str, inscrits: int, **options: Any) -> Ligne:
    return Ligne(cfa(id_, nom, **options), Statuts(inscrits=inscrits), Attentes())


# Addresses


@pytest.mark.parametrize(
    ("texte", "jour"),
    [("2025-11-22", date(2025, 11, 22)), ("22/11/2025", date(2025, 11, 22)), ("2026-11-22", AUJOURD_HUI)],
)
def test_a_past_day_is_read_as_controls_and_people_write_it(texte: str, jour: date) -> None:
    demande = filtres.lire({"jour": texte}, AUJOURD_HUI)
    assert (demande.jour, demande.choisi, demande.ignores) == (jour, True, ())


@pytest.mark.parametrize(
    "texte", ["2026-11-23", "2025-02-30", "hier", "0001-01-01", "2014-12-31", "22/11/25"]
)
def test_a_day_to_come_or_that_does_not_exist_gives_today_and_is_said(texte: str) -> None:
    demande = filtres.lire({"jour": texte}, AUJOURD_HUI)
    assert (demande.jour, demande.choisi, demande.ignores) == (AUJOURD_HUI, False, ("jour",))


@pytest.mark.parametrize(
    ("nom", "valeur"),
    [
        ("niveau", "2"),
        ("niveau", "x"),
        ("territoire", "53"),
        ("tri", "nom_secret"),
        ("sens", "x"),
        ("apres", "-1"),
    ],
)
def test_what_means_nothing_is_set_aside(nom: str, valeur: str) -> None:
    assert filtres.lire({nom: valeur}, AUJOURD_HUI) == Demande(jour=AUJOURD_HUI, ignores=(nom,))


@pytest.mark.parametrize(
    ("niveau", "tri"), [("3", "sc75"), ("3", "ru0"), ("", "inscrits"), ("", "rupturants")]
)
def test_a_sort_by_a_column_that_is_not_shown_gives_the_usual_one(niveau: str, tri: str) -> None:
    demande = filtres.lire({"niveau": niveau, "tri": tri, "sens": "asc"}, AUJOURD_HUI)
    assert (demande.tri, demande.sens) == ("", "desc")


@given(
    st.builds(
        Demande,
        jour=st.dates(filtres.PREMIER_JOUR, AUJOURD_HUI),
        choisi=st.just(True),
        niveau=st.none() | st.integers(3, 8),
        territoire=st.sampled_from(["", "R53", "D2A", "D974"]),
        comparer=st.booleans(),
        tri=st.sampled_from(sorted(set(tableau.TRIS) - tableau.DES_SEGMENTS - tableau.DES_STATUTS)),
        sens=st.sampled_from(filtres.SENS),
        apres=st.none() | st.integers(1, 10**8),
    )
)
def test_an_address_says_the_whole_state(demande: Demande) -> None:
    ecrit = {nom: str(v) for nom, v in filtres.parametres(demande, apres=demande.apres).items()}
    assert filtres.lire(ecrit, AUJOURD_HUI) == demande


def test_the_default_state_needs_no_argument_and_a_filter_starts_at_the_first_page() -> None:
    assert filtres.parametres(Demande(jour=AUJOURD_HUI)) == {}
    assert filtres.parametres(Demande(jour=AUJOURD_HUI, apres=12), niveau=3) == {"niveau": 3}


def test_a_column_is_sorted_one_way_then_the_other() -> None:
    demande = Demande(jour=AUJOURD_HUI)
    assert filtres.trier(demande, "apprentis") == {"tri": "apprentis", "sens": "desc"}
    assert filtres.trier(demande, "sc75") == {"tri": "sc75", "sens": "asc"}
    assert filtres.trier(demande, "nom") == {"tri": "nom", "sens": "asc"}


# Tables


def test_lines_are_in_a_total_order() -> None:
    lignes = [ligne(3, "b", 5), ligne(1, "A", 5), ligne(2, "a", 5), ligne(4, "z", 9)]
    assert [x.cfa.id for x in tableau.trier(lignes, "inscrits", "asc")] == [1, 2, 3, 4]
    assert [x.cfa.id for x in tableau.trier(lignes, "inscrits", "desc")] == [4, 1, 2, 3]


def test_a_cfa_never_received_comes_as_the_oldest() -> None:
    lignes = [ligne(1, "a", 0), ligne(2, "b", 0, reception=None, transmet=False)]
    assert [x.cfa.id for x in tableau.trier(lignes, "reception", "asc")] == [2, 1]


def test_pages_follow_each_other_both_ways() -> None:
    lignes = [ligne(n, f"{n:04}", 0) for n in range(1, 251)]
    premiere = tableau.paginer(lignes, None)
    assert (premiere.debut, len(premiere.lignes), premiere.avant, premiere.apres) == (0, 100, None, 100)
    deuxieme = tableau.paginer(lignes, premiere.apres)
    assert (deuxieme.debut, deuxieme.avant, deuxieme.apres) == (100, 0, 200)
    derniere = tableau.paginer(lignes, deuxieme.apres)
    assert (derniere.debut, len(derniere.lignes), derniere.avant, derniere.apres) == (200, 50, 100, None)
    assert tableau.paginer(lignes, derniere.avant) == deuxieme


def test_a_line_that_left_the_list_gives_the_first_page_and_says_so() -> None:
    page = tableau.paginer([ligne(1, "a", 0)], 99)
    assert (page.debut, page.perdue, [x.cfa.id for x in page.lignes]) == (0, True, [1])
    assert not tableau.paginer([], None).perdue


def test_territories_add_up_to_the_total_those_not_known_last() -> None:
    lignes = [
        ligne(1, "a", 2),
        ligne(2, "b", 3, departement="29"),
        ligne(3, "c", 5, departement=None),
        ligne(4, "d", 7, transmet=False),
    ]
    groupes = tableau.grouper(lignes, par_region=False)
    assert [(g.code, g.cfa, g.transmettent, g.statuts.inscrits) for g in groupes] == [
        ("29", 1, 1, 3),
        ("35", 2, 1, 9),
        (None, 1, 1, 5),
    ]
    assert tableau.totaliser(groupes) == tableau.resumer(lignes)


def test_apprenants_are_those_in_training_sorties_left_out() -> None:
    assert Statuts(apprentis=5, inscrits=10, rupturants=20, sorties=15).apprenants == 35


@pytest.mark.parametrize(("maintenant", "avant", "rapport"), [(108, 100, 0.08), (0, 4, -1.0), (12, 0, None)])
def test_a_change_divides_by_the_former_value(maintenant: int, avant: int, rapport: float | None) -> None:
    assert tableau.variation(maintenant, avant) == rapport


# Delays and words


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)))
def test_three_months_within_a_month_are_counted_from_date_to_date(jour: date) -> None:
    premier, dernier = trois_mois(jour)
    for entree in (jour - timedelta(days=n) for n in range(150)):
        attendu = jour < echeance_sans_contrat(entree) <= ajouter_mois(jour, 1)
        assert (premier <= entree <= dernier) == attendu


BRETAGNE = {"53": "Bretagne"}
OUEST = {"35": "Ille-et-Vilaine", "29": "Finistère"}


@pytest.mark.parametrize(
    ("genre", "regions", "departements", "filtre", "attendu"),
    [
        ("DREETS", BRETAGNE, OUEST, "", "en Bretagne"),
        ("DREETS", BRETAGNE, OUEST, "D29", "dans le département Finistère (29)"),
        ("DDETS", BRETAGNE, {"35": "Ille-et-Vilaine"}, "", "dans le département Ille-et-Vilaine (35)"),
        ("ACADEMIE", BRETAGNE, OUEST, "", "dans votre académie"),
        ("TETE_DE_RESEAU", BRETAGNE, OUEST, "R53", "dans les CFA de votre réseau en Bretagne"),
        ("CARIF_OREF_NATIONAL", BRETAGNE | {"44": "Grand Est"}, OUEST, "", "en France"),
        ("CARIF_OREF_NATIONAL", BRETAGNE | {"44": "Grand Est"}, OUEST, "R44", "dans le Grand Est"),
        ("CONSEIL_REGIONAL", {"975": "Archipel"}, {}, "", "dans la région Archipel"),
        ("ORGANISME_FORMATION", BRETAGNE, OUEST, "", "dans vos établissements"),
        ("DREETS", {}, {}, "", "dans votre territoire"),
    ],
)
def test_the_place_is_said_as_people_say_it(
    genre: str, regions: dict[str, str], departements: dict[str, str], filtre: str, attendu: str
) -> None:
    assert lieu(genre, regions, departements, filtre) == attendu
