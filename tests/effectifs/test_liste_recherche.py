"""Searching in the list: found whatever the accents and the order, and never in an address."""

from datetime import date

import pytest
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests import factories as f
from tests.effectifs.aides import chercher, noms, phrases
from tests.effectifs.conftest import Decor
from tests.pages import Navigateur, arbre, champs, liens


@pytest.mark.parametrize(
    "q",
    [
        "le goff",
        "GOFF zoé",
        "zoe LE-GOFF",
        "gof",
        "04/05/2007",
        "goff 4/5/2007",
        "56AB",
        "123456AB",
        "logiciel-42",
        "n° 42 bis",
    ],
)
def test_la_recherche_trouve_sans_accent_dans_tous_les_ordres(
    session: Session, decor: Decor, directrice: Navigateur, q: str
) -> None:
    cible = f.un_apprenti(
        session,
        decor.cfa,
        nom="LE GOFF",
        prenom="Zoé",
        ine="0123456AB",
        id_erp="n° 42 bis" if "bis" in q else "logiciel-42",
    )
    f.un_apprenti(session, decor.cfa, nom="MARTIN", prenom="Zoé", naissance=date(2008, 1, 1), ine="99")
    envoi = directrice.post("/effectifs/recherche", {"q": q})
    assert envoi.headers["Location"] == f"/effectifs/{cible.id}"


def test_une_recherche_a_plusieurs_resultats_montre_la_liste_de_toutes_les_annees(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    f.un_apprenti(session, decor.cfa, nom="MARTIN", annee_scolaire="2020-2021")
    f.un_apprenti(session, decor.cfa, nom="MARTINEZ")
    f.un_apprenti(session, decor.cfa, nom="DURAND")
    reponse = chercher(directrice, "martin")
    assert noms(reponse) == ["MARTIN Alix", "MARTINEZ Alix"]
    assert champs(reponse, lien_de_recherche(reponse))["q"] == "martin"


def lien_de_recherche(reponse: TestResponse) -> str:
    return next(
        str(form.get("action"))
        for form in arbre(reponse).iter("form")
        if str(form.get("action")).startswith("/effectifs/recherche?")
    )


def test_aucun_nom_ne_passe_dans_une_adresse(session: Session, decor: Decor, directrice: Navigateur) -> None:
    f.un_apprenti(session, decor.cfa, nom="MARTIN")
    f.un_apprenti(session, decor.cfa, nom="MARTINEZ")
    envoi = directrice.post("/effectifs/recherche", {"q": "martin"})
    adresses = [envoi.headers["Location"], *liens(directrice.get(envoi.headers["Location"]))]
    assert not any("martin" in adresse.lower() for adresse in adresses)


def test_l_adresse_d_une_recherche_ne_la_revele_pas_a_quelqu_un_d_autre(
    session: Session, decor: Decor, directrice: Navigateur, voisine: Navigateur
) -> None:
    for nom in ("MARTIN", "MARTINEZ"):
        f.un_apprenti(session, decor.cfa, nom=nom)
    f.un_apprenti(session, decor.voisin, nom="VOISIN")
    envoi = directrice.post("/effectifs/recherche?niveau=3", {"q": "martin"})
    reponse = voisine.get(envoi.headers["Location"])
    assert noms(reponse) == ["VOISIN Alix"]
    assert "reste dans la session de la personne qui l’a faite" in phrases(reponse)
    assert "martin" not in reponse.get_data(as_text=True).lower()


def test_une_recherche_vide_revient_a_la_liste(directrice: Navigateur) -> None:
    assert directrice.post("/effectifs/recherche", {"q": " "}).headers["Location"] == "/effectifs"


def test_une_date_de_naissance_impossible_est_dite(directrice: Navigateur) -> None:
    reponse = chercher(directrice, "30/02/2007")
    assert "La date 30/02/2007 n’existe pas" in phrases(reponse)


def test_la_recherche_ne_trouve_pas_chez_les_autres(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    f.un_apprenti(session, decor.voisin, nom="VOISIN")
    assert noms(chercher(directrice, "voisin")) == []
