"""Two locks on rows: the scope's predicate, and PostgreSQL's policies. Each holds alone; without both, names leak.

The last test of each family is the control: it proves that the two others could fail.
"""

import pytest
from sqlalchemy import true

from tdba import scope
from tdba.ruptures import acces_dossier
from tdba.scope import Droit, Portee, Scope
from tests.access.conftest import Scene
from tests.access.fuites import fuites
from tests.access.table import TABLE

TABLE_PAR_NOM = {p.qui: p for p in TABLE}


def sans_predicat(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sabotage of the first lock: every predicate is true, and so is what guards a follow-up besides."""
    monkeypatch.setattr(scope, "predicat", lambda *_, **__: true())
    monkeypatch.setattr(scope, "portee_sur", lambda *_, **__: true())
    # Its code, for the modules that have it under a name of theirs.
    passer = lambda organisme_id: None  # noqa: ARG005, E731
    monkeypatch.setattr(acces_dossier.exiger_le_suivi, "__code__", passer.__code__)


def sans_politiques(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sabotage of the second lock: the transaction takes the national role, which every policy lets through."""
    vrais = dict(scope.__dict__)

    def annoncer(connection: object) -> None:
        vrais["_annoncer"](connection)
        connection.exec_driver_sql("SELECT set_config('role', 'tdba_national', true)")  # type: ignore[attr-defined]

    monkeypatch.setattr(scope, "_annoncer", annoncer)


def statut_de_la_fiche(essai: Scene, qui: str, lettre: str) -> int:
    effectif = essai.monde.effectifs[lettre, "RUPTURANT"]
    return essai.navigateurs[qui].get(f"/effectifs/{effectif.id}").status_code


def noms_de_la_liste(essai: Scene, qui: str) -> set[str]:
    return fuites(TABLE_PAR_NOM[qui], essai.navigateurs[qui].get("/effectifs?statut=tous"))


def test_les_deux_verrous_laissent_passer_les_siens(essai: Scene) -> None:
    assert statut_de_la_fiche(essai, "directrice de Dunes", "A") == 200
    assert noms_de_la_liste(essai, "agente DREETS Bretagne") == set()


def test_sans_predicat_les_politiques_tiennent_seules(essai: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    sans_predicat(monkeypatch)
    assert statut_de_la_fiche(essai, "directrice de Dunes", "F") == 404
    assert noms_de_la_liste(essai, "directrice de Dunes") == set()


def test_sans_politiques_le_predicat_tient_seul(essai: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    sans_politiques(monkeypatch)
    assert statut_de_la_fiche(essai, "directrice de Dunes", "F") == 404
    assert noms_de_la_liste(essai, "directrice de Dunes") == set()


def test_temoin_sans_les_deux_verrous_la_fiche_d_un_autre_s_ouvre(
    essai: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    sans_predicat(monkeypatch)
    sans_politiques(monkeypatch)
    assert statut_de_la_fiche(essai, "directrice de Dunes", "F") == 200
    assert noms_de_la_liste(essai, "directrice de Dunes") != set()


@pytest.mark.parametrize("sabotage", [sans_predicat, sans_politiques])
def test_un_seul_verrou_suffit_aux_statuts_d_un_territoire(
    essai: Scene, monkeypatch: pytest.MonkeyPatch, sabotage: object
) -> None:
    """An agent of the State sees three statuses by name: apprentices stay hidden with either lock alone."""
    sabotage(monkeypatch)  # type: ignore[operator]
    assert noms_de_la_liste(essai, "agente DREETS Bretagne") == set()


def test_temoin_sans_les_deux_verrous_les_apprentis_sont_vus_de_l_etat(
    essai: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    sans_predicat(monkeypatch)
    sans_politiques(monkeypatch)
    vus = noms_de_la_liste(essai, "agente DREETS Bretagne")
    assert any(nom.endswith("1") for nom in vus), "APPRENTI has rank 1"
    assert any("S" in nom.removeprefix("NOMCANARI") for nom in vus), "the other region too"


def test_ecrire_chez_un_autre_est_refuse_par_la_base_seule(essai: Scene) -> None:
    """Even raw SQL under a CFA's role changes no row of another, and may not move its own rows there."""
    dunes, falaises = essai.monde.organismes["A"], essai.monde.organismes["F"]
    acteur = Scope(droits={d: Portee(frozenset({dunes.id})) for d in (Droit.CORRIGER, Droit.VOIR_NOMINATIF)})
    essai.session.commit()
    with scope.sous(acteur):
        lien = scope.connexion("essai")
        touchees = lien.exec_driver_sql(
            "UPDATE effectif SET prenom = 'X' WHERE organisme_id = %(id)s", {"id": falaises.id}
        )
        assert touchees.rowcount == 0
        point = lien.begin_nested()
        with pytest.raises(Exception, match="row-level security"):
            lien.exec_driver_sql(
                "UPDATE effectif SET organisme_id = %(f)s WHERE organisme_id = %(d)s",
                {"f": falaises.id, "d": dunes.id},
            )
        point.rollback()
        essai.session.rollback()
