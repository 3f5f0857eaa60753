"""Support sees a name only inside an opened case, after saying why, and the CFA can know it (decision 24)."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba import access
from tdba.effectifs.models import Contrat, Correction, Effectif
from tdba.organismes.models import Organisme
from tdba.scope import Droit, autorisee
from tests.factories import une_habilitation, une_organisation, une_personne, une_rupture
from tests.pages import Navigateur, arbre, champs, tableau, texte, titre
from tests.support.conftest import CANARIS, Equipe, ecrire, evenements, les_demandes, ouvrir_un_dossier


def montre(corps: str) -> list[str]:
    return [canari for canari in CANARIS if canari in corps]


def ouvrir_la_fiche(qui: Navigateur, jeune: Effectif, motif: str = "STATUT") -> None:
    reponse = qui.post(f"/support/fiches/{jeune.id}", {"motif": motif})
    assert reponse.status_code == 303
    assert reponse.headers["Location"] == f"/effectifs/{jeune.id}"


def test_de_la_demande_a_la_fiche_et_retour_au_masque(
    session: Session, equipe: Equipe, directeur: Navigateur, jeune: Effectif
) -> None:
    """The whole journey: no case, a case, a reason, the record, then leaving."""
    alix, fiche = equipe.alix, f"/effectifs/{jeune.id}"
    numero = ecrire(directeur, page=fiche)
    assert alix.get(fiche).headers["Location"] == f"/support/fiches/{jeune.id}"
    masquee = alix.get(f"/support/fiches/{jeune.id}")
    assert titre(masquee) == "O. S•••••"
    assert montre(masquee.get_data(as_text=True)) == []

    alix.post(f"/support/dossiers/{numero}/prendre", {"fiche": jeune.id})
    assert alix.get(fiche).headers["Location"] == f"/support/fiches/{jeune.id}"
    ouvrir_la_fiche(alix, jeune)
    page = alix.get(fiche)
    assert titre(page) == "Serin OISEAU"
    assert f"demande n° {numero}" in texte(arbre(page).find(".//header"))

    alix.post("/support/dossiers/quitter")
    assert alix.get(fiche).headers["Location"] == f"/support/fiches/{jeune.id}"
    assert "demande n°" not in texte(arbre(alix.get("/support")).find(".//header"))


def test_la_raison_est_demandee_une_fois_par_demande_et_par_fiche(
    session: Session, alix: Navigateur, jeune: Effectif
) -> None:
    autre = une_rupture(session, session.get_one(Organisme, jeune.organisme_id), nom="PINSON")
    premier = ouvrir_un_dossier(alix)
    ouvrir_la_fiche(alix, jeune)
    assert alix.get(f"/support/fiches/{jeune.id}").headers["Location"] == f"/effectifs/{jeune.id}"
    assert alix.get(f"/support/fiches/{autre.id}").status_code == 200
    ouvrir_un_dossier(alix, "Un autre appel")
    assert alix.get(f"/effectifs/{jeune.id}").headers["Location"] == f"/support/fiches/{jeune.id}"
    alix.post(f"/support/dossiers/{premier}/prendre")
    assert alix.get(f"/effectifs/{jeune.id}").status_code == 200
    assert len(evenements(session, "effectif.ouvert_par_support")) == 1


def test_l_ouverture_est_consignee_avec_sa_raison_et_le_cfa_concerne(
    session: Session, equipe: Equipe, jeune: Effectif
) -> None:
    numero = ouvrir_un_dossier(equipe.alix)
    for _ in range(2):  # a double click
        equipe.alix.post(f"/support/fiches/{jeune.id}", {"motif": "CORRECTION"})
    (ouverture,) = evenements(session, "effectif.ouvert_par_support")
    assert ouverture.details == {"demande_id": numero, "motif": "CORRECTION"}
    assert (ouverture.objet_id, ouverture.organisme_id) == (jeune.id, jeune.organisme_id)
    assert ouverture.personne_id == equipe.alix_id
    equipe.alix.get(f"/effectifs/{jeune.id}")
    assert evenements(session, "effectif.consulte")[-1].details["ids"] == [jeune.id]


@pytest.mark.parametrize("saisie", [{}, {"motif": ""}, {"motif": "CURIOSITE"}])
def test_sans_raison_la_fiche_reste_masquee(
    session: Session, alix: Navigateur, jeune: Effectif, saisie: dict[str, str]
) -> None:
    ouvrir_un_dossier(alix)
    reponse = alix.post(f"/support/fiches/{jeune.id}", saisie)
    assert reponse.status_code == 422
    assert montre(reponse.get_data(as_text=True)) == []
    assert alix.get(f"/effectifs/{jeune.id}").status_code == 303


def test_sans_demande_une_raison_n_ouvre_rien(session: Session, alix: Navigateur, jeune: Effectif) -> None:
    assert alix.post(f"/support/fiches/{jeune.id}", {"motif": "STATUT"}).status_code == 422
    assert evenements(session, "effectif.ouvert_par_support") == []
    assert alix.get(f"/effectifs/{jeune.id}").status_code == 303


def test_clore_masque_de_nouveau_pour_tous(session: Session, equipe: Equipe, jeune: Effectif) -> None:
    numero = ouvrir_un_dossier(equipe.alix)
    ouvrir_la_fiche(equipe.alix, jeune)
    equipe.sacha.post(f"/support/dossiers/{numero}/prendre")
    assert equipe.sacha.get(f"/effectifs/{jeune.id}").status_code == 200
    equipe.alix.post(f"/support/dossiers/{numero}/clore")
    for qui in (equipe.alix, equipe.sacha):
        assert qui.get(f"/effectifs/{jeune.id}").status_code == 303
        assert "demande n°" not in texte(arbre(qui.get("/support")).find(".//header"))
    assert equipe.sacha.post(f"/support/dossiers/{numero}/prendre").status_code == 404


def test_une_demande_close_pendant_que_l_on_choisit_n_ouvre_rien(
    session: Session, equipe: Equipe, jeune: Effectif
) -> None:
    numero = ouvrir_un_dossier(equipe.alix)
    equipe.sacha.post(f"/support/dossiers/{numero}/clore")
    assert equipe.alix.post(f"/support/fiches/{jeune.id}", {"motif": "STATUT"}).status_code == 422
    assert evenements(session, "effectif.ouvert_par_support") == []


def test_htmx_est_conduit_a_la_page_de_la_raison(alix: Navigateur, jeune: Effectif) -> None:
    reponse = alix.get(f"/effectifs/{jeune.id}", htmx=True)
    assert (reponse.status_code, reponse.headers["HX-Redirect"]) == (204, f"/support/fiches/{jeune.id}")


def test_corriger_exige_aussi_la_demande_et_le_cfa_la_voit(
    session: Session, equipe: Equipe, directeur: Navigateur, jeune: Effectif
) -> None:
    adresse = f"/effectifs/{jeune.id}/corriger/nom"
    for reponse in (equipe.alix.get(adresse), equipe.alix.post(adresse, {"valeur": "MERLE"})):
        assert reponse.headers["Location"] == f"/support/fiches/{jeune.id}"
    numero = ouvrir_un_dossier(equipe.alix)
    ouvrir_la_fiche(equipe.alix, jeune, "CORRECTION")
    saisie = champs(equipe.alix.get(adresse), adresse) | {
        "valeur": "MERLE",
        "motif": "PIECE_VUE",
        "action": "enregistrer",
    }
    assert equipe.alix.post(adresse, saisie).status_code == 303
    (correction,) = session.execute(autorisee(select(Correction), Droit.CORRIGER)).scalars()
    assert (correction.demande_id, correction.personne_id) == (numero, equipe.alix_id)
    assert f"demande n° {numero}" in texte(arbre(directeur.get(f"/effectifs/{jeune.id}")))


def nominatives(app: Flask) -> list[str]:
    """The addresses of every page that asks for a right to names, its keys left to fill."""
    droits = (Droit.VOIR_NOMINATIF, Droit.VOIR_COORDONNEES, Droit.CORRIGER)
    return [
        str(regle)
        for regle in app.url_map.iter_rules()
        if "GET" in (regle.methods or ()) and access.acces_de(app, regle.endpoint) in droits
    ]


def test_aucune_page_ne_montre_un_nom_au_support_avant_l_ouverture(
    app: Flask, session: Session, alix: Navigateur, directeur: Navigateur, jeune: Effectif
) -> None:
    """Every address that asks for names, present and future, and every page of support; with a case in use, and without."""
    numero = ecrire(directeur, page=f"/effectifs/{jeune.id}")
    contrat = session.execute(autorisee(select(Contrat.id), Droit.CORRIGER)).scalars().first()
    cles = {
        "effectif_id": jeune.id,
        "contrat_id": contrat,
        "champ": "nom",
        "groupe": "adresse",
        "annee": 2026,
        "genre": "RUPTURE",
        "quoi": "appels",
        "code": "ENTRETIEN",
    }
    with app.test_request_context():
        adresses = [
            regle.build({nom: cles.get(nom, 1) for nom in regle.arguments})
            for regle in app.url_map.iter_rules()
            if str(regle) in nominatives(app)
        ]
    pages = [chemin for adresse in adresses if adresse for chemin in [adresse[1]]]
    assert f"/effectifs/{jeune.id}" in pages
    pages += ["/support", f"/support/dossiers/{numero}", f"/support/organismes/{jeune.organisme_id}"]
    pages += ["/support/dossiers", "/support/travaux", f"/support/fiches/{jeune.id}", "/support/ecrire"]
    for en_cours in (False, True):
        if en_cours:
            alix.post(f"/support/dossiers/{numero}/prendre")
        for page in pages:
            reponse = alix.get(page)
            assert reponse.status_code < 500, page
            corps = reponse.get_data().decode("utf-8", "replace")  # a workbook is no text
            assert montre(corps + str(reponse.headers)) == [], page


def test_le_directeur_ouvre_ses_fiches_sans_demande(directeur: Navigateur, jeune: Effectif) -> None:
    assert titre(directeur.get(f"/effectifs/{jeune.id}")) == "Serin OISEAU"


def test_une_fiche_qui_n_existe_pas_ou_dans_la_corbeille_n_est_pas_trouvee(
    session: Session, alix: Navigateur, jeune: Effectif
) -> None:
    ouvrir_un_dossier(alix)
    assert alix.get(f"/support/fiches/{jeune.id + 1000}").status_code == 404
    jeune.corbeille_le = jeune.cree_le
    session.commit()
    assert alix.get(f"/support/fiches/{jeune.id}").status_code == 404
    assert alix.post(f"/support/fiches/{jeune.id}", {"motif": "STATUT"}).status_code == 404


def test_le_bureau_dit_ce_qui_attend_et_depuis_quand(
    session: Session, alix: Navigateur, directeur: Navigateur
) -> None:
    assert "Aucune demande n’attend" in texte(arbre(alix.get("/support")))
    ecrire(directeur, "Première")
    numero = ecrire(directeur, "Seconde")
    bureau = alix.get("/support")
    assert "2 demandes attendent une réponse" in texte(arbre(bureau)).replace("\xa0", " ")
    lignes = tableau(bureau, "en-cours")
    assert [ligne["Demande"].split(", ")[1] for ligne in lignes] == ["Première", "Seconde"]
    assert lignes[0]["De"] == "Dominique Testeur, CFA Rennes"
    alix.post(f"/support/dossiers/{numero}", {"texte": "Voilà."})
    lignes = tableau(alix.get("/support"), "en-cours")
    assert [ligne["État"] for ligne in lignes] == ["attend une réponse", "répondue"]


def test_une_demande_ouverte_pour_un_appelant_garde_la_fiche_et_son_cfa(
    session: Session, equipe: Equipe, jeune: Effectif
) -> None:
    reponse = equipe.alix.post(f"/support/dossiers?fiche={jeune.id}", {"objet": "Appel"})
    assert reponse.headers["Location"] == f"/support/fiches/{jeune.id}"
    (demande,) = les_demandes(session)
    assert (demande.effectif_id, demande.organisme_id) == (jeune.id, jeune.organisme_id)
    assert demande.personne_id == equipe.alix_id
    ouvrir_la_fiche(equipe.alix, jeune)


PAGES = ("/support", "/support/dossiers", "/support/dossiers/1", "/support/fiches/1", "/support/organismes/1")
GESTES = (
    "/support/recherche",
    "/support/dossiers",
    "/support/dossiers/1/prendre",
    "/support/dossiers/1/clore",
    "/support/dossiers/quitter",
    "/support/fiches/1",
    "/support/taches/1/relancer",
)


def test_le_bureau_est_ferme_a_qui_n_est_pas_du_support_ou_pas_encore_valide(
    session: Session, directeur: Navigateur, navigateur: Navigateur, jeune: Effectif
) -> None:
    organisation = une_organisation(session, "SUPPORT", "Assistance", regle="NATION")
    seul = navigateur.comme(une_habilitation(session, une_personne(session, "Seul"), organisation))
    for qui in (directeur, seul):
        assert [qui.get(page).status_code for page in (*PAGES, "/support/travaux")] == [403] * 6
        assert [qui.post(geste).status_code for geste in GESTES] == [403] * 7
