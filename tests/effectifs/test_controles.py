"""Which dates and names a person may write."""

from datetime import date

import pytest

from tdba import textes
from tdba.effectifs import controles
from tdba.effectifs.statuts import ContratDates

JOUR, FIN = date(2026, 11, 18), date(2027, 8, 31)
AVANT = ContratDates(date(2026, 9, 1), FIN)


def refus(dates: ContratDates, *autres: ContratDates, avant: ContratDates = AVANT) -> str | None:
    trouve = controles.refus_de_contrat(dates, avant=avant, autres=autres, fin_de_session=FIN, jour=JOUR)
    return None if trouve is None else trouve.champ


@pytest.mark.parametrize(
    ("dates", "champ"),
    [
        (ContratDates(None, FIN), "debut"),
        (ContratDates(date(2026, 9, 1), date(2026, 8, 31)), "fin"),
        (ContratDates(date(2026, 9, 1), FIN, date(2026, 8, 31)), "rupture"),
        (ContratDates(date(1999, 9, 1), FIN), "debut"),
        (ContratDates(date(2026, 9, 1), date(2037, 1, 1)), "fin"),
        (ContratDates(date(2026, 9, 1), FIN, date(2037, 1, 1)), "rupture"),
    ],
)
def test_une_date_impossible_est_refusee_a_son_champ(dates: ContratDates, champ: str) -> None:
    assert refus(dates) == champ


@pytest.mark.parametrize(
    "dates",
    [
        ContratDates(date(2026, 9, 1), date(2026, 9, 1)),
        ContratDates(date(2026, 9, 1), None),
        ContratDates(date(2026, 9, 1), FIN, date(2026, 9, 1)),
        ContratDates(date(2000, 1, 1), date(2036, 12, 31)),
    ],
)
def test_une_date_possible_est_acceptee(dates: ContratDates) -> None:
    assert refus(dates) is None


def test_deux_contrats_ne_se_recouvrent_pas() -> None:
    autre = ContratDates(date(2027, 1, 1), FIN)
    avant = ContratDates(date(2026, 9, 1), date(2026, 12, 31))
    assert refus(ContratDates(date(2026, 9, 1), date(2027, 2, 1)), autre, avant=avant) == "fin"
    assert refus(ContratDates(date(2026, 9, 1), None), autre, avant=avant) == "fin"


def test_deux_contrats_peuvent_se_toucher_un_jour() -> None:
    autre = ContratDates(date(2027, 1, 1), FIN)
    avant = ContratDates(date(2026, 9, 1), date(2026, 12, 31))
    assert refus(ContratDates(date(2026, 9, 1), date(2027, 1, 1)), autre, avant=avant) is None


def test_un_recouvrement_que_la_source_a_envoye_n_empeche_pas_de_corriger_une_autre_date() -> None:
    autre = ContratDates(date(2026, 10, 1), date(2026, 12, 31))
    assert refus(ContratDates(date(2026, 9, 2), FIN), autre) is None
    assert refus(ContratDates(date(2026, 9, 1), FIN, date(2026, 11, 1)), autre) is None


@pytest.mark.parametrize("nom", ["", "1DUPONT", "-", "A" * 121])
def test_un_nom_impossible_est_refuse(nom: str) -> None:
    assert controles.refus_de_nom(nom)


def test_un_nom_s_ecrit_comme_a_la_reception() -> None:
    assert controles.nom_propre("nom", "  le   goff ") == "LE GOFF"
    assert controles.nom_propre("prenom", "  Anne  Laure ") == "Anne Laure"


@pytest.mark.parametrize(
    "texte", ["2 07 05 35 238 001 42", "207053523800142", "2A1234567890123 né 2070523123456"]
)
def test_un_numero_de_securite_sociale_est_reconnu(texte: str) -> None:
    assert textes.ressemble_a_un_nir(texte)


@pytest.mark.parametrize(
    "texte", ["", "vu le contrat du 01/09/2026", "tél. 06 12 34 56 78", "SIRET 12345678900012 "]
)
def test_une_note_ordinaire_n_en_est_pas_un(texte: str) -> None:
    assert not textes.ressemble_a_un_nir(texte)
