"""The page of offers of a file: a link always, results when known, and the steps that come of them, each noted once."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tdba import horloge
from tdba.config import Configuration
from tdba.effectifs.models import Effectif
from tdba.journal import Evenement
from tdba.offres.models import RechercheAlentour
from tdba.organismes.models import Organisme
from tdba.ruptures.models import Opposition
from tests.conftest import MIDI
from tests.factories import une_personne, une_rupture
from tests.offres.aides import demarches, dossier_de, recherches
from tests.pages import Navigateur, arbre, champs, liens, tableau, texte, titre

OFFRE = {
    "genre": "OFFRE", "titre": "Apprenti boulanger", "employeur": "Au bon pain", "ou": "Rennes", "distance": 0.3,
    "url": "https://offres.exemple.invalid/1", "debut": "2026-12-01", "jusqu_au": None,
}  # fmt: skip
ENTREPRISE = {
    "genre": "ENTREPRISE", "titre": "Fournil du port", "employeur": "Fournil du port", "ou": None, "distance": None,
    "url": None, "activite": "Boulangerie",
}  # fmt: skip
FORMATION = {
    "genre": "FORMATION", "titre": "Boulanger", "etablissement": "CFA des Métiers", "siret": "11000002300017",
    "ou": "35400 Saint-Malo", "distance": 64.4, "cle": "cle-1", "debut": None,
    "lien_prdv": "https://rdv.exemple.invalid/1",
}  # fmt: skip


@pytest.fixture
def rompue(session: Session, cfa: Organisme) -> Effectif:
    return une_rupture(session, cfa, nom="CANARI", adresse="3 rue du Secret")


@pytest.fixture
def adresse(rompue: Effectif) -> str:
    return f"/dossiers/{dossier_de(rompue).id}/offres"


@pytest.fixture
def cle(app: Flask, configuration: Configuration) -> Iterator[None]:
    """The service has a key of the public API."""
    app.extensions["tdba"] = replace(configuration, api_apprentissage_cle="une-cle")
    yield
    app.extensions["tdba"] = configuration


def trouver(
    session: Session, *resultats: dict[str, object], nature: str = "OFFRES", **autres: object
) -> None:
    colonnes = {"demandee_le": MIDI, "faite_le": MIDI} | autres
    session.add(
        RechercheAlentour(
            nature=nature, rncp="RNCP38322", code_insee="35238", resultats=list(resultats), **colonnes
        )
    )
    session.commit()


def dehors(page: TestResponse) -> list[str]:
    return [lien for lien in liens(page) if lien.startswith("https://")]


def envoyer(directeur: Navigateur, adresse: str, geste: str, **valeurs: str) -> TestResponse:
    cible = f"{adresse}/{geste}"
    saisie = champs(directeur.get(adresse), cible)
    prefixe = next(n for n in saisie if n.endswith("cle_formulaire")).removesuffix("cle_formulaire")
    return directeur.post(cible, saisie | {prefixe + nom: valeur for nom, valeur in valeurs.items()})


def test_sans_cle_la_page_donne_le_lien_sans_rien_dire_de_la_personne(
    directeur: Navigateur, adresse: str
) -> None:
    page = directeur.get(adresse)
    assert page.status_code == 200
    (lien, *_) = dehors(page)
    assert "romes=D1102" in lien
    assert "address=Rennes" in lien
    for secret in ("CANARI", "Alix", "Secret", "erp-", "2007"):
        assert secret not in lien
    assert "Chercher autour" not in texte(arbre(page))
    exterieurs = [a for a in arbre(page).iter("a") if str(a.get("href")).startswith("https://")]
    assert {a.get("rel") for a in exterieurs} == {"noreferrer noopener"}


def test_chercher_autour_lance_la_recherche_hors_de_la_page(
    session: Session, directeur: Navigateur, adresse: str, cle: None
) -> None:
    assert "n’a pas encore été demandée" in texte(arbre(directeur.get(adresse)))
    assert directeur.post(f"{adresse}/chercher").status_code == 303
    assert len(recherches(session)) == 2
    assert "La recherche est en cours" in texte(arbre(directeur.get(adresse)))
    directeur.post(f"{adresse}/chercher")
    assert "déjà faite ou en cours" in texte(arbre(directeur.get(adresse)))
    assert session.query(Evenement).filter_by(evenement="offres.demandees").count() == 1


def test_sans_cle_chercher_est_refuse_et_dit_pourquoi(
    session: Session, directeur: Navigateur, adresse: str
) -> None:
    directeur.post(f"{adresse}/chercher")
    assert "n’a pas de clé" in texte(arbre(directeur.get(adresse)))
    assert recherches(session) == {}


def test_les_resultats_connus_sont_listes_avec_leur_date(
    session: Session, directeur: Navigateur, adresse: str
) -> None:
    trouver(session, OFFRE, ENTREPRISE)
    trouver(session, FORMATION, nature="FORMATIONS")
    page = directeur.get(adresse)
    assert "Recherche faite le 18 novembre 2026 à 12 h 00" in " ".join(texte(arbre(page)).split())
    assert tableau(page, "offres-proches")[0]["Distance"] == "moins d’1 km"
    assert tableau(page, "entreprises-proches")[0]["Distance"] == "distance inconnue"
    assert tableau(page, "formations-proches")[0]["Établissement"] == "CFA des Métiers"
    assert {"https://offres.exemple.invalid/1", "https://rdv.exemple.invalid/1"} <= set(dehors(page))
    feuille = directeur.get(f"{adresse}/imprimer")
    assert "Apprenti boulanger" in texte(arbre(feuille))
    assert "CANARI" not in feuille.get_data(as_text=True)


def test_les_formations_de_son_propre_cfa_ne_sont_pas_proposees(
    session: Session, directeur: Navigateur, adresse: str, cfa: Organisme
) -> None:
    trouver(session, FORMATION | {"siret": cfa.siret}, nature="FORMATIONS")
    assert "Aucune formation d’un autre établissement" in texte(arbre(directeur.get(adresse)))


@pytest.mark.parametrize("code", ["CLE", "INDISPONIBLE", "FORME", "COMMUNE", "METIER"])
def test_une_recherche_qui_a_echoue_dit_pourquoi_et_garde_ce_qu_elle_avait(
    session: Session, directeur: Navigateur, adresse: str, code: str
) -> None:
    trouver(session, OFFRE, echec=code)
    page = directeur.get(adresse)
    assert "n’a pas abouti" in texte(arbre(page))
    assert code not in texte(arbre(page))
    assert len(tableau(page, "offres-proches")) == 1


def test_des_offres_envoyees_sont_notees_une_fois_avec_leur_nombre(
    session: Session, directeur: Navigateur, adresse: str
) -> None:
    cible = f"{adresse}/envoyees"
    saisie = champs(directeur.get(adresse), cible) | {"envoi-nombre": "3"}
    for _ in range(2):
        assert directeur.post(cible, saisie).status_code == 303
    assert demarches(session) == [("OFFRES_ENVOYEES", None, 3)]
    assert "3 offres envoyées" in texte(arbre(directeur.get(adresse)))


@pytest.mark.parametrize("nombre", ["", "0", "-1", "501", "trois", "9" * 40])
def test_un_nombre_impossible_est_refuse_et_reste_a_l_ecran(
    session: Session, directeur: Navigateur, adresse: str, nombre: str
) -> None:
    page = envoyer(directeur, adresse, "envoyees", nombre=nombre)
    assert page.status_code == 422
    assert champs(page, f"{adresse}/envoyees")["envoi-nombre"] == nombre
    assert demarches(session) == []


def test_envoyer_des_offres_ne_fait_pas_oublier_l_etape_promise(
    session: Session, directeur: Navigateur, adresse: str, rompue: Effectif
) -> None:
    promise = horloge.jour_de_paris(MIDI).replace(day=25)
    dossier_de(rompue).prochaine_le = promise
    session.commit()
    envoyer(directeur, adresse, "envoyees", nombre="2")
    assert dossier_de(rompue).prochaine_le == promise


def test_un_lien_de_rendez_vous_donne_attend_sa_reponse(
    session: Session, directeur: Navigateur, adresse: str, rompue: Effectif
) -> None:
    assert champs_absents(directeur.get(adresse), f"{adresse}/rendez-vous/reponse")
    envoyer(directeur, adresse, "rendez-vous")
    assert "1 lien de rendez-vous attend sa réponse" in texte(arbre(directeur.get(adresse)))
    sans_jour = envoyer(directeur, adresse, "rendez-vous/reponse", resultat="RENDEZ_VOUS")
    assert sans_jour.status_code == 422
    assert "Indiquez le jour du rendez-vous" in texte(arbre(sans_jour))
    pris = envoyer(
        directeur, adresse, "rendez-vous/reponse", resultat="RENDEZ_VOUS", prochaine_le="2026-11-25"
    )
    assert pris.status_code == 303
    assert demarches(session) == [("RDV_FORMATION", None, None), ("RDV_FORMATION", "RENDEZ_VOUS", None)]
    page = directeur.get(adresse)
    assert champs_absents(page, f"{adresse}/rendez-vous/reponse")
    assert "1 rendez-vous pris" in texte(arbre(page))


def champs_absents(page: TestResponse, action: str) -> bool:
    return all(f.get("action") != action for f in arbre(page).iter("form"))


@pytest.mark.parametrize("resultat", ["SANS_REPONSE", "NEGATIVE"])
def test_une_formation_peut_refuser_ou_se_taire(
    session: Session, directeur: Navigateur, adresse: str, resultat: str
) -> None:
    envoyer(directeur, adresse, "rendez-vous")
    assert envoyer(directeur, adresse, "rendez-vous/reponse", resultat=resultat).status_code == 303
    assert demarches(session)[-1] == ("RDV_FORMATION", resultat, None)


def test_une_reponse_sans_lien_donne_est_refusee(
    session: Session, directeur: Navigateur, adresse: str
) -> None:
    page = directeur.post(
        f"{adresse}/rendez-vous/reponse",
        {"reponse-resultat": "NEGATIVE", "reponse-cle_formulaire": "une-cle-de-formulaire"},
    )
    assert page.status_code == 422
    assert demarches(session) == []


def test_un_dossier_gele_se_lit_et_ne_recoit_rien(
    session: Session, directeur: Navigateur, adresse: str, rompue: Effectif, cle: None
) -> None:
    session.add(
        Opposition(
            effectif_id=rompue.id, organisme_id=rompue.organisme_id, annee_scolaire=rompue.annee_scolaire,
            recue_le=horloge.jour_de_paris(MIDI), personne_id=une_personne(session, "Lou").id, cree_le=MIDI,
        )
    )  # fmt: skip
    session.commit()
    page = directeur.get(adresse)
    assert "Le dossier est gelé" in texte(arbre(page))
    assert champs_absents(page, f"{adresse}/envoyees")
    envoi = {"envoi-nombre": "1", "envoi-cle_formulaire": "une-cle"}
    assert directeur.post(f"{adresse}/envoyees", envoi).status_code == 422
    directeur.post(f"{adresse}/chercher")
    assert (demarches(session), recherches(session)) == ([], {})


def test_la_page_du_dossier_mene_a_l_aide(directeur: Navigateur, rompue: Effectif) -> None:
    numero = dossier_de(rompue).id
    page = directeur.get(f"/dossiers/{numero}")
    assert {f"/dossiers/{numero}/offres", f"/dossiers/{numero}/poste", f"/dossiers/{numero}/cerfa"} <= set(
        liens(page)
    )


def test_le_titre_nomme_la_personne_et_la_lecture_est_consignee(
    session: Session, directeur: Navigateur, adresse: str, rompue: Effectif
) -> None:
    assert titre(directeur.get(adresse)) == "Offres et formations pour Alix CANARI"
    lu = session.query(Evenement).filter_by(evenement="effectif.consulte").one()
    assert lu.details == {"ecran": "offres", "ids": [rompue.id]}
