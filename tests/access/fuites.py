"""What leaks: the canaries of an answer that its reader may not see."""

import io
import zipfile

from werkzeug.test import TestResponse

from tests.access.monde import CANARI, STATUTS
from tests.access.table import Personnage


def fuites(p: Personnage, reponse: TestResponse, *, suivi: bool = False) -> set[str]:
    """The canaries of an answer, headers included, that this person may not see; `suivi`: as somebody followed."""
    corps = _lisible(reponse) + str(reponse.headers)
    cachee = suivi and p.suivi is not None
    return {
        m.group(0)
        for m in CANARI.finditer(corps)
        if not _permis(p, *m.groups()) or (cachee and m.group(2) not in (p.suivi or ""))
    }


def _lisible(reponse: TestResponse) -> str:
    """The words of an answer; those of a workbook are in the members of an archive."""
    corps = reponse.get_data()
    if not corps.startswith(b"PK"):
        return corps.decode()
    with zipfile.ZipFile(io.BytesIO(corps)) as archive:
        return "".join(archive.read(membre).decode(errors="replace") for membre in archive.namelist())


def _permis(p: Personnage, genre: str, organisme: str, rang: str) -> bool:
    if "SUPPORT" in p.droits:
        return f"{organisme}{rang}" in p.ouvertes and genre != "LIG"  # masked until a case opens the record
    if genre == "LIG":
        return organisme in p.atteint("VOIR_NOMINATIF") and p.statuts != frozenset(
            {"INSCRIT", "RUPTURANT", "ABANDON"}
        )
    droit = "VOIR_COORDONNEES" if genre in ("TEL", "MEL") else "VOIR_NOMINATIF"
    return organisme in p.atteint(droit) and STATUTS[int(rang)] in p.statuts
