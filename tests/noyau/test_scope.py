"""Deny by default, and the tripwire that refuses what has not come through the scope."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete, exists, func, insert, select, union, update
from sqlalchemy.orm import Session, aliased

from tdba import scope
from tdba.db import db, table_de
from tdba.effectifs.models import Contrat, Effectif
from tdba.organismes.models import Organisme
from tdba.scope import Droit, Introuvable, Portee, PorteeOubliee, Scope
from tests import factories as f

UN = frozenset({1})


@pytest.fixture
def deux_cfa(session: Session) -> tuple[Effectif, Effectif]:
    f.les_territoires(session)
    dunes, falaises = f.un_organisme(session, "Dunes"), f.un_organisme(session, "Falaises")
    return f.un_apprenti(session, dunes), f.un_apprenti(session, falaises)


def noms_vus(acteur: Scope) -> int:
    with scope.sous(acteur):
        total = db.session.execute(
            scope.select_for(Effectif, Droit.VOIR_NOMINATIF, func.count())
        ).scalar_one()
        db.session.commit()
    return int(total)


@pytest.mark.parametrize(
    "acteur",
    [
        scope.VIDE,
        Scope(droits={Droit.VOIR_NOMINATIF: Portee()}),
        Scope(droits={Droit.VOIR_INDICATEURS: Portee(UN)}),
        Scope(droits={Droit.VOIR_NOMINATIF: Portee(UN, frozenset())}),
    ],
    ids=["no scope", "empty reach", "another right", "no status"],
)
def test_rien_veut_dire_personne(deux_cfa: tuple[Effectif, Effectif], acteur: Scope) -> None:
    assert noms_vus(acteur) == 0


def test_une_portee_ne_voit_que_les_siens(deux_cfa: tuple[Effectif, Effectif]) -> None:
    dunes, _ = deux_cfa
    assert noms_vus(Scope(droits={Droit.VOIR_NOMINATIF: Portee(frozenset({dunes.organisme_id}))})) == 1


def test_ce_qui_n_est_pas_a_soi_repond_comme_ce_qui_n_existe_pas(deux_cfa: tuple[Effectif, Effectif]) -> None:
    dunes, falaises = deux_cfa
    acteur = Scope(droits={Droit.CORRIGER: Portee(frozenset({dunes.organisme_id}))})
    with scope.sous(acteur):
        for cle in (falaises.id, 999_999_999):
            with pytest.raises(Introuvable):
                scope.get_or_404(Effectif, cle, Droit.CORRIGER)
        db.session.rollback()


def test_une_portee_limitee_a_des_statuts_n_atteint_aucune_table_sans_statut(session: Session) -> None:
    acteur = Scope(droits={Droit.VOIR_NOMINATIF: Portee(UN, frozenset({3}))})
    with scope.sous(acteur):
        assert str(scope.predicat(Contrat, Droit.VOIR_NOMINATIF)) == "false"


E1 = aliased(Effectif)
SANS_PORTEE: dict[str, Callable[[], Any]] = {
    "select": lambda: select(Effectif),
    "column": lambda: select(Effectif.nom),
    "count": lambda: select(func.count()).select_from(Effectif),
    "core": lambda: select(table_de(Effectif).c.id),
    "alias": lambda: select(E1),
    "join": lambda: select(Organisme).join(Effectif, Effectif.organisme_id == Organisme.id),
    "subquery": lambda: select(select(Effectif.id).subquery()),
    "cte": lambda: select(select(Effectif.id).cte("c")),
    "exists": lambda: select(exists().where(Effectif.organisme_id == Organisme.id)),
    "in": lambda: select(Organisme.id).where(Organisme.id.in_(select(Effectif.organisme_id))),
    "union": lambda: union(select(Effectif.id), select(Organisme.id)),
    "update": lambda: update(Effectif).values(nom="X"),
    "delete": lambda: delete(Effectif),
    "core update": lambda: update(table_de(Effectif)).values(nom="X"),
    "insert": lambda: insert(table_de(Contrat)).values(effectif_id=1),
}


@pytest.mark.parametrize("genre", SANS_PORTEE)
def test_une_instruction_qui_oublie_la_portee_est_refusee(session: Session, genre: str) -> None:
    """Whatever the kind of statement: the tripwire refuses instead of filtering in silence."""
    with pytest.raises(PorteeOubliee):
        session.execute(SANS_PORTEE[genre]())


def test_session_get_est_refuse_aussi(session: Session) -> None:
    with pytest.raises(PorteeOubliee):
        session.get(Effectif, 1)


def test_les_registres_publics_se_lisent_sans_portee(session: Session) -> None:
    assert session.execute(select(func.count()).select_from(Organisme)).scalar_one() == 0


def test_une_transaction_de_lecture_refuse_d_ecrire(session: Session) -> None:
    session.commit()
    with scope.sous(Scope(role=scope.RoleSql.NATIONAL, systeme="lecture"), lecture_seule=True):
        lien = scope.connexion("essai")
        point = lien.begin_nested()
        with pytest.raises(Exception, match="read-only transaction"):
            lien.exec_driver_sql("INSERT INTO region VALUES ('99', 'X')")
        point.rollback()
        session.rollback()
    session.execute(insert(table_de(Organisme)).values(siret="1" * 14, nom="après"))


def test_la_portee_d_une_transaction_ne_reste_pas_a_la_suivante(deux_cfa: tuple[Effectif, Effectif]) -> None:
    dunes, _ = deux_cfa
    acteur = Scope(droits={Droit.VOIR_NOMINATIF: Portee(frozenset({dunes.organisme_id}))})
    assert noms_vus(acteur) == 1
    with scope.sous(scope.VIDE):
        lus = scope.connexion("essai").exec_driver_sql("SELECT count(*) FROM effectif").scalar_one()
        db.session.commit()
    assert lus == 0
