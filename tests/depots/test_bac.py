"""A received file is read in a process that has limits: whatever the file, the worker goes on and says why (issue 4)."""

import os
from collections import deque
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tdba.depots import bac, lecture
from tdba.depots.bac import Limites
from tdba.depots.garde import MO, TAILLE_MAXIMALE, Genre
from tdba.depots.refus import Code, CodeRemarque, FichierRefuse
from tests.depots.aides import ENTETES_EXTRAIT, RANGEE_EXTRAIT, csv_de, ods, remplacer, xlsx

TITRES = ["Nom", "Prénom", "Né(e) le", "Rang"]


def blocs(contenu: bytes, taille: int = 1_000) -> Iterator[bytes]:
    for rang in range(0, len(contenu), taille):
        yield contenu[rang : rang + taille]


def code(contenu: bytes, limites: Limites = bac.LIMITES) -> Code:
    with (
        pytest.raises(FichierRefuse) as refuse,
        bac.ouvrir(blocs(contenu, MO), "liste.xlsx", limites=limites) as feuille,
    ):
        deque(feuille.lignes, maxlen=0)
    assert refuse.value.phrase.endswith(".")
    return refuse.value.code


def enfants() -> list[Path]:
    """Readings that are still ours, ended and not waited for included: none may outlive its `with`."""
    return [
        p for p in _processus() if _etat(p)[0] == "Z" or b"tdba.depots.enfant" in (p / "cmdline").read_bytes()
    ]


def _processus() -> list[Path]:
    """Processes that this one started."""
    return [p for p in Path("/proc").glob("[0-9]*") if _etat(p)[1:2] == [str(os.getpid())]]


def _etat(processus: Path) -> list[str]:
    """State, then parent; nothing of a process that has just ended."""
    try:
        return (processus / "stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return []


@pytest.mark.parametrize("ecrire", [xlsx, ods, csv_de])
def test_l_enfant_rend_exactement_ce_que_lit_la_fonction(ecrire: object) -> None:
    contenu = ecrire(
        ENTETES_EXTRAIT, RANGEE_EXTRAIT, [None, "Mme", "é\u2028\x85", "=cmd", date(2006, 3, 14), 0.5, 12]
    )  # type: ignore[operator]
    attendue = lecture.ouvrir(contenu, "liste.xls")
    with bac.ouvrir(blocs(contenu), "liste.xls") as feuille:
        assert feuille[:4] == attendue[:4]
        assert list(feuille.lignes) == list(attendue.lignes)
        assert feuille.genre is attendue.genre
    assert feuille.remarques[0].code is CodeRemarque.EXTENSION_TROMPEUSE


def test_les_lignes_arrivent_par_lots_et_gardent_leur_genre() -> None:
    rangees = [["MARTIN", "Léa", date(2006, 3, 14), rang] for rang in range(950)]
    with bac.ouvrir(blocs(xlsx(TITRES, *rangees)), "liste.xlsx") as feuille:
        assert list(feuille.lignes) == [(rang + 2, rangee) for rang, rangee in enumerate(rangees)]


def test_on_peut_s_arreter_avant_la_fin_sans_rien_laisser() -> None:
    rangees = [["MARTIN", "Léa", "x" * 500, rang] for rang in range(3_000)]
    with bac.ouvrir(blocs(csv_de(TITRES, *rangees)), "liste.csv") as feuille:
        assert next(feuille.lignes)[0] == 2
        assert feuille.genre is Genre.CSV
    assert enfants() == []


def test_un_refus_de_l_enfant_est_le_meme_que_celui_de_la_fonction() -> None:
    with pytest.raises(FichierRefuse) as refuse, bac.ouvrir(blocs(b"%PDF-1.7"), "liste.pdf"):
        pass
    assert (refuse.value.code, refuse.value.details) == (Code.PAS_UN_TABLEUR, {"nature": "PDF"})
    assert code(b"") is Code.VIDE
    assert code(csv_de(TITRES, *[["A", "B", "C", 1]] * 3), Limites(lignes=2)) is Code.TROP_DE_LIGNES


def test_un_fichier_trop_gros_s_arrete_pendant_qu_on_le_donne() -> None:
    donnes = 0

    def sans_fin() -> Iterator[bytes]:
        nonlocal donnes
        while True:
            donnes += MO
            yield b"Nom;" * (MO // 4)

    with pytest.raises(FichierRefuse, match="TROP_GROS"), bac.ouvrir(sans_fin(), "liste.csv"):
        pass
    assert donnes == TAILLE_MAXIMALE + MO


def test_deux_cellules_aux_deux_bouts_de_la_feuille_n_emportent_pas_le_serveur() -> None:
    """The library would hold the 17 billion cells between them: the child is stopped, not the worker."""
    coin = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    assert code(remplacer(xlsx(TITRES, ["A", "B"]), "</sheetData>", coin)) is Code.TROP_LOURD


def test_la_memoire_permise_est_une_limite() -> None:
    lourd = xlsx(TITRES, *[["x" * 2_000] * 4] * 4)
    assert code(lourd, Limites(memoire=1 * MO)) is Code.TROP_LOURD


def test_le_temps_permis_est_une_limite() -> None:
    assert code(xlsx(TITRES, ["A", "B"]), Limites(attente=0.0)) is Code.TROP_LONG
    long = csv_de(TITRES) + b"MARTIN;x;y;1\r\n" * 1_000_000  # several seconds of work
    assert code(long, Limites(processeur=1, lignes=10**9)) is Code.TROP_LONG
    assert enfants() == []


def test_un_nom_de_fichier_quelconque_n_est_qu_un_nom() -> None:
    for nom in ("", "a" * 5_000 + ".csv", "--help é\x00\udc80.csv"):
        with bac.ouvrir(blocs(csv_de(TITRES, ["A", "B"])), nom) as feuille:
            assert len(list(feuille.lignes)) == 1


def test_l_enfant_n_herite_d_aucun_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_DU_PARENT", "x")
    with bac.ouvrir(blocs(csv_de(TITRES, *[["A", "B", "x" * 200, 1]] * 5_000)), "liste.csv") as feuille:
        next(feuille.lignes)
        lus = [p / "environ" for p in enfants()]
        environnements = [environ.read_bytes() for environ in lus]
    assert len(environnements) == 1
    assert b"SECRET_DU_PARENT" not in environnements[0]
