"""The 60 cases of identity-security.md §1.13 are each proved by a test here, marked `cas(number)`."""

import ast
from collections.abc import Iterator
from pathlib import Path

DOSSIER = Path(__file__).parent


def numeros(source: str) -> Iterator[int]:
    """The numbers that the tests of a file carry: on a decorator, or on one of their parameters."""
    for fonction in ast.walk(ast.parse(source)):
        if (
            isinstance(fonction, ast.Call)
            and isinstance(fonction.func, ast.Name)
            and fonction.func.id == "cas"
        ):
            yield from (
                a.value for a in fonction.args if isinstance(a, ast.Constant) and type(a.value) is int
            )


def test_les_soixante_cas_ont_chacun_un_test() -> None:
    trouves = {n for fichier in DOSSIER.glob("test_*.py") for n in numeros(fichier.read_text())}
    assert sorted(set(range(1, 61)) - trouves) == []
    assert trouves <= set(range(1, 61))


def test_le_compte_voit_les_marques_et_elles_seules() -> None:
    """The control."""
    source = "@cas(1, 2)\ndef test(): ...\nX = [p(marks=cas(3), id='4')]\nautre(5)\n"
    assert sorted(numeros(source)) == [1, 2, 3]
