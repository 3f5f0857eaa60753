"""One transmission: its state, its causes, its refused lines and their file (issue 4, part 3; decisions 24, 27, 34)."""

import csv
import io

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tdba.transmissions.models import Transmission
from tests import factories as f
from tests.pages import Navigateur, arbre, liens, tableau, texte
from tests.transmissions.aides_api import Logiciel, travailler, une_ligne
from tests.transmissions.aides_cles import Cfa, evenements, un_cfa
from tests.transmissions.aides_compte import SANS_NOM, UAI_INCONNUE, un_envoi, une_erreur, une_refusee


@pytest.fixture
def cfa(session: Session) -> Cfa:
    return un_cfa(session)


@pytest.fixture
def directrice(navigateur: Navigateur, cfa: Cfa) -> Navigateur:
    return navigateur.comme(cfa.directrice)


@pytest.fixture
def envoi(session: Session, cfa: Cfa) -> Transmission:
    """Three refused lines, two of them for the same cause."""
    envoi = un_envoi(session, cfa.site, lignes=5, refusees=3, creees=2)
    une_refusee(session, envoi, 2, UAI_INCONNUE, etablissement_formateur_uai="0000000A")
    une_refusee(session, envoi, 3, SANS_NOM + UAI_INCONNUE)
    une_refusee(
        session,
        envoi,
        5,
        une_erreur("Date invalide", "date_fin_formation"),
        organisme=cfa.site,
        date_fin_formation="=1+1",
    )
    return envoi


def csv_de(qui: Navigateur, envoi: Transmission) -> list[dict[str, str]]:
    reponse = qui.get(f"/transmissions/{envoi.uuid}/refusees.csv")
    assert reponse.status_code == 200
    assert reponse.mimetype == "text/csv"
    assert "attachment" in reponse.headers["Content-Disposition"]
    return list(csv.DictReader(io.StringIO(reponse.get_data().decode("utf-8-sig")), delimiter=";"))


def test_une_transmission_dit_ses_causes_et_ses_lignes(
    cfa: Cfa, directrice: Navigateur, envoi: Transmission
) -> None:
    page = directrice.get(f"/transmissions/{envoi.uuid}")
    causes = tableau(page, "causes")
    assert [(c["Fiches"], c["Lignes"]) for c in causes] == [
        ("2", "lignes 2, 3 : L’établissement formateur n’est pas connu"),
        ("1", "ligne 5 : Date impossible"),
        ("1", "ligne 3 : Information obligatoire absente"),
    ]
    lignes = tableau(page, "refusees")
    assert [(x["Ligne"], x["Identifiant dans votre logiciel"]) for x in lignes] == [
        ("2", "E-2"),
        ("3", "E-3"),
        ("5", "E-5"),
    ]
    assert lignes[2]["À corriger"] == "date de fin de formation : Date invalide"
    assert "5 fiches reçues : 2 nouvelles, 0 modifiée, 0 inchangée, 3 refusées." in texte(arbre(page))


def test_une_cause_se_regarde_seule(directrice: Navigateur, envoi: Transmission) -> None:
    page = directrice.get(f"/transmissions/{envoi.uuid}?cause=FORMATEUR_INCONNU")
    assert [x["Ligne"] for x in tableau(page, "refusees")] == ["2", "3"]
    assert f"/transmissions/{envoi.uuid}#lignes-refusees" in liens(page)
    vide = directrice.get(f"/transmissions/{envoi.uuid}?cause=SEXE-sexe_apprenant")
    assert tableau(vide, "refusees") == []
    assert "Plus aucune ligne" in texte(arbre(vide))


def test_le_fichier_des_refus_dit_ce_qui_a_ete_recu_et_comment_corriger(
    session: Session, directrice: Navigateur, envoi: Transmission
) -> None:
    lignes = csv_de(directrice, envoi)
    assert [(x["Ligne"], x["Nom technique du champ"]) for x in lignes] == [
        ("2", "etablissement_formateur_siret"),
        ("2", "etablissement_formateur_uai"),
        ("3", "etablissement_formateur_siret"),
        ("3", "etablissement_formateur_uai"),
        ("3", "nom_apprenant"),
        ("5", "date_fin_formation"),
    ]
    assert lignes[1]["Valeur reçue"] == "0000000A"
    assert (lignes[5]["Valeur reçue"], lignes[5]["Identifiant dans votre logiciel"]) == ("'=1+1", "E-5")
    assert lignes[5]["Comment corriger"].startswith("Cette date n’existe pas")
    ((nom, details),) = evenements(session, "transmission.exportee")
    assert (nom, details["transmission_id"], len(details["ids"])) == ("transmission.exportee", envoi.id, 3)
    assert evenements(session, "transmission.consultee") == []


def test_lire_les_lignes_est_consigne_lire_les_nombres_ne_l_est_pas(
    session: Session, cfa: Cfa, directrice: Navigateur, navigateur: Navigateur, envoi: Transmission
) -> None:
    navigateur.comme(cfa.support).get(f"/transmissions/{envoi.uuid}")
    assert evenements(session, "transmission.") == []
    directrice.get(f"/transmissions/{envoi.uuid}")
    ((_, details),) = evenements(session, "transmission.consultee")
    assert (details["transmission_id"], len(details["ids"])) == (envoi.id, 3)


def test_sans_refus_il_n_y_a_pas_de_fichier(session: Session, cfa: Cfa, directrice: Navigateur) -> None:
    envoi = un_envoi(session, cfa.site, lignes=1, creees=1)
    assert "Télécharger" not in texte(arbre(directrice.get(f"/transmissions/{envoi.uuid}")))
    assert directrice.get(f"/transmissions/{envoi.uuid}/refusees.csv").status_code == 404


def test_un_autre_cfa_ne_sait_pas_que_la_transmission_existe(
    cfa: Cfa, navigateur: Navigateur, envoi: Transmission
) -> None:
    voisine = navigateur.comme(cfa.voisine)
    assert voisine.get(f"/transmissions/{envoi.uuid}").status_code == 404
    assert voisine.get(f"/transmissions/{envoi.uuid}/refusees.csv").status_code == 404


def test_un_responsable_partiel_voit_les_nombres_et_aucune_ligne(
    session: Session, cfa: Cfa, navigateur: Navigateur, envoi: Transmission
) -> None:
    f.une_relation(session, cfa.voisin, cfa.site, partielle=True)
    session.commit()
    voisine = navigateur.comme(cfa.voisine)
    page = voisine.get(f"/transmissions/{envoi.uuid}")
    assert [r["Refusées"] for r in tableau(page, "par-organisme")] == ["3"]
    assert tableau(page, "refusees") == tableau(page, "causes") == []
    assert voisine.get(f"/transmissions/{envoi.uuid}/refusees.csv").status_code == 404


def test_ce_qu_un_logiciel_envoie_se_lit_tel_quel(
    app: Flask, session: Session, cfa: Cfa, directrice: Navigateur
) -> None:
    """The whole way: the API refuses, the job applies, the account says both."""
    logiciel = Logiciel(app, session, cfa.site)
    bonne = une_ligne(cfa.site, "A-1")
    sans_nom = {k: v for k, v in une_ligne(cfa.site, "A-2").items() if k != "nom_apprenant"}
    inconnu = {"etablissement_formateur_uai": "0440010X", "etablissement_formateur_siret": "43937112100013"}
    inconnue = une_ligne(cfa.site, "A-3", **inconnu)
    recu = logiciel.envoyer([bonne, sans_nom, inconnue])
    travailler(session)
    page = directrice.get(f"/transmissions/{recu.json['transmission']['id']}")
    assert {c["Cause"].partition(" UAI")[0] for c in tableau(page, "causes")} == {
        "Information obligatoire absente nom",
        "L’établissement formateur n’est pas connu",
    }
    (jour,) = tableau(directrice.get("/transmissions"), "jours")
    assert (jour["Envoyées"], jour["Acceptées"], jour["Refusées"], jour["En attente"]) == ("3", "1", "2", "0")
