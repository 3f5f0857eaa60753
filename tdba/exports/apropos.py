"""The watermark of a file: whose it is, why, of what, and what the law asks of whoever holds it (issue 5 part 7). Pure."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from tdba import formats

RAPPEL: Final = (
    "Ce fichier contient des données de personnes, dont certaines peuvent être mineures. Le règlement général sur la "
    "protection des données s’y applique comme dans le service."
)
USAGE: Final = (
    "Ne l’utilisez que pour ce qui est écrit ci-dessus. Ne le transmettez pas à qui n’en a pas besoin, ne le laissez pas "
    "sur un support partagé, et effacez-le dès que ce travail est fini."
)


class Marque(NamedTuple):
    """What a watermark says."""

    numero: int
    personne: str
    organisation: str
    le: datetime
    liste: str
    finalite: str
    criteres: Sequence[str]
    lignes: int
    mineurs: int


def lignes(marque: Marque) -> list[tuple[str, str]]:
    """The watermark as (label, value) rows."""
    return [
        ("Export n°", str(marque.numero)),
        ("Liste", marque.liste),
        ("Demandé par", marque.personne),
        ("Pour", marque.organisation),
        ("Le", formats.date_heure(marque.le).replace(formats.INSECABLE, " ")),
        ("Finalité", marque.finalite),
        ("Filtres", ", ".join(marque.criteres) or "aucun"),
        ("Lignes", str(marque.lignes)),
        ("Personnes mineures", str(marque.mineurs)),
        ("Rappel", RAPPEL),
        ("Usage", USAGE),
    ]


def pied(marque: Marque) -> str:
    """The watermark in one line."""
    return f"Export n° {marque.numero}, {marque.organisation}, {formats.date_courte(marque.le)}"


def titre(numero: int, chemin: str) -> str:
    """Name of the file, without its extension: its number is in it, so that a lost one is recognised; no name is."""
    return f"export-{numero}-{chemin}"
