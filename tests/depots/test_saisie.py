"""One apprentice typed by hand, on the rules of files (issue 4, part 2)."""

from typing import Any

from sqlalchemy.orm import Session

from tdba.organismes.models import Organisme
from tests.depots.aides_depots import Monde, depot_de, fiches, relu, travailler
from tests.pages import Navigateur, arbre, champs, texte

ADRESSE = "/depots/une-fiche"


def saisie(page: Any, site: Organisme, **autres: str) -> dict[str, str]:
    return champs(page, ADRESSE) | {
        "organisme": str(site.id),
        "responsable": str(site.id),
        "annee_scolaire": "2026-2027",
        "nom_apprenant": "AMAR",
        "prenom_apprenant": "Gaston",
        "date_de_naissance_apprenant": "28/10/2005",
        "sexe_apprenant": "M",
        "email_contact": "gaston@exemple.fr",
        "adresse_apprenant": "64 bis, route de Paris",
        "code_postal_apprenant": "44000",
        "annee_formation": "1",
        "date_inscription_formation": "01/09/2026",
        "date_entree_formation": "02/09/2026",
        "date_fin_formation": "31/07/2028",
        **autres,
    }


def test_une_fiche_saisie_est_enregistree_aussitot(
    session: Session, monde: Monde, directrice: Navigateur
) -> None:
    envoi = saisie(directrice.get(ADRESSE), monde.dunes, contrat_date_debut="08/09/2026")
    depot = depot_de(session, directrice.post(ADRESSE, envoi))
    travailler()
    assert relu(session, depot.uuid).etat == "APPLIQUE"
    assert fiches(session) == [("AMAR", "64 bis, route de Paris")]
    assert "1 fiche : 1 nouvelle" in texte(arbre(directrice.get(f"/depots/{depot.uuid}")))


def test_un_champ_refuse_est_dit_a_sa_place_et_la_saisie_reste(
    session: Session, monde: Monde, directrice: Navigateur
) -> None:
    envoi = saisie(
        directrice.get(ADRESSE), monde.dunes, email_contact="gaston", date_fin_formation="01/01/2020"
    )
    page = directrice.post(ADRESSE, envoi)
    assert page.status_code == 422
    repris = champs(page, ADRESSE)
    assert (repris["email_contact"], repris["nom_apprenant"]) == ("gaston", "AMAR")
    fautifs = {str(e.get("id")) for e in arbre(page).iter() if str(e.get("id", "")).endswith("-erreur")}
    assert fautifs == {"email_contact-erreur", "date_fin_formation-erreur"}
    assert fiches(session) == []


def test_une_personne_deja_connue_est_dite_avant_de_creer(
    session: Session, monde: Monde, directrice: Navigateur
) -> None:
    depot_de(session, directrice.post(ADRESSE, saisie(directrice.get(ADRESSE), monde.dunes)))
    travailler()
    page = directrice.post(ADRESSE, saisie(directrice.get(ADRESSE), monde.marais))
    assert page.status_code == 409
    assert "est déjà connue" in texte(arbre(page))
    assert len(fiches(session)) == 1
    depot_de(session, directrice.post(ADRESSE, champs(page, ADRESSE)))
    travailler()
    assert len(fiches(session)) == 2
