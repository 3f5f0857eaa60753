"""An unknown establishment waits, is suggested, recognised or set aside, and its lines are played again (part 6)."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba import scope
from tdba.comptes.models import Habilitation
from tdba.organismes.models import Organisme
from tdba.scope import Droit
from tdba.transmissions import mise_en_attente
from tdba.transmissions.models import Transmission
from tests import factories as f
from tests.pages import Navigateur, tableau
from tests.points.aides import direction, phrases
from tests.transmissions.aides_api import Logiciel, effectifs, evenements, travailler, une_ligne
from tests.transmissions.aides_quarantaines import (
    INCONNU,
    etats,
    lignes,
    quarantaines,
    receptions,
    sans_uai_juste,
)


@pytest.fixture
def cfa(session: Session) -> Organisme:
    f.les_territoires(session)
    return f.un_organisme(session, "CFA Rennes")


@pytest.fixture
def annexe(session: Session, cfa: Organisme) -> Organisme:
    annexe = f.un_organisme(session, "CFA Saint-Malo")
    f.une_relation(session, cfa, annexe)
    return annexe


@pytest.fixture
def logiciel(app: Flask, session: Session, cfa: Organisme) -> Logiciel:
    return Logiciel(app, session, cfa)


@pytest.fixture
def directeur(session: Session, navigateur: Navigateur, cfa: Organisme) -> Navigateur:
    return direction(session, navigateur, cfa)


@pytest.fixture
def support(session: Session, navigateur: Navigateur) -> Navigateur:
    organisation = f.une_organisation(session, "SUPPORT", "Support", regle="NATION")
    habilitation: Habilitation = f.une_habilitation(
        session,
        f.une_personne(session, "Sacha"),
        organisation,
        validee_par=f.une_personne(session, "Alix"),
    )
    return navigateur.comme(habilitation)


def test_la_ligne_attend_et_l_emetteur_sait_qu_elle_est_refusee(
    session: Session, logiciel: Logiciel, cfa: Organisme
) -> None:
    reponse = logiciel.envoyer([une_ligne(cfa, **INCONNU), une_ligne(cfa, "A-2")])
    assert reponse.json is not None

    assert "organisme formateur non trouv" in reponse.text
    assert sorted(etats(session)) == ["A_TRAITER", "EN_ATTENTE"]
    (quarantaine,) = quarantaines(session)
    assert (quarantaine.etat, quarantaine.uai) == ("ATTEND", INCONNU["etablissement_formateur_uai"])
    assert receptions(session) == {cfa.id: (2, 1)}


def test_un_couple_inconnu_a_une_seule_attente(session: Session, logiciel: Logiciel, cfa: Organisme) -> None:
    for _ in range(2):
        logiciel.envoyer([une_ligne(cfa, "A-1", **INCONNU), une_ligne(cfa, "A-2", **INCONNU)])
    assert len(quarantaines(session)) == 1
    assert {ligne.quarantaine_id for ligne in lignes(session)} == {quarantaines(session)[0].id}


@pytest.mark.parametrize(
    ("champs", "etat"),
    [
        ({"date_inscription_formation": "hier"}, "REFUSEE"),
        ({"etablissement_formateur_uai": "pas un UAI"}, "REFUSEE"),
        ({"etablissement_formateur_siret": "73282932000075"}, "EN_ATTENTE"),
        ({"etablissement_responsable_uai": "0299999L"}, "EN_ATTENTE"),
    ],
    ids=["autre erreur", "illisible", "clé fausse", "responsable aussi"],
)
def test_seul_l_inconnu_fait_attendre(
    session: Session, logiciel: Logiciel, cfa: Organisme, champs: dict[str, str], etat: str
) -> None:
    logiciel.envoyer([une_ligne(cfa, **(INCONNU | champs))])
    assert etats(session) == [etat]


def test_on_n_attend_pas_pour_l_etablissement_d_un_autre(
    session: Session, logiciel: Logiciel, cfa: Organisme
) -> None:
    autre = f.un_organisme(session, "CFA Brest", departement="29")
    logiciel.envoyer([une_ligne(autre)])
    assert etats(session) == ["REFUSEE"]


def test_trop_d_inconnus_ne_s_empilent_pas(
    session: Session, logiciel: Logiciel, cfa: Organisme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mise_en_attente, "ATTENTES_MAX", 1)
    logiciel.envoyer([une_ligne(cfa, "A-1", **INCONNU), sans_uai_juste(cfa, "A-2")])
    assert sorted(etats(session)) == ["EN_ATTENTE", "REFUSEE"]
    assert len(quarantaines(session)) == 1


def test_l_attente_est_un_point_a_regler(session: Session, logiciel: Logiciel, cfa: Organisme) -> None:
    logiciel.envoyer([une_ligne(cfa, **INCONNU), une_ligne(cfa, "A-2")])
    travailler(session)
    assert phrases(session) == [
        "1 fiche n’est pas comptée : nous ne connaissons pas l’établissement UAI 0299999L, SIRET 732 829 320 00074."
    ]


def test_le_cfa_reconnait_un_etablissement_qu_il_transmet_et_la_ligne_est_comptee(
    session: Session, logiciel: Logiciel, cfa: Organisme, annexe: Organisme, directeur: Navigateur
) -> None:
    logiciel.envoyer([sans_uai_juste(annexe), une_ligne(cfa, "A-2")])
    travailler(session)
    (rangee,) = tableau(directeur.get("/transmissions/inconnus"), "inconnus")
    assert rangee["Ce pourrait être"] == "CFA Saint-Malo Il a ce SIRET, avec un autre UAI."
    cle = quarantaines(session)[0].id
    page = directeur.get(f"/transmissions/inconnus/{cle}")
    assert "C’est cet établissement" in page.text
    reponse = directeur.post(f"/transmissions/inconnus/{cle}/reconnaitre", {"organisme": annexe.id})
    assert reponse.status_code == 303
    travailler(session)
    assert effectifs(session)["A-1"].organisme_id == annexe.id
    assert receptions(session) == {cfa.id: (1, 0), annexe.id: (1, 0)}
    assert phrases(session) == []
    (evenement,) = evenements(session, "quarantaine.resolue")
    assert evenement == {"quarantaine_id": cle, "trouve_id": annexe.id}
    assert {t.etat for t in session.execute(_transmissions()).scalars()} == {"TRAITEE"}


def _transmissions() -> Any:
    requete = scope.autorisee(select(Transmission), Droit.CORRIGER)
    return requete.execution_options(populate_existing=True)


def test_la_decision_sert_aux_envois_suivants(
    session: Session, logiciel: Logiciel, cfa: Organisme, directeur: Navigateur
) -> None:
    logiciel.envoyer([sans_uai_juste(cfa)])
    cle = quarantaines(session)[0].id
    directeur.post(f"/transmissions/inconnus/{cle}/reconnaitre", {"organisme": cfa.id})
    reponse = logiciel.envoyer([sans_uai_juste(cfa, "A-9")])
    assert "non trouv" not in reponse.text
    travailler(session)
    assert set(effectifs(session)) == {"A-1", "A-9"}


def test_une_decision_se_reprend_et_les_suivantes_attendent(
    session: Session, logiciel: Logiciel, cfa: Organisme, directeur: Navigateur
) -> None:
    logiciel.envoyer([sans_uai_juste(cfa)])
    cle = quarantaines(session)[0].id
    directeur.post(f"/transmissions/inconnus/{cle}/reconnaitre", {"organisme": cfa.id})
    travailler(session)
    (rangee,) = tableau(directeur.get("/transmissions/inconnus"), "reconnus")
    assert rangee["Reconnu comme"] == "CFA Rennes"
    for attendu in (303, 404):
        assert directeur.post(f"/transmissions/inconnus/{cle}/rouvrir").status_code == attendu
    logiciel.envoyer([sans_uai_juste(cfa, "A-9")])
    assert etats(session) == ["CREEE", "EN_ATTENTE"]
    assert evenements(session, "quarantaine.rouverte") == [{"quarantaine_id": cle}]


def test_la_decision_d_un_emetteur_n_engage_pas_les_autres(
    app: Flask, session: Session, logiciel: Logiciel, cfa: Organisme, directeur: Navigateur
) -> None:
    logiciel.envoyer([sans_uai_juste(cfa)])
    cle = quarantaines(session)[0].id
    directeur.post(f"/transmissions/inconnus/{cle}/reconnaitre", {"organisme": cfa.id})
    autre = Logiciel(app, session, f.un_organisme(session, "CFA Brest", departement="29"))
    assert "non trouv" in autre.envoyer([sans_uai_juste(cfa)]).text


def test_le_cfa_ne_choisit_pas_l_etablissement_d_un_autre(
    session: Session, logiciel: Logiciel, directeur: Navigateur
) -> None:
    brest = f.un_organisme(session, "CFA Brest", departement="29")
    logiciel.envoyer([sans_uai_juste(brest)])
    cle = quarantaines(session)[0].id
    page = directeur.get(f"/transmissions/inconnus/{cle}")
    assert "CFA Brest" in page.text
    assert "C’est cet établissement" not in page.text
    assert "Demander à l’assistance" in page.text
    refus = directeur.post(f"/transmissions/inconnus/{cle}/reconnaitre", {"organisme": brest.id})
    assert refus.status_code == 422
    assert "Vous ne pouvez pas transmettre pour cet établissement" in refus.text
    assert quarantaines(session)[0].etat == "ATTEND"


def test_le_support_cherche_et_choisit_n_importe_quel_etablissement(
    session: Session, logiciel: Logiciel, cfa: Organisme, annexe: Organisme, support: Navigateur
) -> None:
    logiciel.envoyer([une_ligne(cfa, **INCONNU)])
    cle = quarantaines(session)[0].id
    assert "CFA Saint-Malo" in support.get(f"/transmissions/inconnus/{cle}?q=malo").text
    reponse = support.post(f"/transmissions/inconnus/{cle}/reconnaitre", {"organisme": annexe.id})
    assert reponse.status_code == 303
    travailler(session)
    assert effectifs(session)["A-1"].organisme_id == annexe.id


def test_ce_que_le_support_choisit_reste_soumis_aux_droits_de_l_emetteur(
    session: Session, logiciel: Logiciel, cfa: Organisme, support: Navigateur
) -> None:
    brest = f.un_organisme(session, "CFA Brest", departement="29")
    logiciel.envoyer([une_ligne(cfa, **INCONNU)])
    cle = quarantaines(session)[0].id
    support.post(f"/transmissions/inconnus/{cle}/reconnaitre", {"organisme": brest.id})
    travailler(session)
    assert effectifs(session) == {}
    assert etats(session) == ["REFUSEE"]
    assert "Votre clé ne permet pas" in lignes(session)[0].erreurs[0]["message"]


def test_ecarter_demande_une_raison_et_n_attend_plus(
    session: Session, logiciel: Logiciel, cfa: Organisme, directeur: Navigateur
) -> None:
    logiciel.envoyer([une_ligne(cfa, **INCONNU)])
    travailler(session)
    cle = quarantaines(session)[0].id
    assert directeur.post(f"/transmissions/inconnus/{cle}/ecarter").status_code == 422
    assert directeur.post(f"/transmissions/inconnus/{cle}/ecarter", {"motif": "X"}).status_code == 422
    reponse = directeur.post(f"/transmissions/inconnus/{cle}/ecarter", {"motif": "PAS_NOUS"})
    assert reponse.status_code == 303
    assert etats(session) == ["ECARTEE"]
    assert phrases(session) == []
    assert evenements(session, "quarantaine.ecartee") == [{"quarantaine_id": cle, "motif": "PAS_NOUS"}]
    logiciel.envoyer([une_ligne(cfa, **INCONNU)])
    assert etats(session) == ["ECARTEE", "REFUSEE"]


@pytest.mark.parametrize("acte", ["reconnaitre", "ecarter", "rouvrir"])
def test_l_attente_d_un_autre_cfa_est_introuvable(
    session: Session, navigateur: Navigateur, logiciel: Logiciel, cfa: Organisme, acte: str
) -> None:
    voisin = direction(session, navigateur, f.un_organisme(session, "CFA Brest", departement="29"))
    logiciel.envoyer([une_ligne(cfa, **INCONNU)])
    cle = quarantaines(session)[0].id
    assert tableau(voisin.get("/transmissions/inconnus")) == []
    assert voisin.get(f"/transmissions/inconnus/{cle}").status_code == 404
    reponse = voisin.post(f"/transmissions/inconnus/{cle}/{acte}", {"organisme": cfa.id, "motif": "AUTRE"})
    assert reponse.status_code == 404


def test_decider_deux_fois_est_introuvable(
    session: Session, logiciel: Logiciel, cfa: Organisme, directeur: Navigateur
) -> None:
    logiciel.envoyer([sans_uai_juste(cfa)])
    cle = quarantaines(session)[0].id
    adresse = f"/transmissions/inconnus/{cle}/reconnaitre"
    assert directeur.post(adresse, {"organisme": cfa.id}).status_code == 303
    travailler(session)
    assert directeur.post(adresse, {"organisme": cfa.id}).status_code == 404


def test_deux_inconnus_dans_une_ligne_se_reconnaissent_l_un_apres_l_autre(
    session: Session, logiciel: Logiciel, cfa: Organisme, annexe: Organisme, directeur: Navigateur
) -> None:
    logiciel.envoyer(
        [
            sans_uai_juste(
                annexe, etablissement_responsable_uai="0288888K", etablissement_responsable_siret=cfa.siret
            )
        ]
    )
    for siret, choisi in ((annexe.siret, annexe), (cfa.siret, cfa)):
        cle = next(q.id for q in quarantaines(session) if q.siret == siret)
        reponse = directeur.post(f"/transmissions/inconnus/{cle}/reconnaitre", {"organisme": choisi.id})
        assert reponse.status_code == 303
        travailler(session)
    assert effectifs(session)["A-1"].organisme_id == annexe.id


def test_le_lieu_d_un_formateur_connu_le_suggere(
    session: Session, logiciel: Logiciel, annexe: Organisme, directeur: Navigateur
) -> None:
    lieu = {"etablissement_lieu_de_formation_siret": INCONNU["etablissement_formateur_siret"]}
    logiciel.envoyer([une_ligne(annexe, "A-0", **lieu)])
    travailler(session)
    logiciel.envoyer([une_ligne(annexe, "A-1", **INCONNU)])
    (attente,) = quarantaines(session)
    page = directeur.get(f"/transmissions/inconnus/{attente.id}").get_data(as_text=True)
    assert "Vous avez déjà transmis ce lieu de formation" in page
