"""A bulk action killed by SIGKILL in the middle of records, a merge cut before its end: as if nothing had happened."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from tdba import horloge, scope
from tdba.comptes import queries as comptes
from tdba.comptes import service as service_comptes
from tdba.config import Configuration
from tdba.db import db
from tdba.doublons import service_fusion
from tdba.effectifs import corbeille, groupees, service_groupees
from tests import base_test
from tests import factories as f
from tests.conftest import MIDI, isolement
from tests.invariants import gestes_fiches, verites
from tests.invariants.aides import Monde, peupler, un_monde

RACINE = Path(__file__).resolve().parents[2]
MORTS = (1, 2, 4)
"""In the first batch, at its end, in the second one after the first was committed."""


@pytest.fixture
def monde(urls: dict[str, str], app: Flask) -> Iterator[tuple[Monde, str]]:
    """A database of this test's own: what it does is committed, or a killed process would prove nothing."""
    url = base_test.copier(urls["superutilisateur"], "tues_en_route")
    moteur = create_engine(url)
    with app.app_context(), horloge.regler(MIDI), scope.systeme("test"):
        anciens = dict(db.engines)
        db.engines[None] = moteur  # type: ignore[index]
        try:
            f.les_territoires(db.session())
            un = un_monde(db.session())
            peupler(un)
            peupler(un, "2")
            yield un, url
        finally:
            db.session.remove()
            db.engines.update(anciens)  # type: ignore[attr-defined]
            moteur.dispose()
            base_test.effacer(urls["superutilisateur"], url)


def test_une_action_groupee_tuee_trois_fois_finit_comme_si_de_rien_n_etait(
    monde: tuple[Monde, str], urls: dict[str, str]
) -> None:
    un, url = monde
    fiches = [f.id for f in un.fiches()]
    usage = comptes.usage_de(un.habilitation.id)
    assert usage is not None
    directrice = service_comptes.portee_de(usage, horloge.aujourd_hui())
    db.session.commit()
    with scope.sous(directrice):
        choisies = service_groupees.des_choisies(fiches)
        action = service_groupees.preparer(groupees.CORRECTION, choisies, horloge.maintenant())
        parametres = {"champ": "date_fin", "valeur": date(2027, 7, 31).isoformat()}
        service_groupees.confirmer(action, parametres, "PIECE_VUE", None)
        action_id = action.id
        db.session.commit()
    codes = tuer(url, urls["redis"], json.dumps({"action_id": action_id}, separators=(",", ":")))
    assert codes == [-signal.SIGKILL] * len(MORTS) + [0, 0]
    verites.verifier(un, "")
    assert [(f.date_fin, f.corrige) for f in un.fiches()] == [(date(2027, 7, 31), True)] * len(fiches)
    for sql, nombre in (
        ("SELECT count(*) FROM correction", len(fiches)),
        ("SELECT count(*) FROM journal WHERE evenement = 'effectif.corrige'", len(fiches)),
        ("SELECT faits FROM action_groupee WHERE etat = 'FAITE'", len(fiches)),
        ("SELECT count(*) FROM action_groupee_fiche WHERE issue = 'FAITE'", len(fiches)),
    ):
        assert db.session.execute(text(sql)).scalar_one() == nombre, sql


def tuer(url: str, redis: str, cle: str) -> list[int]:
    """Let a worker die at each of `MORTS`, then live twice. Returns the exit codes."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.invariants.ouvrier", url, redis, cle],
        cwd=RACINE,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as ouvrier:
        assert ouvrier.stdin is not None
        assert ouvrier.stdout is not None
        codes = []
        for rang in (*MORTS, 0, 0):
            liberer(url)
            ouvrier.stdin.write(f"{rang}\n")
            ouvrier.stdin.flush()
            codes.append(int(ouvrier.stdout.readline()))
        ouvrier.stdin.close()
    return codes


def liberer(url: str) -> None:
    """What ninety seconds of silence do to a lease."""
    moteur = create_engine(url)
    with moteur.begin() as lien:
        lien.execute(text("UPDATE tache SET bail_jusqu_a = NULL, pas_avant = cree_le"))
    moteur.dispose()


@pytest.mark.parametrize("etape", ["corriger", "retirer", "inscrire"])
def test_une_fusion_coupee_n_a_rien_change_puis_se_fait(
    app: Flask, configuration: Configuration, monkeypatch: pytest.MonkeyPatch, etape: str
) -> None:
    """All in one transaction: cut before its values, before the other record is put aside, before it is written down."""
    with isolement(app, configuration), horloge.regler(MIDI), scope.systeme("test"):
        f.les_territoires(db.session())
        un = un_monde(db.session())
        peupler(un)
        avant = verites.photographier(un)
        acte = gestes_fiches.fusionner(un, un.fiches()[0], lambda options: list(options)[-1])
        assert acte is not None
        with monkeypatch.context() as coupure:
            cible, nom = {
                "corriger": (service_fusion, "_corriger"),
                "retirer": (corbeille, "retirer"),
                "inscrire": (service_fusion, "_inscrire"),
            }[etape]
            coupure.setattr(cible, nom, couper)
            with pytest.raises(KeyboardInterrupt):
                acte.faire()
        assert verites.photographier(un) == avant
        assert acte.faire()
        verites.verifier(un, "")


def couper(*_: object, **__: object) -> None:
    raise KeyboardInterrupt
