"""Correcting any field of a record: identity, formation, contact, address."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from tdba.effectifs import champs_corriges
from tdba.effectifs.models import Effectif
from tdba.effectifs.statuts import Statut
from tdba.organismes.models import Certification, Commune
from tests import factories as f
from tests.effectifs.aides import corrections, envoyer, phrases, statut_du_jour, une_source
from tests.effectifs.conftest import Decor
from tests.effectifs.test_annuler import annuler
from tests.pages import Navigateur, arbre, champs

SAISIES = {
    "nom": "LE GOFF",
    "prenom": "Zoé",
    "sexe": "M",
    "date_naissance": "2006-03-03",
    "ine": "0123456789A",
    "rncp": "37537",
    "cfd": "50022137",
    "annee_formation": "2",
    "duree_mois": "24",
    "date_inscription": "2026-08-28",
    "date_entree": "2026-09-02",
    "date_fin": "2027-07-31",
    "date_exclusion": "2026-10-01",
    "cause_exclusion": "déménagement",
    "telephone": "06 12 34 56 78",
    "courriel": "a@exemple.fr",
    "courriel_responsable_1": "b@exemple.fr",
    "courriel_responsable_2": "c@exemple.fr",
    "adresse": "12 rue des Lices",
}


def url(effectif: Effectif, champ: str) -> str:
    return f"/effectifs/{effectif.id}/corriger/{champ}"


@pytest.fixture
def rennes(session: Session) -> None:
    communes = (
        ("35238", "Rennes", ["35000", "35200"]),
        ("35051", "Cesson-Sévigné", ["35510"]),
        ("35210", "Parcé", ["35210"]),
        ("35068", "Châtillon", ["35210"]),
    )
    for code, nom, postaux in communes:
        session.merge(Commune(code_insee=code, nom=nom, departement_code="35", codes_postaux=postaux))
    session.commit()


@pytest.mark.parametrize(
    "champ", [c for c in champs_corriges.FICHE if c not in champs_corriges.SEULS_ENSEMBLE]
)
def test_tout_champ_se_corrige_se_raconte_et_s_annule(
    session: Session, decor: Decor, directrice: Navigateur, champ: str
) -> None:
    effectif = f.un_apprenti(session, decor.cfa)
    avant = getattr(effectif, champ)
    page = directrice.get(url(effectif, champ))
    assert ("Pourquoi cette correction" in phrases(page)) is champs_corriges.sensibles((champ,))
    envoi = champs(page, url(effectif, champ)) | {"valeur": SAISIES[champ], "action": "enregistrer"}
    if champs_corriges.sensibles((champ,)):
        envoi["motif"] = "PIECE_VUE"
    assert directrice.post(url(effectif, champ), envoi).status_code == 303
    assert directrice.post(url(effectif, champ), envoi).status_code == 303  # sent twice, written once
    (correction,) = corrections(session)
    session.refresh(effectif)
    assert correction.champ == champ
    assert str(getattr(effectif, champ)) == correction.valeur
    assert effectif.corrige
    annuler(directrice, correction)
    session.refresh(effectif)
    assert getattr(effectif, champ) == avant
    assert not effectif.corrige
    assert [c.etat for c in corrections(session)] == ["ANNULEE"]


def test_une_sortie_de_formation_dit_l_effet_sur_le_statut(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effectif = f.un_apprenti(session, decor.cfa)
    vu = envoyer(directrice, url(effectif, "date_exclusion"), action="voir", valeur="2026-10-01")
    assert "Le statut passera de « apprenti » à" in phrases(vu)
    assert statut_du_jour(session, effectif) is Statut.APPRENTI
    envoyer(directrice, url(effectif, "date_exclusion"), valeur="2026-10-01")
    assert statut_du_jour(session, effectif) is Statut.ABANDON


def test_un_code_corrige_fait_reconnaitre_la_formation_et_l_annuler_la_rend(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    session.add(Certification(rncp="RNCP99991", cfd=None, intitule="BTS Chocolat", niveau=5))
    session.commit()
    effectif = f.un_apprenti(session, decor.cfa)
    une_source(session, effectif, formation_rncp="RNCP38322", libelle_court_formation="CAP Boulanger")
    vu = envoyer(directrice, url(effectif, "rncp"), action="voir", valeur="99991")
    assert "CAP Boulanger deviendra BTS Chocolat" in phrases(vu)
    envoyer(directrice, url(effectif, "rncp"), valeur="99991")
    session.refresh(effectif)
    assert (effectif.rncp, effectif.formation, effectif.niveau) == ("RNCP99991", "BTS Chocolat", 5)
    annuler(directrice, corrections(session)[0])
    session.refresh(effectif)
    assert (effectif.rncp, effectif.formation) == ("RNCP38322", "CAP Boulanger")


def test_un_code_postal_choisit_la_commune_et_le_departement(
    session: Session, decor: Decor, directrice: Navigateur, rennes: None
) -> None:
    effectif = f.un_apprenti(session, decor.cfa)
    adresse = f"/effectifs/{effectif.id}/corriger-ensemble/adresse"
    envoyer(directrice, adresse, adresse="1 place", code_postal="35000")
    session.refresh(effectif)
    assert (effectif.adresse, effectif.code_postal, effectif.code_insee, effectif.departement) == (
        "1 place",
        "35000",
        "35238",
        "35",
    )
    assert {c.motif for c in corrections(session)} == {"COORDONNEES"}


def test_un_code_postal_inconnu_est_dit_et_ne_touche_pas_a_la_formation(
    session: Session, decor: Decor, directrice: Navigateur, rennes: None
) -> None:
    effectif = f.un_apprenti(session, decor.cfa)
    une_source(session, effectif)
    vu = phrases(envoyer(directrice, url(effectif, "code_postal"), action="voir", code_postal="35999"))
    assert "aucune commune pour ce code postal" in vu
    assert "Intitulé de la formation" not in vu


def test_un_code_postal_de_plusieurs_communes_les_donne_a_choisir(
    session: Session, decor: Decor, directrice: Navigateur, rennes: None
) -> None:
    effectif = f.un_apprenti(session, decor.cfa)
    adresse = url(effectif, "code_postal")
    refuse = envoyer(directrice, adresse, code_postal="35210")
    assert refuse.status_code == 422
    assert "Choisissez la commune" in phrases(refuse)
    options = [o.get("value") for s in arbre(refuse).iter("select") for o in s.iter("option")]
    assert {"35210", "35068"} <= set(options)
    assert corrections(session) == []
    envoi = champs(refuse, adresse) | {"code_insee": "35068", "action": "enregistrer"}
    assert directrice.post(adresse, envoi).status_code == 303
    session.refresh(effectif)
    assert (effectif.code_postal, effectif.code_insee) == ("35210", "35068")


def test_les_dates_de_la_formation_se_corrigent_ensemble(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effectif = f.un_apprenti(session, decor.cfa)
    adresse = f"/effectifs/{effectif.id}/corriger-ensemble/formation"
    refuse = envoyer(directrice, adresse, date_entree="2027-01-04", date_fin="2026-12-31")
    assert refuse.status_code == 422
    assert "ne peut pas être avant l’entrée" in phrases(refuse)
    assert champs(refuse, adresse)["date_entree"] == "2027-01-04"
    envoyer(directrice, adresse, date_entree="2026-09-07", date_fin="2027-07-31")
    session.refresh(effectif)
    assert (effectif.date_entree, effectif.date_fin) == (date(2026, 9, 7), date(2027, 7, 31))
    assert [c.champ for c in corrections(session)] == ["date_entree", "date_fin"]


def test_deux_saisies_du_meme_champ_laissent_choisir(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effectif = f.un_apprenti(session, decor.cfa)
    adresse = url(effectif, "telephone")
    ouvert = champs(directrice.get(adresse), adresse)
    envoyer(directrice, adresse, valeur="0612345678")
    perime = directrice.post(adresse, ouvert | {"valeur": "0699999999", "action": "enregistrer"})
    assert perime.status_code == 409
    assert "votre saisie" in phrases(perime)
    assert champs(perime, adresse)["valeur"] == "0699999999"
    assert directrice.post(adresse, champs(perime, adresse) | {"action": "enregistrer"}).status_code == 303
    assert [c.etat for c in corrections(session)] == ["REMPLACEE", "ACTIVE"]


def test_le_formulaire_dit_la_source_sa_date_et_les_valeurs_precedentes(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effectif = f.un_apprenti(session, decor.cfa)
    une_source(session, effectif)
    envoyer(directrice, url(effectif, "nom"), valeur="MESANGE")
    vu = phrases(directrice.get(url(effectif, "nom")))
    assert "Déjà corrigé ici. Votre ERP envoie : CANARI, reçu le 18 novembre 2026" in vu
    assert "CANARI, jusqu’au" in vu
    assert "corrigé par Dana Directrice" in vu


def test_le_voisin_ne_corrige_aucun_champ(session: Session, decor: Decor, voisine: Navigateur) -> None:
    effectif = f.un_apprenti(session, decor.cfa)
    for adresse in (url(effectif, "telephone"), f"/effectifs/{effectif.id}/corriger-ensemble/adresse"):
        assert voisine.get(adresse).status_code == 404
        assert voisine.post(adresse, {"valeur": "x", "version": "1"}).status_code == 404
