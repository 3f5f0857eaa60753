"""Undoing a correction puts back exactly what it replaced, once."""

from datetime import date

from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tdba.effectifs.models import Correction
from tests import factories as f
from tests.effectifs.aides import adresse, contrat_de, corrections, envoyer, evenements, phrases
from tests.effectifs.conftest import Decor
from tests.pages import Navigateur, champs

FIN = date(2027, 8, 31)


def annuler(navigateur: Navigateur, correction: Correction) -> TestResponse:
    url = f"/corrections/{correction.id}/annuler"
    return navigateur.post(url, champs(navigateur.get(url), url))


def test_annuler_dit_l_effet_puis_remet_exactement_ce_qui_etait(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effectif = f.une_rupture(session, decor.cfa, depuis=30)
    avant = (contrat_de(session, effectif).rupture, list(effectif.bornes), list(effectif.statuts))
    envoyer(directrice, adresse(contrat_de(session, effectif)), rupture="")
    (correction,) = corrections(session)
    page = directrice.get(f"/corrections/{correction.id}/annuler")
    assert "Le statut passera de « apprenti » à « en rupture »" in phrases(page)
    assert "un dossier de rupture sera ouvert" in phrases(page)
    assert annuler(directrice, correction).headers["Location"] == f"/effectifs/{effectif.id}#corrections"
    session.refresh(effectif)
    assert (contrat_de(session, effectif).rupture, effectif.bornes, effectif.statuts) == avant
    assert not effectif.corrige
    assert corrections(session)[0].etat == "ANNULEE"
    assert evenements(session, "effectif.correction_annulee") == [
        {"champ": "rupture", "correction_id": correction.id}
    ]


def test_annuler_la_seconde_correction_remet_la_premiere_en_vigueur(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effectif = f.un_apprenti(session, decor.cfa)
    url = adresse(contrat_de(session, effectif))
    envoyer(directrice, url, fin="2027-07-31")
    envoyer(directrice, url, fin="2027-06-30")
    premiere, seconde = corrections(session)
    annuler(directrice, seconde)
    assert contrat_de(session, effectif).fin == date(2027, 7, 31)
    assert [c.etat for c in corrections(session)] == ["ACTIVE", "ANNULEE"]
    annuler(directrice, premiere)
    assert contrat_de(session, effectif).fin == FIN
    assert [c.etat for c in corrections(session)] == ["ANNULEE", "ANNULEE"]
    session.refresh(effectif)
    assert not effectif.corrige


def test_annuler_une_correction_en_conflit_prend_ce_que_l_erp_dit_desormais(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effectif = f.un_apprenti(session, decor.cfa)
    envoyer(directrice, adresse(contrat_de(session, effectif)), fin="2027-07-31")
    (correction,) = corrections(session)
    correction.etat, correction.valeur_conflit = "CONFLIT", "2027-05-31"
    session.commit()
    fiche = directrice.get(f"/effectifs/{effectif.id}")
    assert "Votre ERP envoie désormais « 31 mai 2027 » ; votre correction reste en vigueur." in phrases(fiche)
    annuler(directrice, correction)
    assert contrat_de(session, effectif).fin == date(2027, 5, 31)


def test_annuler_deux_fois_n_annule_qu_une_fois(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effectif = f.un_apprenti(session, decor.cfa)
    envoyer(directrice, adresse(contrat_de(session, effectif)), fin="2027-07-31")
    (correction,) = corrections(session)
    url = f"/corrections/{correction.id}/annuler"
    envoi = champs(directrice.get(url), url)
    assert directrice.post(url, envoi).status_code == 303
    assert directrice.post(url, envoi).status_code == 303
    assert len(evenements(session, "effectif.correction_annulee")) == 1
    assert "n’était plus en vigueur" in phrases(directrice.get(f"/effectifs/{effectif.id}"))


def test_annuler_la_correction_d_un_autre_n_existe_pas(
    session: Session, decor: Decor, directrice: Navigateur, voisine: Navigateur
) -> None:
    effectif = f.un_apprenti(session, decor.cfa)
    envoyer(directrice, adresse(contrat_de(session, effectif)), fin="2027-07-31")
    (correction,) = corrections(session)
    url = f"/corrections/{correction.id}/annuler"
    assert voisine.get(url).status_code == 404
    assert voisine.post(url).status_code == 404
    assert corrections(session)[0].etat == "ACTIVE"


def test_annuler_un_nom_remet_le_nom_et_la_recherche(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effectif = f.un_apprenti(session, decor.cfa, nom="CANARI")
    envoyer(directrice, f"/effectifs/{effectif.id}/corriger/nom", valeur="AUTRE")
    annuler(directrice, corrections(session)[0])
    session.refresh(effectif)
    assert (effectif.nom, effectif.recherche) == ("CANARI", "CANARI ALIX")
