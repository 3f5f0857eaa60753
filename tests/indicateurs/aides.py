"""Three CFA and their readers, and what the pages of figures say to them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, event
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tdba.organismes.models import Organisme
from tests import factories as f
from tests.pages import Navigateur


@dataclass
class Monde:
    session: Session
    navigateur: Navigateur
    rennes: Organisme
    brest: Organisme
    toulouse: Organisme

    def comme(self, type_: str, regle: str, *, valide: bool = True, **options: object) -> Navigateur:
        """A browser of someone of such an organisation."""
        organisation = f.une_organisation(self.session, type_, "Organisation", regle=regle, **options)  # type: ignore[arg-type]
        garant = f.une_personne(self.session, "Garant") if valide else None
        habilitation = f.une_habilitation(
            self.session, f.une_personne(self.session, "Ana"), organisation, validee_par=garant
        )
        return self.navigateur.comme(habilitation)

    def dreets(self) -> Navigateur:
        return self.comme("DREETS", "REGION", region_code="53")

    def reseau(self, *, regle: str = "RESEAU", **options: object) -> Navigateur:
        return self.comme("TETE_DE_RESEAU", regle, reseau_code="NORD", **options)

    def cfa(self, *organismes: Organisme) -> Navigateur:
        return self.comme("ORGANISME_FORMATION", "ETABLISSEMENTS", organismes=organismes, valide=False)


def mots(reponse: TestResponse) -> str:
    """The text of a page, with plain spaces."""
    assert reponse.status_code == 200, reponse.status
    corps = re.sub(r"<(script|svg)\b.*?</\1>", " ", reponse.get_data(as_text=True), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", corps).replace("&nbsp;", " ").split())


def rangee(reponse: TestResponse, nom: str) -> list[str]:
    """The cells of the row of that name."""
    corps = reponse.get_data(as_text=True)
    for ligne in re.findall(r"<tr.*?</tr>", corps, flags=re.DOTALL):
        cellules = [
            " ".join(re.sub(r"<[^>]+>", " ", c).split())
            for c in re.findall(r"<t[hd].*?</t[hd]>", ligne, flags=re.DOTALL)
        ]
        if cellules and cellules[0].startswith(nom):
            return cellules[1:]
    raise AssertionError(f"no row {nom}")


@contextmanager
def requetes(connexion: Connection) -> Iterator[list[str]]:
    """The statements executed inside the block."""
    vues: list[str] = []

    def noter(_c: object, _cur: object, statement: str, *_: object) -> None:
        vues.append(statement)

    event.listen(connexion, "before_cursor_execute", noter)
    try:
        yield vues
    finally:
        event.remove(connexion, "before_cursor_execute", noter)
