"""A pause of readings is lifted by support, with a reason, and never by the person it stops."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba import horloge
from tdba.comptes.models import LectureJour, PauseLecture
from tests import factories as f
from tests.pages import Navigateur, arbre, tableau, texte
from tests.support.conftest import Equipe, evenements


def une_pause(session: Session, personne_id: int) -> int:
    pause = PauseLecture(personne_id=personne_id, depuis=horloge.maintenant(), nombre=1042, habitude=12)
    session.add(pause)
    session.commit()
    return pause.id


@pytest.fixture
def agent_id(session: Session) -> int:
    return f.une_personne(session, "Camille").id


def lever(qui: Navigateur, pause_id: int, raison: str = "PERSONNE_JOINTE") -> int:
    return qui.post(f"/support/pauses/{pause_id}/lever", {f"pause-{pause_id}-raison": raison}).status_code


def test_personne_n_est_en_pause_et_la_page_le_dit(alix: Navigateur) -> None:
    assert "Personne n’a été mis en pause." in texte(arbre(alix.get("/support/pauses")))


def test_une_pause_se_voit_avec_sa_mesure(session: Session, alix: Navigateur, agent_id: int) -> None:
    une_pause(session, agent_id)
    (ligne,) = tableau(alix.get("/support/pauses"), "pauses")
    assert ligne["Personne"] == "Camille Testeur"
    assert (ligne["Noms ce jour-là"].replace("\u202f", " "), ligne["Son habitude"]) == ("1 042", "12")


def test_lever_dit_par_qui_et_pourquoi(session: Session, equipe: Equipe, agent_id: int) -> None:
    pause_id = une_pause(session, agent_id)
    assert lever(equipe.alix, pause_id) == 303
    (pause,) = session.execute(select(PauseLecture)).scalars()
    assert (pause.levee_par_id, pause.raison) == (equipe.alix_id, "PERSONNE_JOINTE")
    (reprise,) = evenements(session, "lectures.reprises")
    assert (reprise.details, reprise.objet_id) == ({"raison": "PERSONNE_JOINTE"}, agent_id)
    assert "par Alix Testeur" in tableau(equipe.alix.get("/support/pauses"), "pauses")[0]["État"]


@pytest.mark.parametrize("raison", ["", "AUTRE"])
def test_sans_raison_rien_n_est_leve(session: Session, alix: Navigateur, agent_id: int, raison: str) -> None:
    assert lever(alix, une_pause(session, agent_id), raison) == 422
    assert session.execute(select(PauseLecture.levee_le)).scalar_one() is None
    assert evenements(session, "lectures.reprises") == []


def test_personne_ne_leve_sa_propre_pause(session: Session, equipe: Equipe) -> None:
    pause_id = une_pause(session, equipe.alix_id)
    assert lever(equipe.alix, pause_id) == 303
    page = equipe.alix.get("/support/pauses")
    assert "une autre personne de l’assistance doit la lever" in texte(arbre(page))
    assert session.execute(select(PauseLecture.levee_le)).scalar_one() is None
    assert lever(equipe.sacha, pause_id) == 303
    assert session.execute(select(PauseLecture.levee_le)).scalar_one() is not None


def test_une_pause_deja_levee_ne_l_est_pas_deux_fois(session: Session, equipe: Equipe, agent_id: int) -> None:
    pause_id = une_pause(session, agent_id)
    lever(equipe.alix, pause_id)
    lever(equipe.sacha, pause_id)
    (pause,) = session.execute(select(PauseLecture)).scalars()
    assert pause.levee_par_id == equipe.alix_id
    assert len(evenements(session, "lectures.reprises")) == 1


def test_une_pause_inconnue_n_existe_pas(alix: Navigateur) -> None:
    assert lever(alix, 123456) == 404


def test_ni_un_cfa_ni_un_inconnu_n_ouvrent_la_page(
    session: Session, directeur: Navigateur, navigateur: Navigateur, agent_id: int
) -> None:
    pause_id = une_pause(session, agent_id)
    assert directeur.get("/support/pauses").status_code == 403
    assert lever(directeur, pause_id) == 403
    assert navigateur.get("/support/pauses").status_code == 302


def test_une_fois_levee_la_personne_lit_de_nouveau_ce_jour_la_et_reste_mesuree_le_lendemain(
    session: Session, equipe: Equipe, navigateur: Navigateur, cfa: f.Organisme
) -> None:
    f.une_rupture(session, cfa)
    dreets = f.une_organisation(session, "DREETS", "DREETS Bretagne", regle="REGION", region_code="53")
    camille = f.une_personne(session, "Camille")
    agente = navigateur.comme(
        f.une_habilitation(session, camille, dreets, validee_par=f.une_personne(session, "Second"))
    )
    session.add(
        LectureJour(personne_id=camille.id, jour=horloge.aujourd_hui(), nombre=1000, hors_de_chez_soi=1000)
    )
    session.commit()
    assert agente.get("/effectifs").status_code == 403
    lever(equipe.alix, session.execute(select(PauseLecture.id)).scalar_one())
    assert agente.get("/effectifs").status_code == 200
    demain = horloge.aujourd_hui() + timedelta(days=1)
    session.add(LectureJour(personne_id=camille.id, jour=demain, nombre=30_000, hors_de_chez_soi=30_000))
    session.commit()
    with horloge.regler(horloge.maintenant() + timedelta(hours=13)):
        agente = navigateur.comme(
            session.execute(
                select(f.Habilitation).where(f.Habilitation.personne_id == camille.id)
            ).scalar_one()
        )
        assert agente.get("/effectifs").status_code == 403
