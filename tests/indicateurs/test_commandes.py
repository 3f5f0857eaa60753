"""`flask indicateurs`: the proof, and the repair."""

from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from tdba import scope
from tdba.indicateurs.models import Mouvement
from tdba.jobs import PLANIFICATION, REGISTRE
from tdba.scope import Droit
from tests import factories as f


def test_the_proof_fails_on_a_drift_and_passes_once_repaired(app: Flask, session: Session) -> None:
    f.les_territoires(session)
    cfa = f.un_organisme(session, "Un")
    f.un_apprenti(session, cfa)
    session.execute(scope.pour_ecriture(update(Mouvement).values(n=Mouvement.n + 1), Droit.CORRIGER))
    session.commit()
    lancer = app.test_cli_runner(catch_exceptions=False).invoke
    preuve = lancer(args=["indicateurs", "verifier"])
    assert preuve.exit_code == 1
    assert f"mouvement : organisme {cfa.id}, 2026-2027, 3, 2, 2026-09-01 : +1" in preuve.output
    assert (
        lancer(args=["indicateurs", "reconstruire", "--organisme", str(cfa.id)]).output
        == "1\N{NO-BREAK SPACE}organisme réécrit.\n"
    )
    preuve = lancer(args=["indicateurs", "verifier"])
    assert (preuve.exit_code, preuve.output) == (0, "Aucun écart.\n")


def test_compaction_runs_by_itself_every_ten_minutes() -> None:
    assert PLANIFICATION["indicateurs.compacter"] == 10
    assert REGISTRE["indicateurs.compacter"].longue
