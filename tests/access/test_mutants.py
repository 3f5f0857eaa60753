"""Guard on the guard: sabotages of the application that the matrix must see, each with at least one fault."""

from collections.abc import Callable
from types import MappingProxyType
from typing import Any

import pytest
from sqlalchemy import false, true

from tdba import scope
from tdba.comptes import droits
from tdba.comptes import service as comptes
from tdba.scope import Droit, Portee
from tests.access.conftest import Scene
from tests.access.matrice import parcourir
from tests.access.table import TABLE
from tests.access.test_verrous import sans_politiques, sans_predicat

TABLE_PAR_NOM = {p.qui: p for p in TABLE}


def fautes(essai: Scene, qui: str) -> list[str]:
    return parcourir(essai, TABLE_PAR_NOM[qui], htmx=False)


def _remplacer_scope(
    monkeypatch: pytest.MonkeyPatch, change: Callable[[scope.Scope], dict[Droit, Portee]]
) -> None:
    """Change the rights of everybody after they are computed."""
    vrai = comptes.portee_de

    def faux(*args: Any, **options: Any) -> scope.Scope:
        juste = vrai(*args, **options)
        return scope.Scope(
            droits=MappingProxyType(change(juste)),
            role=juste.role,
            personne_id=juste.personne_id,
            habilitation_id=juste.habilitation_id,
        )

    monkeypatch.setattr(comptes, "portee_de", faux)


def test_temoin_sans_sabotage_rien_n_est_faux(essai: Scene) -> None:
    assert fautes(essai, "agente DREETS Bretagne") == []


def test_predicat_et_politiques_retires(essai: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    sans_predicat(monkeypatch)
    sans_politiques(monkeypatch)
    assert len(fautes(essai, "directrice de Dunes")) > 5


def test_filtre_de_statut_oublie_des_deux_cotes(essai: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    _remplacer_scope(monkeypatch, lambda s: {d: Portee(p.organismes) for d, p in s.droits.items()})
    sans_politiques(monkeypatch)
    assert fautes(essai, "agente DREETS Bretagne") != []


def test_corriger_accorde_a_l_etat(essai: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    _remplacer_scope(monkeypatch, lambda s: {**s.droits, Droit.CORRIGER: s.portee(Droit.VOIR_INDICATEURS)})
    assert fautes(essai, "agente DREETS Bretagne") != []


def test_region_etendue_a_la_france(essai: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    toutes = frozenset(o.id for o in essai.monde.organismes.values())
    _remplacer_scope(monkeypatch, lambda s: {d: Portee(toutes, p.statuts) for d, p in s.droits.items()})
    assert fautes(essai, "agente DREETS Bretagne") != []


def test_type_inconnu_a_tous_les_droits(essai: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    toutes = Portee(frozenset(o.id for o in essai.monde.organismes.values()))
    _remplacer_scope(monkeypatch, lambda s: dict(s.droits) or dict.fromkeys(Droit, toutes))
    assert fautes(essai, "conseillère de mission locale") != []


def test_predicat_toujours_faux(essai: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scope, "predicat", lambda *_, **__: false())
    assert fautes(essai, "directrice de Dunes") != []


def test_partielle_traitee_comme_pleine(essai: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    def elargi(s: scope.Scope) -> dict[Droit, Portee]:
        return {d: s.portee(Droit.VOIR_INDICATEURS) for d in s.droits}

    _remplacer_scope(monkeypatch, elargi)
    assert fautes(essai, "directrice de Tour") != []


def test_le_sabotage_des_predicats_change_bien_le_module(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the sabotages themselves: they replace what the application calls."""
    sans_predicat(monkeypatch)
    assert str(scope.predicat(None, Droit.CORRIGER)) == str(true())  # type: ignore[arg-type]
    assert droits.MATRICE
