"""Readings of names counted for each person: alert once a day, pause outside one's own CFA (decisions 27, 34)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba import horloge
from tdba.comptes import service_habitudes
from tdba.comptes.models import Habilitation, LectureJour, PauseLecture
from tdba.config import Configuration
from tdba.courriels import Courriel
from tdba.journal import Evenement
from tests import factories as f
from tests.pages import Navigateur, arbre, texte, titre

CANARI = "CANARIPAUSE"
EN_PAUSE = "Les pages qui montrent des noms sont en pause pour vous."


@pytest.fixture(autouse=True)
def securite(app: Flask, configuration: Configuration) -> Iterator[None]:
    """Somebody is told of what is unusual."""
    app.extensions["tdba"] = replace(configuration, securite_contact="securite@exemple.invalid")
    yield
    app.extensions["tdba"] = configuration


@dataclass
class Bureau:
    """Somebody and their browser."""

    habilitation: Habilitation
    qui: Navigateur

    def lire(self, *, htmx: bool = False) -> int:
        return self.qui.get("/effectifs", htmx=htmx).status_code


@pytest.fixture
def agent(session: Session, navigateur: Navigateur) -> Bureau:
    """An agent of the State, in whose region two youths are in rupture."""
    f.les_territoires(session)
    dunes = f.un_organisme(session, "Dunes")
    f.une_rupture(session, dunes, nom=CANARI)
    f.une_rupture(session, dunes, nom=CANARI)
    dreets = f.une_organisation(session, "DREETS", "DREETS Bretagne", regle="REGION", region_code="53")
    habilitation = f.une_habilitation(
        session, f.une_personne(session, "Camille"), dreets, validee_par=f.une_personne(session, "Second")
    )
    return Bureau(habilitation, navigateur.comme(habilitation))


@pytest.fixture
def directrice(session: Session, navigateur: Navigateur) -> Bureau:
    """The director of a CFA of one apprentice."""
    f.les_territoires(session)
    dunes = f.un_organisme(session, "Dunes")
    f.un_apprenti(session, dunes, nom=CANARI)
    cfa = f.une_organisation(
        session, "ORGANISME_FORMATION", "Dunes", regle="ETABLISSEMENTS", organismes=[dunes]
    )
    habilitation = f.une_habilitation(session, f.une_personne(session, "Anne"), cfa)
    return Bureau(habilitation, navigateur.comme(habilitation))


def avoir_lu(session: Session, qui: Bureau, nombre: int, *, ailleurs: bool, il_y_a: int = 0) -> None:
    jour = horloge.aujourd_hui() - timedelta(days=il_y_a)
    session.add(
        LectureJour(
            personne_id=qui.habilitation.personne_id,
            jour=jour,
            nombre=nombre,
            hors_de_chez_soi=nombre if ailleurs else 0,
        )
    )
    session.commit()


def jour(session: Session) -> tuple[int, int]:
    ligne = session.execute(
        select(LectureJour.nombre, LectureJour.hors_de_chez_soi).where(
            LectureJour.jour == horloge.aujourd_hui()
        )
    ).one()
    return ligne.nombre, ligne.hors_de_chez_soi


def evenements(session: Session) -> list[str]:
    voulus = ("effectif.consulte", "alerte.lectures", "lectures.en_pause", "lectures.reprises")
    requete = select(Evenement.evenement).where(Evenement.evenement.in_(voulus)).order_by(Evenement.id)
    return list(session.execute(requete).scalars())


def sujets(session: Session) -> list[str]:
    return list(session.execute(select(Courriel.sujet).order_by(Courriel.id)).scalars())


def test_chaque_page_ajoute_ses_noms_au_jour_de_la_personne(session: Session, agent: Bureau) -> None:
    assert [agent.lire(), agent.lire()] == [200, 200]
    assert jour(session) == (4, 4)


def test_ce_qui_est_lu_dans_son_cfa_est_compte_a_part(session: Session, directrice: Bureau) -> None:
    assert directrice.lire() == 200
    assert jour(session) == (1, 0)


def test_une_page_sans_nom_ne_compte_rien(session: Session, agent: Bureau) -> None:
    assert agent.qui.get("/mon-compte").status_code == 200
    assert session.execute(select(LectureJour)).first() is None


def test_l_inhabituel_est_dit_une_fois_par_jour_et_n_arrete_rien(session: Session, agent: Bureau) -> None:
    avoir_lu(session, agent, 199, ailleurs=True)
    assert [agent.lire(), agent.lire()] == [200, 200]
    assert evenements(session) == ["alerte.lectures", "effectif.consulte", "effectif.consulte"]
    assert sujets(session) == ["Consultations inhabituelles"]


def test_l_alerte_dit_le_nombre_l_habitude_et_le_lieu_et_aucun_nom_d_apprenant(
    session: Session, agent: Bureau
) -> None:
    avoir_lu(session, agent, 40, ailleurs=True, il_y_a=1)
    avoir_lu(session, agent, 199, ailleurs=True)
    agent.lire()
    (alerte,) = session.execute(select(Evenement).where(Evenement.evenement == "alerte.lectures")).scalars()
    assert alerte.details == {"nombre": 201, "habitude": 40, "lieu": "ailleurs"}
    assert alerte.objet_id == agent.habilitation.personne_id
    (courriel,) = session.execute(select(Courriel)).scalars()
    assert courriel.destinataire == "securite@exemple.invalid"
    assert "Camille Testeur, pour DREETS Bretagne" in (courriel.texte or "")
    assert CANARI not in (courriel.texte or "")


def test_sans_contact_de_securite_le_journal_seul_le_dit(app: Flask, session: Session, agent: Bureau) -> None:
    app.extensions["tdba"] = replace(app.extensions["tdba"], securite_contact="")
    avoir_lu(session, agent, 199, ailleurs=True)
    agent.lire()
    assert "alerte.lectures" in evenements(session)
    assert sujets(session) == []


def test_qui_lit_beaucoup_d_habitude_ne_declenche_rien(session: Session, agent: Bureau) -> None:
    for il_y_a in range(1, 6):
        avoir_lu(session, agent, 400, ailleurs=True, il_y_a=il_y_a)
    avoir_lu(session, agent, 1500, ailleurs=True)
    assert agent.lire() == 200
    assert evenements(session) == ["effectif.consulte"]


def test_au_dela_de_la_limite_dure_les_noms_ne_partent_plus(session: Session, agent: Bureau) -> None:
    avoir_lu(session, agent, 999, ailleurs=True)
    page = agent.qui.get("/effectifs")
    assert (page.status_code, titre(page)) == (403, EN_PAUSE)
    assert CANARI not in page.get_data(as_text=True)
    assert "Écrivez au support" in texte(arbre(page))
    assert evenements(session) == ["alerte.lectures", "lectures.en_pause"]
    assert sujets(session) == ["Consultations inhabituelles", "Consultations mises en pause"]


def test_la_pause_dure_au_dela_du_jour_et_n_est_consignee_qu_une_fois(
    session: Session, agent: Bureau
) -> None:
    avoir_lu(session, agent, 999, ailleurs=True)
    agent.lire()
    with horloge.regler(horloge.maintenant() + timedelta(minutes=30)):
        assert agent.lire() == 403
    (pause,) = session.execute(select(PauseLecture)).scalars()
    assert (pause.nombre, pause.habitude, pause.levee_le) == (1001, 0, None)
    assert evenements(session) == ["alerte.lectures", "lectures.en_pause"]


def test_pendant_la_pause_les_chiffres_et_le_compte_restent_ouverts(session: Session, agent: Bureau) -> None:
    avoir_lu(session, agent, 999, ailleurs=True)
    agent.lire()
    assert agent.qui.get("/mon-compte").status_code == 200
    assert agent.qui.get("/support/ecrire").status_code == 200


def test_un_fragment_recoit_les_memes_mots(session: Session, agent: Bureau) -> None:
    avoir_lu(session, agent, 999, ailleurs=True)
    reponse = agent.qui.get("/effectifs", htmx=True)
    assert reponse.status_code == 403
    corps = reponse.get_data(as_text=True)
    assert EN_PAUSE in corps
    assert CANARI not in corps
    assert "<html" not in corps


def test_dans_son_cfa_on_alerte_et_jamais_on_n_arrete(session: Session, directrice: Bureau) -> None:
    avoir_lu(session, directrice, 50_000, ailleurs=False)
    assert directrice.lire() == 200
    assert evenements(session) == ["alerte.lectures", "effectif.consulte"]
    assert sujets(session) == ["Consultations inhabituelles"]


def test_les_vieux_jours_s_oublient_apres_douze_mois(session: Session, agent: Bureau) -> None:
    avoir_lu(session, agent, 3, ailleurs=True, il_y_a=366)
    avoir_lu(session, agent, 3, ailleurs=True, il_y_a=365)
    assert service_habitudes.purger(horloge.aujourd_hui()) == 1
