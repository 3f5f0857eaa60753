"""The yearly review: asked, recalled twice, taken back without an answer, never the last administrator."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba import horloge
from tdba.comptes.models import Habilitation
from tdba.habilitations import queries_equipe_revues, revues, service_equipe_revues
from tdba.habilitations.models import Revue
from tdba.habilitations.revues import Pas
from tdba.jobs import PLANIFICATION
from tdba.scope import Introuvable
from tests import factories as f
from tests.conftest import MIDI
from tests.habilitations.aides_equipe import Equipe, courriels, evenements, habilitations, une_equipe
from tests.pages import Navigateur, arbre, champs, texte

JOUR = date(2026, 11, 18)


# --- Dates -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("age", "attendu"), [(364, False), (365, False), (366, True)])
def test_une_revue_s_ouvre_passe_un_an(age: int, attendu: bool) -> None:
    assert revues.a_ouvrir(JOUR - timedelta(days=age), JOUR) is attendu


def test_deux_rappels_a_14_et_28_jours_puis_la_fin_a_42() -> None:
    relances, relancee, suivi = 0, None, {}
    for age in range(60):
        jour = JOUR + timedelta(days=age)
        pas = revues.pas(JOUR, relances, relancee, jour)
        if pas is Pas.RELANCER:
            relances, relancee = relances + 1, jour
        if pas is not Pas.ATTENDRE:
            suivi[age] = pas
        if pas is Pas.CONCLURE:
            break
    assert suivi == {14: Pas.RELANCER, 28: Pas.RELANCER, 42: Pas.CONCLURE}


@given(st.lists(st.integers(1, 90), min_size=1, max_size=8))
def test_un_travail_arrete_longtemps_previent_deux_fois_avant_de_conclure(sauts: list[int]) -> None:
    relances, relancee, jour = 0, None, JOUR
    for saut in sauts:
        jour += timedelta(days=saut)
        pas = revues.pas(JOUR, relances, relancee, jour)
        if pas is Pas.RELANCER:
            relances, relancee = relances + 1, jour
        elif pas is Pas.CONCLURE:
            assert relances == 2
            assert relancee is not None
            assert jour - relancee >= timedelta(days=14)
            return


# --- The job ---------------------------------------------------------------------------------------------------


@pytest.fixture
def equipe(session: Session) -> Equipe:
    return une_equipe(session)


def tenir(session: Session, jours: int) -> None:
    """Run the job `jours` days after the tests' day."""
    quand = MIDI + timedelta(days=jours)
    with horloge.regler(quand):
        service_equipe_revues.tenir(quand)
        session.commit()
    session.expire_all()


def toutes(session: Session) -> list[Revue]:
    return list(session.execute(select(Revue).order_by(Revue.id)).scalars())


@pytest.mark.usefixtures("app")
def test_le_travail_est_quotidien() -> None:
    assert PLANIFICATION["habilitations.ouvrir_revues"] == 1440


def test_la_revue_s_ouvre_une_fois_et_previent_chaque_administrateur_une_fois(
    session: Session, equipe: Equipe
) -> None:
    tenir(session, 0)
    tenir(session, 0)
    assert {r.habilitation_id for r in toutes(session)} == {equipe.directrice.id, equipe.membre.id}
    assert len(toutes(session)) == 2
    (courriel,) = courriels(session, "revue")
    assert "/equipe/revue" in (courriel.texte or "")


def test_un_acces_recent_n_est_pas_examine(session: Session, equipe: Equipe) -> None:
    equipe.membre.debut = JOUR - timedelta(days=365)
    session.commit()
    tenir(session, 0)
    assert [r.habilitation_id for r in toutes(session)] == [equipe.directrice.id]


def test_sans_reponse_apres_deux_rappels_l_acces_est_retire_sauf_au_dernier_administrateur(
    session: Session, equipe: Equipe
) -> None:
    for jours in (0, 13, 14, 28, 41):
        tenir(session, jours)
    assert [r.reponse for r in toutes(session)] == [None, None]
    assert len(courriels(session, "revue_relance")) == 2
    tenir(session, 42)
    reponses = {r.habilitation_id: (r.reponse, r.repondue_par_id) for r in toutes(session)}
    assert reponses == {equipe.directrice.id: ("GARDER", None), equipe.membre.id: ("SANS_REPONSE", None)}
    assert equipe.membre.fin == JOUR + timedelta(days=42)
    assert equipe.directrice.fin is None
    assert ("habilitation.retiree", {"motif": "SANS_REPONSE"}) in evenements(session, "habilitation.")
    assert len(evenements(session, "revue.gardee_d_office")) == 1
    assert len(courriels(session, "revue_fin")) == 1


def test_deux_administrateurs_sans_reponse_ne_partent_pas_ensemble(session: Session, equipe: Equipe) -> None:
    equipe.membre.role = "administrateur"
    session.commit()
    for jours in (0, 14, 28, 42):
        tenir(session, jours)
    assert sorted(r.reponse or "" for r in toutes(session)) == ["GARDER", "SANS_REPONSE"]


def test_sans_administrateur_rien_n_est_demande_ni_retire(session: Session, equipe: Equipe) -> None:
    equipe.directrice.role = "membre"
    session.commit()
    for jours in (0, 14, 28, 42, 60):
        tenir(session, jours)
    assert toutes(session) == []
    assert equipe.membre.fin is None


def test_une_question_sans_plus_personne_pour_repondre_attend(session: Session, equipe: Equipe) -> None:
    """Nobody can answer any more: nothing is taken back, and the question is not opened twice a year later."""
    tenir(session, 0)
    equipe.directrice.role = "membre"
    session.commit()
    for jours in (14, 28, 42, 60):
        tenir(session, jours)
    assert [r.reponse for r in toutes(session)] == [None, None]
    assert equipe.membre.fin is None
    f.une_habilitation(session, f.une_personne(session, "Sacha"), equipe.organisation, debut=JOUR)
    session.commit()
    with horloge.regler(MIDI + timedelta(days=400)):
        assert [h.id for h, _ in queries_equipe_revues.a_examiner(JOUR + timedelta(days=400))] == [
            h.id for h in habilitations(session, equipe.organisation)[2:]
        ]


def test_une_reponse_vaut_un_an(session: Session, equipe: Equipe) -> None:
    tenir(session, 0)
    for revue in toutes(session):
        revue.reponse, revue.repondue_le = "GARDER", MIDI + timedelta(days=3)
    session.commit()
    tenir(session, 368)
    assert len(toutes(session)) == 2
    tenir(session, 369)
    assert len(toutes(session)) == 4


def test_un_acces_fini_de_lui_meme_clot_sa_revue(session: Session, equipe: Equipe) -> None:
    tenir(session, 0)
    equipe.membre.fin = JOUR + timedelta(days=5)
    session.commit()
    tenir(session, 6)
    assert {r.habilitation_id: r.reponse for r in toutes(session)}[equipe.membre.id] == "RETIRER"


# --- The answers -----------------------------------------------------------------------------------------------


@pytest.fixture
def directrice(navigateur: Navigateur, session: Session, equipe: Equipe) -> Navigateur:
    tenir(session, 0)
    return navigateur.comme(equipe.directrice)


def question(session: Session, habilitation: Habilitation) -> str:
    requete = select(Revue.id).where(Revue.habilitation_id == habilitation.id)
    return f"reponse-{session.execute(requete).scalar_one()}"


def test_l_administratrice_repond_pour_chacun(
    directrice: Navigateur, session: Session, equipe: Equipe
) -> None:
    assert "La revue annuelle des accès attend vos réponses." in texte(arbre(directrice.get("/equipe")))
    page = directrice.get("/equipe/revue")
    donnees = champs(page, "/equipe/revue") | {
        question(session, equipe.directrice): "GARDER",
        question(session, equipe.membre): "RETIRER",
    }
    assert directrice.post("/equipe/revue", donnees).location == "/equipe"
    assert [r.repondue_par_id for r in toutes(session)] == [equipe.directrice.personne_id] * 2
    session.refresh(equipe.membre)
    assert equipe.membre.fin == JOUR
    assert ("habilitation.retiree", {"motif": "REVUE"}) in evenements(session, "habilitation.")


def test_une_question_laissee_reste_ouverte(directrice: Navigateur, session: Session, equipe: Equipe) -> None:
    reponse = directrice.post("/equipe/revue", {question(session, equipe.membre): "GARDER"})
    assert reponse.location == "/equipe/revue"
    assert sorted(str(r.reponse) for r in toutes(session)) == ["GARDER", "None"]


def test_un_refus_n_enregistre_rien_et_garde_ce_qui_est_coche(
    directrice: Navigateur, session: Session, equipe: Equipe
) -> None:
    choix = {question(session, equipe.directrice): "RETIRER", question(session, equipe.membre): "GARDER"}
    page = directrice.post("/equipe/revue", choix)
    assert page.status_code == 422
    assert "dernier administrateur" in texte(arbre(page))
    assert choix.items() <= champs(page, "/equipe/revue").items()
    assert [r.reponse for r in toutes(session)] == [None, None]


def test_la_question_d_une_autre_organisation_est_sans_effet(
    directrice: Navigateur, navigateur: Navigateur, session: Session, equipe: Equipe
) -> None:
    autre = f.une_organisation(session, "DREETS", "DREETS Bretagne", regle="REGION", region_code="53")
    ailleurs = navigateur.comme(f.une_habilitation(session, f.une_personne(session, "Sacha"), autre))
    ailleurs.post("/equipe/revue", {question(session, equipe.membre): "RETIRER"})
    assert [r.reponse for r in toutes(session)] == [None, None]


def test_le_service_refuse_la_question_d_une_autre_organisation(
    directrice: Navigateur,
    session: Session,
    equipe: Equipe,
) -> None:
    """The page shows only its own questions; the service does not rely on it."""
    autre = f.une_organisation(session, "DREETS", "DREETS Bretagne", regle="REGION", region_code="53")
    ailleurs = f.une_habilitation(session, f.une_personne(session, "Sacha"), autre)
    revue_id = int(question(session, equipe.membre).removeprefix("reponse-"))
    with pytest.raises(Introuvable):
        service_equipe_revues.repondre(ailleurs.id, {revue_id: "RETIRER"}, maintenant=MIDI, jour=JOUR)


def test_un_membre_ne_repond_pas(navigateur: Navigateur, session: Session, equipe: Equipe) -> None:
    tenir(session, 0)
    membre = navigateur.comme(equipe.membre)
    assert membre.get("/equipe/revue").status_code == 403
    assert membre.post("/equipe/revue", {question(session, equipe.directrice): "RETIRER"}).status_code == 403


def test_retirer_depuis_l_equipe_repond_a_la_revue(
    directrice: Navigateur, session: Session, equipe: Equipe
) -> None:
    directrice.post(f"/equipe/{equipe.membre.id}/retirer", {"motif": "DEPART"})
    assert {r.habilitation_id: r.reponse for r in toutes(session)}[equipe.membre.id] == "RETIRER"


def test_l_instant_de_la_revue_se_lit_au_jour_de_paris() -> None:
    tard = datetime(2026, 11, 17, 23, 30, tzinfo=MIDI.tzinfo)
    assert service_equipe_revues.echeance(tard) == JOUR + timedelta(days=42)
