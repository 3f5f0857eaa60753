"""The post that a rupture leaves vacant: one state at a time, seen before it is changed, listed without a name."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tdba import horloge
from tdba.effectifs.models import Contrat, Effectif
from tdba.jobs import Tache
from tdba.journal import Evenement
from tdba.offres import annonce
from tdba.offres.annonce import Employeur
from tdba.organismes.models import Entreprise, Organisme
from tdba.scope import Droit
from tests.conftest import MIDI
from tests.factories import EMPLOYEUR, un_sans_contrat, une_rupture
from tests.offres.aides import dossier_de, postes
from tests.pages import Navigateur, arbre, champs, tableau, texte

AUTRE = "11000002300017"
DEMANDE = "organismes.apprendre_entreprise"
JOUR = horloge.jour_de_paris(MIDI)


@pytest.fixture
def rompue(session: Session, cfa: Organisme) -> Effectif:
    session.add(
        Entreprise(
            siret=EMPLOYEUR, nom="BOULANGERIE DU PORT", naf="1071C", code_insee="35238", code_postal="35000",
            nature_juridique="5499", tranche_effectif="02", demandee_le=MIDI, maj_le=MIDI,
        )
    )  # fmt: skip
    return une_rupture(session, cfa, nom="CANARI")


@pytest.fixture
def adresse(rompue: Effectif) -> str:
    return f"/dossiers/{dossier_de(rompue).id}/poste"


def noter(directeur: Navigateur, adresse: str, etat: str, version: str | None = None) -> TestResponse:
    saisie = champs(directeur.get(adresse), adresse) | {"poste-etat": etat}
    return directeur.post(adresse, saisie if version is None else saisie | {"poste-version": version})


def valeurs(page: TestResponse) -> dict[str, str]:
    """The values to copy, as they are read."""
    return {
        texte(groupe.find("dt")): texte(groupe.find("dd"))
        for liste in arbre(page).iter("dl")
        if liste.get("class") == "valeurs"
        for groupe in liste.iter("div")
        if groupe.find("dt") is not None
    }


def test_la_page_donne_les_valeurs_a_recopier_pour_deposer_l_offre(
    directeur: Navigateur, adresse: str
) -> None:
    page = directeur.get(adresse)
    lues = valeurs(page)
    assert lues == {
        "SIRET de l’employeur": EMPLOYEUR,
        "Nom de l’employeur": "BOULANGERIE DU PORT",
        "Lieu de travail": "35000 Rennes",
        "Métier (code ROME)": "Boulanger / Boulangère (D1102)",
        "Formation préparée": "CAP Boulanger",
        "Niveau du diplôme": "CAP ou équivalent (niveau 3)",
        "Type de contrat": "Contrat d’apprentissage",
        "Début souhaité": "18/11/2026",
    }
    assert "rien n’a encore été noté" in texte(arbre(page))
    assert "/acces-recruteur" in page.get_data(as_text=True)


def test_un_poste_va_de_propose_a_pourvu(session: Session, directeur: Navigateur, adresse: str) -> None:
    for rang, etat in enumerate(("PROPOSE", "DEPOSE", "POURVU"), start=1):
        assert noter(directeur, adresse, etat).status_code == 303
        assert postes(session) == [(etat, rang, EMPLOYEUR)]
    dits = session.query(Evenement).filter_by(evenement="poste.regle").order_by(Evenement.id).all()
    assert [e.details["etat"] for e in dits] == ["PROPOSE", "DEPOSE", "POURVU"]
    assert set(dits[0].details) == {"dossier_id", "etat"}


def test_un_double_envoi_est_note_une_fois(session: Session, directeur: Navigateur, adresse: str) -> None:
    saisie = champs(directeur.get(adresse), adresse) | {"poste-etat": "PROPOSE"}
    for _ in range(2):
        assert directeur.post(adresse, saisie).status_code == 303
    assert postes(session) == [("PROPOSE", 1, EMPLOYEUR)]


@pytest.mark.parametrize("perimee", ["0", "1", "-1", "x", "99999999999"])
def test_une_version_perimee_montre_les_deux_etats_et_ne_change_rien(
    session: Session, directeur: Navigateur, adresse: str, perimee: str
) -> None:
    noter(directeur, adresse, "PROPOSE")
    noter(directeur, adresse, "DEPOSE")
    page = noter(directeur, adresse, "RETIRE", perimee)
    assert page.status_code == 409
    assert "Déposé" in texte(arbre(page))
    assert "Vous avez choisi : « Retiré" in " ".join(texte(arbre(page)).split())
    assert postes(session) == [("DEPOSE", 2, EMPLOYEUR)]
    # Saved again from that page, the choice is kept.
    encore = champs(page, adresse)
    assert encore["poste-etat"] == "RETIRE"
    assert directeur.post(adresse, encore).status_code == 303
    assert postes(session) == [("RETIRE", 3, EMPLOYEUR)]


def test_un_etat_inconnu_est_refuse(session: Session, directeur: Navigateur, adresse: str) -> None:
    assert noter(directeur, adresse, "VENDU").status_code == 422
    assert postes(session) == []


def test_l_employeur_corrige_sur_la_fiche_est_suivi_et_le_registre_est_interroge(
    session: Session, directeur: Navigateur, adresse: str
) -> None:
    noter(directeur, adresse, "PROPOSE")
    assert session.scalars(select(Tache.cle).where(Tache.nom == DEMANDE)).all() == []
    requete = update(Contrat).values(employeur_siret=AUTRE).execution_options(portee=Droit.CORRIGER.name)
    session.execute(requete)
    session.commit()
    assert valeurs(directeur.get(adresse))["Nom de l’employeur"] == "non connu"
    noter(directeur, adresse, "DEPOSE")
    assert postes(session) == [("DEPOSE", 2, AUTRE)]
    assert session.scalars(select(Tache.cle).where(Tache.nom == DEMANDE)).all() == [f'{{"siret":"{AUTRE}"}}']


def test_sans_employeur_connu_la_page_dit_quoi_completer(
    session: Session, directeur: Navigateur, adresse: str
) -> None:
    requete = update(Contrat).values(employeur_siret=None).execution_options(portee=Droit.CORRIGER.name)
    session.execute(requete)
    session.commit()
    page = directeur.get(adresse)
    assert "Sans le SIRET de l’employeur" in texte(arbre(page))
    assert directeur.post(adresse, {"poste-etat": "PROPOSE", "poste-version": "0"}).status_code == 422
    assert postes(session) == []


def test_seule_une_rupture_laisse_un_poste_vacant(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    sans = un_sans_contrat(session, cfa)
    directeur.post(
        f"/effectifs/{sans.id}/demarches",
        {f"demarche-{sans.id}-nature": "APPEL", f"demarche-{sans.id}-resultat": "JOINT"},
    )
    numero = dossier_de(sans).id
    assert directeur.get(f"/dossiers/{numero}/poste").status_code == 404
    assert directeur.post(f"/dossiers/{numero}/poste", {"poste-etat": "PROPOSE"}).status_code in (404, 422)
    assert directeur.get(f"/dossiers/{numero}/offres").status_code == 200
    assert directeur.get(f"/dossiers/{numero}/cerfa").status_code == 200


def test_la_liste_nomme_l_employeur_et_jamais_le_jeune(
    session: Session, directeur: Navigateur, adresse: str
) -> None:
    assert "Aucun poste" in texte(arbre(directeur.get("/postes")))
    noter(directeur, adresse, "PROPOSE")
    page = directeur.get("/postes")
    (ligne,) = tableau(page)
    assert ligne["Employeur"].startswith("BOULANGERIE DU PORT")
    assert ligne["État"] == "Proposé le 18/11/2026"
    assert ligne["Libre depuis"] == "19/10/2026"
    assert "CANARI" not in page.get_data(as_text=True)


@pytest.mark.parametrize(
    ("filtre", "vus"),
    [("", 1), ("?etat=DEPOSE", 1), ("?etat=POURVU", 0), ("?etat=TOUS", 1), ("?etat=RETIRE", 0)],
)
def test_la_liste_se_filtre_par_etat(directeur: Navigateur, adresse: str, filtre: str, vus: int) -> None:
    noter(directeur, adresse, "DEPOSE")
    assert len(tableau(directeur.get(f"/postes{filtre}"))) == vus


def test_un_filtre_qui_n_existe_pas_n_est_pas_une_page(directeur: Navigateur, voisin: Organisme) -> None:
    for filtre in ("etat=VENDU", f"site={voisin.id}"):
        assert directeur.get(f"/postes?{filtre}").status_code == 404
    assert directeur.get("/postes?avant=99999999999999999999").status_code == 200


def test_un_poste_pourvu_n_est_plus_a_pourvoir(directeur: Navigateur, adresse: str) -> None:
    noter(directeur, adresse, "POURVU")
    assert tableau(directeur.get("/postes")) == []
    assert len(tableau(directeur.get("/postes?etat=TOUS"))) == 1


def test_le_poste_est_libre_a_la_rupture_jamais_dans_le_passe() -> None:
    assert annonce.debut_souhaite(JOUR - timedelta(days=3), JOUR) == JOUR
    assert annonce.debut_souhaite(JOUR + timedelta(days=3), JOUR) == JOUR + timedelta(days=3)
    assert annonce.debut_souhaite(None, JOUR) == JOUR


def test_ce_qui_n_est_pas_connu_de_l_annonce_reste_vide() -> None:
    lues = {v.libelle: v.valeur for v in annonce.lignes(Employeur("1"), {}, ["D1102"], None, 9, JOUR)}
    assert lues["Métier (code ROME)"] == "D1102"
    assert lues["Nom de l’employeur"] is lues["Lieu de travail"] is lues["Niveau du diplôme"] is None
