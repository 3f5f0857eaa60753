"""« Que sont-ils devenus ? »: whom it asks about, answering in the row, taking back, and what is refused."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba import horloge
from tdba.db import db
from tdba.devenirs import queries
from tdba.effectifs.models import Effectif
from tdba.journal import Evenement
from tdba.ruptures.models import Opposition
from tests.conftest import MIDI
from tests.devenirs.aides import Monde, ajouter_contrat, calculer, devenirs, dossier_de, une_demarche
from tests.factories import (
    un_reseau,
    une_habilitation,
    une_organisation,
    une_personne,
    une_rupture,
)
from tests.pages import Navigateur, arbre, champs, liens, tableau, texte, titre

JOUR = horloge.jour_de_paris(MIDI)
LISTE = "/devenirs/a-dire"


def adresse(effectif: Effectif, jalon: int = 30) -> str:
    return f"/devenirs/dossiers/{dossier_de(effectif).id}/{jalon}"


def corps(etat: str, vu: str = "INCONNU-DONNEES", depuis: str = "liste") -> dict[str, str]:
    return {"etat": etat, "vu": vu, "depuis": depuis}


def evenements() -> list[tuple[str, dict[str, object]]]:
    requete = select(Evenement).where(Evenement.evenement.startswith("devenir.")).order_by(Evenement.id)
    return [(e.evenement, e.details) for e in db.session.execute(requete).scalars()]


# Whom it asks about --------------------------------------------------------------------------------------------------


def test_la_liste_pose_une_question_par_jeune_sur_le_dernier_jalon_passe(
    session: Session, directeur: Navigateur, monde: Monde
) -> None:
    une_rupture(session, monde.rennes, depuis=100, prenom="Ancienne")
    une_rupture(session, monde.rennes, depuis=40, prenom="Recente")
    une_rupture(session, monde.rennes, depuis=20, prenom="Trop")
    une_rupture(session, monde.rennes, depuis=400, prenom="Oubliee")
    une_rupture(session, monde.voisin, depuis=40, prenom="Voisine")
    page = directeur.get(LISTE)
    assert titre(page) == "Que sont-ils devenus ?"
    assert [(r["Apprenant"].split()[0], r["Le jour demandé"][:20]) for r in tableau(page)] == [
        ("Ancienne", "Au bout de 90 jours,"),
        ("Recente", "Au bout de 30 jours,"),
    ]
    assert "2 jeunes : ni contrat, ni retour à l’école connus" in texte(arbre(page))


def test_qui_a_repris_un_contrat_ou_est_rentre_a_l_ecole_n_est_pas_demande(
    session: Session, directeur: Navigateur, monde: Monde
) -> None:
    reprise = une_rupture(session, monde.rennes, depuis=40)
    ajouter_contrat(session, reprise, JOUR - timedelta(days=20))
    ecole = une_rupture(session, monde.rennes, depuis=40)
    une_demarche(session, ecole, monde.direction, apres=5, nature="RETOUR_ECOLE")
    calculer()
    page = directeur.get(LISTE)
    assert tableau(page) == []
    assert "Rien ne manque" in texte(arbre(page))


def test_la_liste_se_lit_par_pages_et_par_site(session: Session, directeur: Navigateur, monde: Monde) -> None:
    une_rupture(session, monde.rennes, depuis=41, prenom="Un")
    une_rupture(session, monde.annexe, depuis=40, prenom="Deux")
    page = directeur.get(f"{LISTE}?site={monde.annexe.id}")
    assert [r["Apprenant"].split()[0] for r in tableau(page)] == ["Deux"]
    assert directeur.get(f"{LISTE}?site={monde.voisin.id}").status_code == 404
    premiere = queries.a_dire(JOUR).lignes[0]
    suite = queries.a_dire(JOUR, apres=premiere.dossier_id)
    assert [ligne.prenom for ligne in suite.lignes] == ["Deux"]
    assert queries.a_dire(JOUR, apres=9_999_999).perdue


# Answering -----------------------------------------------------------------------------------------------------------


def test_une_reponse_tient_en_un_geste_dans_la_ligne_et_s_annule(
    session: Session, directeur: Navigateur, monde: Monde
) -> None:
    rompu = une_rupture(session, monde.rennes, depuis=40, prenom="Lou")
    ligne = directeur.post(adresse(rompu), corps("EMPLOI"), htmx=True)
    assert ligne.status_code == 200
    assert ligne.get_data(as_text=True).lstrip().startswith(f'<tr id="devenir-{dossier_de(rompu).id}"')
    assert "data-focus" in ligne.get_data(as_text=True)
    assert devenirs(rompu) == {30: "EMPLOI*"}
    assert tableau(directeur.get(LISTE)) == []
    retour = directeur.post(adresse(rompu), corps("ANNULER", "EMPLOI-REPONSE"), htmx=True)
    assert "Réponse annulée." in texte(arbre(f"<table>{retour.get_data(as_text=True)}</table>"))
    assert devenirs(rompu) == {30: "INCONNU"}
    dossier_id = dossier_de(rompu).id
    assert evenements() == [
        ("devenir.repondu", {"dossier_id": dossier_id, "jalon": 30}),
        ("devenir.annule", {"dossier_id": dossier_id, "jalon": 30}),
    ]


def test_un_double_clic_repond_une_fois(session: Session, directeur: Navigateur, monde: Monde) -> None:
    rompu = une_rupture(session, monde.rennes, depuis=40)
    for _ in range(2):
        assert directeur.post(adresse(rompu), corps("ECOLE"), htmx=True).status_code == 200
    assert len(evenements()) == 1


def test_on_ne_sait_pas_clot_la_question(session: Session, directeur: Navigateur, monde: Monde) -> None:
    rompu = une_rupture(session, monde.rennes, depuis=40)
    directeur.post(adresse(rompu), corps("INCONNU"))
    assert devenirs(rompu) == {30: "INCONNU*"}
    assert tableau(directeur.get(LISTE)) == []


def test_sans_script_la_liste_revient_avec_de_quoi_annuler(
    session: Session, directeur: Navigateur, monde: Monde
) -> None:
    rompu = une_rupture(session, monde.rennes, depuis=40, prenom="Lou")
    formulaire = champs(directeur.get(LISTE), adresse(rompu))
    reponse = directeur.post(adresse(rompu), formulaire | {"etat": "ECOLE"})
    assert reponse.status_code == 303
    page = directeur.get(reponse.headers["Location"])
    assert "Réponse notée." in texte(arbre(page))
    assert "Lou CANARI au bout de 30 jours" in texte(arbre(page))
    retour = directeur.post(adresse(rompu), champs(page, adresse(rompu)) | {"etat": "ANNULER"})
    assert retour.status_code == 303
    assert devenirs(rompu) == {30: "INCONNU"}


def test_qui_repond_sur_une_page_perimee_voit_la_reponse_donnee_depuis(
    session: Session, directeur: Navigateur, monde: Monde
) -> None:
    rompu = une_rupture(session, monde.rennes, depuis=40)
    directeur.post(adresse(rompu), corps("ECOLE"))
    perimee = directeur.post(adresse(rompu), corps("EMPLOI"))
    assert perimee.status_code == 409
    contenu = texte(arbre(perimee))
    assert "Vous demandiez : En emploi." in contenu
    assert "Retour en voie scolaire, d’après votre réponse." in contenu
    assert devenirs(rompu) == {30: "ECOLE*"}


def test_un_contrat_connu_entre_temps_rend_la_question_sans_objet(
    session: Session, directeur: Navigateur, monde: Monde
) -> None:
    rompu = une_rupture(session, monde.rennes, depuis=40)
    ajouter_contrat(session, rompu, JOUR - timedelta(days=20))
    refus = directeur.post(adresse(rompu), corps("EMPLOI", "CONTRAT-DONNEES"))
    assert refus.status_code == 422
    assert "Un contrat court ce jour-là" in texte(arbre(refus))
    assert devenirs(rompu) == {30: "CONTRAT"}


def test_un_contrat_qui_dement_une_reponse_le_dit(
    session: Session, directeur: Navigateur, monde: Monde
) -> None:
    rompu = une_rupture(session, monde.rennes, depuis=40)
    directeur.post(adresse(rompu), corps("EMPLOI"))
    ajouter_contrat(session, rompu, JOUR - timedelta(days=20))
    contenu = texte(arbre(directeur.get(f"/devenirs/dossiers/{dossier_de(rompu).id}")))
    assert "En contrat, d’après sa fiche. Une autre réponse avait été donnée" in contenu


def test_un_jeune_oppose_a_son_suivi_n_est_ni_demande_ni_repondu(
    session: Session, directeur: Navigateur, monde: Monde
) -> None:
    rompu = une_rupture(session, monde.rennes, depuis=40)
    session.add(
        Opposition(
            effectif_id=rompu.id,
            organisme_id=rompu.organisme_id,
            annee_scolaire=rompu.annee_scolaire,
            recue_le=JOUR,
            personne_id=monde.direction.personne_id,
            cree_le=MIDI,
        )
    )
    session.commit()
    assert tableau(directeur.get(LISTE)) == []
    refus = directeur.post(adresse(rompu), corps("EMPLOI"))
    assert refus.status_code == 422
    assert "s’est opposée à son suivi" in texte(arbre(refus))
    assert devenirs(rompu) == {30: "INCONNU"}


def test_un_jalon_a_venir_un_etat_inconnu_et_un_autre_cfa_sont_refuses(
    session: Session, directeur: Navigateur, monde: Monde
) -> None:
    rompu = une_rupture(session, monde.rennes, depuis=40)
    assert directeur.post(adresse(rompu, 90), corps("EMPLOI", "")).status_code == 422
    for faux in (corps("CONTRAT"), corps("N_IMPORTE"), {}):
        assert directeur.post(adresse(rompu), faux).status_code == 404
    assert directeur.post(adresse(rompu, 31), corps("EMPLOI")).status_code == 404
    voisine = une_rupture(session, monde.voisin, depuis=40)
    for url in (adresse(voisine), "/devenirs/dossiers/9999999/30"):
        assert directeur.post(url, corps("EMPLOI")).status_code == 404
    assert directeur.get(f"/devenirs/dossiers/{dossier_de(voisine).id}").status_code == 404
    assert evenements() == []


# Where it is read ----------------------------------------------------------------------------------------------------


def test_la_page_d_un_dossier_dit_chaque_jalon_et_permet_de_changer(
    session: Session, directeur: Navigateur, monde: Monde
) -> None:
    rompu = une_rupture(session, monde.rennes, depuis=100, prenom="Lou")
    dossier_id = dossier_de(rompu).id
    directeur.post(adresse(rompu, 90), corps("AUTRE", depuis="dossier"))
    page = directeur.get(f"/devenirs/dossiers/{dossier_id}")
    contenu = texte(arbre(page))
    assert titre(page) == "Qu’est devenu Lou CANARI ?"
    assert "Au bout de 30 jours, le 9 septembre 2026 Rien ne le dit encore." in contenu
    assert "Autre situation, d’après votre réponse." in contenu
    fragment = directeur.post(adresse(rompu, 90), corps("ANNULER", "AUTRE-REPONSE", "dossier"), htmx=True)
    assert fragment.get_data(as_text=True).lstrip().startswith('<div id="jalon-90"')


def test_la_page_du_suivi_mene_a_la_question(session: Session, directeur: Navigateur, monde: Monde) -> None:
    rompu = une_rupture(session, monde.rennes, depuis=40)
    page = directeur.get(f"/dossiers/{dossier_de(rompu).id}")
    assert "À 30 jours : non connu." in texte(arbre(page))
    assert f"/devenirs/dossiers/{dossier_de(rompu).id}" in liens(page)


def test_la_reponse_est_dans_l_histoire_de_la_fiche(
    session: Session, directeur: Navigateur, monde: Monde
) -> None:
    rompu = une_rupture(session, monde.rennes, depuis=40)
    directeur.post(adresse(rompu), corps("EMPLOI"))
    histoire = texte(arbre(directeur.get(f"/effectifs/{rompu.id}/histoire")))
    assert "Devenir à 30 jours : en emploi, hors apprentissage." in histoire


def test_le_suivi_d_un_cfa_qui_ne_le_partage_pas_reste_ferme_a_son_reseau(
    session: Session, navigateur: Navigateur, monde: Monde
) -> None:
    un_reseau(session, "NORD", [monde.rennes], responsable=True)
    tete = une_organisation(session, "TETE_DE_RESEAU", "NORD", regle="RESEAU", reseau_code="NORD")
    garant = une_personne(session, "Garant")
    reseau = navigateur.comme(
        une_habilitation(session, une_personne(session, "Noa"), tete, validee_par=garant)
    )
    rompu = une_rupture(session, monde.rennes, depuis=40)
    assert tableau(reseau.get(LISTE)) == []
    assert reseau.get(f"/devenirs/dossiers/{dossier_de(rompu).id}").status_code == 404
    assert reseau.post(adresse(rompu), corps("EMPLOI")).status_code == 404
    assert devenirs(rompu) == {30: "INCONNU"}


def test_le_menu_mene_aux_resultats(session: Session, directeur: Navigateur, monde: Monde) -> None:
    assert "/devenirs" in liens(directeur.get(LISTE))
