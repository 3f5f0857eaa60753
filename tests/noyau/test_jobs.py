"""Jobs leave with the transaction that asks for them, and running one twice is running it once."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tdba import horloge, jobs, scope
from tdba.db import db
from tdba.jobs import Tache, enqueue_after_commit, tache
from tdba.organismes.models import Region

NOM = "essai.region"


@pytest.fixture(autouse=True)
def metier() -> Iterator[list[tuple[str, str, str]]]:
    """A registered job that inserts a region, and the hints pushed while the test runs."""

    @tache(NOM)
    def inserer(code: str) -> None:
        db.session.add(Region(code=code, nom="essai"))
        if code == "KO":
            raise LookupError

    @tache(f"{NOM}.longue", longue=True)
    def longue(renouveler: Callable[[], None], code: str) -> None:
        for suffixe in "ab":
            db.session.add(Region(code=code + suffixe, nom="essai"))
            renouveler()
            if code == "KO":
                raise LookupError

    pousses: list[tuple[str, str, str]] = []
    anciens = list(jobs._pousser)
    jobs.brancher(lambda *indice: pousses.append(indice))
    yield pousses
    jobs._pousser[:] = anciens
    for nom in (NOM, f"{NOM}.longue"):
        del jobs.REGISTRE[nom]


def cle(code: str) -> str:
    return json.dumps({"code": code}, separators=(",", ":"))


def regions(session: Session) -> set[str]:
    session.rollback()
    return set(session.execute(select(Region.code).where(Region.nom == "essai")).scalars())


def en_attente(session: Session) -> int:
    session.rollback()
    return session.execute(
        select(func.count()).select_from(Tache).where(Tache.nom.startswith(NOM))
    ).scalar_one()


def test_une_transaction_annulee_ne_demande_rien(
    session: Session, metier: list[tuple[str, str, str]]
) -> None:
    enqueue_after_commit(NOM, code="A")
    session.rollback()
    assert en_attente(session) == 0
    assert not jobs.executer(NOM, cle("A"))


def test_un_point_de_reprise_relache_puis_annule_ne_demande_rien(session: Session) -> None:
    with session.begin_nested():
        enqueue_after_commit(NOM, code="A")
    session.rollback()
    assert en_attente(session) == 0


def test_un_point_de_reprise_annule_n_emporte_pas_la_demande_d_avant(session: Session) -> None:
    enqueue_after_commit(NOM, code="A")
    point = session.begin_nested()
    enqueue_after_commit(NOM, code="B")
    point.rollback()
    session.commit()
    assert en_attente(session) == 1


def test_l_indice_part_apres_la_validation_et_pas_avant(
    session: Session, metier: list[tuple[str, str, str]]
) -> None:
    with session.begin_nested():
        enqueue_after_commit(NOM, code="A")
    assert metier == []
    session.commit()
    assert metier == [("courant", NOM, cle("A"))]


def test_livree_deux_fois_elle_n_agit_qu_une(session: Session) -> None:
    enqueue_after_commit(NOM, code="A")
    session.commit()
    assert jobs.executer(NOM, cle("A"))
    assert not jobs.executer(NOM, cle("A"))
    assert regions(session) == {"A"}


def test_demandee_deux_fois_elle_n_agit_qu_une(session: Session) -> None:
    enqueue_after_commit(NOM, code="A")
    enqueue_after_commit(NOM, code="A")
    session.commit()
    assert jobs.executer(NOM, cle("A"))
    assert en_attente(session) == 0


def test_un_echec_annule_ses_effets_et_garde_la_demande(session: Session) -> None:
    enqueue_after_commit(NOM, code="KO")
    session.commit()
    with pytest.raises(LookupError):
        jobs.executer(NOM, cle("KO"))
    assert regions(session) == set()
    rangee = session.execute(select(Tache)).scalar_one()
    assert (rangee.essais, rangee.derniere_erreur) == (1, "LookupError")


def test_apres_cinq_echecs_elle_attend_le_support(session: Session) -> None:
    enqueue_after_commit(NOM, code="KO")
    session.commit()
    for essai in range(jobs.ESSAIS_MAX):
        with (
            horloge.regler(horloge.maintenant() + (essai + 1) * jobs.REPRISE),
            pytest.raises(LookupError),
        ):
            jobs.executer(NOM, cle("KO"))
    with horloge.regler(horloge.maintenant() + timedelta(days=1)):
        assert not jobs.executer(NOM, cle("KO"))
        assert jobs.balayer() == 0


def test_redis_absent_la_demande_reste_et_le_balayage_la_repousse(
    session: Session, metier: list[tuple[str, str, str]]
) -> None:
    def en_panne(*_indice: str) -> None:
        raise ConnectionError

    jobs.brancher(en_panne)
    enqueue_after_commit(NOM, code="A")
    session.commit()
    jobs.brancher(lambda *indice: metier.append(indice))
    assert jobs.balayer() == 0, "a row younger than a minute may be on its way"
    with horloge.regler(horloge.maintenant() + timedelta(minutes=2)):
        assert jobs.balayer() == 1
    assert metier == [("courant", NOM, cle("A"))]


def test_une_longue_interrompue_est_reprise_quand_son_bail_expire(session: Session) -> None:
    nom = f"{NOM}.longue"
    enqueue_after_commit(nom, code="KO")
    session.commit()
    with pytest.raises(LookupError):
        jobs.executer(nom, cle("KO"))
    assert regions(session) == {"KOa"}, "what a batch committed stays"
    assert en_attente(session) == 1


def test_le_balayage_ignore_un_bail_vivant(session: Session, metier: list[tuple[str, str, str]]) -> None:
    nom = f"{NOM}.longue"
    enqueue_after_commit(nom, code="B")
    session.commit()
    rangee = session.execute(select(Tache)).scalar_one()
    rangee.bail_jusqu_a = horloge.maintenant() + timedelta(hours=1)
    session.commit()
    with horloge.regler(horloge.maintenant() + timedelta(minutes=5)):
        assert jobs.balayer() == 0
        assert not jobs.executer(nom, cle("B"))


def test_les_arguments_sont_des_identifiants(session: Session) -> None:
    for faux in (object(), ["1"], {"a": 1}, 1.5, None, True):
        with pytest.raises(TypeError):
            enqueue_after_commit(NOM, code=faux)  # type: ignore[arg-type]


def test_une_tache_inconnue_est_refusee_a_la_demande(session: Session) -> None:
    with pytest.raises(jobs.TacheInconnue):
        enqueue_after_commit("essai.absente", code="A")


def test_les_periodiques_sont_demandes_a_leur_minute(session: Session) -> None:
    jobs.PLANIFICATION[NOM] = 10
    try:
        jobs.demander_periodiques(7)
        assert en_attente(session) == 0
        jobs.demander_periodiques(20)
        assert en_attente(session) == 1
    finally:
        del jobs.PLANIFICATION[NOM]


def test_une_tache_tourne_sous_le_systeme(session: Session) -> None:
    vus: list[str | None] = []

    @tache(f"{NOM}.longue")
    def voir(code: str) -> None:
        vus.append(scope.courant().systeme)

    enqueue_after_commit(f"{NOM}.longue", code="A")
    session.commit()
    with scope.sous(scope.VIDE):
        jobs.executer(f"{NOM}.longue", cle("A"))
    assert vus == [f"{NOM}.longue"]
