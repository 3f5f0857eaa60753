"""Handing a file to a colleague: who may be chosen, the word that goes with it, the same person's other files."""

import pytest
from sqlalchemy.orm import Session

from tdba.comptes.models import Habilitation, Organisation
from tdba.errors import ErreurMetier
from tdba.organismes.models import Organisme
from tdba.ruptures import service_dossier
from tdba.ruptures.service_dossier import Relais
from tests.conftest import MIDI
from tests.factories import un_sans_contrat, une_habilitation, une_organisation, une_personne, une_rupture
from tests.pages import Navigateur, arbre, champs, tableau, texte
from tests.ruptures.aides import demarches, envoyer, evenements, le_dossier, mots, noter


@pytest.fixture
def collegue(session: Session, direction: Habilitation) -> Habilitation:
    organisation = session.get_one(Organisation, direction.organisation_id)
    return une_habilitation(session, une_personne(session, "Camille"), organisation, role="membre")


def test_un_dossier_se_confie_avec_un_mot_qui_n_est_pas_un_contact(
    session: Session, directeur: Navigateur, collegue: Habilitation, cfa: Organisme
) -> None:
    rompue = une_rupture(session, cfa)
    adresse = f"/dossiers/{le_dossier(rompue).id}/referent"
    saisie = champs(directeur.get(adresse), adresse)
    saisie |= {"referent": str(collegue.personne_id), "mot": "Préfère les messages."}
    for _ in range(2):
        assert directeur.post(adresse, saisie).status_code == 303
    dossier = le_dossier(rompue)
    assert (dossier.referent_id, dossier.derniere_demarche_le) == (collegue.personne_id, None)
    assert [(d.nature, d.note) for d in demarches()] == [("RELAIS", "Préfère les messages.")]
    vue = mots(directeur, f"/dossiers/{dossier.id}")
    assert "Suivi par Camille Testeur." in vue
    assert "dossier confié à un collègue" in vue
    assert "Personne ne l’a encore contacté" in vue
    assert "Aucune démarche" in tableau(directeur.get("/ruptures"))[0]["Démarches"]
    assert evenements(session, "dossier.confie") == [
        {"dossier_id": dossier.id, "referent_id": collegue.personne_id}
    ]


def test_les_autres_dossiers_de_la_meme_personne_suivent(
    session: Session, directeur: Navigateur, collegue: Habilitation, cfa: Organisme, annexe: Organisme
) -> None:
    ici, la = (
        une_rupture(session, cfa, ine="123456789AB"),
        un_sans_contrat(session, annexe, ine="123456789AB"),
    )
    for depart, autre in ((ici, la), (la, ici)):
        for un in (ici, la):
            noter(directeur, un)
        adresse = f"/dossiers/{le_dossier(depart).id}/referent"
        assert "1 autre dossier de la même personne" in mots(directeur, adresse)
        envoyer(directeur, adresse, referent=str(collegue.personne_id))
        assert le_dossier(autre).referent_id == collegue.personne_id


@pytest.mark.parametrize("qui", ["inconnu", "voisin", "limité"])
def test_on_ne_confie_qu_a_qui_suit_ce_site(
    session: Session,
    directeur: Navigateur,
    direction: Habilitation,
    cfa: Organisme,
    annexe: Organisme,
    voisin: Organisme,
    qui: str,
) -> None:
    personne = une_personne(session, "Ailleurs")
    if qui == "voisin":
        autre = une_organisation(
            session, "ORGANISME_FORMATION", "CFA Brest", regle="ETABLISSEMENTS", organismes=[voisin]
        )
        une_habilitation(session, personne, autre)
    if qui == "limité":
        organisation = session.get_one(Organisation, direction.organisation_id)
        une_habilitation(session, personne, organisation, role="membre", sites=[annexe])
    session.commit()
    rompue = une_rupture(session, cfa)
    adresse = f"/dossiers/{le_dossier(rompue).id}/referent"
    assert envoyer(directeur, adresse, referent=str(personne.id)).status_code == 422
    relais = Relais(referent_id=personne.id, mot=None, version=1, cle_formulaire="une-fois")
    with pytest.raises(ErreurMetier, match="qui suit les jeunes de ce site"):
        service_dossier.confier(le_dossier(rompue).id, relais, maintenant=MIDI)
    assert le_dossier(rompue).referent_id is None


def test_un_mot_trop_long_ou_avec_un_nir_est_refuse(
    session: Session, directeur: Navigateur, collegue: Habilitation, cfa: Organisme
) -> None:
    rompue = une_rupture(session, cfa)
    adresse = f"/dossiers/{le_dossier(rompue).id}/referent"
    for mot in ("x" * 501, "1 07 05 35 238 012 42"):
        reponse = envoyer(directeur, adresse, referent=str(collegue.personne_id), mot=mot)
        assert reponse.status_code == 422
    assert (le_dossier(rompue).referent_id, demarches()) == (None, [])


def test_confie_entre_temps_la_page_le_montre(
    session: Session, directeur: Navigateur, direction: Habilitation, collegue: Habilitation, cfa: Organisme
) -> None:
    rompue = une_rupture(session, cfa)
    adresse = f"/dossiers/{le_dossier(rompue).id}/referent"
    ancienne = champs(directeur.get(adresse), adresse)
    envoyer(directeur, adresse, referent=str(collegue.personne_id))
    reponse = directeur.post(adresse, ancienne | {"referent": str(direction.personne_id)})
    assert reponse.status_code == 409
    assert "Il est maintenant suivi par Camille Testeur." in texte(arbre(reponse))
    rendue = champs(reponse, adresse)
    assert rendue["referent"] == str(direction.personne_id)
    assert directeur.post(adresse, rendue).status_code == 303
    assert le_dossier(rompue).referent_id == direction.personne_id


def test_le_dossier_d_un_autre_ne_se_confie_pas(
    session: Session, directeur: Navigateur, direction: Habilitation, voisin: Organisme
) -> None:
    adresse = f"/dossiers/{le_dossier(une_rupture(session, voisin)).id}/referent"
    assert directeur.get(adresse).status_code == 404
    saisie = {"referent": str(direction.personne_id), "version": "1"}
    assert directeur.post(adresse, saisie).status_code == 404
