"""A caller is checked by a six-digit code shown in their own session (decision 24)."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tdba import horloge
from tdba.comptes import appelant
from tdba.comptes.models import Habilitation, Organisation, SessionWeb
from tdba.organismes.models import Organisme
from tests.conftest import MIDI
from tests.factories import une_habilitation, une_personne
from tests.pages import Navigateur, arbre, texte
from tests.support.conftest import Equipe, ecrire, evenements, les_demandes, ouvrir_un_dossier


def afficher_mon_code(qui: Navigateur) -> str:
    page = qui.post("/mon-compte/code")
    assert page.status_code == 200
    return "".join(c for c in texte(arbre(page).find(".//*[@id='code-appel']")) if c.isdigit())


def verifier(qui: Navigateur, numero: int, personne_id: int, code: str) -> TestResponse:
    return qui.post(f"/support/dossiers/{numero}/appelant", {"personne": personne_id, "code": code})


def un_autre(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


# --- The code itself -------------------------------------------------------------------------------------------


def test_le_code_a_six_chiffres_et_ne_vaut_que_dans_sa_session_et_pendant_dix_minutes() -> None:
    commun: dict[str, Any] = {"cle": "une-cle", "session_id": 7}
    garde = {appelant.CLE: appelant.a_garder("042137", maintenant=MIDI, **commun)}

    def vaut(saisi: str, minutes: float = 0, **autres: Any) -> bool:
        instant = MIDI + timedelta(minutes=minutes)
        return appelant.correspond(garde, saisi, maintenant=instant, **(commun | autres))

    assert vaut("042137")
    assert vaut("042 137", minutes=9.9)
    assert not vaut("042137", minutes=10)
    assert not vaut("042138")
    assert not vaut("42137")
    assert not vaut("")
    assert not vaut("042137", session_id=8)
    assert not vaut("042137", cle="une-autre")
    assert not appelant.correspond({}, "", maintenant=MIDI, **commun)
    assert {len(appelant.nouveau()) for _ in range(50)} == {6}


def test_le_code_n_est_nulle_part_en_clair(session: Session, directeur: Navigateur) -> None:
    code = afficher_mon_code(directeur)
    gardees = [str(d) for d in session.execute(select(SessionWeb.donnees)).scalars()]
    assert len(code) == 6
    assert not any(f"'{code}'" in donnees for donnees in gardees)
    assert code not in directeur.get("/mon-compte").get_data(as_text=True).split()
    assert [e.details for e in evenements(session, "appelant.code_montre")] == [{}]


# --- Checking --------------------------------------------------------------------------------------------------


def test_le_bon_code_dit_que_c_est_bien_la_personne_et_le_dossier_le_garde(
    session: Session, equipe: Equipe, directeur: Navigateur, direction: Habilitation
) -> None:
    numero, code = ecrire(directeur), afficher_mon_code(directeur)
    reponse = verifier(equipe.alix, numero, direction.personne_id, f"{code[:3]} {code[3:]}")
    assert reponse.location == f"/support/dossiers/{numero}"
    page = texte(arbre(equipe.alix.get(f"/support/dossiers/{numero}")))
    assert "L’appelant est bien Dominique Testeur." in page
    assert "Appelant vérifié Dominique Testeur, le 18 novembre 2026 à 12 h 00" in page.replace("\xa0", " ")
    (verifie,) = evenements(session, "appelant.verifie")
    assert (verifie.details, verifie.objet_id) == ({"demande_id": numero}, direction.personne_id)
    assert verifie.personne_id == equipe.alix_id


def test_un_code_ne_sert_qu_une_fois(
    alix: Navigateur, directeur: Navigateur, direction: Habilitation
) -> None:
    numero, code = ecrire(directeur), afficher_mon_code(directeur)
    assert verifier(alix, numero, direction.personne_id, code).status_code == 303
    assert verifier(alix, numero, direction.personne_id, code).status_code == 422


def test_un_nouveau_code_annule_l_ancien(
    alix: Navigateur, directeur: Navigateur, direction: Habilitation
) -> None:
    numero, ancien, nouveau = ecrire(directeur), afficher_mon_code(directeur), afficher_mon_code(directeur)
    if ancien != nouveau:
        assert verifier(alix, numero, direction.personne_id, ancien).status_code == 422
    assert verifier(alix, numero, direction.personne_id, nouveau).status_code == 303


def test_un_code_faux_se_dit_et_se_consigne(
    session: Session, alix: Navigateur, directeur: Navigateur, direction: Habilitation
) -> None:
    numero, code = ecrire(directeur), afficher_mon_code(directeur)
    reponse = verifier(alix, numero, direction.personne_id, un_autre(code))
    assert reponse.status_code == 422
    assert "Ce code n’est celui d’aucune session de cette personne" in reponse.get_data(as_text=True)
    assert [e.details for e in evenements(session, "appelant.refuse")] == [{"demande_id": numero}]
    assert les_demandes(session)[0].appelant_verifie_le is None


def test_un_code_de_plus_de_dix_minutes_ne_vaut_plus(
    alix: Navigateur, directeur: Navigateur, direction: Habilitation
) -> None:
    numero, code = ecrire(directeur), afficher_mon_code(directeur)
    with horloge.regler(MIDI + timedelta(minutes=10)):
        assert verifier(alix, numero, direction.personne_id, code).status_code == 422


def test_apres_cinq_essais_la_demande_attend_un_quart_d_heure_meme_pour_le_bon_code(
    equipe: Equipe, directeur: Navigateur, direction: Habilitation
) -> None:
    numero, code = ecrire(directeur), afficher_mon_code(directeur)
    for essai in range(5):
        qui = (equipe.alix, equipe.sacha)[essai % 2]
        assert verifier(qui, numero, direction.personne_id, un_autre(code)).status_code == 422
    refus = verifier(equipe.alix, numero, direction.personne_id, code)
    assert (refus.status_code, refus.headers["Retry-After"]) == (429, "900")
    assert "Trop d’essais" in refus.get_data(as_text=True)


def test_le_code_d_une_autre_personne_n_est_pas_celui_de_l_appelant(
    alix: Navigateur, directeur: Navigateur, voisine: Navigateur, direction: Habilitation
) -> None:
    numero, code = ecrire(directeur), afficher_mon_code(voisine)
    assert verifier(alix, numero, direction.personne_id, code).status_code == 422


def test_une_demande_se_verifie_pour_sa_seule_personne(
    session: Session, alix: Navigateur, navigateur: Navigateur, directeur: Navigateur, direction: Habilitation
) -> None:
    organisation = session.get_one(Organisation, direction.organisation_id)
    collegue = une_habilitation(session, une_personne(session, "Morgane"), organisation)
    numero, code = ecrire(directeur), afficher_mon_code(navigateur.comme(collegue))
    assert verifier(alix, numero, collegue.personne_id, code).status_code == 422


def test_pour_un_appel_le_cfa_de_la_demande_dit_qui_peut_appeler(
    alix: Navigateur, cfa: Organisme, directeur: Navigateur, voisine: Navigateur, direction: Habilitation
) -> None:
    reponse = alix.post(f"/support/dossiers?organisme={cfa.id}", {"objet": "Appel du CFA"})
    numero = int(str(reponse.location).rsplit("/", 1)[1])
    page = alix.get(f"/support/dossiers/{numero}/appelant")
    choix = [texte(option) for option in arbre(page).iter("option")]
    assert choix == ["Dominique Testeur, CFA Rennes"]
    code = afficher_mon_code(directeur)
    assert verifier(alix, numero, direction.personne_id, code).status_code == 303


def test_sans_cfa_la_page_dit_pourquoi_elle_ne_propose_personne(alix: Navigateur) -> None:
    numero = ouvrir_un_dossier(alix)
    assert "ne dit pas de quel CFA" in alix.get(f"/support/dossiers/{numero}/appelant").get_data(as_text=True)


def test_une_demande_close_ne_verifie_plus_personne(
    alix: Navigateur, directeur: Navigateur, direction: Habilitation
) -> None:
    numero, code = ecrire(directeur), afficher_mon_code(directeur)
    alix.post(f"/support/dossiers/{numero}/clore")
    assert verifier(alix, numero, direction.personne_id, code).status_code == 422


@pytest.mark.parametrize("adresse", ["/support/dossiers/{}/appelant", "/support/dossiers/{}/voir-comme"])
def test_ces_pages_sont_a_l_assistance(directeur: Navigateur, adresse: str) -> None:
    numero = ecrire(directeur)
    assert directeur.get(adresse.format(numero)).status_code == 403
