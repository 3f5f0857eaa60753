"""Kinds of steps beyond a call: results of their own, counts, notes that go, steps taken back (issue 6, part 2)."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tdba.comptes.models import Habilitation, Organisation
from tdba.organismes.models import Organisme
from tdba.ruptures import natures
from tests.conftest import MIDI
from tests.factories import une_habilitation, une_personne, une_rupture
from tests.pages import Navigateur, arbre, texte
from tests.ruptures.aides import JOUR, demarches, evenements, jours, le_dossier, mots, noter


@pytest.mark.parametrize("nature", sorted(natures.A_REPONSE))
@pytest.mark.parametrize("resultat", sorted(natures.REPONSES))
def test_une_reponse_va_avec_ce_qui_en_attend_une(nature: str, resultat: str) -> None:
    assert natures.permet(nature, resultat)
    assert not natures.permet("APPEL", resultat)


def test_toute_demarche_peut_finir_par_un_contact() -> None:
    assert all(
        natures.permet(nature, resultat) for nature in natures.NATURES for resultat in natures.CONTACTS
    )


def test_le_relais_ne_se_choisit_pas_dans_le_formulaire() -> None:
    assert set(natures.NATURES) - set(natures.PROPOSEES) == {natures.RELAIS}


def test_des_candidatures_se_comptent_et_se_lisent(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    rompue = une_rupture(session, cfa)
    assert (
        noter(
            directeur, rompue, nature="CANDIDATURE", resultat="", nombre="4", reponse="NEGATIVE"
        ).status_code
        == 303
    )
    assert [(d.nature, d.nombre, d.resultat) for d in demarches()] == [("CANDIDATURE", 4, "NEGATIVE")]
    page = mots(directeur, f"/dossiers/{le_dossier(rompue).id}")
    assert "candidatures déclarées par le jeune (4), réponse défavorable" in page


@pytest.mark.parametrize(
    ("valeurs", "phrase"),
    [
        ({"nature": "ENTRETIEN", "resultat": "", "reponse": "POSITIVE"}, "ne va pas avec cette démarche"),
        ({"resultat": "JOINT", "nombre": "3"}, "Ce nombre ne va pas avec cette démarche"),
        ({"nature": "REPONSE", "nombre": "501"}, "entre 1 et 500"),
        ({"nature": "REPONSE", "nombre": "trois"}, "Indiquez un nombre entier."),
        ({"nature": "REPONSE", "resultat": "JOINT", "reponse": "POSITIVE"}, "Choisissez l’un ou l’autre"),
        ({"nature": "RELAIS"}, ""),
        ({"note": "À rappeler.", "note_mois": "36"}, "24 mois au plus"),
    ],
)
def test_ce_qui_ne_va_pas_ensemble_est_refuse(
    session: Session, directeur: Navigateur, cfa: Organisme, valeurs: dict[str, str], phrase: str
) -> None:
    reponse = noter(directeur, une_rupture(session, cfa), **valeurs)
    assert reponse.status_code == 422
    assert phrase in texte(arbre(reponse))
    assert demarches() == []


@pytest.mark.parametrize(("choix", "jusqu_au"), [({}, "2027-05-18"), ({"note_mois": "24"}, "2028-11-18")])
def test_une_note_dit_quand_elle_s_efface(
    session: Session, directeur: Navigateur, cfa: Organisme, choix: dict[str, str], jusqu_au: str
) -> None:
    rompue = une_rupture(session, cfa)
    noter(directeur, rompue, note="Cherche en boulangerie.", **choix)
    assert [d.note_jusqu_au.isoformat() for d in demarches() if d.note_jusqu_au] == [jusqu_au]
    assert "Effacée après le 18" in mots(directeur, f"/dossiers/{le_dossier(rompue).id}")


def test_sans_note_rien_n_est_a_effacer(session: Session, directeur: Navigateur, cfa: Organisme) -> None:
    noter(directeur, une_rupture(session, cfa), note_mois="24")
    assert demarches()[0].note_jusqu_au is None


# Taken back ----------------------------------------------------------------------------------------------------------


def test_une_demarche_retiree_ne_compte_plus_et_la_precedente_reprend(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    rompue = une_rupture(session, cfa)
    noter(directeur, rompue, prochaine_le=jours(3))
    noter(directeur, rompue, resultat="JOINT", prochaine_le=jours(9))
    seconde = demarches()[1]
    dossier = le_dossier(rompue)
    assert "Retirer cette démarche" in mots(directeur, f"/dossiers/{dossier.id}")
    for _ in range(2):
        assert directeur.post(f"/demarches/{seconde.id}/retirer").status_code == 303
    apres = le_dossier(rompue)
    assert apres.prochaine_le == JOUR + timedelta(days=3)
    page = mots(directeur, f"/dossiers/{dossier.id}")
    assert "appel, sans réponse" in page
    assert "appel, joint" not in page
    assert evenements(session, "dossier.demarche_retiree") == [
        {"dossier_id": dossier.id, "demarche_id": seconde.id}
    ]
    directeur.post(f"/demarches/{demarches()[0].id}/retirer")
    assert (le_dossier(rompue).derniere_demarche_le, le_dossier(rompue).prochaine_le) == (None, None)


def test_passe_24_heures_une_demarche_reste(session: Session, directeur: Navigateur, cfa: Organisme) -> None:
    rompue = une_rupture(session, cfa)
    noter(directeur, rompue)
    notee = demarches()[0]
    notee.le = MIDI - timedelta(hours=24, seconds=1)
    session.commit()
    page = f"/dossiers/{le_dossier(rompue).id}"
    assert "Retirer cette démarche" not in mots(directeur, page)
    directeur.post(f"/demarches/{notee.id}/retirer")
    assert "dans les 24 heures" in mots(directeur, page)
    assert demarches()[0].retiree_le is None


def test_seul_son_auteur_retire_une_demarche(
    session: Session, directeur: Navigateur, direction: Habilitation, cfa: Organisme
) -> None:
    rompue = une_rupture(session, cfa)
    noter(directeur, rompue)
    organisation = session.get_one(Organisation, direction.organisation_id)
    collegue = directeur.comme(une_habilitation(session, une_personne(session, "Camille"), organisation))
    collegue.post(f"/demarches/{demarches()[0].id}/retirer")
    assert "Seule la personne qui a noté" in mots(collegue, f"/dossiers/{le_dossier(rompue).id}")
    assert demarches()[0].retiree_le is None
    assert collegue.post("/demarches/999999/retirer").status_code == 404
