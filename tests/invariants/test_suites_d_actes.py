"""Random sequences of what an ERP, files and people do to records keep every promise (issue 5, "Proof")."""

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
from tests.invariants.aides import Acte, Monde, peupler, un_monde

EXEMPLES, ACTES = 4, 12
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
    """After each act: corrections, values, parcours, figures, points and journal; and undoing it puts everything back."""

    def choisir(options: Any) -> Any:
        return hasard.draw(st.sampled_from(list(options)))

    with un_monde_neuf(app, configuration) as monde:
        verites.verifier(monde, "")
        for _ in range(ACTES):
            geste = choisir(gestes.GESTES)
            fiche = choisir(monde.fiches())
            acte = geste(monde, fiche, choisir)
            if acte is not None:
                note(f"{geste.__name__} {fiche.id_erp}")
                jouer(monde, geste.__name__, acte)


def jouer(monde: Monde, nom: str, acte: Acte) -> None:
    depuis = max((e[0] for e in verites.evenements(monde, 0)), default=0)
    avant = verites.photographier(monde)
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
    des_sources = nom in {g.__name__ for g in gestes.DES_SOURCES}
    verites.journal_tenu(monde, depuis, nom, muet=des_sources)


def comparer(avant: list[list[str]], apres: list[list[str]], nom: str) -> None:
    for table, lignes, relues in zip(verites.PHOTO, avant, apres, strict=True):
        partis, venus = set(lignes) - set(relues), set(relues) - set(lignes)
        assert (partis, venus) == (set(), set()), (
            f"undoing {nom}: {table}\n- {sorted(partis)}\n+ {sorted(venus)}"
        )
