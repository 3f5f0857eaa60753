"""A correction that is refused says why, keeps what was typed and writes nothing."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tdba import abonnes
from tdba.errors import ErreurMetier
from tests import factories as f
from tests.effectifs.aides import (
    adresse,
    contrat_de,
    corrections,
    envoyer,
    evenements,
    phrases,
)
from tests.effectifs.conftest import Decor
from tests.pages import Navigateur, champs, titre

DEBUT, FIN = date(2026, 9, 1), date(2027, 8, 31)


@pytest.mark.parametrize(
    ("saisies", "phrase"),
    [
        ({"debut": ""}, "Indiquez le début du contrat."),
        ({"debut": "2026-02-30"}, "Cette date n’existe pas."),
        ({"fin": "2026-08-31"}, "La fin prévue ne peut pas être avant le début du contrat."),
        ({"rupture": "2026-08-31"}, "La rupture ne peut pas être avant le début du contrat."),
        ({"debut": "1999-01-01"}, "Choisissez une date entre 2000 et 2036."),
        ({"rupture": "2026-10-01", "motif": "AUTRE"}, "Précisez la raison en quelques mots."),
        ({"rupture": "2026-10-01", "motif": "CAPRICE"}, "Choisissez une raison dans la liste."),
        ({"rupture": "2026-10-01", "commentaire": "NIR 2 07 05 35 238 001 42"}, "numéro de sécurité sociale"),
        ({}, "rien ne changerait"),
    ],
)
def test_une_saisie_refusee_repond_422_garde_la_saisie_et_n_ecrit_rien(
    session: Session, decor: Decor, directrice: Navigateur, saisies: dict[str, str], phrase: str
) -> None:
    effectif = f.un_apprenti(session, decor.cfa)
    url = adresse(contrat_de(session, effectif))
    reponse = envoyer(directrice, url, **saisies)
    assert reponse.status_code == 422
    assert phrase in phrases(reponse)
    gardees = champs(reponse, url)
    assert {nom: gardees.get(nom) for nom in saisies if nom != "motif"} == {
        nom: valeur for nom, valeur in saisies.items() if nom != "motif"
    }
    assert corrections(session) == []
    assert evenements(session, "effectif.corrige") == []


def test_une_raison_est_obligatoire(session: Session, decor: Decor, directrice: Navigateur) -> None:
    effectif = f.un_apprenti(session, decor.cfa)
    url = adresse(contrat_de(session, effectif))
    formulaire = champs(directrice.get(url), url) | {"fin": "2027-07-31", "action": "enregistrer"}
    reponse = directrice.post(url, formulaire)
    assert reponse.status_code == 422
    assert "Choisissez une raison." in phrases(reponse)


def test_deux_contrats_de_la_meme_personne_ne_se_recouvrent_pas(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    contrats = [(DEBUT, date(2026, 12, 31), None), (date(2027, 1, 4), FIN, None)]
    effectif = f.un_effectif(session, decor.cfa, contrats=contrats)
    reponse = envoyer(directrice, adresse(contrat_de(session, effectif)), fin="2027-02-01")
    assert reponse.status_code == 422
    assert "recouvrent un autre contrat" in phrases(reponse)


@pytest.mark.parametrize("valeur", ["", "  ", "1234", "A" * 121])
def test_un_nom_impossible_est_refuse(
    session: Session, decor: Decor, directrice: Navigateur, valeur: str
) -> None:
    effectif = f.un_apprenti(session, decor.cfa)
    assert envoyer(directrice, f"/effectifs/{effectif.id}/corriger/prenom", valeur=valeur).status_code == 422
    assert corrections(session) == []


@pytest.mark.parametrize("champ", ["statuts", "version", "organisme_id", "niveau"])
def test_ce_que_personne_ne_corrige_n_a_pas_d_adresse(
    session: Session, decor: Decor, directrice: Navigateur, champ: str
) -> None:
    effectif = f.un_apprenti(session, decor.cfa)
    assert directrice.get(f"/effectifs/{effectif.id}/corriger/{champ}").status_code == 404


def test_un_refus_de_dernier_moment_n_ecrit_rien(
    session: Session, decor: Decor, directrice: Navigateur, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A subscriber that fails takes the whole change with it."""
    effectif = f.une_rupture(session, decor.cfa)

    def refuser(_ids: Any) -> None:
        raise RuntimeError

    monkeypatch.setitem(abonnes._ABONNES, "apres_parcours", [refuser])
    url = adresse(contrat_de(session, effectif))
    assert envoyer(directrice, url, rupture="").status_code == 500
    assert corrections(session) == []
    assert contrat_de(session, effectif).rupture is not None
    assert evenements(session, "effectif.corrige") == []


def test_une_regle_d_une_autre_tranche_refuse_avec_sa_phrase_et_rien_ne_reste_a_l_ecran(
    session: Session, decor: Decor, directrice: Navigateur, monkeypatch: pytest.MonkeyPatch
) -> None:
    effectif = f.un_apprenti(session, decor.cfa, nom="CANARI")

    def refuser(_ids: Any) -> None:
        raise ErreurMetier("Le dossier est verrouillé.")

    monkeypatch.setitem(abonnes._ABONNES, "apres_parcours", [refuser])
    reponse = envoyer(directrice, f"/effectifs/{effectif.id}/corriger/nom", valeur="AUTRE")
    assert reponse.status_code == 422
    assert "Le dossier est verrouillé." in phrases(reponse)
    assert titre(reponse) == "Alix CANARI : corriger le nom"
    assert corrections(session) == []


def test_le_voisin_et_l_agent_ne_corrigent_pas(
    session: Session, decor: Decor, voisine: Navigateur, agent: Any
) -> None:
    effectif = f.une_rupture(session, decor.cfa)
    contrat = contrat_de(session, effectif)
    envoi = {"debut": "2026-09-01", "version": "1", "motif": "PIECE_VUE", "action": "enregistrer"}
    for url in (adresse(contrat), f"/effectifs/{effectif.id}/corriger/nom"):
        assert voisine.post(url, envoi).status_code == 404
        assert agent("DREETS").post(url, envoi).status_code == 403
    assert corrections(session) == []
