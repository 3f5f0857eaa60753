"""A file as it arrives in a form: its fields first, then its bytes by blocks, never held whole nor written to a disk.

The form puts its fields before its file, so that where it goes and whether it may come are known before its first byte.
"""

from collections.abc import Callable, Iterator
from typing import IO, Final, NamedTuple

from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

BLOC: Final = 1 << 20
_PAR_LECTURE: Final = 1 << 16
_CHAMPS_MAX: Final = 20
_VALEUR_MAX: Final = 4096


class FormulaireIllisible(Exception):
    """What was sent is not the form that the page shows."""


class Recu(NamedTuple):
    """The fields that came before the file, the name of the file ("" without one), and its bytes, to be read once."""

    champs: dict[str, str]
    nom: str
    blocs: Iterator[bytes]


def recevoir(flux: IO[bytes], frontiere: str, *, valeur_max: int = _VALEUR_MAX) -> Recu:
    """Read a multipart body up to its file; no field is longer than `valeur_max`. Raises FormulaireIllisible."""
    decodeur = MultipartDecoder(frontiere.encode("ascii", "replace"), max_parts=_CHAMPS_MAX)
    suivant = _lecteur(decodeur, flux)
    champs: dict[str, str] = {}
    nom, valeur = "", bytearray()
    while not isinstance(evenement := suivant(), Epilogue):
        if isinstance(evenement, File):
            return Recu(champs, (evenement.filename or "").replace("\x00", ""), _blocs(suivant))
        if isinstance(evenement, Field):
            nom, valeur = evenement.name, bytearray()
        elif isinstance(evenement, Data):
            valeur += evenement.data
            if len(valeur) > valeur_max:
                raise FormulaireIllisible
            if not evenement.more_data:
                champs[nom] = valeur.decode("utf-8", "replace").replace("\x00", "").strip()
    return Recu(champs, "", iter(()))


def _lecteur(
    decodeur: MultipartDecoder, flux: IO[bytes]
) -> Callable[[], Field | File | Data | Epilogue | object]:
    def suivant() -> object:
        try:
            while isinstance(evenement := decodeur.next_event(), NeedData):
                decodeur.receive_data(flux.read(_PAR_LECTURE) or None)
        except ValueError as erreur:  # cut short, or not a multipart body
            raise FormulaireIllisible from erreur
        return evenement

    return suivant


def _blocs(suivant: Callable[[], object]) -> Iterator[bytes]:
    """The bytes of the file that just began, by blocks of 1 MB, the last one shorter."""
    tampon = bytearray()
    while isinstance(evenement := suivant(), Data):
        tampon += evenement.data
        while len(tampon) >= BLOC:
            yield bytes(tampon[:BLOC])
            del tampon[:BLOC]
        if not evenement.more_data:
            break
    if tampon:
        yield bytes(tampon)
