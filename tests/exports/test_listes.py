"""The other lists that leave: what is left to settle, the two worklists; each as its own page shows it (decision 5, 26, 31)."""

import itertools
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from tdba import scope
from tdba.effectifs import filtres, queries_liste
from tdba.effectifs.models import Effectif
from tdba.exports import queries_effectifs
from tdba.points import service as points
from tdba.portee import Droit, Portee, RoleSql, Scope
from tests import factories as f
from tests.conftest import MIDI
from tests.exports.aides import (
    exporter,
    lignes,
)
from tests.exports.conftest import Decor
from tests.pages import Navigateur, arbre, texte


def test_a_regler_ne_s_exporte_que_par_son_cfa(
    session: Session, decor: Decor, directrice: Navigateur, agent: Callable[[str], Navigateur]
) -> None:
    points.poser("SILENCE", decor.cfa.id, details={"depuis": "2026-11-01", "jours": 2})
    points.poser("SILENCE", decor.voisin.id, details={"depuis": "2026-11-02", "jours": 2})
    (ligne,) = lignes(
        exporter(session, directrice, "/exports/demander/a-regler", colonnes=("phrase", "etablissement"))
    )
    assert "Rien n’a été reçu depuis le 1er novembre 2026" in ligne[0].replace("\u00a0", " ")
    assert ligne[1] == "CFA de Rennes"
    assert agent("DREETS").get("/exports/demander/a-regler").status_code == 403
    assert directrice.get("/exports/demander/nulle-part").status_code == 404


@pytest.mark.parametrize(
    ("liste", "faire"), [("ruptures", f.une_rupture), ("sans-contrat", f.un_sans_contrat)]
)
def test_les_suivis_sortent_dans_l_ordre_de_leur_page(
    session: Session, decor: Decor, directrice: Navigateur, liste: str, faire: Callable[..., Effectif]
) -> None:
    for nom, depuis in (("AMAR", 10), ("BAUD", 80), ("CADOU", 50)):
        faire(session, decor.cfa, nom=nom, depuis=depuis, telephone="0612345678")
    faire(session, decor.voisin, nom="AILLEURS")
    page = texte(next(e for e in arbre(directrice.get(f"/{liste}")).iter("main")))
    ecran = sorted(("AMAR", "BAUD", "CADOU"), key=page.index)
    fichier = exporter(
        session,
        directrice,
        f"/exports/demander/{liste}",
        colonnes=("nom", "jours"),
        coordonnees=("telephone",),
    )
    rangees = lignes(fichier)
    assert [r[0] for r in rangees] == ecran
    assert {r[0]: r[1] for r in rangees} == {"AMAR": 10, "BAUD": 80, "CADOU": 50}
    assert {r[2] for r in rangees} == {"06 12 34 56 78"}
    segment = lignes(
        exporter(session, directrice, f"/exports/demander/{liste}?segment=0-44", colonnes=("nom",))
    )
    assert segment == [["AMAR"]]


def test_chaque_tri_de_la_liste_est_celui_du_fichier(session: Session, decor: Decor) -> None:
    for rang, nom in enumerate(("AMAR", "BAUD", "CADOU", "DUPIN")):
        jeune = f.un_effectif(
            session,
            (decor.cfa, decor.annexe)[rang % 2],
            nom=nom,
            naissance=date(2007, 5, 4) - timedelta(days=rang % 3),
            entree=None if rang == 1 else date(2026, 9, 4 - rang),
            niveau=None if rang == 2 else 3 + rang % 2,
        )
        jeune.formation = None if rang == 3 else f"CAP {rang % 2}"
    session.commit()
    siens = Portee(frozenset({decor.cfa.id, decor.annexe.id}))
    droits = {Droit.VOIR_NOMINATIF: siens, Droit.CORRIGER: siens}
    with scope.sous(Scope(droits, RoleSql.FAMILLE)):
        for tri, sens in itertools.product(filtres.TRIS, filtres.SENS):
            etat = queries_effectifs.comprendre({"tri": [tri], "sens": [sens]}, None)
            ecran = [ligne.id for ligne in queries_liste.page(etat.filtres, None, MIDI.date()).lignes]
            fichier = [cle for cle, *_ in session.execute(queries_effectifs.selection(etat, MIDI.date()))]
            assert fichier == ecran, (tri, sens)
            assert len(fichier) == 4
        session.rollback()
