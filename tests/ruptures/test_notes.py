"""A free note never holds a social-security number (decision 16)."""

import pytest

from tdba.textes import ressemble_a_un_nir


@pytest.mark.parametrize(
    "texte",
    [
        "1070535238012",
        "107053523801242",
        "son numéro : 1 07 05 35 238 012 42, à noter",
        "2.07.05.35.238.012",
        "n°2 07 05 2A 004 012 71",
        "207052b004012",
    ],
)
def test_un_numero_de_securite_sociale_est_reconnu(texte: str) -> None:
    assert ressemble_a_un_nir(texte)


@pytest.mark.parametrize(
    "texte",
    [
        "Rappeler au 06 12 34 56 78 après 17 h.",
        "SIRET de l’employeur : 321 654 987 00012",
        "Vu le 12/03/2026 à 14 h 30, rendez-vous le 19/03/2026 à 9 h.",
        "Contrat du 01/09/2026 au 31/08/2027",
        "Deux numéros : 0612345678 et 0698765432",
        "RNCP38322, niveau 3",
        "",
    ],
)
def test_un_telephone_un_siret_ou_des_dates_n_en_sont_pas_un(texte: str) -> None:
    assert not ressemble_a_un_nir(texte)
