"""Support sees which mails were refused, and never what they said."""

import pytest
from sqlalchemy.orm import Session

from tdba import horloge
from tdba.courriels import Courriel
from tests.pages import Navigateur, arbre, tableau, texte


def un_courriel(session: Session, etat: str, sujet: str, **colonnes: object) -> None:
    session.add(
        Courriel(
            genre="invitation",
            destinataire="anne@exemple.invalid",
            sujet=sujet,
            texte="CANARICORPS",
            html="CANARICORPS",
            etat=etat,
            cree_le=horloge.maintenant(),
            **colonnes,
        )
    )
    session.commit()


@pytest.fixture
def trois(session: Session) -> None:
    un_courriel(session, "REFUSE", "Invitation refusée", erreur="550", essais=1)
    un_courriel(session, "ENVOYE", "Invitation partie", essais=1, envoye_le=horloge.maintenant())
    un_courriel(session, "A_ENVOYER", "Invitation en route")


@pytest.mark.usefixtures("trois")
def test_les_refuses_viennent_d_abord_avec_la_reponse_du_serveur(alix: Navigateur) -> None:
    page = alix.get("/support/courriels")
    lignes = tableau(page, "courriels")
    assert [ligne["Sujet"].removesuffix(" invitation") for ligne in lignes] == [
        "Invitation refusée",
        "Invitation en route",
        "Invitation partie",
    ]
    assert lignes[0]["État"] == "refusé (réponse 550)"
    assert "1 courriel a été refusé" in texte(arbre(page)).replace("\xa0", " ")


@pytest.mark.usefixtures("trois")
def test_le_corps_ne_se_lit_pas_et_la_page_dit_de_refaire_l_acte(alix: Navigateur) -> None:
    page = alix.get("/support/courriels")
    assert "CANARICORPS" not in page.get_data(as_text=True)
    assert "refaites l’acte qui l’a écrit" in texte(arbre(page))


@pytest.mark.usefixtures("trois")
@pytest.mark.parametrize(("etat", "nombre"), [("REFUSE", 1), ("ENVOYE", 1), ("AUTRE", 3)])
def test_un_etat_se_filtre_et_un_etat_inconnu_ne_filtre_rien(
    alix: Navigateur, etat: str, nombre: int
) -> None:
    assert len(tableau(alix.get(f"/support/courriels?etat={etat}"), "courriels")) == nombre


def test_un_cfa_ne_voit_pas_les_courriels(directeur: Navigateur) -> None:
    assert directeur.get("/support/courriels").status_code == 403
