"""The same person written twice in the software of the CFA des Dunes, and twins who only look so. Pure.

Each likeness is one that people meet: another number, names swapped, one letter, another site (issue 5, "Duplicates").
"""

from collections.abc import Callable
from datetime import date
from typing import Final, NamedTuple

from tdba.local.demo_cas import cas_de, id_erp_de
from tdba.local.demo_jeunes import Jeune
from tdba.local.demo_organismes import PAR_CODE
from tdba.local.demo_personnes import Identite


class Double(NamedTuple):
    """Somebody of the visit, the number of the second record and its site, and what is written otherwise there."""

    personnage: str
    id_erp: str
    site: str
    autrement: Callable[[Identite], Identite]


def _sans_contact(identite: Identite) -> Identite:
    return identite._replace(telephone=None, ine=None)


DOUBLES: Final = (
    Double("deux_numeros", "D00001", "DUN", lambda i: i._replace(courriel=None)),
    Double("nom_inverse", "D00002", "DUN", lambda i: i._replace(nom=i.prenom, prenom=i.nom)),
    Double("faute_de_frappe", "D00003", "DUN", lambda i: _sans_contact(i)._replace(nom="Delaunoy")),
    Double("deux_sites", "D00004", "DU3", _sans_contact),
    Double("deux_suivis", "D00006", "DU3", _sans_contact),
    # Not the same person: their director says so.
    Double("jumelle", "D00005", "DUN", lambda i: _sans_contact(i)._replace(prenom="Lila", courriel=None)),
)


def doubles_de(site: str, graine: int, jour: date, annees: tuple[int, ...]) -> list[Jeune]:
    """The second records that one site sends."""
    voulus = [double for double in DOUBLES if double.site == site]
    if not voulus:
        return []
    premiers = {j.id_erp: j for j in cas_de(PAR_CODE["DUN"].etablissement, graine, jour, annees)}
    jeunes = []
    for double in voulus:
        premier = premiers[id_erp_de(double.personnage)]
        jeunes.append(premier._replace(id_erp=double.id_erp, identite=double.autrement(premier.identite)))
    return jeunes
