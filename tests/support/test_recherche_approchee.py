"""A national search that finds nothing shows, masked, what is one typing mistake away."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from tdba.effectifs.models import Effectif
from tdba.organismes.models import Organisme
from tests.factories import un_apprenti
from tests.pages import Navigateur, arbre, tableau, texte
from tests.support.conftest import CANARIS
from tests.support.test_bureau import chercher


@pytest.mark.parametrize("q", ["oisaeu", "oiseauu", "oiseaux serin", "sern 04/05/2007"])
def test_une_faute_par_mot_est_toleree_et_les_noms_restent_masques(
    alix: Navigateur, jeune: Effectif, q: str
) -> None:
    page = alix.get(chercher(alix, q))
    (ligne,) = tableau(page, "fiches")
    assert ligne["Apprenant"].endswith(f"fiche {jeune.id}")
    corps = page.get_data(as_text=True)
    assert [c for c in CANARIS if c in corps] == []


def test_ce_qui_n_est_qu_approche_est_dit(alix: Navigateur, jeune: Effectif) -> None:
    assert "à une faute de frappe près" in texte(arbre(alix.get(chercher(alix, "oisaeu"))))
    assert "faute de frappe" not in texte(arbre(alix.get(chercher(alix, "oiseau"))))


def test_ce_qui_correspond_exactement_ecarte_ce_qui_s_approche(
    session: Session, alix: Navigateur, jeune: Effectif, cfa: Organisme
) -> None:
    un_apprenti(session, cfa, nom="OISEAX", naissance=date(2007, 5, 4))
    assert len(tableau(alix.get(chercher(alix, "oiseau")), "fiches")) == 1
