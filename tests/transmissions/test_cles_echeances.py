"""When a key ends, who is told before, and what the nightly job closes (domain.md §4.9). The clock is an argument."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tdba import horloge
from tdba.formats import date_longue
from tdba.jobs import PLANIFICATION
from tdba.transmissions import cles as valeurs
from tdba.transmissions import echeances, service_cles
from tdba.transmissions.echeances import Cause, Fin, Pas
from tdba.transmissions.models import CleApi
from tests.conftest import MIDI
from tests.transmissions.aides_cles import Cfa, cles, courriels, evenements, un_cfa


def jours(n: float) -> timedelta:
    return timedelta(days=n)


# --- Which end -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("utilisee", "expire", "attendue"),
    [
        (None, 365, Fin(MIDI + jours(365), Cause.EXPIRATION)),
        (None, None, Fin(MIDI + jours(365), Cause.SANS_USAGE)),
        (100, 365, Fin(MIDI + jours(365), Cause.EXPIRATION)),
        (100, None, Fin(MIDI + jours(465), Cause.SANS_USAGE)),
        (10, 900, Fin(MIDI + jours(375), Cause.SANS_USAGE)),
    ],
)
def test_une_cle_finit_a_sa_date_ou_douze_mois_apres_son_dernier_usage(
    utilisee: int | None, expire: int | None, attendue: Fin
) -> None:
    utilisee_le = None if utilisee is None else MIDI + jours(utilisee)
    expire_le = None if expire is None else MIDI + jours(expire)
    assert echeances.fin(MIDI, utilisee_le, expire_le) == attendue


def suivre(fin: Fin, de: int, a: int) -> dict[int, Pas]:
    """What the job does each night between two days counted from the end, telling when it must."""
    preavis: datetime | None = None
    faits: dict[int, Pas] = {}
    for jour in range(de, a):
        pas = echeances.pas(fin, preavis, fin.le + jours(jour))
        if pas is Pas.PREVENIR:
            preavis = fin.le + jours(jour)
        if pas is not Pas.ATTENDRE:
            faits[jour] = pas
    return faits


def test_une_expiration_est_annoncee_trente_et_sept_jours_avant_et_jamais_apres() -> None:
    assert suivre(Fin(MIDI, Cause.EXPIRATION), -60, 60) == {-30: Pas.PREVENIR, -7: Pas.PREVENIR}


def test_un_travail_arrete_trois_semaines_n_annonce_qu_une_fois() -> None:
    assert suivre(Fin(MIDI, Cause.EXPIRATION), -5, 5) == {-5: Pas.PREVENIR}


def test_une_cle_inutilisee_est_annoncee_trente_jours_avant_puis_revoquee() -> None:
    assert suivre(Fin(MIDI, Cause.SANS_USAGE), -60, 1) == {-30: Pas.PREVENIR, 0: Pas.REVOQUER}


def test_une_cle_qui_a_servi_depuis_l_annonce_en_attend_une_autre() -> None:
    ancienne = MIDI
    fin = Fin(MIDI + jours(200), Cause.SANS_USAGE)
    assert echeances.pas(fin, ancienne, fin.le - jours(30)) is Pas.PREVENIR


@given(st.lists(st.integers(1, 90), min_size=1, max_size=12), st.sampled_from(Cause))
def test_jamais_de_revocation_moins_de_trente_jours_apres_l_annonce(sauts: list[int], cause: Cause) -> None:
    """Whatever nights the job misses."""
    fin, quand, preavis = Fin(MIDI, cause), MIDI - jours(120), None
    for saut in sauts:
        quand += jours(saut)
        pas = echeances.pas(fin, preavis, quand)
        if pas is Pas.PREVENIR:
            preavis = quand
        elif pas is Pas.REVOQUER:
            assert cause is Cause.SANS_USAGE
            assert preavis is not None
            assert quand >= max(fin.le, preavis + jours(30))


# --- The job ---------------------------------------------------------------------------------------------------


@pytest.fixture
def cfa(session: Session) -> Cfa:
    return un_cfa(session)


def une_cle(session: Session, cfa: Cfa, *, expire: int | None, utilisee: int | None = None) -> CleApi:
    """A key created at noon of the tests' day, that ends or last served so many days later."""
    valeurs.creer(cfa.site.id, libelle="Production")
    cle = cles(session)[-1]
    cle.expire_le = None if expire is None else MIDI + jours(expire)
    cle.utilisee_le = None if utilisee is None else MIDI + jours(utilisee)
    session.commit()
    return cle


def tenir(session: Session, jour: int) -> None:
    quand = MIDI + jours(jour)
    with horloge.regler(quand):
        service_cles.tenir(quand)
        session.commit()
    session.expire_all()


def test_chaque_nuit_le_travail_est_demande(app: Flask) -> None:
    assert app
    assert PLANIFICATION["transmissions.tenir_les_cles"] == 1440


def test_l_expiration_s_annonce_deux_fois_aux_administrateurs(session: Session, cfa: Cfa) -> None:
    une_cle(session, cfa, expire=365, utilisee=330)
    for jour in (300, 335, 335, 336, 358, 359, 365, 400):
        tenir(session, jour)
    annonces = courriels(session, "cle_api_preavis")
    assert [c.personne_id for c in annonces] == [cfa.directrice.personne_id] * 2
    assert {c.sujet for c in annonces} == {
        f"La clé d’API « Production » de CFA de Rennes expire le {date_longue(MIDI + jours(365))}"
    }
    assert f"http://127.0.0.1:5000{cfa.page()}" in (annonces[0].texte or "")
    assert [d["cause"] for nom, d in evenements(session, "cle_api.preavis")] == ["EXPIRATION"] * 2
    assert cles(session)[0].revoquee_le is None  # it expired by itself


def test_sans_usage_depuis_douze_mois_la_cle_est_revoquee_apres_preavis(session: Session, cfa: Cfa) -> None:
    cle = une_cle(session, cfa, expire=None, utilisee=100)
    tenir(session, 434)
    assert courriels(session, "cle_api_preavis") == []
    tenir(session, 435)
    tenir(session, 464)
    (annonce,) = courriels(session, "cle_api_preavis")
    assert f"sera révoquée le {date_longue(MIDI + jours(465))}" in annonce.sujet
    assert cles(session)[0].revoquee_le is None
    tenir(session, 465)
    tenir(session, 465)
    assert cles(session)[0].revoquee_le == MIDI + jours(465)
    assert len(courriels(session, "cle_api_revoquee")) == 1
    assert evenements(session, "cle_api.revoquee") == [
        ("cle_api.revoquee", {"cle_id": cle.id, "raison": "SANS_USAGE"})
    ]


def test_une_cle_qui_sert_de_nouveau_n_est_pas_revoquee(session: Session, cfa: Cfa) -> None:
    une_cle(session, cfa, expire=None, utilisee=100)
    tenir(session, 435)
    cles(session)[0].utilisee_le = MIDI + jours(450)
    session.commit()
    tenir(session, 465)
    assert cles(session)[0].revoquee_le is None


def test_une_cle_lue_inutilisee_puis_servie_dans_la_meme_seconde_est_gardee(
    session: Session, cfa: Cfa
) -> None:
    cle = une_cle(session, cfa, expire=None, utilisee=-400)
    valeurs.reconnaitre(f"Bearer {servir(session, cle)}", adresse="192.0.2.1")
    assert not service_cles.fermer_si_inutilisee(_lue_avant(cle), MIDI)


def servir(session: Session, cle: CleApi) -> str:
    clair = "une-cle-connue-de-ce-seul-test"
    cle.empreinte = valeurs.empreinte(clair)
    session.commit()
    return clair


def _lue_avant(cle: CleApi) -> CleApi:
    """The key as the job had read it before it served."""
    return CleApi(id=cle.id, utilisee_le=MIDI - jours(400))
