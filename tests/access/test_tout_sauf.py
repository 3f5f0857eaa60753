"""For each right, a person who has all but that one: every view that asks it answers 403, every other one opens.

Generated from the enumeration. The matrix of the application is replaced for one type of organisation; all the rest
is the real path of a request: session, habilitation, reach, guard, view, PostgreSQL's role.
"""

from collections.abc import Callable
from types import MappingProxyType

import pytest

from tdba.comptes import droits
from tdba.comptes.droits import Etendue, Octroi
from tdba.scope import Droit
from tests.access.conftest import Scene
from tests.access.distribution import TOUTE_PUISSANTE_A_L_ASSISTANCE, TOUTE_PUISSANTE_AU_CFA
from tests.access.matrice import Cas, parcourir, tous_les_cas
from tests.access.table import TOUTES, Personnage

SANS_VUE = frozenset({Droit.VOIR_CONTACTS, Droit.VOIR_COORDONNEES, Droit.CONFORMITE})
"""Rights that no view asks by itself today: they only decide what a page shows."""


def _octroyer(monkeypatch: pytest.MonkeyPatch, type_: str, octroyes: set[Droit], etendue: Etendue) -> None:
    ligne = {droit: Octroi(etendue) for droit in Droit if droit in octroyes}
    monkeypatch.setattr(droits, "MATRICE", MappingProxyType({**droits.MATRICE, type_: ligne}))


def au_cfa(monkeypatch: pytest.MonkeyPatch, octroyes: set[Droit]) -> Personnage:
    """A director of Falaises with these rights there: everything that is limited by rows is."""
    _octroyer(monkeypatch, "ORGANISME_FORMATION", octroyes, Etendue.BASE)
    portee = {droit.name: frozenset("F") for droit in octroyes}
    return Personnage(TOUTE_PUISSANTE_AU_CFA, portee, decide=True)


def a_l_assistance(monkeypatch: pytest.MonkeyPatch, octroyes: set[Droit]) -> Personnage:
    """Somebody of support with these rights everywhere."""
    _octroyer(monkeypatch, "SUPPORT", octroyes, Etendue.PARTOUT)
    return Personnage(
        TOUTE_PUISSANTE_A_L_ASSISTANCE, dict.fromkeys((d.name for d in octroyes), TOUTES), decide=True
    )


def demande_un_droit(c: Cas) -> bool:
    """Views for any logged-in person do not depend on what is tested here."""
    return isinstance(c.acces, Droit)


def a_demander(manquant: Droit, *, htmx: bool) -> Callable[[Cas], bool]:
    """Pages of every right; as fragments, what the missing right closes: the others open in the matrix."""
    return (lambda c: c.acces is manquant) if htmx else demande_un_droit


@pytest.mark.parametrize("htmx", [False, True], ids=["page", "fragment"])
@pytest.mark.parametrize("manquant", Droit, ids=lambda d: d.name)
def test_a_un_cfa_tout_sauf_un_droit(
    essai: Scene, monkeypatch: pytest.MonkeyPatch, manquant: Droit, htmx: bool
) -> None:
    """Support's right is left out too: some views refuse whoever holds it."""
    p = au_cfa(monkeypatch, set(Droit) - {manquant, Droit.SUPPORT})
    fautes = list(parcourir(essai, p, htmx=htmx, parmi=a_demander(manquant, htmx=htmx)))
    assert not fautes, "\n".join(fautes)


@pytest.mark.parametrize("htmx", [False, True], ids=["page", "fragment"])
@pytest.mark.parametrize("manquant", [d for d in Droit if d is not Droit.SUPPORT], ids=lambda d: d.name)
def test_a_l_assistance_tout_sauf_un_droit(
    essai: Scene, monkeypatch: pytest.MonkeyPatch, manquant: Droit, htmx: bool
) -> None:
    p = a_l_assistance(monkeypatch, set(Droit) - {manquant})
    fautes = list(parcourir(essai, p, htmx=htmx, parmi=a_demander(manquant, htmx=htmx)))
    assert not fautes, "\n".join(fautes)


@pytest.mark.parametrize("manquant", Droit, ids=lambda d: d.name)
def test_temoin_le_droit_qui_manque_ferme_ses_vues_et_elles_seules(essai: Scene, manquant: Droit) -> None:
    """What the two above expect is neither empty nor everything; a right without a view says so in SANS_VUE."""

    def vues(droit: Droit) -> set[str]:
        return {c.endpoint for c in tous_les_cas(essai) if c.acces is droit}

    p = Personnage(
        "sauf un", {d.name: TOUTES for d in Droit if d not in (manquant, Droit.SUPPORT)}, decide=True
    )
    sans_second = (c for c in tous_les_cas(essai) if c.objet is None or c.objet.droit is None)
    fermees = {c.endpoint for c in sans_second if demande_un_droit(c) and c.attendu(p) == "403"}
    assert fermees == vues(manquant) | vues(Droit.SUPPORT)
    assert bool(vues(manquant)) == (manquant not in SANS_VUE)


def test_temoin_le_droit_rendu_se_voit(essai: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """The application grants everything, the table does not: the loop sees it."""
    au_cfa(monkeypatch, set(Droit) - {Droit.SUPPORT})
    p = Personnage(TOUTE_PUISSANTE_AU_CFA, {Droit.VOIR_INDICATEURS.name: frozenset("F")}, decide=True)
    assert next(parcourir(essai, p, htmx=True, parmi=demande_un_droit), None) is not None
