"""The text of searches: the stored one and the typed one meet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tdba.textes import sans_accents


@pytest.mark.parametrize(
    ("ecrit", "attendu"),
    [
        ("Lycée Saint-Éloi", "LYCEE SAINT ELOI"),
        ("cœur d’Aix", "COEUR D AIX"),
        ("L'ARGENTIÈRE–LA–BESSÉE", "L ARGENTIERE LA BESSEE"),
        ("ex æquo, Straße", "EX AEQUO, STRASSE"),
        ("  deux \t mots\u00a0insécables ", "DEUX MOTS INSECABLES"),
        ("ﬁlière Ｎｏ １", "FILIERE NO 1"),
        ("", ""),
    ],
)
def test_le_texte_perd_accents_et_ligatures(ecrit: str, attendu: str) -> None:
    assert sans_accents(ecrit) == attendu


@given(st.text())
def test_normaliser_deux_fois_ne_change_rien(texte: str) -> None:
    assert sans_accents(sans_accents(texte)) == sans_accents(texte)
