"""The campaign, the worklist and its quick entry, the tab of a record, the file: as their people see them."""

import csv
import io

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba import horloge, scope
from tdba.journal import Evenement
from tdba.organismes.models import Organisme
from tdba.scope import Droit
from tdba.sifa import service
from tdba.sifa.colonnes import NOMS
from tdba.sifa.models import CampagneSifa, FicheSifa, FichierSifa
from tests import factories as f
from tests.pages import Navigateur, champs, liens, tableau, titre
from tests.sifa.aides import chemin, direction, phrase, un_compte

INCOMPLETE = {"type_cfa": "09", "dernier_organisme_uai": "035"}
PAGES = ("", "/reponses", "/comptes", "/a-completer", "/fichier", "/controler")


def fiche_de(session: Session, effectif_id: int) -> FicheSifa | None:
    requete = scope.autorisee(select(FicheSifa), Droit.CORRIGER).where(FicheSifa.effectif_id == effectif_id)
    return session.execute(requete.execution_options(populate_existing=True)).scalar_one_or_none()


def lectures(session: Session, ecran: str) -> list[list[int]]:
    requete = (
        select(Evenement.details).where(Evenement.evenement == "effectif.consulte").order_by(Evenement.id)
    )
    return [d["ids"] for d in session.execute(requete).scalars() if d["ecran"] == ecran]


def test_la_campagne_dit_ou_l_on_en_est(session: Session, directrice: Navigateur, dunes: Organisme) -> None:
    un_compte(session, dunes)
    un_compte(session, dunes, source=INCOMPLETE)
    page = directrice.get("/sifa")
    assert "2 apprentis comptés : 1 fiche complète, 1 à compléter." in phrase(page)
    assert "Campagne du 2 novembre 2026 au 15 février 2027, ouverte." in phrase(page)


def test_plusieurs_etablissements_ont_chacun_leur_ligne(
    session: Session, navigateur: Navigateur, dunes: Organisme, sifa: None
) -> None:
    autre = f.un_organisme(session, "Landes")
    un_compte(session, dunes, source=INCOMPLETE)
    lignes = tableau(direction(session, navigateur, dunes, autre).get("/sifa"), "etablissements")
    assert [(li["Établissement"], li["Apprentis comptés"], li["À compléter"]) for li in lignes] == [
        ("Dunes", "1", "1"),
        ("Landes", "0", "0"),
    ]


def test_une_annee_a_venir_ou_trop_ancienne_n_existe_pas(directrice: Navigateur, dunes: Organisme) -> None:
    assert directrice.get(chemin(dunes, annee=2027)).status_code == 404
    assert directrice.get("/sifa?annee=2019").status_code == 404
    assert directrice.get(chemin(dunes, annee=2024)).status_code == 200


def test_l_etablissement_repond_une_fois(session: Session, directrice: Navigateur, dunes: Organisme) -> None:
    un_compte(session, dunes, source={})
    envoi = directrice.post(chemin(dunes, "/reponses"), {"version": "0", "type_cfa": "06"})
    assert envoi.status_code == 303
    assert "CFA consulaire" in phrase(directrice.get(chemin(dunes)))
    assert directrice.post(chemin(dunes, "/reponses"), {"version": "0", "type_cfa": "66"}).status_code == 422


def test_dire_que_c_est_depose_se_defait(session: Session, directrice: Navigateur, dunes: Organisme) -> None:
    assert directrice.post(chemin(dunes, "/deposee"), {"deposee": "oui"}).status_code == 303
    assert "Noté comme déposé" in phrase(directrice.get(chemin(dunes)))
    directrice.post(chemin(dunes, "/deposee"), {"deposee": "non"})
    dite = session.get(CampagneSifa, (dunes.id, 2026), populate_existing=True)
    assert dite is not None
    assert dite.deposee_le is None


def test_qui_est_compte_et_pourquoi(session: Session, directrice: Navigateur, dunes: Organisme) -> None:
    compte = un_compte(session, dunes, nom="AMAR")
    un_autre = f.un_effectif(session, dunes, nom="BRUN")
    (ligne,) = tableau(directrice.get(chemin(dunes, "/comptes")), "comptes")
    assert ligne["Apprenant"].startswith("AMAR")
    assert "Compté" in ligne["Pourquoi"]
    (ligne,) = tableau(directrice.get(chemin(dunes, "/comptes?qui=non")), "comptes")
    assert ligne["Apprenant"].startswith("BRUN")
    assert "Plus de 90 jours sans contrat" in ligne["Pourquoi"].replace("\xa0", " ")
    assert lectures(session, "sifa.comptes") == [[compte.id], [un_autre.id]]


def test_ce_qui_manque_se_lit_par_champ_et_par_fiche(
    session: Session, directrice: Navigateur, dunes: Organisme
) -> None:
    un_compte(session, dunes, nom="AMAR", source=INCOMPLETE)
    un_compte(session, dunes, nom="BRUN", sexe=None)
    page = directrice.get(chemin(dunes, "/a-completer"))
    par_champ = {
        li["Champ"]: li["Fiches"] for li in tableau(page, "champs") if "manque." in li["Ce qui manque"]
    }
    assert par_champ["Situation l’an dernier"].startswith("1")
    assert [li["Apprenti"].split()[0] for li in tableau(page, "fiches")] == ["AMAR", "BRUN"]
    page = directrice.get(chemin(dunes, "/a-completer?regle=SEXE_INCONNU"))
    assert [li["Apprenti"].split()[0] for li in tableau(page, "fiches")] == ["BRUN"]


def test_la_saisie_rapide_va_d_une_fiche_a_la_suivante(
    session: Session, directrice: Navigateur, dunes: Organisme
) -> None:
    premiere = un_compte(session, dunes, nom="AMAR", source=INCOMPLETE)
    seconde = un_compte(session, dunes, nom="BRUN", source=INCOMPLETE)
    depart = directrice.get(chemin(dunes, "/completer"))
    adresse = chemin(dunes, f"/completer/{premiere.id}")
    assert str(depart.location) == adresse
    page = directrice.get(adresse)
    assert "Fiche 1 sur 2 à compléter" in phrase(page)
    formulaire = champs(page, adresse)
    assert "derniere_situation" in formulaire
    assert "dernier_organisme" not in formulaire
    envoi = directrice.post(
        adresse, formulaire | {"derniere_situation": "3003", "commune_naissance": "35238"}
    )
    assert str(envoi.location) == chemin(dunes, f"/completer/{seconde.id}")
    assert "Fiche 1 sur 1 à compléter" in phrase(directrice.get(str(envoi.location)))
    adresse = chemin(dunes, f"/completer/{seconde.id}")
    reste = champs(directrice.get(adresse), adresse) | {
        "derniere_situation": "9999",
        "commune_naissance": "99352",
    }
    assert str(directrice.post(adresse, reste).location) == chemin(dunes, "/a-completer")
    assert "Toutes les fiches sont complètes" in phrase(directrice.get(chemin(dunes, "/a-completer")))


def test_une_reponse_fausse_garde_la_saisie(
    session: Session, directrice: Navigateur, dunes: Organisme
) -> None:
    effectif = un_compte(session, dunes, source=INCOMPLETE)
    adresse = chemin(dunes, f"/completer/{effectif.id}")
    formulaire = champs(directrice.get(adresse), adresse) | {
        "commune_naissance": "Rennes",
        "derniere_situation": "3003",
    }
    refus = directrice.post(adresse, formulaire)
    assert refus.status_code == 422
    assert "cinq caractères" in phrase(refus)
    assert champs(refus, adresse)["commune_naissance"] == "Rennes"
    assert fiche_de(session, effectif.id) is None


def test_deux_personnes_sur_une_fiche_voient_les_deux_reponses(
    session: Session, directrice: Navigateur, dunes: Organisme
) -> None:
    effectif = un_compte(session, dunes, source=INCOMPLETE)
    adresse = chemin(dunes, f"/completer/{effectif.id}")
    formulaire = champs(directrice.get(adresse), adresse)
    service.repondre(effectif.id, {"derniere_situation": "4001"}, 0, horloge.maintenant())
    session.commit()
    conflit = directrice.post(adresse, formulaire | {"derniere_situation": "3003"})
    assert conflit.status_code == 409
    assert (
        "sur la fiche, Première année de BTS, scolaire ; votre saisie, Dernière année de CAP, scolaire"
        in phrase(conflit)
    )
    encore = champs(conflit, adresse)
    assert encore["derniere_situation"] == "3003"
    assert directrice.post(adresse, encore).status_code == 303
    gardee = fiche_de(session, effectif.id)
    assert gardee is not None
    assert gardee.saisies["derniere_situation"] == "3003"


def test_l_onglet_montre_toutes_les_questions_et_note_la_lecture(
    session: Session, directrice: Navigateur, dunes: Organisme
) -> None:
    effectif = un_compte(session, dunes)
    adresse = f"/sifa/fiches/{effectif.id}"
    page = directrice.get(adresse)
    formulaire = champs(page, adresse)
    assert formulaire["derniere_situation"] == "3003"
    assert "rqth" in formulaire
    assert (
        directrice.post(adresse, formulaire | {"rqth": "oui", "date_rqth": "2026-02-01"}).status_code == 303
    )
    gardee = fiche_de(session, effectif.id)
    assert gardee is not None
    assert gardee.saisies == {"rqth": "oui", "date_rqth": "2026-02-01"}
    assert lectures(session, "sifa.fiche") == [[effectif.id]]
    evenement = session.execute(
        select(Evenement).where(Evenement.evenement == "sifa.fiche_remplie")
    ).scalar_one()
    assert evenement.details == {"champs": ["SENSIBLE"]}


def test_la_fiche_propose_l_onglet_et_ne_dit_rien_du_handicap(
    session: Session, directrice: Navigateur, dunes: Organisme
) -> None:
    effectif = un_compte(session, dunes)
    service.repondre(effectif.id, {"rqth": "oui", "representant_nom": "PARENTCACHE"}, 0, horloge.maintenant())
    session.commit()
    page = directrice.get(f"/effectifs/{effectif.id}")
    assert f"/sifa/fiches/{effectif.id}" in liens(page)
    assert "PARENTCACHE" not in page.text
    assert "travailleur handicapé" not in page.text


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_le_fichier_se_telecharge_et_laisse_sa_trace(
    session: Session, directrice: Navigateur, dunes: Organisme, extension: str
) -> None:
    effectif = un_compte(session, dunes)
    envoi = directrice.post(chemin(dunes, f"/fichier.{extension}"))
    assert envoi.status_code == 200
    assert f"sifa-2026-{dunes.uai}.{extension}" in envoi.headers["Content-Disposition"]
    trace = session.execute(select(FichierSifa)).scalar_one()
    assert (trace.nombre, trace.incompletes, trace.format) == (1, 0, extension.upper())
    assert lectures(session, "sifa.telecharge") == [[effectif.id]]
    assert "il serait refait à l’identique" in phrase(directrice.get(chemin(dunes)))
    service.repondre(effectif.id, {"regime": "D"}, 0, horloge.maintenant())
    session.commit()
    assert "Des fiches ont changé" in phrase(directrice.get(chemin(dunes)))


def test_le_csv_a_47_colonnes_un_bom_et_pas_de_titres(
    session: Session, directrice: Navigateur, dunes: Organisme
) -> None:
    un_compte(session, dunes)
    contenu = directrice.post(chemin(dunes, "/fichier.csv")).data
    assert contenu.startswith(b"\xef\xbb\xbf")
    (ligne,) = list(
        csv.reader(io.StringIO(contenu.decode("utf-8-sig")), delimiter=";", quoting=csv.QUOTE_NONE)
    )
    assert len(ligne) == len(NOMS)
    assert ligne[NOMS.index("NOM")] == "CANARI"


def test_les_lignes_refusees_sont_nommees(session: Session, directrice: Navigateur, dunes: Organisme) -> None:
    sans_uai = f.un_organisme(session, "Sans UAI")
    sans_uai.uai = None
    un_compte(session, dunes, nom="AMAR", responsable_id=sans_uai.id)
    page = directrice.get(chemin(dunes, "/fichier"))
    (refusee,) = tableau(page, "refusees")
    assert refusee["Apprenti"].startswith("AMAR")
    assert "inconnu" in refusee["Pourquoi"]


def test_la_meme_personne_deux_fois_dans_notre_fichier_se_dit(
    session: Session, directrice: Navigateur, dunes: Organisme
) -> None:
    un_compte(session, dunes)
    assert "plusieurs lignes" not in phrase(directrice.get(chemin(dunes, "/fichier")))
    un_compte(session, dunes, annee_scolaire="2026-2026")
    assert "Peut-être la même personne sur plusieurs lignes" in phrase(
        directrice.get(chemin(dunes, "/fichier"))
    )


def test_l_assistance_n_ouvre_l_onglet_que_sous_une_demande(
    session: Session, navigateur: Navigateur, dunes: Organisme, sifa: None
) -> None:
    effectif = un_compte(session, dunes, nom="AMAR")
    equipe = f.une_organisation(session, "SUPPORT", "Assistance", regle="NATION")
    une, autre = f.une_personne(session, "Sacha"), f.une_personne(session, "Sam")
    assistance = navigateur.comme(f.une_habilitation(session, une, equipe, validee_par=autre))
    page = assistance.get(f"/sifa/fiches/{effectif.id}")
    assert "AMAR" not in page.text
    assert "travailleur handicapé" not in page.text
    assert assistance.get(chemin(dunes, "/a-completer")).status_code == 404


def test_chaque_page_a_son_titre(session: Session, directrice: Navigateur, dunes: Organisme) -> None:
    un_compte(session, dunes, source=INCOMPLETE)
    titres = [titre(directrice.get(chemin(dunes, suite))) for suite in PAGES]
    assert len(set(titres)) == len(PAGES)


def test_le_menu_ne_montre_l_enquete_qu_en_campagne(
    session: Session, directrice: Navigateur, dunes: Organisme, sans_sifa: None
) -> None:
    assert "/sifa" not in liens(directrice.get("/effectifs"))


def test_le_menu_montre_l_enquete_en_campagne(
    session: Session, directrice: Navigateur, dunes: Organisme
) -> None:
    assert "/sifa" in liens(directrice.get("/effectifs"))


def test_sans_tdba_sifa_aucun_ecran_n_existe(
    session: Session, navigateur: Navigateur, dunes: Organisme, sans_sifa: None
) -> None:
    effectif = un_compte(session, dunes)
    directrice = direction(session, navigateur, dunes)
    for adresse in ("/sifa", f"/sifa/fiches/{effectif.id}", *(chemin(dunes, suite) for suite in PAGES)):
        assert directrice.get(adresse).status_code == 404
    assert f"/sifa/fiches/{effectif.id}" not in liens(directrice.get(f"/effectifs/{effectif.id}"))
