"""One typing mistake: what is near a word, and what PostgreSQL is asked so that nothing near is missed."""

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tdba.effectifs import fautes

LETTRES = "ABC "
"""And the space, forgotten or added between the two words of a name."""
MOTS = st.text(alphabet="ABC", min_size=1, max_size=7)


def a_une_faute_de(mot: str) -> set[str]:
    """Every text one mistake away from that word, the word itself included: the definition, letter by letter."""
    bouts = [(mot[:n], mot[n:]) for n in range(len(mot) + 1)]
    return {
        mot,
        *(a + b[1:] for a, b in bouts if b),
        *(a + b[1] + b[0] + b[2:] for a, b in bouts if len(b) > 1),
        *(a + c + b[1:] for a, b in bouts if b for c in LETTRES),
        *(a + c + b for a, b in bouts for c in LETTRES),
    }


@given(MOTS, MOTS)
def test_une_faute_est_ce_que_dit_sa_definition(un: str, autre: str) -> None:
    assert fautes.une_faute(un, autre) == (autre in a_une_faute_de(un))
    assert fautes.une_faute(un, autre) == fautes.une_faute(autre, un)


@given(MOTS.filter(fautes.tolere))
def test_ce_qui_est_proche_est_toujours_parmi_les_candidats(mot: str) -> None:
    for voisin in a_une_faute_de(mot):
        for nom in (voisin, f"{voisin} X", f"X {voisin}", f"X {voisin} X"):
            if mot not in nom:
                assert fautes.proche([mot], nom)
                assert any(_like(motif, nom) for motif in fautes.motifs(mot))
                assert re.search(fautes.expression(mot), nom)


def _like(motif: str, texte: str) -> bool:
    return re.fullmatch(motif.replace("%", ".*"), texte) is not None


@pytest.mark.parametrize(
    ("tape", "nom"),
    [
        ("MARTN", "MARTIN LEA"),
        ("MARTTIN", "MARTIN LEA"),
        ("MARTAN", "MARTIN LEA"),
        ("MATRIN", "MARTIN LEA"),
        ("LEGOFF", "LE GOFF ZOE"),
        ("LAE", "MARTIN LEA"),
    ],
)
def test_une_lettre_oubliee_ajoutee_changee_ou_inversee_et_un_espace_oublie(tape: str, nom: str) -> None:
    assert fautes.proche([tape], nom)


@pytest.mark.parametrize("tape", ["MRTAN", "MARTINEZ", "LI", "MART1N", "M_RTIN"])
def test_deux_fautes_un_mot_trop_court_ou_un_signe_ne_sont_pas_proches(tape: str) -> None:
    assert not fautes.proche([tape], "MARTIN LEA")


def test_chaque_mot_peut_avoir_sa_faute() -> None:
    assert fautes.proche(["MARTN", "CMAILLE"], "MARTIN CAMILLE")
    assert not fautes.proche(["MARTN", "PAUL"], "MARTIN CAMILLE")


def test_l_expression_ne_contient_que_des_lettres_et_ses_signes() -> None:
    assert set(fautes.expression("MARTIN")) <= {*string.ascii_uppercase, *"(^| ).?$"}
