"""Small counts are not read, nor found again by subtraction (decision 28)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tdba.petits_nombres import Cache, repartition, seul, tableau, texte

K = 5


def test_de_un_a_k_moins_un_se_lit_moins_de_k_et_zero_se_lit_zero() -> None:
    assert [seul(n, K) for n in (0, 1, 4, 5)] == [0, Cache.PETIT, Cache.PETIT, 5]
    assert [texte(case, K) for case in (0, Cache.PETIT, 12, Cache.RETENU)] == [
        "0",
        "<\N{NO-BREAK SPACE}5",
        "12",
        "non\N{NO-BREAK SPACE}publié",
    ]


def test_une_seule_case_petite_en_retient_une_autre() -> None:
    assert repartition([3, 40, 12], K) == [Cache.PETIT, 40, Cache.RETENU]


def test_deux_petites_dont_la_somme_atteint_k_suffisent() -> None:
    assert repartition([3, 4, 40], K) == [Cache.PETIT, Cache.PETIT, 40]


def test_deux_petites_que_leur_somme_trahit_en_retiennent_une_troisieme() -> None:
    assert repartition([1, 1, 40], K) == [Cache.PETIT, Cache.PETIT, Cache.RETENU]
    assert repartition([4, 4, 40], K) == [Cache.PETIT, Cache.PETIT, Cache.RETENU]


def test_une_colonne_non_plus_ne_laisse_pas_retrouver_une_case() -> None:
    cases = tableau([[3, 20, 4], [30, 40, 50], [60, 70, 80]], K)
    for colonne in zip(*cases, strict=True):
        assert sum(isinstance(case, Cache) for case in colonne) != 1


@given(
    st.lists(st.lists(st.integers(0, 30), min_size=4, max_size=4), min_size=1, max_size=6),
)
def test_aucune_ligne_ni_colonne_ne_rend_un_petit_nombre(lignes: list[list[int]]) -> None:
    """What any reader can do: subtract what is shown from the total of a line or of a column."""
    cases = tableau(lignes, K)
    rangs = [[(i, j) for j in range(4)] for i in range(len(lignes))]
    rangs += [[(i, j) for i in range(len(lignes))] for j in range(4)] if len(lignes) > 1 else []
    for rang in rangs:
        caches = [lignes[i][j] for i, j in rang if isinstance(cases[i][j], Cache)]
        if caches and len(caches) < len(rang):
            assert len(caches) > 1
            assert sum(caches) >= K
    for ligne, lues in zip(lignes, cases, strict=True):
        for n, case in zip(ligne, lues, strict=True):
            assert case == n or isinstance(case, Cache)
            assert (case is Cache.PETIT) == (0 < n < K)


@pytest.mark.parametrize("ligne", [[0, 0, 0], [5, 9], []])
def test_ce_qui_ne_cache_rien_se_lit_en_entier(ligne: list[int]) -> None:
    assert repartition(ligne, K) == ligne
