"""Noting a step: in the row, on a page without script, once whatever the clicks, never with what must not be kept."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tdba import horloge, scope
from tdba.comptes.models import Habilitation, Organisation
from tdba.db import db
from tdba.effectifs.models import Effectif
from tdba.journal import Evenement
from tdba.organismes.models import Organisme
from tdba.ruptures.models import Demarche, Dossier
from tdba.scope import Droit
from tests.conftest import MIDI
from tests.factories import (
    un_apprenti,
    un_effectif,
    un_sans_contrat,
    une_habilitation,
    une_personne,
    une_rupture,
)
from tests.pages import Navigateur, arbre, champs, liens, tableau, texte, titre
from tests.ruptures.aides import sans_dossier

JOUR = horloge.jour_de_paris(MIDI)


def dossier_de(effectif: Effectif) -> Dossier | None:
    requete = scope.select_for(Dossier, Droit.CORRIGER).where(Dossier.effectif_id == effectif.id)
    trouve: Dossier | None = db.session.execute(requete).scalar_one_or_none()
    return trouve


def adresse_de(effectif: Effectif) -> str:
    dossier = dossier_de(effectif)
    if dossier is not None:
        return f"/dossiers/{dossier.id}/demarches"
    return f"/effectifs/{effectif.id}/demarches"


def demarches() -> list[Demarche]:
    requete = scope.select_for(Demarche, Droit.CORRIGER).order_by(Demarche.id)
    return list(db.session.execute(requete).scalars())


def remplir(page: TestResponse, adresse: str, **valeurs: str) -> dict[str, str]:
    """The form as the browser holds it, with what the person types."""
    saisie = champs(page, adresse)
    prefixe = next(nom for nom in saisie if nom.endswith("cle_formulaire")).removesuffix("cle_formulaire")
    return saisie | {prefixe + nom: valeur for nom, valeur in valeurs.items()}


def noter(directeur: Navigateur, effectif: Effectif, *, htmx: bool = False, **valeurs: str) -> TestResponse:
    adresse = adresse_de(effectif)
    page = directeur.get(adresse, htmx=htmx)
    saisie = {"resultat": "SANS_REPONSE"} | valeurs
    return directeur.post(adresse, remplir(page, adresse, **saisie), htmx=htmx)


def jours(n: int) -> str:
    return (JOUR + timedelta(days=n)).isoformat()


# The first step ------------------------------------------------------------------------------------------------------


def test_un_appel_note_dans_la_ligne_la_rend_avec_sa_demarche_et_garde_le_focus(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    rompue = une_rupture(session, cfa, depuis=71, telephone="+33612345678")
    formulaire = directeur.get(adresse_de(rompue), htmx=True)
    assert "06 12 34 56 78" in texte(arbre(formulaire))
    ligne = noter(directeur, rompue, htmx=True, resultat="RENDEZ_VOUS", prochaine_le=jours(5))
    assert ligne.status_code == 200
    assert ligne.get_data(as_text=True).lstrip().startswith(f'<tr id="ligne-{rompue.id}"')
    assert "data-focus" in ligne.get_data(as_text=True)
    assert "Démarche notée." in texte(arbre(ligne.get_data(as_text=True)))
    vue = tableau(directeur.get("/ruptures"))[0]
    assert "Appel, rendez-vous pris le 18/11/2026 Prochaine étape le 23/11/2026" in vue["Démarches"]


def test_sans_script_la_demarche_mene_a_la_page_du_dossier_qui_le_dit(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    rompue = une_rupture(session, cfa, prenom="Lou")
    reponse = noter(
        directeur, rompue, resultat="RENDEZ_VOUS", prochaine_le=jours(5), note="Cherche en boulangerie."
    )
    assert reponse.status_code == 303
    page = directeur.get(reponse.headers["Location"])
    assert titre(page) == "Lou CANARI"
    contenu = texte(arbre(page))
    assert "Démarche notée." in contenu
    assert "18 novembre 2026 à 12 h 00 : appel, rendez-vous pris, rendez-vous le 23 novembre 2026." in contenu
    assert "Cherche en boulangerie." in contenu
    assert "Noté par Dominique Testeur" in contenu


def test_la_premiere_demarche_ouvre_le_dossier_d_un_sans_contrat(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    sans = sans_dossier(session, un_sans_contrat(session, cfa, depuis=71))
    assert dossier_de(sans) is None
    reponse = noter(directeur, sans)
    dossier = dossier_de(sans)
    assert dossier is not None
    assert reponse.headers["Location"].endswith(f"/dossiers/{dossier.id}")
    assert (dossier.genre, dossier.ouvert_du) == ("SANS_CONTRAT", JOUR - timedelta(days=71))
    assert (dossier.clos_du, dossier.cause_cloture) == (date(2027, 9, 1), "FIN_DE_FORMATION")
    noter(directeur, sans, resultat="JOINT")
    assert [(d.dossier_id, d.resultat) for d in demarches()] == [
        (dossier.id, "SANS_REPONSE"),
        (dossier.id, "JOINT"),
    ]


def test_le_dossier_retient_la_derniere_demarche_la_prochaine_et_le_premier_referent(
    session: Session, directeur: Navigateur, direction: Habilitation, cfa: Organisme
) -> None:
    organisation = session.get_one(Organisation, direction.organisation_id)
    collegue = une_habilitation(session, une_personne(session, "Camille"), organisation, role="membre")
    rompue = une_rupture(session, cfa)
    noter(directeur, rompue, prochaine_le=jours(3))
    dossier = dossier_de(rompue)
    assert dossier is not None
    assert (dossier.derniere_demarche_le, dossier.prochaine_le) == (MIDI, JOUR + timedelta(days=3))
    assert dossier.referent_id == direction.personne_id
    noter(directeur.comme(collegue), rompue, resultat="JOINT")
    session.refresh(dossier)
    assert (dossier.prochaine_le, dossier.referent_id) == (None, direction.personne_id)


def test_la_demarche_est_au_journal_sans_son_texte(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    rompue = une_rupture(session, cfa)
    noter(directeur, rompue, note="Cherche en boulangerie.")
    requete = select(Evenement).where(Evenement.evenement == "dossier.demarche_notee")
    evenement = db.session.execute(requete).scalar_one()
    dossier = dossier_de(rompue)
    assert dossier is not None
    assert evenement.details == {
        "dossier_id": dossier.id,
        "demarche_id": demarches()[0].id,
        "nature": "APPEL",
    }
    assert (evenement.organisme_id, evenement.objet_id) == (cfa.id, rompue.id)


@pytest.mark.parametrize("fabrique", [une_rupture, un_sans_contrat])
def test_un_double_envoi_est_une_seule_demarche(
    session: Session, directeur: Navigateur, cfa: Organisme, fabrique: Any
) -> None:
    effectif = fabrique(session, cfa)
    adresse = adresse_de(effectif)
    saisie = remplir(directeur.get(adresse), adresse, resultat="JOINT")
    for _ in range(2):
        reponse = directeur.post(adresse, saisie)
        assert reponse.status_code == 303
    assert "Cette démarche était déjà notée." in texte(arbre(directeur.get(reponse.headers["Location"])))
    assert len(demarches()) == 1
    combien = select(func.count()).where(Evenement.evenement == "dossier.demarche_notee")
    assert db.session.execute(combien).scalar_one() == 1


# What is refused ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("valeurs", "phrase"),
    [
        ({"prochaine_le": jours(-1)}, "Ce jour est passé"),
        ({"prochaine_le": jours(366)}, "Choisissez un jour dans l’année qui vient."),
        ({"prochaine_le": "31/02/2027"}, "Cette date n’existe pas."),
        ({"resultat": ""}, "Indiquez comment l’appel s’est terminé."),
        ({"resultat": "RENDEZ_VOUS"}, "Indiquez le jour du rendez-vous."),
        ({"note": "x" * 501}, "La note ne peut pas dépasser 500 caractères."),
        ({"note": "Son numéro : 1 07 05 35 238 012 42"}, "numéro de sécurité sociale"),
    ],
)
@pytest.mark.parametrize("htmx", [True, False])
def test_une_saisie_refusee_revient_avec_sa_raison_et_ce_qui_fut_tape(
    session: Session, directeur: Navigateur, cfa: Organisme, valeurs: dict[str, str], phrase: str, htmx: bool
) -> None:
    rompue = une_rupture(session, cfa)
    saisie = {"note": "À rappeler."} | valeurs
    reponse = noter(directeur, rompue, htmx=htmx, **saisie)
    assert reponse.status_code == 422
    revenue = reponse.get_data(as_text=True)
    assert phrase in texte(arbre(revenue))
    rendue = {nom.rsplit("-", 1)[-1]: v for nom, v in champs(reponse, adresse_de(rompue)).items()}
    assert rendue["note"].strip() == saisie["note"]
    assert demarches() == []


def test_aujourd_hui_et_dans_un_an_jour_pour_jour_sont_permis(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    rompue = une_rupture(session, cfa)
    assert noter(directeur, rompue, prochaine_le=jours(0)).status_code == 303
    assert noter(directeur, rompue, prochaine_le="18/11/2027").status_code == 303


def test_annuler_rend_la_ligne(session: Session, directeur: Navigateur, cfa: Organisme) -> None:
    for effectif in (une_rupture(session, cfa), sans_dossier(session, un_sans_contrat(session, cfa))):
        formulaire = directeur.get(adresse_de(effectif), htmx=True)
        annuler = [
            a.get("data-hx-get")
            for a in arbre(formulaire.get_data(as_text=True)).iter("a")
            if texte(a) == "Annuler"
        ]
        ligne = directeur.get(str(annuler[0]), htmx=True).get_data(as_text=True)
        assert "Noter un appel" in ligne
        assert "<form" not in ligne


# Whose ---------------------------------------------------------------------------------------------------------------


def test_le_dossier_d_un_autre_cfa_n_existe_pas(
    session: Session, directeur: Navigateur, voisin: Organisme
) -> None:
    rompue, sans = une_rupture(session, voisin), sans_dossier(session, un_sans_contrat(session, voisin))
    dossier = dossier_de(rompue)
    assert dossier is not None
    adresses = (f"/dossiers/{dossier.id}", adresse_de(rompue), f"/sans-contrat/{sans.id}", adresse_de(sans))
    for adresse in (*adresses, "/dossiers/999999999", "/dossiers/99999999999999999999999"):
        assert directeur.get(adresse).status_code == 404
        assert directeur.get(adresse, htmx=True).status_code == 404
    for adresse in adresses[1::2]:
        assert directeur.post(adresse, {"nature": "APPEL"}).status_code == 404
    assert demarches() == []


def test_une_fiche_jetee_n_a_plus_de_dossier(session: Session, directeur: Navigateur, cfa: Organisme) -> None:
    rompue = une_rupture(session, cfa, corbeille_le=MIDI)
    assert directeur.get(adresse_de(rompue)).status_code == 404


def test_un_apprenti_depuis_l_entree_n_a_pas_de_dossier_sans_contrat(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    assert directeur.get(f"/sans-contrat/{un_apprenti(session, cfa).id}").status_code == 404


def test_un_dossier_clos_dit_depuis_quand_et_pourquoi(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    rompue = une_rupture(session, cfa, depuis=71, exclusion=date(2026, 11, 2))
    dossier = dossier_de(rompue)
    assert dossier is not None
    page = directeur.get(f"/dossiers/{dossier.id}")
    assert "Rupture du 8 septembre 2026, dossier clos le 2 novembre 2026 : sortie." in texte(arbre(page))


# On the sheet --------------------------------------------------------------------------------------------------------


def test_la_fiche_de_l_apprenant_mene_a_son_suivi(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    rompue, sans = une_rupture(session, cfa, depuis=71), un_sans_contrat(session, cfa, depuis=78)
    dossier = dossier_de(rompue)
    assert dossier is not None
    page = directeur.get(f"/effectifs/{rompue.id}")
    assert f"/dossiers/{dossier.id}" in liens(page)
    assert "Rupture du 8 septembre 2026, maintien jusqu’au 8 mars 2027." in texte(arbre(page))
    page = directeur.get(f"/effectifs/{sans.id}")
    ecrit = dossier_de(sans)
    assert ecrit is not None
    assert f"/dossiers/{ecrit.id}" in liens(page)
    assert "Sans contrat depuis 78 jours : trois mois le 1er décembre 2026." in texte(arbre(page))


def test_la_fiche_dit_le_dossier_ouvert_plutot_que_les_clos(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    """A first rupture, a new contract, a second rupture; and a rupture taken back leaves no insert."""
    contrats = [
        (date(2026, 9, 1), date(2027, 8, 31), date(2026, 9, 20)),
        (date(2026, 10, 1), date(2027, 8, 31), date(2026, 11, 10)),
    ]
    page = directeur.get(f"/effectifs/{un_effectif(session, cfa, contrats=contrats).id}")
    assert "Rupture du 10 novembre 2026, maintien" in texte(arbre(page))
    assert "Suivi" not in texte(arbre(directeur.get(f"/effectifs/{un_apprenti(session, cfa).id}")))
