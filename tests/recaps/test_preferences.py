"""How often the digest comes: chosen on the account page, turned off in one click from a mail."""

from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tdba.comptes.models import Habilitation
from tdba.courriels import lien_de_refus
from tdba.organismes.models import Organisme
from tdba.recaps import queries
from tests import factories as f
from tests.comptes.aides import journal
from tests.pages import Navigateur, arbre, champs, texte
from tests.recaps.aides import envoyer, quelqu_un

ADRESSE = "/mon-compte/recapitulatif"


def coche(page: TestResponse) -> list[str]:
    return [
        str(e.get("value"))
        for e in arbre(page).iter("input")
        if e.get("name") == "rythme" and "checked" in e.attrib
    ]


def choisir(qui: Navigateur, rythme: str) -> None:
    assert qui.post(ADRESSE, champs(qui.get("/mon-compte"), ADRESSE) | {"rythme": rythme}).status_code == 303


def test_chaque_semaine_par_defaut_puis_ce_que_l_on_choisit(
    session: Session, navigateur: Navigateur, direction: Habilitation
) -> None:
    directeur = navigateur.comme(direction)
    assert coche(directeur.get("/mon-compte")) == ["SEMAINE"]
    for rythme in ("JOUR", "JAMAIS", "SEMAINE"):
        choisir(directeur, rythme)
        assert coche(directeur.get("/mon-compte")) == [rythme]
    choisir(directeur, "SEMAINE")
    choix = [details for nom, details in journal(session) if nom == "recap.choisi"]
    assert choix == [{"rythme": "JOUR"}, {"rythme": "JAMAIS"}, {"rythme": "SEMAINE"}]


def test_un_clic_depuis_le_courriel_l_arrete_et_le_choisir_de_nouveau_le_rend(
    app: Flask, session: Session, navigateur: Navigateur, cfa: Organisme, direction: Habilitation
) -> None:
    f.une_rupture(session, cfa)
    refus = urlsplit(lien_de_refus(direction.personne_id, queries.GENRE, app.extensions["tdba"])).path
    assert navigateur.post(refus, {"List-Unsubscribe": "One-Click"}).status_code == 200
    directeur = navigateur.comme(direction)
    assert coche(directeur.get("/mon-compte")) == ["JAMAIS"]
    assert envoyer(session) == 0
    choisir(directeur, "SEMAINE")
    assert envoyer(session) == 1


def test_un_choix_inconnu_ne_change_rien(navigateur: Navigateur, direction: Habilitation) -> None:
    directeur = navigateur.comme(direction)
    choisir(directeur, "HEURE")
    page = directeur.get("/mon-compte")
    assert "Ce choix n’existe pas" in texte(arbre(page))
    assert coche(page) == ["SEMAINE"]


@pytest.mark.parametrize("type_", ["DREETS", "TETE_DE_RESEAU"])
def test_qui_n_est_pas_d_un_cfa_n_a_rien_a_choisir(
    session: Session, navigateur: Navigateur, cfa: Organisme, type_: str
) -> None:
    agent = navigateur.comme(quelqu_un(session, "Sacha", cfa, type_=type_))
    assert "Votre récapitulatif" not in texte(arbre(agent.get("/mon-compte")))
    assert agent.post(ADRESSE, {"rythme": "JOUR"}).status_code == 404
