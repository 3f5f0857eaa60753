"""Answering without an account, and what a file is told of its letters; what becomes of them meanwhile."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from tdba import horloge, scope
from tdba.comptes.models import Habilitation
from tdba.db import db
from tdba.effectifs.models import Effectif
from tdba.liaisons import scellement
from tdba.liaisons.models import Pli
from tdba.organismes.models import Organisme
from tdba.ruptures.models import Demarche
from tdba.scope import Droit
from tests.conftest import MIDI
from tests.factories import une_rupture
from tests.liaisons.aides import (
    action,
    code_montre,
    dossier_de,
    envoyer,
    evenements,
    executer,
    liaisons,
    lien_recu,
    plis,
    s_opposer,
    travailler,
)
from tests.pages import Navigateur, arbre, champs, texte


def demarches() -> list[Demarche]:
    requete = scope.select_for(Demarche, Droit.CORRIGER).order_by(Demarche.id)
    return list(db.session.execute(requete).scalars())


# Answering -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reponse", "mots", "resultat"),
    [
        ("RENDEZ_VOUS", "rendez-vous pris", "RENDEZ_VOUS"),
        ("INJOIGNABLE", "injoignable", "SANS_REPONSE"),
        ("AUTRE", "autre suite", None),
    ],
)
def test_la_reponse_devient_une_demarche_de_qui_a_envoye(
    session: Session,
    directeur: Navigateur,
    navigateur: Navigateur,
    jeune: Effectif,
    numero: int,
    reponse: str,
    mots: str,
    resultat: str | None,
) -> None:
    code = code_montre(envoyer(directeur, numero))
    adresse = action(navigateur.post(lien_recu(session), {"code": code}))
    merci = navigateur.post(adresse, {"reponse": reponse})
    assert mots in texte(arbre(merci))
    travailler(session)
    travailler(session)
    envoi, demarche = demarches()
    assert (envoi.nature, envoi.resultat) == ("MISSION_LOCALE", None)
    assert (demarche.nature, demarche.resultat) == ("MISSION_LOCALE", resultat)
    (liaison,) = liaisons()
    assert demarche.personne_id == liaison.personne_id
    assert (liaison.reponse, liaison.ouverte_le, liaison.repondu_le) == (reponse, MIDI, MIDI)
    assert [e.evenement for e in evenements(session)] == [
        "liaison.envoyee",
        "liaison.ouverte",
        "liaison.repondue",
    ]
    assert mots in texte(arbre(directeur.get(f"/dossiers/{numero}/liaison")))
    assert mots in texte(arbre(directeur.get(f"/effectifs/{jeune.id}/histoire")))


def test_la_premiere_reponse_reste_et_s_envoie_une_fois(
    session: Session, directeur: Navigateur, navigateur: Navigateur, numero: int
) -> None:
    code = code_montre(envoyer(directeur, numero))
    adresse = action(navigateur.post(lien_recu(session), {"code": code}))
    navigateur.post(adresse, {"reponse": "INJOIGNABLE"})
    encore = navigateur.post(adresse, {"reponse": "RENDEZ_VOUS"})
    assert "injoignable" in texte(arbre(encore))
    assert "injoignable" in texte(arbre(navigateur.get(adresse)))
    travailler(session)
    assert [d.resultat for d in demarches()] == [None, "SANS_REPONSE"]


def test_on_repond_plus_tard_sans_rien_revoir_du_dossier(
    session: Session, directeur: Navigateur, navigateur: Navigateur, numero: int
) -> None:
    code = code_montre(envoyer(directeur, numero))
    adresse = action(navigateur.post(lien_recu(session), {"code": code}))
    with horloge.regler(MIDI + timedelta(days=14)):
        page = navigateur.get(adresse)
        assert page.status_code == 200
        assert "SERIN" not in page.get_data(as_text=True)
        assert navigateur.post(adresse, {}).status_code == 422
        assert navigateur.post(adresse, {"reponse": "MORT"}).status_code == 422
    with horloge.regler(MIDI + timedelta(days=15)):
        assert navigateur.get(adresse).status_code == 404
        assert navigateur.post(adresse, {"reponse": "AUTRE"}).status_code == 404
    travailler(session)
    assert len(demarches()) == 1  # the sending


def test_le_lien_du_courriel_ne_repond_pas_et_une_cle_inconnue_non_plus(
    session: Session, directeur: Navigateur, navigateur: Navigateur, numero: int
) -> None:
    envoyer(directeur, numero)
    jeton = lien_recu(session).rpartition("/")[2]
    for cle in (jeton, scellement.nouveau_jeton(), "x"):
        assert navigateur.post(f"/liaison/reponse/{cle}", {"reponse": "AUTRE"}).status_code == 404


# What happens to a letter meanwhile ----------------------------------------------------------------------------------


def test_une_opposition_ferme_le_lien_qui_attend(
    session: Session,
    directeur: Navigateur,
    direction: Habilitation,
    navigateur: Navigateur,
    jeune: Effectif,
    numero: int,
) -> None:
    code = code_montre(envoyer(directeur, numero))
    executer(session, "liaisons.retirer_les_caducs")
    assert plis(session)[0].contenu is not None
    s_opposer(session, jeune, direction.personne_id)
    executer(session, "liaisons.retirer_les_caducs")
    assert navigateur.post(lien_recu(session), {"code": code}).status_code == 404
    assert evenements(session)[-1].details["cause"] == "OPPOSITION"


def test_une_opposition_enregistree_ferme_aussitot_les_liens_de_la_personne_et_d_elle_seule(
    session: Session,
    directeur: Navigateur,
    cfa: Organisme,
    navigateur: Navigateur,
    jeune: Effectif,
    numero: int,
) -> None:
    code = code_montre(envoyer(directeur, numero))
    lien = lien_recu(session)
    autre = une_rupture(session, cfa, nom="PINSON", telephone="0611111111")
    autre_code = code_montre(envoyer(directeur, dossier_de(autre)))
    autre_lien = lien_recu(session)
    adresse = f"/effectifs/{jeune.id}/opposition"
    assert directeur.post(adresse, {"recue_le": "2026-11-17"}).status_code == 303
    assert navigateur.post(lien, {"code": code}).status_code == 404
    assert navigateur.post(autre_lien, {"code": autre_code}).status_code == 200
    assert [(e.evenement, e.details.get("cause")) for e in evenements(session)][2] == (
        "liaison.revoquee",
        "OPPOSITION",
    )


def test_une_opposition_ne_retire_rien_d_un_lien_deja_ouvert(
    session: Session, directeur: Navigateur, navigateur: Navigateur, jeune: Effectif, numero: int
) -> None:
    code = code_montre(envoyer(directeur, numero))
    navigateur.post(lien_recu(session), {"code": code})
    travailler(session)
    directeur.post(f"/effectifs/{jeune.id}/opposition", {"recue_le": "2026-11-17"})
    assert (liaisons()[0].ouverte_le, liaisons()[0].revoquee_le) == (MIDI, None)


def test_une_fiche_a_la_corbeille_ou_effacee_ferme_le_lien_qui_attend(
    session: Session, directeur: Navigateur, navigateur: Navigateur, jeune: Effectif, numero: int
) -> None:
    envoyer(directeur, numero)
    jeune.corbeille_le = MIDI
    executer(session, "liaisons.retirer_les_caducs")
    assert navigateur.get(lien_recu(session)).status_code == 404
    assert evenements(session)[-1].details["cause"] == "CORBEILLE"
    session.execute(update(Pli).values(contenu=b"encore scelle"))
    session.delete(session.merge(jeune))
    executer(session, "liaisons.retirer_les_caducs")
    assert (liaisons(), plis(session)[0].contenu) == ([], None)


def test_une_reponse_apres_une_opposition_ne_note_aucune_demarche(
    session: Session,
    directeur: Navigateur,
    direction: Habilitation,
    navigateur: Navigateur,
    jeune: Effectif,
    numero: int,
) -> None:
    code = code_montre(envoyer(directeur, numero))
    adresse = action(navigateur.post(lien_recu(session), {"code": code}))
    s_opposer(session, jeune, direction.personne_id)
    navigateur.post(adresse, {"reponse": "RENDEZ_VOUS"})
    travailler(session)
    assert (len(demarches()), liaisons()[0].reponse) == (1, "RENDEZ_VOUS")  # the sending alone


def test_la_nuit_efface_les_plis_expires_et_apres_douze_mois_le_nom_du_conseiller(
    session: Session, directeur: Navigateur, numero: int
) -> None:
    envoyer(directeur, numero)
    with horloge.regler(MIDI + timedelta(days=14)):
        executer(session, "liaisons.entretenir")
        assert len(plis(session)) == 1
    with horloge.regler(MIDI + timedelta(days=15)):
        executer(session, "liaisons.entretenir")
        executer(session, "liaisons.entretenir")
        assert plis(session) == []
        assert [e.evenement for e in evenements(session)] == [
            "liaison.envoyee",
            "liaison.expiree",
            "liaisons.entretien",
        ]
        assert liaisons()[0].contact == "Maëlle Conseillère"
    with horloge.regler(MIDI.replace(year=2027) + timedelta(days=1)):
        executer(session, "liaisons.entretenir")
        assert (liaisons()[0].contact, liaisons()[0].courriel) == (None, None)


def test_une_reponse_que_personne_n_a_rapportee_ne_se_perd_pas_la_nuit(
    session: Session, directeur: Navigateur, navigateur: Navigateur, numero: int
) -> None:
    code = code_montre(envoyer(directeur, numero))
    adresse = action(navigateur.post(lien_recu(session), {"code": code}))
    navigateur.post(adresse, {"reponse": "RENDEZ_VOUS"})
    with horloge.regler(MIDI + timedelta(days=16)):
        executer(session, "liaisons.entretenir")
    assert [d.resultat for d in demarches()] == [None, "RENDEZ_VOUS"]


def test_la_page_du_code_marche_sans_script_et_dit_ce_qui_manque(
    session: Session, directeur: Navigateur, navigateur: Navigateur, numero: int
) -> None:
    envoyer(directeur, numero)
    vide = navigateur.post(lien_recu(session), champs(navigateur.get(lien_recu(session))) | {"code": ""})
    assert vide.status_code == 422
    assert "Écrivez le code" in texte(arbre(vide))
    assert not any(str(f.get("data-hx-post")) != "None" for f in arbre(vide).iter("form"))
