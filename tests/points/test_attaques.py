"""Numbers that no correction and no establishment has, in the addresses and the form of « À reporter »."""

import pytest
from sqlalchemy.orm import Session

from tests import factories as f
from tests.pages import Navigateur


@pytest.fixture
def directeur(session: Session, navigateur: Navigateur) -> Navigateur:
    f.les_territoires(session)
    cfa = f.un_organisme(session, "CFA Rennes")
    organisation = f.une_organisation(
        session, "ORGANISME_FORMATION", "CFA Rennes", regle="ETABLISSEMENTS", organismes=[cfa]
    )
    return navigateur.comme(f.une_habilitation(session, f.une_personne(session, "Dana"), organisation))


@pytest.mark.parametrize("nombre", ["9" * 5000, "9" * 25, str(2**63), "²"])
def test_un_numero_impossible_ne_nomme_rien(directeur: Navigateur, nombre: str) -> None:
    assert directeur.get("/a-regler/a-reporter", query_string={"site": nombre}).status_code == 404
    assert directeur.get("/a-regler/a-reporter/imprimer", query_string={"site": nombre}).status_code == 404
    assert directeur.get("/a-regler/a-reporter", query_string={"apres": nombre}).status_code == 200
    assert directeur.post("/a-regler/a-reporter", {"ids": nombre}).status_code == 303


@pytest.mark.parametrize("nombre", ["9" * 25, "-" + "9" * 25, str(2**31)])
def test_un_numero_impossible_ne_casse_aucune_liste(directeur: Navigateur, nombre: str) -> None:
    for adresse in ("/depots?avant=", "/transmissions/inconnus?apres=", "/exports?avant="):
        assert directeur.get(f"{adresse}{nombre}").status_code == 200, adresse
    assert directeur.get(f"/transmissions?organisme={nombre}").status_code == 404
