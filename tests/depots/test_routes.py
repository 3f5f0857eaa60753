"""Screens of a file: giving it, its columns, its refused lines; and who may not come near (issue 4, part 2)."""

import io
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tdba import scope
from tdba.depots import lecture
from tdba.depots.models import Depot
from tdba.scope import Droit
from tests.depots.aides import ENTETES_EXTRAIT, RANGEE_EXTRAIT, xlsx
from tests.depots.aides_depots import (
    Monde,
    classeur,
    confirmer,
    deposer,
    depot_de,
    evenements,
    fiches,
    importer,
    rangee,
    relu,
    travailler,
)
from tests.pages import Navigateur, arbre, champs, tableau, texte


def mots(page: Any) -> str:
    return texte(arbre(page))


# --- Giving a file ----------------------------------------------------------------------------------------------


def test_la_page_dit_ce_que_peut_etre_un_fichier_et_liste_les_imports(
    session: Session, monde: Monde, directrice: Navigateur
) -> None:
    depot = confirmer(
        session,
        directrice,
        importer(session, directrice, rangee(monde.dunes, "AMAR"), organisme=monde.dunes.id),
    )
    page = directrice.get("/depots")
    assert "30 Mo au plus" in mots(page)
    (ligne,) = tableau(page, "depots")
    assert ligne["État"].startswith("enregistré, annulable jusqu’au")
    assert ligne["Contenu"] == "1 fiche : 1 nouvelle, 0 modifiée, 0 inchangée, 0 refusée."
    assert str(depot.uuid) in page.get_data(as_text=True)


def test_le_modele_se_telecharge(directrice: Navigateur) -> None:
    reponse = directrice.get("/depots/modele.xlsx")
    assert reponse.headers["Content-Disposition"].startswith("attachment")
    assert b"xl/workbook.xml" in reponse.data


@pytest.mark.parametrize(
    ("contenu", "nom", "phrase"),
    [(b"", "", "Choisissez un fichier"), (b"", "vide.xlsx", "Ce fichier est vide")],
)
def test_sans_fichier_la_page_revient_avec_sa_phrase(
    monde: Monde, directrice: Navigateur, contenu: bytes, nom: str, phrase: str
) -> None:
    reponse = deposer(directrice, contenu, nom=nom, organisme=monde.marais.id, complete="y")
    assert reponse.status_code == 422
    assert phrase in mots(reponse)
    repris = champs(reponse, "/depots")
    assert (repris["organisme"], "complete" in repris) == (str(monde.marais.id), True)


def test_l_etablissement_d_un_autre_n_est_pas_un_choix(monde: Monde, directrice: Navigateur) -> None:
    reponse = deposer(directrice, classeur(rangee(monde.dunes, "AMAR")), organisme=monde.voisin.id)
    assert reponse.status_code == 422
    assert "Choisissez l’établissement" in mots(reponse)


def test_un_fichier_de_plus_de_30_mo_est_refuse_avant_d_etre_lu(
    session: Session, monde: Monde, directrice: Navigateur
) -> None:
    assert deposer(directrice, b"x" * 30_200_000, organisme=monde.dunes.id).status_code == 413
    assert session.execute(text("SELECT count(*) FROM fichier_bloc")).scalar() == 0


def test_un_fichier_arrive_par_blocs_de_1_mo(session: Session, monde: Monde, directrice: Navigateur) -> None:
    depot = depot_de(session, deposer(directrice, b"a" * 2_500_000, organisme=monde.dunes.id))
    tailles = (
        session.execute(text("SELECT octet_length(contenu) FROM fichier_bloc ORDER BY rang")).scalars().all()
    )
    assert tailles == [1 << 20, 1 << 20, 2_500_000 - (2 << 20)]
    assert depot.etat == "RECU"
    page = directrice.get(f"/depots/{depot.uuid}")
    assert "Actualiser" in mots(page)
    assert "data-hx-trigger" in page.get_data(as_text=True)


def test_sans_jeton_rien_n_entre(session: Session, monde: Monde, directrice: Navigateur) -> None:
    donnees = {"organisme": str(monde.dunes.id), "fichier": (io.BytesIO(b"x"), "l.csv")}
    assert directrice.ouvrir("POST", "/depots", jeton=False, data=donnees).status_code == 400
    assert (
        session.execute(scope.autorisee(select(func.count()).select_from(Depot), Droit.CORRIGER)).scalar()
        == 0
    )


def test_la_page_qui_attend_ne_rend_que_son_fragment(
    session: Session, monde: Monde, directrice: Navigateur
) -> None:
    depot = depot_de(
        session, deposer(directrice, classeur(rangee(monde.dunes, "AMAR")), organisme=monde.dunes.id)
    )
    fragment = directrice.get(f"/depots/{depot.uuid}", htmx=True).get_data(as_text=True)
    assert fragment.lstrip().startswith('<div id="depot"')
    assert "every 2s" in fragment
    travailler()
    assert "every 2s" not in directrice.get(f"/depots/{depot.uuid}", htmx=True).get_data(as_text=True)


# --- Columns ----------------------------------------------------------------------------------------------------


def extrait(**cellules: Any) -> list[Any]:
    return [
        cellules.get(entete, valeur) for entete, valeur in zip(ENTETES_EXTRAIT, RANGEE_EXTRAIT, strict=True)
    ]


def test_un_extrait_inconnu_se_fait_expliquer_une_fois(
    session: Session, monde: Monde, directrice: Navigateur
) -> None:
    d = monde.dunes
    siennes = {"Code UAI site": d.uai, "SIRET site": d.siret, "Truc": "x"}
    entetes = [*ENTETES_EXTRAIT, "Truc interne"]
    fichier = xlsx(
        entetes,
        [*extrait(**siennes), "zz"],
        [*extrait(**siennes | {"Prénom": "Zoé", "Matricule": "A-1043"}), "yy"],
    )
    depot = depot_de(session, deposer(directrice, fichier, organisme=d.id))
    travailler()
    depot = relu(session, depot.uuid)
    assert depot.etat == "A_APPARIER"
    adresse = f"/depots/{depot.uuid}"
    page = directrice.get(adresse)
    lignes = {r["Colonne"]: r for r in tableau(page, "colonnes")}
    assert lignes["Prénom"]["Premières valeurs"] == "Gaëlle ; Zoé"
    assert lignes["Truc interne"]["Pourquoi cette proposition"].startswith("titre inconnu")
    envoye = champs(page, f"{adresse}/colonnes")
    reponse = directrice.post(f"{adresse}/colonnes", envoye)
    assert reponse.status_code == 303, mots(reponse)
    travailler()
    depot = relu(session, depot.uuid)
    assert (depot.etat, depot.comptes["nouvelles"], depot.apercu) == ("PRET", 2, {})
    assert "zz" not in str(session.execute(text("SELECT contenu FROM ligne")).all())
    autre = depot_de(session, deposer(directrice, fichier, organisme=d.id))
    travailler()
    assert relu(session, autre.uuid).etat == "PRET"


def test_ce_qui_manque_se_dit_une_fois_pour_toutes_les_lignes(
    session: Session, monde: Monde, directrice: Navigateur
) -> None:
    d = monde.dunes
    sans = [e for e in ENTETES_EXTRAIT if e not in ("Code UAI site", "SIRET site", "Année scolaire")]
    dites = dict(zip(ENTETES_EXTRAIT, RANGEE_EXTRAIT, strict=True))
    depot = depot_de(session, deposer(directrice, xlsx(sans, [dites[e] for e in sans]), organisme=d.id))
    travailler()
    adresse = f"/depots/{depot.uuid}"
    page = directrice.get(adresse)
    assert "Ce que le fichier ne semble pas dire, et qui est obligatoire" in mots(page)
    envoye = champs(page, f"{adresse}/colonnes")
    reponse = directrice.post(f"{adresse}/colonnes", envoye)
    assert reponse.status_code == 422
    assert "ne viennent d’aucune colonne" in mots(reponse)
    assert not any(e.get("aria-invalid") for e in arbre(reponse).iter())  # it is the fault of no column
    envoye |= {"annee_scolaire": "2026-2027", "formateur": str(d.id)}
    assert directrice.post(f"{adresse}/colonnes", envoye).status_code == 303
    travailler()
    depot = relu(session, depot.uuid)
    assert depot.comptes["nouvelles"] == 1, session.execute(text("SELECT erreurs FROM ligne")).all()


def test_deux_colonnes_du_meme_sens_sont_refusees(
    session: Session, monde: Monde, directrice: Navigateur
) -> None:
    depot = depot_de(
        session,
        deposer(directrice, xlsx([*ENTETES_EXTRAIT, "Truc"], [*extrait(), "z"]), organisme=monde.dunes.id),
    )
    travailler()
    adresse = f"/depots/{depot.uuid}"
    envoye = champs(directrice.get(adresse), f"{adresse}/colonnes")
    reponse = directrice.post(
        f"{adresse}/colonnes", envoye | {f"colonne_{len(ENTETES_EXTRAIT)}": "nom_apprenant"}
    )
    assert reponse.status_code == 422
    assert "Deux colonnes ont reçu le même sens" in mots(reponse)


# --- Refused lines ----------------------------------------------------------------------------------------------


def test_une_ligne_refusee_se_corrige_sur_place(
    session: Session, monde: Monde, directrice: Navigateur
) -> None:
    d = monde.dunes
    depot = importer(session, directrice, rangee(d, "DIOP", email_contact="illisible"), organisme=d.id)
    page = directrice.get(f"/depots/{depot.uuid}?onglet=refusees")
    assert tableau(page, "causes")[0]["Lignes"] == "1"
    adresse = next(a for a in page.get_data(as_text=True).split('"') if "/lignes/" in a)
    page = directrice.get(adresse)
    assert champs(page, adresse)["email_contact"] == "illisible"
    encore = directrice.post(adresse, {"email_contact": "toujours faux"})
    assert encore.status_code == 422
    assert champs(encore, adresse)["email_contact"] == "toujours faux"
    reponse = directrice.post(adresse, {"email_contact": "d.diop@exemple.fr"}, htmx=True)
    assert reponse.status_code == 200
    assert "1 fiche : 1 nouvelle, 0 modifiée, 0 inchangée, 0 refusée." in mots(reponse)
    assert "1 fiche sera créée, 0 modifiée" in mots(reponse)
    confirmer(session, directrice, relu(session, depot.uuid))
    assert [nom for nom, _ in fiches(session)] == ["DIOP"]


def test_une_meme_valeur_fausse_se_corrige_partout(
    session: Session, monde: Monde, directrice: Navigateur
) -> None:
    d = monde.dunes
    fausses = [rangee(d, nom, etablissement_formateur_uai="0000000Z") for nom in ("AMAR", "BRUN", "COLIN")]
    depot = importer(session, directrice, *fausses, organisme=d.id)
    assert depot.comptes["refusees"] == 3
    page = directrice.get(f"/depots/{depot.uuid}?onglet=refusees")
    assert "Corriger partout" in mots(page)
    envoi = {"champ": "etablissement_formateur_uai", "ancienne": "0000000Z", "nouvelle": d.uai}
    assert directrice.post(f"/depots/{depot.uuid}/partout", envoi).status_code == 303
    assert relu(session, depot.uuid).comptes["nouvelles"] == 3
    assert directrice.post(f"/depots/{depot.uuid}/partout", envoi).status_code == 422


def test_au_dela_de_cent_lignes_un_travail_corrige(
    session: Session, monde: Monde, directrice: Navigateur, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tdba.depots.service_corrections.A_LA_FOIS", 2)
    d = monde.dunes
    fausses = [rangee(d, nom, etablissement_formateur_uai="0000000Z") for nom in ("AMAR", "BRUN", "COLIN")]
    depot = importer(session, directrice, *fausses, organisme=d.id)
    envoi = {"champ": "etablissement_formateur_uai", "ancienne": "0000000Z", "nouvelle": d.uai}
    directrice.post(f"/depots/{depot.uuid}/partout", envoi)
    assert relu(session, depot.uuid).etat == "VERIFICATION"
    travailler()
    depot = relu(session, depot.uuid)
    assert (depot.etat, depot.comptes["nouvelles"], depot.apercu) == ("PRET", 3, {})


def test_une_cellule_abregee_par_le_tableur_est_refusee_avec_sa_phrase_et_ce_qu_elle_contient(
    session: Session, monde: Monde, directrice: Navigateur
) -> None:
    d = monde.dunes
    depot = importer(session, directrice, rangee(d, "DIOP", siret_employeur="7,85E+13"), organisme=d.id)
    (cause,) = tableau(directrice.get(f"/depots/{depot.uuid}?onglet=refusees"), "causes")
    assert cause["Raison"].startswith("Le tableur a abrégé ce nombre")
    assert "7,85E+13" in cause["Valeurs reçues"]


def test_les_lignes_refusees_se_telechargent_dans_la_forme_du_fichier(
    session: Session, monde: Monde, directrice: Navigateur
) -> None:
    d = monde.dunes
    depot = importer(
        session, directrice, rangee(d, "AMAR"), rangee(d, "DIOP", email_contact="=cmd|x"), organisme=d.id
    )
    reponse = directrice.get(f"/depots/{depot.uuid}/a-corriger.xlsx")
    feuille = lecture.ouvrir(reponse.data, "lignes.xlsx")
    ((_, cellules),) = feuille.lignes
    dite = dict(zip(feuille.entetes, cellules, strict=True))
    assert (dite["nom_apprenant"], dite["email_contact"]) == ("DIOP", "=cmd|x")
    assert str(dite["À corriger"]).startswith("email_contact : ")
    assert "transmission.consultee" in evenements(session)
