"""Random sequences of what an ERP, files and people do to records keep every promise (issues 5 and 6, "Proof")."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from tdba import horloge, scope
from tdba.config import Configuration
from tdba.db import db
from tdba.errors import ErreurMetier
from tdba.scope import Introuvable
from tests import factories as f
from tests.conftest import MIDI, isolement
from tests.invariants import gestes, verites
from tests.invariants.aides import Acte, Monde, peupler, un_monde, une_rupture_a_l_annexe

EXEMPLES, ACTES = 4, 12
EXEMPLES_DE_DOSSIERS = 2
PHASES = (Phase.generate,)
"""Each act is noted: a sequence that fails is read as it is, shortening it would cost minutes."""
REGLAGES = settings(
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=EXEMPLES,
    phases=PHASES,
    suppress_health_check=list(HealthCheck),
)
REFUS = (ErreurMetier, Introuvable)


@contextmanager
def un_monde_neuf(app: Flask, configuration: Configuration) -> Iterator[Monde]:
    """Each example starts from the same rows: what it draws depends on them."""
    with isolement(app, configuration), horloge.regler(MIDI), scope.systeme("test"):
        f.les_territoires(db.session())
        monde = un_monde(db.session())
        peupler(monde)
        yield monde


@REGLAGES
@given(hasard=st.data())
def test_quoi_qu_il_arrive_rien_ne_se_perd_et_tout_s_explique(
    app: Flask, configuration: Configuration, hasard: st.DataObject
) -> None:
    """After each act: corrections, values, files, figures, points and journal; and undoing it puts everything back."""
    une_suite(
        app, configuration, hasard, st.lists(st.sampled_from(gestes.GESTES), min_size=ACTES, max_size=ACTES)
    )


@settings(REGLAGES, max_examples=EXEMPLES_DE_DOSSIERS)
@given(hasard=st.data())
def test_quoi_qu_il_arrive_les_dossiers_restent_justes(
    app: Flask, configuration: Configuration, hasard: st.DataObject
) -> None:
    """Every act of the follow-up, in any order, among what opens, closes and moves files."""
    une_suite(app, configuration, hasard, st.permutations(gestes.D_UN_DOSSIER))


def une_suite(
    app: Flask,
    configuration: Configuration,
    hasard: st.DataObject,
    suites: st.SearchStrategy[list[gestes.Geste]],
) -> None:
    def choisir(options: Any) -> Any:
        return hasard.draw(st.sampled_from(list(options)))

    with un_monde_neuf(app, configuration) as monde:
        une_rupture_a_l_annexe(monde)
        verites.verifier(monde, "")
        for geste in hasard.draw(suites):
            for fiche in hasard.draw(st.permutations(monde.fiches())):
                acte = geste(monde, fiche, choisir)
                if acte is not None:
                    note(f"{geste.__name__} {fiche.id_erp}")
                    jouer(monde, geste.__name__, acte)
                    break


def jouer(monde: Monde, nom: str, acte: Acte) -> None:
    depuis = max((e[0] for e in verites.evenements(monde, 0)), default=0)
    avant, monde.debut = verites.photographier(monde), monde.dernier
    try:
        fait = acte.faire()
    except REFUS:
        assert verites.photographier(monde) == avant, f"{nom} was refused, and wrote"
        return
    if acte.defaire is not None and fait:
        verites.verifier(monde, nom)
        acte.defaire(fait)
        comparer(avant, verites.photographier(monde), nom)
        verites.verifier(monde, "annuler_la_fusion" if nom == "fusionner" else nom)
        acte.faire()
    verites.verifier(monde, nom)
    if fait is False or fait == 0:
        comparer(avant, verites.photographier(monde), nom)
    attendu, muet = gestes.EVENEMENTS.get(nom, ""), nom in gestes.MUETS or not fait
    verites.journal_tenu(monde, depuis, nom, attendu=attendu, muet=muet)


def comparer(avant: list[list[str]], apres: list[list[str]], nom: str) -> None:
    for table, lignes, relues in zip(verites.PHOTO, avant, apres, strict=True):
        partis, venus = set(lignes) - set(relues), set(relues) - set(lignes)
        assert (partis, venus) == (set(), set()), (
            f"undoing {nom}: {table}\n- {sorted(partis)}\n+ {sorted(venus)}"
        )
