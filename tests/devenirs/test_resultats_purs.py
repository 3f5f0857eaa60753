"""The sentence, the comparison and the address of the page of results."""

from datetime import date

import pytest

from tdba.devenirs import fichier, filtres, mots
from tdba.devenirs.resultats import Mesures, Part, comparaison, delai_en_mots, phrase, variation
from tdba.devenirs.territoire import Comptes, Ensemble, lignes, publiable, total
from tdba.petits_nombres import Cache


def lu(texte: str) -> str:
    return " ".join(texte.split())


def mesures(total: int, rapides: int, sur: int, n: int) -> Mesures:
    return Mesures(
        total=total, rapides=Part(rapides, total), contrats={30: Part(), 90: Part(n, sur), 180: Part()}
    )


@pytest.mark.parametrize(
    ("m", "attendue"),
    [
        (
            mesures(42, 31, 42, 18),
            (
                "Sur 42 ruptures de 2025-2026, 31 jeunes ont eu une démarche dans les 15 jours ; "
                "18 ont retrouvé un contrat à 90 jours."
            ),
        ),
        (
            mesures(1, 1, 0, 0),
            (
                "Sur 1 rupture de 2025-2026, 1 jeune a eu une démarche dans les 15 jours ; "
                "aucun n’a encore passé 90 jours."
            ),
        ),
        (
            mesures(42, 31, 30, 1),
            (
                "Sur 42 ruptures de 2025-2026, 31 jeunes ont eu une démarche dans les 15 jours ; "
                "sur les 30 dont ce délai est passé, 1 a retrouvé un contrat à 90 jours."
            ),
        ),
        (Mesures(), "Aucune rupture en 2025-2026."),
    ],
)
def test_la_premiere_phrase_repond(m: Mesures, attendue: str) -> None:
    assert lu(phrase("RUPTURE", 2025, m)) == attendue


def test_un_contrat_arrive_a_terme_n_est_jamais_appele_une_rupture() -> None:
    assert (
        phrase("FIN_DE_CONTRAT", 2025, Mesures()) == "Aucun contrat arrivé à terme sans suite en 2025-2026."
    )
    assert all("rupture" not in mots.nom(genre, 2) for genre in ("FIN_DE_CONTRAT", "SANS_CONTRAT"))


def test_sans_valeur_ancienne_aucun_pourcentage() -> None:
    assert variation(0.5, None) is None
    assert variation(0.5, 0.0) is None
    assert variation(0.6, 0.5) == pytest.approx(0.2)
    assert (
        lu(comparaison(Part(1, 2), Part(), "18 novembre 2025"))
        == "Pas de comparaison : rien au 18 novembre 2025."
    )
    assert "(" not in comparaison(Part(1, 2), Part(0, 4), "18 novembre 2025")
    assert "(+20 %)" in lu(comparaison(Part(6, 10), Part(5, 10), "18 novembre 2025"))


def test_le_delai_se_dit_en_jours() -> None:
    assert [lu(delai_en_mots(d)) for d in (None, 0.0, 1.0, 3.5)] == [
        "non calculé",
        "0 jour",
        "1 jour",
        "3,5 jours",
    ]


@pytest.mark.parametrize(
    ("jour", "annee"), [(date(2026, 8, 15), 2025), (date(2026, 8, 31), 2026), (date(2026, 7, 31), 2025)]
)
def test_l_annee_par_defaut_est_celle_dont_un_jalon_a_pu_passer(jour: date, annee: int) -> None:
    assert filtres.lire({}, jour).annee == annee


def test_une_adresse_qui_ne_veut_rien_dire_est_laissee_de_cote() -> None:
    jour = date(2026, 11, 18)
    for adresse in ({"annee": "1999-2000"}, {"annee": "x"}, {"genre": "AUTRE"}, {"jalon": "31"}):
        assert filtres.lire(adresse, jour) == filtres.lire({}, jour)
    choisie = filtres.lire({"annee": "2024-2025", "genre": "SANS_CONTRAT", "jalon": "180"}, jour)
    assert (choisie.annee, choisie.genre, choisie.jalon) == (2024, "SANS_CONTRAT", 180)


def test_un_tableur_n_execute_aucune_cellule() -> None:
    assert fichier.ecrire(["A", "B"], [["=1+1", 3], [None, "Été"]]).decode("utf-8-sig") == (
        "A;B\r\n'=1+1;3\r\n;Été\r\n"
    )


# Territories ---------------------------------------------------------------------------------------------------------

RENNES = Ensemble("1", "CFA de Rennes", Comptes({"CONTRAT": 3, "ECOLE": 2, "INCONNU": 40}), vrai=False)
BREST = Ensemble("2", "CFA de Brest", Comptes({"CONTRAT": 30, "ECOLE": 12, "INCONNU": 9}), vrai=False)


def test_un_territoire_lit_vrais_le_total_et_les_contrats_et_masque_le_detail() -> None:
    brest, rennes = lignes([RENNES, BREST], 5)
    assert (rennes.ensemble.comptes.total, rennes.ensemble.comptes.n("CONTRAT")) == (45, 3)
    assert rennes.autres[0] is Cache.PETIT
    assert Cache.RETENU in rennes.autres
    assert isinstance(brest.autres[0], Cache), "the column would give Rennes back"


def test_qui_lit_les_noms_lit_les_vrais_chiffres() -> None:
    vraie = RENNES._replace(vrai=True)
    assert lignes([vraie], 5)[0].autres == [2, 0, 0, 40]
    assert total([vraie], 5).autres == [2, 0, 0, 40]
    assert total([RENNES], 5).autres[0] is Cache.PETIT


def test_le_public_ne_lit_rien_d_un_total_trop_petit() -> None:
    assert publiable(Comptes({"CONTRAT": 4}), 5) == (Cache.PETIT, [])
    assert publiable(Comptes({}), 5) == (0, [])
    publie, cases = publiable(Comptes({"CONTRAT": 400, "ECOLE": 3, "EMPLOI": 20, "INCONNU": 60}), 5)
    assert publie == 423 + 60
    assert cases == [400, Cache.PETIT, Cache.RETENU, 0, 60]
