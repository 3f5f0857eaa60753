"""The journal is sealed as it is written, a change shows, and what is past its time goes (decisions 33, 34 and 38)."""

from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest
from flask import Flask
from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from tdba import horloge, jobs, journal, scope
from tdba.jobs import Travail
from tdba.journal import Evenement, Sceau, consigner
from tdba.organismes.models import Organisme
from tdba.scope import Droit
from tdba.support import entretien, sql
from tdba.transmissions import service
from tdba.transmissions.cles import Emetteur
from tdba.transmissions.models import Ligne, Transmission
from tests.support.conftest import evenements


def noter(session: Session, nombre: int = 1) -> None:
    for _ in range(nombre):
        consigner("compte.deconnecte")
    session.commit()


def sceller(session: Session) -> int:
    nombre = entretien.sceller()
    session.commit()
    return nombre


def sceaux(session: Session) -> list[tuple[int, int]]:
    session.expire_all()
    return [(s.premier_id, s.dernier_id) for s in session.execute(select(Sceau).order_by(Sceau.id)).scalars()]


def test_chaque_passage_scelle_la_suite_et_rien_de_neuf_ne_fait_rien(session: Session) -> None:
    noter(session, 3)
    assert sceller(session) == 3
    assert sceller(session) == 0
    noter(session, 2)
    assert sceller(session) == 2
    (_, fin), (debut, _) = sceaux(session)
    assert debut == fin + 1
    assert journal.verifier() == []


def test_un_numero_perdu_par_une_transaction_annulee_n_arrete_pas_les_sceaux(session: Session) -> None:
    noter(session)
    point = session.begin_nested()
    consigner("compte.deconnecte")
    point.rollback()
    noter(session)
    assert sceller(session) == 2
    assert journal.verifier() == []


@pytest.fixture
def autre_lien(urls: dict[str, str], session: Session) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A second connection to the database of the tests, with a transaction of its own, undone."""
    adresse = urls["worker"].replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(adresse) as lien:
        lien.execute("SET LOCAL ROLE tdba_national")
        try:
            yield lien
        finally:
            lien.rollback()


INSERER = (
    "INSERT INTO journal (le, evenement, details, reference) VALUES (now(), 'compte.deconnecte', '{}', '')"
)


def test_rien_n_est_scelle_au_dela_d_un_numero_qui_peut_encore_apparaitre(
    session: Session, autre_lien: psycopg.Connection[tuple[object, ...]]
) -> None:
    """A transaction that runs has drawn an id between two that are committed."""
    noter(session)
    sceller(session)
    noter(session)
    autre_lien.execute(INSERER)
    noter(session, 2)
    assert sceller(session) == 1
    autre_lien.rollback()
    assert sceller(session) == 2
    assert journal.verifier() == []


def test_deux_passages_en_meme_temps_n_en_font_qu_un(
    session: Session, autre_lien: psycopg.Connection[tuple[object, ...]]
) -> None:
    autre_lien.execute("SELECT pg_advisory_xact_lock(%s)", (sql.VERROU_SCEAU,))
    noter(session)
    assert sceller(session) == 0
    autre_lien.rollback()
    assert sceller(session) == 1


@pytest.mark.parametrize(
    "alteration",
    ["UPDATE journal SET personne_id = 42 WHERE id = %s", "DELETE FROM journal WHERE id = %s"],
)
def test_une_ligne_changee_apres_coup_se_voit_et_la_commande_le_dit(
    app: Flask, session: Session, connexion: Connection, alteration: str
) -> None:
    noter(session, 3)
    sceller(session)
    intact = app.test_cli_runner().invoke(args=["journal", "verifier"])
    assert (intact.exit_code, intact.output) == (0, "Le journal est intact.\n")
    (debut, _), sceau_id = sceaux(session)[0], session.execute(select(func.max(Sceau.id))).scalar_one()
    session.commit()
    # Only a superuser can: the trigger and the grants refuse everybody else.
    connexion.exec_driver_sql("RESET ROLE")
    connexion.exec_driver_sql("ALTER TABLE journal DISABLE TRIGGER journal_ajout_seul")
    connexion.exec_driver_sql(alteration, (debut,))
    session.expire_all()
    faux = app.test_cli_runner().invoke(args=["journal", "verifier"])
    assert faux.exit_code == 1
    assert f"sceaux {sceau_id}." in faux.output


def test_le_sceau_est_un_travail_de_chaque_minute(session: Session) -> None:
    noter(session)
    assert jobs.PLANIFICATION["journal.sceller"] == 1
    jobs.enqueue_after_commit("journal.sceller")
    session.commit()
    assert jobs.executer("journal.sceller", "{}")
    assert len(sceaux(session)) == 1


def une_transmission(session: Session, organisme: Organisme, *, age: int) -> Transmission:
    emetteur = Emetteur(cle_id=None, organisme_id=organisme.id, ecriture=frozenset({organisme.id}))  # type: ignore[arg-type]
    transmission, _ = service.recevoir([{}, {}], emetteur, source="ERP")
    transmission.recue_le = horloge.maintenant() - timedelta(days=age)
    session.commit()
    return transmission


def test_les_lignes_brutes_et_les_travaux_passes_de_date_s_en_vont(
    session: Session, cfa: Organisme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entretien, "LOT_PURGE", 3)
    anciennes = [une_transmission(session, cfa, age=91) for _ in range(2)]
    recente = une_transmission(session, cfa, age=89)
    for age in (91, 89):
        session.add(Travail(genre="x", cree_le=horloge.maintenant() - timedelta(days=age)))
    session.commit()
    jobs.enqueue_after_commit("entretien.purger")
    session.commit()
    assert jobs.executer("entretien.purger", "{}")
    lignes = scope.select_for(Ligne, Droit.SUPPORT, Ligne.transmission_id)
    assert set(session.execute(lignes).scalars()) == {recente.id}
    assert session.execute(select(func.count()).select_from(Travail)).scalar_one() == 1
    # What was received stays counted; only what it said goes.
    gardees = scope.autorisee(select(Transmission.id).order_by(Transmission.id), Droit.SUPPORT)
    assert list(session.execute(gardees).scalars()) == [*(t.id for t in anciennes), recente.id]
    (purge,) = evenements(session, "entretien.purge")
    assert purge.details == {"lignes": 4, "travaux": 1}


def test_la_duree_de_conservation_est_celle_de_la_configuration(session: Session, cfa: Organisme) -> None:
    une_transmission(session, cfa, age=10)
    entretien.regler(lignes_jours=5)
    try:
        entretien.purger(session.commit, horloge.maintenant())
    finally:
        entretien.regler(lignes_jours=90)
    assert session.execute(scope.select_for(Ligne, Droit.SUPPORT, Ligne.id)).first() is None
    assert session.execute(select(func.count()).select_from(Evenement)).scalar_one() >= 1
