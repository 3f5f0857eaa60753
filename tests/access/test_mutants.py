"""Guard on the guard: sabotages of the application that the matrix must see, each with at least one fault."""

from collections.abc import Callable
from itertools import islice
from types import MappingProxyType
from typing import Any

import pytest
from flask import request
from sqlalchemy import false, true

from tdba import access, scope
from tdba.comptes import droits, etats
from tdba.comptes import service as comptes
from tdba.scope import Droit, Portee
from tdba.support import routes_voir_comme
from tests.access.conftest import Scene
from tests.access.matrice import parcourir
from tests.access.table import TABLE
from tests.access.test_verrous import sans_politiques, sans_predicat

TABLE_PAR_NOM = {p.qui: p for p in TABLE}


def fautes(essai: Scene, qui: str, assez: int = 1) -> list[str]:
    """The first faults that the matrix finds: no need for more."""
    return list(islice(parcourir(essai, TABLE_PAR_NOM[qui], htmx=False), assez))


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
    assert len(fautes(essai, "directrice de Dunes", 6)) == 6


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


def test_les_dates_d_une_delegation_ignorees(essai: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(etats, "en_cours", lambda *_: True)
    assert fautes(essai, "déléguée jusqu’à hier") != []


def test_l_habilitation_qui_ne_sert_pas_est_prise(essai: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """One person, two organisations: the reach of the one would open under the other."""
    monkeypatch.setattr(droits, "role_sql", lambda _: scope.RoleSql.NATIONAL)
    _remplacer_scope(monkeypatch, lambda s: {d: s.portee(Droit.VOIR_INDICATEURS) for d in Droit})
    assert fautes(essai, "deux casquettes, à la DREETS") != []


def test_voir_comme_laisse_ecrire(essai: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes_voir_comme, "_refuser", lambda: None)
    assert fautes(essai, "support qui voit comme : directrice de Dunes") != []


def test_voir_comme_garde_la_portee_de_l_assistance(essai: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tdba.support.service_voir_comme.replace", lambda *_, **__: scope.courant())
    assert fautes(essai, "support qui voit comme : agente DREETS Bretagne") != []


def test_suivi_lu_sans_partage(essai: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tdba.comptes.queries.partagent_leur_suivi", lambda organismes, _: organismes)
    assert fautes(essai, "tête d’un réseau dont Tour partage son suivi") != []


def test_une_liste_montre_le_suivi_que_nul_ne_partage(essai: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """A network may read those names, not that they are followed: lists name no key, what they show is the proof."""
    qui = "tête d’un réseau dont Tour partage son suivi"
    listes = {"parmi": lambda c: c.suivi and c.objet is None, "htmx": False}
    assert list(parcourir(essai, TABLE_PAR_NOM[qui], **listes)) == []
    monkeypatch.setattr(scope, "suivi", lambda _: true())
    vues = " ".join(parcourir(essai, TABLE_PAR_NOM[qui], **listes))
    for adresse in ("/aujourd-hui:", "/ruptures:", "/vigilance:", "/recapitulatif/appels:"):
        assert f"GET {adresse} shows" in vues


def test_un_fragment_refuse_moins_qu_une_page(essai: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """A guard that lets fragments through is seen by the fragments' half of the matrix."""
    gardes = essai.app.before_request_funcs[None]
    sabotes = [
        (lambda: None if request.headers.get("HX-Request") else access.garder()) if g is access.garder else g
        for g in gardes
    ]
    assert sabotes != gardes
    monkeypatch.setitem(essai.app.before_request_funcs, None, sabotes)
    assert next(parcourir(essai, TABLE_PAR_NOM["agent d’une ARML"], htmx=True), None) is not None


def test_le_sabotage_des_predicats_change_bien_le_module(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the sabotages themselves: they replace what the application calls."""
    sans_predicat(monkeypatch)
    assert str(scope.predicat(None, Droit.CORRIGER)) == str(true())  # type: ignore[arg-type]
    assert droits.MATRICE
