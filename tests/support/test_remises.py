"""Somebody who lost every second factor: two people of support reset them, never one (decisions 25 and 27)."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tdba import horloge
from tdba.comptes.models import CodeSecours, Facteur, Habilitation, SessionWeb
from tdba.courriels import Courriel
from tdba.support.models import RemiseFacteurs
from tests.comptes.aides_facteurs import une_application
from tests.pages import Navigateur, arbre, tableau, texte
from tests.support.conftest import Equipe, ecrire, evenements, ouvrir_un_dossier

PAGE = "/support/seconds-facteurs"


@pytest.fixture
def directeur_perdu(
    app: Flask, session: Session, directeur: Navigateur, direction: Habilitation
) -> Navigateur:
    """The director of a CFA, who has an application and a recovery code, and lost both."""
    une_application(session, direction.personne_id, app)
    session.add(CodeSecours(personne_id=direction.personne_id, empreinte=b"x", cree_le=horloge.maintenant()))
    session.commit()
    return directeur


@pytest.fixture
def case(directeur_perdu: Navigateur) -> int:
    return ecrire(directeur_perdu, "J’ai perdu mon téléphone")


def demander(qui: Navigateur, case: int, personne_id: int, motif: str = "PERDUS") -> int:
    adresse = f"/support/dossiers/{case}/seconds-facteurs"
    return qui.post(adresse, {"personne": personne_id, "motif": motif}).status_code


def remise(session: Session) -> RemiseFacteurs:
    return session.execute(select(RemiseFacteurs)).scalar_one()


def decider(qui: Navigateur, remise_id: int, acte: str = "confirmer") -> str:
    """The words of the page that follows."""
    assert qui.post(f"{PAGE}/{remise_id}/{acte}").status_code == 303
    return texte(arbre(qui.get(PAGE)))


def restent(session: Session) -> tuple[int, int]:
    """Factors and recovery codes."""
    facteurs, codes = (
        session.execute(select(func.count()).select_from(table)).scalar_one()
        for table in (Facteur, CodeSecours)
    )
    return facteurs, codes


def courriels(session: Session) -> list[Courriel]:
    return list(
        session.execute(
            select(Courriel).where(Courriel.genre == "second_facteur").order_by(Courriel.id)
        ).scalars()
    )


def test_une_demande_ne_retire_rien_et_previent_la_personne(
    session: Session, equipe: Equipe, case: int, direction: Habilitation
) -> None:
    assert demander(equipe.alix, case, direction.personne_id) == 303
    assert restent(session) == (1, 1)
    (mail,) = courriels(session)
    assert mail.personne_id == direction.personne_id
    assert "Une seconde personne doit le confirmer" in (mail.texte or "")
    (evenement,) = evenements(session, "facteur.remise_demandee")
    assert (evenement.details, evenement.objet_id) == (
        {"demande_id": case, "motif": "PERDUS"},
        direction.personne_id,
    )


def test_une_seconde_personne_confirme_et_tout_est_retire(
    session: Session, equipe: Equipe, case: int, direction: Habilitation, directeur_perdu: Navigateur
) -> None:
    demander(equipe.alix, case, direction.personne_id)
    ligne = tableau(equipe.sacha.get(PAGE), "remises")[0]
    assert (ligne["Personne"], ligne["Raison"]) == (
        "Dominique Testeur",
        "L’appareil et les codes de secours sont perdus",
    )
    assert "par Alix Testeur" in ligne["Demandée"]
    decider(equipe.sacha, remise(session).id)
    assert restent(session) == (0, 0)
    assert directeur_perdu.get("/mon-compte").status_code == 302, "their sessions are ended"
    siennes = select(SessionWeb.id).where(SessionWeb.personne_id == direction.personne_id)
    assert session.execute(siennes).all() == []
    (evenement,) = evenements(session, "facteur.remis")
    assert (evenement.details, evenement.objet_id) == (
        {"demande_id": case, "nombre": 1},
        direction.personne_id,
    )
    assert len(evenements(session, "facteur.retire")) == 1
    assert "Deux personnes de l’assistance" in (courriels(session)[-1].texte or "")


def test_celle_qui_demande_ne_confirme_pas(
    session: Session, equipe: Equipe, case: int, direction: Habilitation
) -> None:
    demander(equipe.alix, case, direction.personne_id)
    assert "une autre personne doit la confirmer" in decider(equipe.alix, remise(session).id)
    assert (restent(session), remise(session).etat) == ((1, 1), "A_CONFIRMER")
    assert "Confirmer" not in tableau(equipe.alix.get(PAGE), "remises")[0]["État"]


def test_la_base_refuse_aussi_qu_une_seule_personne_suffise(
    session: Session, equipe: Equipe, case: int, direction: Habilitation
) -> None:
    demander(equipe.alix, case, direction.personne_id)
    seule = remise(session)
    seule.etat, seule.decidee_le, seule.decidee_par_id = "FAITE", horloge.maintenant(), equipe.alix_id
    with pytest.raises(IntegrityError, match="deux_personnes"), session.begin_nested():
        session.flush()


def test_personne_ne_demande_ni_ne_confirme_pour_soi(app: Flask, session: Session, equipe: Equipe) -> None:
    une_application(session, equipe.alix_id, app)
    sienne = ecrire(equipe.alix, "J’ai perdu mon téléphone")
    assert demander(equipe.alix, sienne, equipe.alix_id) == 422
    assert demander(equipe.sacha, sienne, equipe.alix_id) == 303
    assert "une autre personne doit confirmer" in decider(equipe.alix, remise(session).id)
    assert restent(session)[0] == 1


def test_apres_trois_jours_il_faut_verifier_de_nouveau(
    session: Session, equipe: Equipe, case: int, direction: Habilitation
) -> None:
    demander(equipe.alix, case, direction.personne_id)
    ancienne = remise(session)
    ancienne.demandee_le -= timedelta(days=3, seconds=1)
    assert "il y a plus de trois jours" in decider(equipe.sacha, ancienne.id)
    assert restent(session) == (1, 1)
    decider(equipe.sacha, ancienne.id, "ecarter")
    assert demander(equipe.alix, case, direction.personne_id) == 303


def test_une_remise_ecartee_ne_change_rien_et_ne_se_confirme_plus(
    session: Session, equipe: Equipe, case: int, direction: Habilitation
) -> None:
    demander(equipe.alix, case, direction.personne_id)
    assert "écartée" in decider(equipe.alix, remise(session).id, "ecarter")
    assert "déjà été décidée" in decider(equipe.sacha, remise(session).id)
    assert restent(session) == (1, 1)
    assert len(evenements(session, "facteur.remise_ecartee")) == 1


def test_une_seule_remise_attend_a_la_fois(
    session: Session, equipe: Equipe, case: int, direction: Habilitation
) -> None:
    demander(equipe.alix, case, direction.personne_id)
    assert demander(equipe.sacha, case, direction.personne_id) == 422
    assert len(session.execute(select(RemiseFacteurs)).scalars().all()) == 1


def test_seules_les_personnes_de_la_demande_sont_proposees(
    session: Session, equipe: Equipe, case: int, direction: Habilitation, app: Flask
) -> None:
    une_application(session, equipe.alix_id, app)
    assert demander(equipe.sacha, case, equipe.alix_id) == 422
    dossier = ouvrir_un_dossier(equipe.alix)
    page = texte(arbre(equipe.alix.get(f"/support/dossiers/{dossier}/seconds-facteurs")))
    assert "Vérifiez d’abord l’appelant" in page


@pytest.mark.parametrize("motif", ["", "AUTRE"])
def test_sans_raison_rien_n_est_demande(
    session: Session, equipe: Equipe, case: int, direction: Habilitation, motif: str
) -> None:
    assert demander(equipe.alix, case, direction.personne_id, motif) == 422
    assert courriels(session) == []


def test_sous_une_demande_close_rien_ne_se_demande(
    equipe: Equipe, case: int, direction: Habilitation
) -> None:
    equipe.alix.post(f"/support/dossiers/{case}/clore")
    assert demander(equipe.alix, case, direction.personne_id) == 422


def test_qui_n_a_pas_de_second_facteur_n_a_rien_a_perdre(
    session: Session, equipe: Equipe, directeur: Navigateur, direction: Habilitation
) -> None:
    assert demander(equipe.alix, ecrire(directeur), direction.personne_id) == 422


def test_ni_un_cfa_ni_un_inconnu_n_y_entrent(
    session: Session,
    equipe: Equipe,
    case: int,
    direction: Habilitation,
    directeur: Navigateur,
    navigateur: Navigateur,
) -> None:
    demander(equipe.alix, case, direction.personne_id)
    adresse = f"{PAGE}/{remise(session).id}/confirmer"
    assert [directeur.get(PAGE).status_code, directeur.post(adresse).status_code] == [403, 403]
    assert demander(directeur, case, direction.personne_id) == 403
    assert navigateur.get(PAGE).status_code == 302
    assert equipe.sacha.post(f"{PAGE}/123456/confirmer").status_code == 404
    assert demander(equipe.alix, 123456, direction.personne_id) == 404
