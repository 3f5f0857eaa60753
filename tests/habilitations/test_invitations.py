"""Inviting somebody, and accepting: only the invited address, once, within 96 hours (domain.md §5.5)."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tdba import horloge
from tdba.config import Configuration
from tests import factories as f
from tests.comptes.aides import CAMILLE, fournisseur_en_marche, se_connecter
from tests.conftest import MIDI
from tests.habilitations.aides_equipe import (
    Equipe,
    connectee_sans_habilitation,
    courriels,
    evenements,
    habilitations,
    invitations,
    lien_recu,
    une_equipe,
    une_invitee,
)
from tests.pages import Navigateur, arbre, champs, tableau, texte, titre

NOA = "Noa.Martin@exemple.invalid"


@pytest.fixture
def equipe(session: Session) -> Equipe:
    return une_equipe(session)


@pytest.fixture
def directrice(navigateur: Navigateur, equipe: Equipe) -> Navigateur:
    return navigateur.comme(equipe.directrice)


def inviter(directrice: Navigateur, courriel: str = NOA, **valeurs: str) -> int:
    donnees = {"courriel": courriel, "role": "membre", "dernier_jour": ""} | valeurs
    return directrice.post("/equipe/inviter", donnees).status_code


@pytest.fixture
def noa(navigateur: Navigateur, session: Session) -> Navigateur:
    return connectee_sans_habilitation(navigateur, une_invitee(session, NOA.lower()))


# --- Inviting --------------------------------------------------------------------------------------------------


def test_une_invitation_envoie_un_lien_dont_seule_l_empreinte_est_gardee(
    directrice: Navigateur, session: Session
) -> None:
    assert inviter(directrice) == 303
    (courriel,) = courriels(session)
    assert (courriel.destinataire, courriel.sujet) == (NOA, "Invitation à rejoindre CFA de Rennes")
    jeton = lien_recu(session).removeprefix("/invitation/")
    (invitation,) = invitations(session)
    assert len(jeton) == 43
    assert jeton.encode() not in invitation.empreinte
    assert invitation.expire_le - invitation.cree_le == timedelta(hours=96)
    assert [ligne["Adresse"] for ligne in tableau(directrice.get("/equipe"), "invitees")] == [NOA]


def test_une_seule_invitation_attend_par_adresse(directrice: Navigateur, session: Session) -> None:
    inviter(directrice)
    reponse = directrice.post("/equipe/inviter", {"courriel": NOA.upper(), "role": "membre"})
    assert reponse.status_code == 422
    assert "Une invitation attend déjà" in texte(arbre(reponse))
    assert champs(reponse, "/equipe/inviter")["courriel"] == NOA.upper()
    assert len(courriels(session)) == 1


def test_une_invitation_expiree_cede_la_place(directrice: Navigateur, session: Session) -> None:
    inviter(directrice)
    invitations(session)[0].expire_le = MIDI
    assert inviter(directrice) == 303
    assert [i.retiree_le is None for i in invitations(session)] == [False, True]


@pytest.mark.parametrize("courriel", ["", "noa", "noa@exemple", "a b@exemple.fr", "<noa@exemple.fr>"])
def test_une_adresse_incomplete_est_refusee(directrice: Navigateur, session: Session, courriel: str) -> None:
    assert inviter(directrice, courriel) == 422
    assert invitations(session) == []


def test_on_n_invite_pas_un_membre(directrice: Navigateur, session: Session) -> None:
    courriel = tableau(directrice.get("/equipe"), "equipe")[0]["Personne"].split()[-1]
    assert inviter(directrice, courriel) == 422
    assert invitations(session) == []


def test_le_compte_d_ailleurs_ne_change_rien_a_la_reponse(directrice: Navigateur, session: Session) -> None:
    """No answer tells whether somebody has an account."""
    une_invitee(session, "connue@exemple.invalid", etat="ACTIVE")
    assert (
        inviter(directrice, "connue@exemple.invalid")
        == inviter(directrice, "inconnue@exemple.invalid")
        == 303
    )


def test_un_administrateur_n_est_pas_limite_a_des_sites(
    directrice: Navigateur, equipe: Equipe, session: Session
) -> None:
    assert inviter(directrice, role="administrateur", sites=str(equipe.sites[0].id)) == 422
    assert inviter(directrice, sites=str(equipe.sites[0].id)) == 303
    assert invitations(session)[0].sites == [equipe.sites[0].id]


def test_un_site_d_ailleurs_est_refuse(directrice: Navigateur, session: Session) -> None:
    ailleurs = f.un_organisme(session, "CFA d’ailleurs")
    assert inviter(directrice, sites=str(ailleurs.id)) == 422


def test_un_membre_n_invite_pas(navigateur: Navigateur, equipe: Equipe, session: Session) -> None:
    membre = navigateur.comme(equipe.membre)
    assert membre.get("/equipe/inviter").status_code == 403
    assert inviter(membre) == 403
    assert invitations(session) == []


def test_renvoyer_change_le_lien(directrice: Navigateur, session: Session, noa: Navigateur) -> None:
    inviter(directrice)
    ancien = lien_recu(session)
    (invitation,) = invitations(session)
    adresse = f"/equipe/invitations/{invitation.id}/renvoyer"
    directrice.post(adresse)
    assert len(courriels(session)) == 1, "a minute must pass first"
    with horloge.regler(MIDI + timedelta(minutes=2)):
        directrice.post(adresse)
        assert invitations(session)[0].envois == 2
        assert noa.get(ancien).status_code == 404
        assert noa.get(lien_recu(session)).status_code == 200


def test_l_invitation_d_une_autre_organisation_n_existe_pas(
    navigateur: Navigateur, directrice: Navigateur, session: Session
) -> None:
    inviter(directrice)
    (invitation,) = invitations(session)
    autre = f.une_organisation(session, "DREETS", "DREETS Bretagne", regle="REGION", region_code="53")
    ailleurs = navigateur.comme(f.une_habilitation(session, f.une_personne(session, "Sacha"), autre))
    assert ailleurs.post(f"/equipe/invitations/{invitation.id}/retirer").status_code == 404
    assert ailleurs.post(f"/equipe/invitations/{invitation.id}/renvoyer").status_code == 404


# --- Accepting -------------------------------------------------------------------------------------------------


def test_l_invitee_accepte_et_agit_aussitot(
    directrice: Navigateur, session: Session, noa: Navigateur, equipe: Equipe
) -> None:
    inviter(directrice, dernier_jour="2027-08-31", sites=str(equipe.sites[1].id))
    lien = lien_recu(session)
    page = noa.get(lien)
    assert titre(page) == "Rejoindre CFA de Rennes"
    assert "Camille" not in texte(arbre(page))
    assert noa.post(lien, champs(page, lien)).status_code == 303
    donnee = habilitations(session, equipe.organisation)[-1]
    assert (donnee.role, donnee.motif, donnee.fin) == ("membre", "INVITATION", date(2027, 9, 1))
    assert donnee.accordee_par_id == equipe.directrice.personne_id
    assert "Vous agissez pour CFA de Rennes." in texte(arbre(noa.get("/mon-compte")))
    assert evenements(session, "invitation.acceptee") == [
        ("invitation.acceptee", {"habilitation_id": donnee.id})
    ]


def test_lire_l_invitation_n_accorde_rien(
    directrice: Navigateur, session: Session, noa: Navigateur, equipe: Equipe
) -> None:
    inviter(directrice)
    noa.get(lien_recu(session))
    assert len(habilitations(session, equipe.organisation)) == 2


def test_hors_d_un_cfa_les_noms_attendent_une_seconde_personne(
    navigateur: Navigateur, session: Session, noa: Navigateur
) -> None:
    f.les_territoires(session)
    dreets = f.une_organisation(session, "DREETS", "DREETS Bretagne", regle="REGION", region_code="53")
    cheffe = navigateur.comme(f.une_habilitation(session, f.une_personne(session, "Solenn"), dreets))
    inviter(cheffe)
    noa.post(lien_recu(session))
    assert habilitations(session, dreets)[-1].validee_par_id is None
    etats = {
        ligne["Personne"].split()[0]: ligne["État"] for ligne in tableau(cheffe.get("/equipe"), "equipe")
    }
    assert etats["Noa"].startswith("attend la signature d’une seconde personne")


REFUS = {
    "expiree": (410, "Cette invitation n’est plus valable."),
    "utilisee": (410, "Cette invitation a déjà servi."),
    "retiree": (410, "Cette invitation a été retirée."),
    "autre_adresse": (403, "Cette invitation n’est pas pour vous."),
}


@pytest.mark.parametrize("raison", REFUS)
@pytest.mark.parametrize("methode", ["GET", "POST"])
def test_chaque_refus_a_sa_page_et_son_evenement(
    directrice: Navigateur,
    navigateur: Navigateur,
    session: Session,
    noa: Navigateur,
    equipe: Equipe,
    raison: str,
    methode: str,
) -> None:
    inviter(directrice)
    lien, (invitation,) = lien_recu(session), invitations(session)
    qui, quand = noa, MIDI
    if raison == "expiree":
        quand = MIDI + timedelta(hours=96)
    elif raison == "utilisee":
        invitation.acceptee_le = MIDI
    elif raison == "retiree":
        directrice.post(f"/equipe/invitations/{invitation.id}/retirer")
    else:
        qui = connectee_sans_habilitation(navigateur, une_invitee(session, "sacha@exemple.invalid"))
    with horloge.regler(quand):
        if raison == "expiree":  # the session of four days ago is over too
            qui = connectee_sans_habilitation(navigateur, une_invitee(session, NOA.lower()))
        reponse = qui.ouvrir(methode, lien)
    assert (reponse.status_code, titre(reponse)) == REFUS[raison]
    assert "CFA de Rennes" not in texte(arbre(reponse))
    assert evenements(session, "invitation.refusee") == [("invitation.refusee", {"raison": raison})]
    assert len(habilitations(session, equipe.organisation)) == 2


def test_une_autre_adresse_n_apprend_pas_que_l_invitation_a_servi(
    directrice: Navigateur, navigateur: Navigateur, session: Session
) -> None:
    inviter(directrice)
    invitations(session)[0].acceptee_le = MIDI
    autre = connectee_sans_habilitation(navigateur, une_invitee(session, "sacha@exemple.invalid"))
    assert autre.get(lien_recu(session)).status_code == 403


def test_un_jeton_inconnu_n_existe_pas(noa: Navigateur) -> None:
    assert noa.get("/invitation/" + "a" * 43).status_code == 404
    assert noa.post("/invitation/" + "a" * 43).status_code == 404


def test_une_invitation_tombe_avec_qui_l_a_envoyee(
    directrice: Navigateur, session: Session, noa: Navigateur, equipe: Equipe
) -> None:
    inviter(directrice)
    equipe.directrice.fin = horloge.aujourd_hui()
    assert titre(noa.get(lien_recu(session))) == "Cette invitation a été retirée."


@pytest.mark.parametrize("etat", ["SUSPENDUE", "FERMEE"])
def test_une_invitation_ne_reveille_pas_un_compte_arrete(
    directrice: Navigateur, navigateur: Navigateur, session: Session, equipe: Equipe, etat: str
) -> None:
    inviter(directrice)
    arretee = connectee_sans_habilitation(navigateur, une_invitee(session, NOA, etat=etat))
    assert arretee.post(lien_recu(session)).location == "/acces"
    assert len(habilitations(session, equipe.organisation)) == 2


def test_une_inconnue_passe_par_la_connexion_puis_revient(
    directrice: Navigateur, navigateur: Navigateur, session: Session
) -> None:
    inviter(directrice)
    lien = lien_recu(session)
    reponse = navigateur.get(lien)
    assert reponse.status_code == 302
    assert reponse.location.endswith(lien.replace("/", "%2F")) or lien in reponse.location


@pytest.mark.reseau
def test_une_premiere_visite_par_le_lien_mene_a_l_organisation(
    app: Flask, configuration: Configuration, directrice: Navigateur, navigateur: Navigateur, session: Session
) -> None:
    """The whole journey of somebody never seen before: link, provider, invitation, the organisation."""
    with fournisseur_en_marche(app, configuration):
        inviter(directrice, CAMILLE.email.upper())
        lien = lien_recu(session)
        assert se_connecter(navigateur, suite=lien).location == lien
        page = navigateur.get(lien)
        assert titre(page) == "Rejoindre CFA de Rennes"
        assert navigateur.post(lien, champs(page, lien)).status_code == 303
        assert "Vous agissez pour CFA de Rennes." in texte(arbre(navigateur.get("/mon-compte")))
