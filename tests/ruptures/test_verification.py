"""The rebuild check: finds what differs from the contracts, says of which kind, and puts it right when asked."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, event
from sqlalchemy.orm import Session

from tdba.effectifs.models import Effectif
from tdba.indicateurs import service as indicateurs
from tdba.organismes.models import Organisme
from tdba.ruptures import synchronisation, verification
from tdba.ruptures.verification import Bilan
from tests.factories import les_territoires, un_effectif, un_organisme
from tests.ruptures.aides_dossiers import contrats_de, dossier_de, dossiers

ENTREE, OCTOBRE, DECEMBRE, FIN = date(2026, 9, 1), date(2026, 10, 1), date(2026, 12, 1), date(2027, 8, 31)
NOVEMBRE = date(2026, 11, 2)


@pytest.fixture
def cfa(session: Session) -> Organisme:
    les_territoires(session)
    return un_organisme(session, "CFA Rennes")


@pytest.fixture
def jeunes(session: Session, cfa: Organisme) -> list[Effectif]:
    """One broken, one whose contract ended, one without, one in contract, one told the former way."""
    return [
        un_effectif(session, cfa, contrats=[(OCTOBRE, FIN, NOVEMBRE)]),
        un_effectif(session, cfa, contrats=[(OCTOBRE, NOVEMBRE, None)]),
        un_effectif(session, cfa),
        un_effectif(session, cfa, contrats=[(ENTREE, FIN, None)]),
        un_effectif(session, cfa, entree=None, fin=None, historique=[[3, "2026-09-06"], [2, "2026-11-03"]]),
    ]


def verifier(session: Session, *, corriger: bool = False) -> Bilan:
    session.flush()
    return verification.verifier(session.commit, corriger=corriger)


def test_sur_une_base_saine_rien_n_est_trouve_ni_ecrit(
    session: Session, jeunes: list[Effectif], connexion: Connection
) -> None:
    ordres: list[str] = []

    def noter(_lien: Any, _curseur: Any, ordre: str, *_: Any) -> None:
        ordres.append(ordre.split(maxsplit=2)[0])

    avant = [dossiers(jeune) for jeune in jeunes]
    event.listen(connexion, "before_cursor_execute", noter)
    try:
        assert verifier(session, corriger=True) == Bilan(lus=5)
    finally:
        event.remove(connexion, "before_cursor_execute", noter)
    assert "UPDATE" not in ordres
    assert ordres.count("INSERT") == 1  # the journal
    assert [dossiers(jeune) for jeune in jeunes] == avant


def test_chaque_genre_d_ecart_est_compte_puis_corrige(session: Session, jeunes: list[Effectif]) -> None:
    rompu, a_terme, sans, apprenti, _ = jeunes
    avant = [dossiers(jeune) for jeune in jeunes]
    session.delete(dossier_de(rompu, "RUPTURE"))
    trop = dossier_de(a_terme, "FIN_DE_CONTRAT")
    trop.clos_du = DECEMBRE
    dossier_de(sans, "SANS_CONTRAT").cause_cloture = "EXCLUSION"
    contrats_de(apprenti)[0].rupture = NOVEMBRE
    session.flush()
    synchronisation.aligner([apprenti.id])
    contrats_de(apprenti)[0].rupture = None
    assert verifier(session) == Bilan(lus=5, manquants=1, dates=1, causes=1, en_trop=1)
    assert verifier(session, corriger=True).corriges == 4
    assert verifier(session) == Bilan(lus=5)
    apres = [dossiers(jeune) for jeune in jeunes]
    assert [apres[0], apres[1], apres[2], apres[4]] == [avant[0], avant[1], avant[2], avant[4]]
    assert apres[3] == [("RUPTURE", NOVEMBRE, NOVEMBRE, "RUPTURE_ANNULEE")]


def test_les_chiffres_suivent_ce_que_le_controle_corrige(
    session: Session, cfa: Organisme, jeunes: list[Effectif]
) -> None:
    dossier_de(jeunes[0], "RUPTURE").clos_du = DECEMBRE
    session.flush()
    indicateurs.reconstruire([cfa.id])
    assert verifier(session, corriger=True).corriges == 1
    assert indicateurs.verifier([cfa.id]) == []


def test_un_dossier_ferme_a_tort_est_un_dossier_manquant(session: Session, jeunes: list[Effectif]) -> None:
    dossier_de(jeunes[0], "RUPTURE").clos_du = NOVEMBRE
    assert verifier(session) == Bilan(lus=5, manquants=1)


def test_ce_que_la_nuit_ouvrira_n_est_pas_un_ecart(session: Session, jeunes: list[Effectif]) -> None:
    session.delete(dossier_de(jeunes[2], "SANS_CONTRAT"))
    bilan = verifier(session)
    assert (bilan.ecarts, bilan.a_ouvrir) == (0, 1)
    assert verifier(session, corriger=True).corriges == 1
    assert [d[0] for d in dossiers(jeunes[2])] == ["SANS_CONTRAT"]


def test_la_commande_compte_et_repond_par_son_code(
    app: Flask, session: Session, jeunes: list[Effectif]
) -> None:
    commande = app.test_cli_runner()
    sain = commande.invoke(args=["suivi", "verifier"])
    assert sain.exit_code == 0
    assert "5 fiches vérifiées" in sain.output.replace("\xa0", " ").replace("\u202f", " ")
    session.delete(dossier_de(jeunes[0], "RUPTURE"))
    session.commit()
    assert commande.invoke(args=["suivi", "verifier"]).exit_code == 1
    assert commande.invoke(args=["suivi", "verifier", "--corriger"]).exit_code == 0
    assert commande.invoke(args=["suivi", "verifier"]).exit_code == 0
