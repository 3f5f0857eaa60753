"""Refused lines are played again once what refused them is repaired; nothing older than what is known comes back (part 3)."""

from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tdba import scope
from tdba.jobs import enqueue_after_commit
from tdba.organismes.models import Organisme
from tdba.scope import Droit
from tdba.transmissions.models import Delegation, Ligne, Reception, Transmission
from tests import factories as f
from tests.conftest import MIDI
from tests.pages import Navigateur
from tests.points.aides import direction, ouverts
from tests.transmissions.aides_api import Logiciel, effectifs, evenements, travailler, une_ligne
from tests.transmissions.aides_quarantaines import quarantaines


@pytest.fixture
def cfa(session: Session) -> Organisme:
    f.les_territoires(session)
    return f.un_organisme(session, "CFA Rennes")


@pytest.fixture
def brest(session: Session, cfa: Organisme) -> Organisme:
    return f.un_organisme(session, "CFA Brest", departement="29")


@pytest.fixture
def logiciel(app: Flask, session: Session, cfa: Organisme) -> Logiciel:
    return Logiciel(app, session, cfa)


@pytest.fixture
def directeur(session: Session, navigateur: Navigateur, cfa: Organisme) -> Navigateur:
    return direction(session, navigateur, cfa)


def envoyer(session: Session, logiciel: Logiciel, *lignes: Any) -> str:
    """Send lines, let the jobs run; gives the address that plays them again."""
    reponse = logiciel.envoyer(list(lignes))
    assert reponse.json is not None
    travailler(session)
    return f"/transmissions/{reponse.json['transmission']['id']}/rejouer"


def deleguer(session: Session, organisme: Organisme, delegue: Organisme) -> None:
    """Repair what refused: from now on, `delegue` may send for `organisme`."""
    session.add(Delegation(organisme_id=organisme.id, delegue_id=delegue.id, debut=MIDI.date()))
    session.commit()


def etats(session: Session) -> list[str]:
    session.commit()
    requete = scope.autorisee(select(Ligne.etat).order_by(Ligne.id), Droit.CORRIGER)
    return list(session.execute(requete).scalars())


def comptes(session: Session) -> dict[int, tuple[int, int, int]]:
    """Lines, refused, created, by organisme."""
    requete = select(Reception.organisme_id, Reception.nb_lignes, Reception.nb_refusees, Reception.nb_creees)
    rangees = session.execute(scope.autorisee(requete, Droit.CORRIGER))
    return {cle: (lignes, refusees, creees) for cle, lignes, refusees, creees in rangees}


def transmissions(session: Session) -> list[tuple[str, int]]:
    requete = select(Transmission.etat, Transmission.nb_refusees).order_by(Transmission.id)
    return [(etat, n) for etat, n in session.execute(scope.autorisee(requete, Droit.CORRIGER))]


def test_ce_qui_est_repare_est_compte_et_les_comptes_suivent(
    session: Session, logiciel: Logiciel, cfa: Organisme, brest: Organisme, directeur: Navigateur
) -> None:
    adresse = envoyer(
        session,
        logiciel,
        une_ligne(cfa, "A-1"),
        une_ligne(brest, "B-1"),
        une_ligne(cfa, "A-2", date_fin_formation="jamais"),
    )
    assert comptes(session) == {cfa.id: (3, 2, 1)}
    deleguer(session, brest, cfa)
    assert directeur.post(adresse).status_code == 303
    travailler(session)
    assert set(effectifs(session)) == {"A-1", "B-1"}
    assert etats(session) == ["CREEE", "CREEE", "REFUSEE"]
    assert comptes(session) == {cfa.id: (2, 1, 1), brest.id: (1, 0, 1)}
    assert transmissions(session) == [("TRAITEE", 1)]
    assert [p.details["n"] for p in ouverts(session)] == [1]
    (bilan,) = evenements(session, "transmission.rejouee")
    assert (bilan["reprises"], bilan["refusees"], bilan["ecartees"]) == (1, 1, 0)


def test_rejouer_deux_fois_ne_change_rien(
    session: Session, logiciel: Logiciel, cfa: Organisme, brest: Organisme, directeur: Navigateur
) -> None:
    adresse = envoyer(session, logiciel, une_ligne(brest, "B-1"), une_ligne(cfa, "A-2", nom_apprenant=""))
    deleguer(session, brest, cfa)
    for _ in range(2):
        directeur.post(adresse)
        travailler(session)
    assert comptes(session) == {brest.id: (1, 0, 1), cfa.id: (1, 1, 0)}
    assert transmissions(session) == [("TRAITEE", 1)]


def test_sans_reparation_tout_reste_refuse(
    session: Session, logiciel: Logiciel, cfa: Organisme, directeur: Navigateur
) -> None:
    adresse = envoyer(session, logiciel, une_ligne(cfa, nom_apprenant=""))
    directeur.post(adresse)
    travailler(session)
    assert etats(session) == ["REFUSEE"]
    assert comptes(session) == {cfa.id: (1, 1, 0)}
    assert transmissions(session) == [("TRAITEE", 1)]


def test_une_ligne_depassee_ne_revient_pas(
    session: Session, logiciel: Logiciel, cfa: Organisme, brest: Organisme, directeur: Navigateur
) -> None:
    """Refused, then sent again rightly: playing the first again would bring old values back."""
    adresse = envoyer(session, logiciel, une_ligne(brest, "B-1", nom_apprenant="ANCIEN"))
    deleguer(session, brest, cfa)
    envoyer(session, logiciel, une_ligne(brest, "B-1", nom_apprenant="NOUVEAU"))
    directeur.post(adresse)
    travailler(session)
    assert effectifs(session)["B-1"].nom == "NOUVEAU"
    assert etats(session) == ["ECARTEE", "CREEE"]
    assert comptes(session)[brest.id] == (1, 0, 1)


def test_la_derniere_de_deux_lignes_d_un_meme_envoi_l_emporte(
    session: Session, logiciel: Logiciel, cfa: Organisme, brest: Organisme, directeur: Navigateur
) -> None:
    adresse = envoyer(
        session,
        logiciel,
        une_ligne(brest, "B-1", nom_apprenant="ANCIEN"),
        une_ligne(brest, "B-1", nom_apprenant="NOUVEAU"),
    )
    deleguer(session, brest, cfa)
    directeur.post(adresse)
    travailler(session)
    assert effectifs(session)["B-1"].nom == "NOUVEAU"
    assert etats(session) == ["ECARTEE", "CREEE"]


def test_un_numero_de_securite_sociale_masque_ne_devient_pas_un_identifiant(
    session: Session, logiciel: Logiciel, cfa: Organisme, directeur: Navigateur
) -> None:
    adresse = envoyer(session, logiciel, une_ligne(cfa, "1070535123456"))
    assert etats(session) == ["REFUSEE"]
    directeur.post(adresse)
    travailler(session)
    assert effectifs(session) == {}
    assert etats(session) == ["REFUSEE"]


def test_une_transmission_en_apercu_ou_annulee_ne_se_rejoue_pas(
    session: Session, logiciel: Logiciel, cfa: Organisme, directeur: Navigateur
) -> None:
    adresse = envoyer(session, logiciel, une_ligne(cfa, nom_apprenant=""))
    session.execute(scope.autorisee(update(Transmission).values(etat="ANNULEE"), Droit.CORRIGER))
    directeur.post(adresse)
    assert evenements(session, "transmission.rejeu_demande") == []
    cle = session.execute(scope.autorisee(select(Transmission.id), Droit.CORRIGER)).scalar_one()
    enqueue_after_commit("transmissions.rejouer", transmission_id=cle)
    travailler(session)
    assert etats(session) == ["REFUSEE"]


def test_on_ne_rejoue_pas_les_lignes_d_un_autre(
    session: Session, navigateur: Navigateur, logiciel: Logiciel, cfa: Organisme, brest: Organisme
) -> None:
    adresse = envoyer(session, logiciel, une_ligne(cfa, nom_apprenant=""))
    voisin = direction(session, navigateur, brest)
    assert voisin.post(adresse).status_code == 404
    assert voisin.post(f"/transmissions/{uuid4()}/rejouer").status_code == 404


def test_sans_ligne_refusee_la_page_dit_pourquoi_rien_n_est_fait(
    session: Session, logiciel: Logiciel, cfa: Organisme, directeur: Navigateur
) -> None:
    adresse = envoyer(session, logiciel, une_ligne(cfa))
    assert directeur.post(adresse).status_code == 303
    assert evenements(session, "transmission.rejeu_demande") == []


def test_la_page_d_une_transmission_propose_de_relire_ses_refus(
    session: Session, logiciel: Logiciel, cfa: Organisme, directeur: Navigateur
) -> None:
    adresse = envoyer(session, logiciel, une_ligne(cfa, "A-1"), une_ligne(cfa, nom_apprenant=""))
    page = directeur.get(adresse.removesuffix("/rejouer"))
    assert "Relire la ligne refusée" in page.text
    assert adresse in page.text


def test_la_page_ne_le_propose_qu_a_qui_le_peut(
    app: Flask, session: Session, navigateur: Navigateur, cfa: Organisme, brest: Organisme
) -> None:
    """A formateur reads what its responsable sent for it; playing it again is the responsable's."""
    f.une_relation(session, cfa, brest)
    logiciel = Logiciel(app, session, cfa)
    adresse = envoyer(session, logiciel, une_ligne(brest, nom_apprenant=""))
    page = direction(session, navigateur, brest).get(adresse.removesuffix("/rejouer"))
    assert page.status_code == 200
    assert "Relire" not in page.text


def test_ce_que_le_referentiel_apprend_est_repris_tout_seul(
    session: Session, logiciel: Logiciel, cfa: Organisme
) -> None:
    annexe = f.un_organisme(session, "CFA Dinan")
    f.une_relation(session, cfa, annexe)
    vrai, annexe.uai = annexe.uai, None
    logiciel.envoyer(
        [une_ligne(cfa, etablissement_formateur_uai=vrai, etablissement_formateur_siret=annexe.siret)]
    )
    assert etats(session) == ["EN_ATTENTE"]
    annexe.uai = vrai
    enqueue_after_commit("transmissions.rejouer_connus")
    travailler(session)
    assert effectifs(session)["A-1"].organisme_id == annexe.id
    assert quarantaines(session)[0].etat == "RESOLUE"
