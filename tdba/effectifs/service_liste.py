"""What the list of effectifs shows to whoever asks: rows, filters on offer, filters chosen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tdba import scope
from tdba.effectifs import etiquettes, queries_liste, recherche
from tdba.effectifs.etiquettes import Etiquette, Offre
from tdba.effectifs.filtres import Filtres
from tdba.effectifs.queries_liste import Ligne, Page
from tdba.effectifs.statuts import Motif, Statut
from tdba.scope import Droit


@dataclass(frozen=True, slots=True, kw_only=True)
class Rang:
    """One row, with what the reader may do of it."""

    ligne: Ligne
    statut: str | None
    motif: str | None
    ouvrable: bool
    """The sheet opens for this person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Liste:
    page: Page
    rangs: list[Rang]
    plusieurs_sites: bool
    champs: list[Mapping[str, Any]]
    """Controls of the row of filters."""
    choisies: list[Etiquette]
    texte: str | None
    """What this person searched, shown to them only."""
    date_impossible: str | None
    """False for agents of the State: a rupture and a term reached are then one word."""
    avec_coordonnees: bool


def liste(demandes: Filtres, texte: str | None, jour: date) -> Liste:
    """Read one page of the list, within the reach of the current person."""
    criteres = recherche.comprendre(texte) if texte is not None else None
    page = queries_liste.page(demandes, criteres, jour)
    facettes = queries_liste.facettes()
    offre = Offre(statuts_offerts(), facettes.formations, facettes.annees, queries_liste.sites())
    return Liste(
        page=page,
        rangs=[_rang(ligne) for ligne in page.lignes],
        plusieurs_sites=bool(offre.sites),
        champs=etiquettes.champs(demandes, offre),
        choisies=etiquettes.choisies(demandes, offre, texte),
        texte=texte,
        date_impossible=criteres.impossible if criteres else None,
        avec_coordonnees=avec_coordonnees(),
    )


def statuts_offerts() -> list[str]:
    """The statuses that the current person may choose from."""
    portee = scope.courant().portee(Droit.VOIR_NOMINATIF)
    return etiquettes.statuts_offerts(portee.statuts)


def avec_coordonnees() -> bool:
    """Agents of the State find phone and e-mail in their lists, as before; a CFA finds them on the sheet."""
    courant = scope.courant()
    return courant.a(Droit.VOIR_COORDONNEES) and not courant.a(Droit.CORRIGER)


def ouvrable(organisme_id: int) -> bool:
    """True when the sheets of that organisme open for the current person."""
    organismes = scope.courant().portee(Droit.CORRIGER).organismes
    return organismes is None or organisme_id in organismes


def _rang(ligne: Ligne) -> Rang:
    return Rang(
        ligne=ligne,
        statut=Statut(ligne.statut).name if ligne.statut else None,
        motif=Motif(ligne.motif).name if ligne.motif else None,
        ouvrable=ouvrable(ligne.organisme_id),
    )
