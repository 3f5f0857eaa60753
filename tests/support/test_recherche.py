"""What support types is read in every way it makes sense."""

from datetime import date
from uuid import UUID

import pytest

from tdba.support.recherche import Question, comprendre

UUID_ = UUID("6f1c2d3e-0000-4000-8000-123456789abc")


@pytest.mark.parametrize(
    ("texte", "question"),
    [
        ("Le Goff Camille", {"mots": ("LE", "GOFF", "CAMILLE")}),
        ("  Éloïse   d’Arc ", {"mots": ("ELOISE", "D", "ARC")}),
        ("Goff 04/05/2007", {"mots": ("GOFF",), "naissances": (date(2007, 5, 4),)}),
        ("0123456789X", {"numero": "0123456789X"}),
        ("erp-55", {"numero": "erp-55"}),
        ("n° 12", {"demande_id": 12, "numero": "12"}),
        ("demande 12", {"demande_id": 12, "numero": "12"}),
        ("130 025 265 00013", {"numero": "130 025 265 00013"}),
        (str(UUID_), {"transmission": UUID_}),
        ("31/02/2007", {"impossible": "31/02/2007"}),
        ("", {}),
    ],
)
def test_la_question_est_comprise(texte: str, question: dict[str, object]) -> None:
    comprise = comprendre(texte)
    attendue = Question(comprise.texte, **question)  # type: ignore[arg-type]
    assert comprise == attendue


@pytest.mark.parametrize(
    ("texte", "designe"),
    [
        ("Li", False),
        ("Li Bo", False),
        ("Lin", True),
        ("Li 04/05/2007", True),
        ("31/02/2007 Martin", False),
        ("", False),
    ],
)
def test_des_fiches_ne_sont_cherchees_qu_avec_de_quoi(texte: str, designe: bool) -> None:
    assert comprendre(texte).designe_des_fiches is designe


@pytest.mark.parametrize(
    ("texte", "approchable"),
    [
        ("Martni", True),
        ("Marie", False),
        ("Marie Peti", False),
        ("Lé Pettit", True),
        ("Petti 04/05/2007", True),
        ("Li 04/05/2007", False),
        ("Martni erp-55", False),
        ("Mar_ni", False),
        ("31/02/2007 Martni", False),
    ],
)
def test_une_faute_n_est_cherchee_dans_tout_le_pays_qu_avec_de_quoi(texte: str, approchable: bool) -> None:
    assert comprendre(texte).approchable is approchable


def test_un_texte_demesure_est_coupe() -> None:
    assert len(comprendre("a" * 5000).texte) == 100
