"""A search that finds nothing shows what is one typing mistake away, and says so."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from tests import factories as f
from tests.effectifs.aides import chercher, noms, phrases
from tests.effectifs.conftest import Decor
from tests.pages import Navigateur


@pytest.mark.parametrize("q", ["gooff", "le gaff", "le gfof", "legoff", "zoo", "gogf zeo", "Goof 4 mai 2007"])
def test_une_faute_par_mot_est_toleree_quand_rien_ne_correspond(
    session: Session, decor: Decor, directrice: Navigateur, q: str
) -> None:
    f.un_apprenti(session, decor.cfa, nom="LE GOFF", prenom="Zoé", naissance=date(2007, 5, 4))
    f.un_apprenti(session, decor.cfa, nom="MARTIN", prenom="Léa", naissance=date(2007, 5, 4))
    f.un_apprenti(session, decor.voisin, nom="LE GOFF", prenom="Zoé")
    envoi = directrice.post("/effectifs/recherche", {"q": q})
    reponse = directrice.get(envoi.headers["Location"])
    assert noms(reponse) == ["LE GOFF Zoé"]
    assert "Aucune fiche ne correspond exactement" in phrases(reponse)
    assert "1 apprenant" in phrases(reponse)


@pytest.mark.parametrize("q", ["legooff", "zao", "goff lae 04/05/2008"])
def test_deux_fautes_dans_un_mot_sont_trop(
    session: Session, decor: Decor, directrice: Navigateur, q: str
) -> None:
    f.un_apprenti(session, decor.cfa, nom="LE GOFF", prenom="Zoé", naissance=date(2007, 5, 4))
    assert noms(chercher(directrice, q)) == []


def test_un_resultat_approche_unique_ne_s_ouvre_pas_seul(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    f.un_apprenti(session, decor.cfa, nom="MARTIN")
    assert "?r=" in directrice.post("/effectifs/recherche", {"q": "martn"}).headers["Location"].replace(
        "&", "?"
    )


def test_ce_qui_correspond_exactement_ecarte_ce_qui_s_approche(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    for nom in ("MARTIN", "MARTIN", "MARTEN"):
        f.un_apprenti(session, decor.cfa, nom=nom)
    reponse = chercher(directrice, "martin")
    assert noms(reponse) == ["MARTIN Alix", "MARTIN Alix"]
    assert "exactement" not in phrases(reponse)


def test_ce_qui_s_approche_respecte_les_autres_filtres(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    f.un_apprenti(session, decor.cfa, nom="MARTIN", niveau=3)
    f.un_apprenti(session, decor.annexe, nom="MARTIN", niveau=4)
    reponse = chercher(directrice, "mratin", f"/effectifs/recherche?site={decor.annexe.id}")
    assert len(noms(reponse)) == 1
    assert noms(chercher(directrice, "mratin", "/effectifs/recherche?niveau=5")) == []


def test_une_naissance_qui_ne_correspond_pas_n_est_pas_une_faute(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    f.un_apprenti(session, decor.cfa, nom="MARTIN", naissance=date(2007, 5, 4))
    reponse = chercher(directrice, "martin 05/05/2007")
    assert noms(reponse) == []
    assert "ne correspond à ces filtres" in phrases(reponse)
