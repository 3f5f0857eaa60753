"""What the list of effectifs shows to whoever asks: rows, columns, filters on offer, filters chosen."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from tdba import scope
from tdba.effectifs import (
    ajouts,
    annees,
    colonnes_liste,
    etiquettes,
    filtres,
    queries_liste,
    queries_proches,
    queries_vues,
    recherche,
)
from tdba.effectifs.colonnes_liste import Public
from tdba.effectifs.etiquettes import Etiquette, Offre
from tdba.effectifs.filtres import Filtres, Permis
from tdba.effectifs.queries_lignes import Ligne
from tdba.effectifs.queries_liste import Facettes, Page
from tdba.effectifs.queries_vues import VueLue
from tdba.effectifs.recherche import Criteres
from tdba.effectifs.statuts import Motif, Statut
from tdba.scope import Droit

PARAMETRE: Final = "liste"
"""Parameter of the address of a sheet that carries the list it was opened from."""


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
    colonnes: list[str]
    """Codes of `colonnes_liste`, in order."""
    colonnes_permises: list[str]
    champs: list[Mapping[str, Any]]
    """Main controls of the row of filters."""
    autres_champs: list[Mapping[str, Any]]
    choisies: list[Etiquette]
    vues: list[VueLue]
    texte: str | None
    """What this person searched, shown to them only."""
    date_impossible: str | None
    approchee: bool
    """Nothing matched what was typed: these are the records near it."""
    selection: bool
    """Rows may be picked, to act on several at once."""
    etat: str
    """This list, as the address of a sheet carries it."""


def liste(demandes: Filtres, texte: str | None, jour: date, permis: Permis) -> Liste:
    """Read one page of the list, within the reach of the current person."""
    criteres = recherche.comprendre(texte) if texte is not None else None
    page = queries_liste.page(demandes, criteres, jour)
    resolus = approcher(demandes, criteres, jour) if criteres is not None and page.total == 0 else criteres
    approchee = resolus is not None and bool(resolus.proches)
    if approchee:
        page = queries_liste.page(demandes, resolus, jour)
    facettes = (
        queries_liste.facettes()
        if page.formations is None
        else Facettes(page.formations, annees.proposees(jour))
    )
    cadre = queries_vues.cadre()
    offre = Offre(
        etiquettes.statuts_offerts(scope.courant().portee(Droit.VOIR_NOMINATIF).statuts),
        facettes.formations,
        facettes.annees,
        cadre.sites,
        permis.du_cfa,
        [(nom, ajouts.FILTRES[nom].libelle, choix) for nom, choix in permis.ajoutes.items()],
    )
    publics, vue = _publics(), cadre.vue(demandes.vue)
    choisies = vue.colonnes if vue is not None and vue.colonnes else cadre.colonnes
    return Liste(
        page=page,
        rangs=[_rang(ligne) for ligne in page.lignes],
        colonnes=(
            colonnes_liste.par_defaut(publics)
            if choisies is None
            else colonnes_liste.retenues(choisies, publics)
        ),
        colonnes_permises=colonnes_liste.permises(publics),
        champs=etiquettes.champs(demandes, offre),
        autres_champs=etiquettes.autres_champs(demandes, offre),
        choisies=etiquettes.choisies(demandes, offre, texte),
        vues=cadre.vues,
        texte=texte,
        date_impossible=criteres.impossible if criteres else None,
        approchee=approchee,
        selection=scope.courant().a(Droit.CORRIGER),
        etat=filtres.vers_url(demandes).removeprefix("?"),
    )


def approcher(demandes: Filtres, criteres: Criteres, jour: date) -> Criteres:
    """What a search that found nothing looks for instead: the records one typing mistake away from it, if any."""
    return replace(criteres, proches=queries_proches.proches(demandes, criteres, jour))


def resoudre(demandes: Filtres, texte: str | None, jour: date) -> Criteres | None:
    """What the list of a search keeps: what matches it, else what is near it."""
    if texte is None:
        return None
    criteres = recherche.comprendre(texte)
    exacte = queries_liste.deux_premiers(demandes, criteres, jour)
    return criteres if exacte else approcher(demandes, criteres, jour)


def permis(cites: Collection[str] | None = None) -> Permis:
    """What the current person may ask of the list. Filters that other slices add are offered with their values.

    `cites`: only these filters matter, a statement is saved for each of the others.
    """
    portee = scope.courant().portee(Droit.VOIR_NOMINATIF)
    offerts = {
        nom: dict(filtre.choix()) for nom, filtre in ajouts.FILTRES.items() if cites is None or nom in cites
    }
    return Permis(
        etiquettes.statuts_admis(etiquettes.statuts_offerts(portee.statuts)),
        portee.organismes or (),
        scope.courant().a(Droit.CORRIGER),
        {nom: choix for nom, choix in offerts.items() if choix},
    )


def lire(arguments: Mapping[str, Sequence[str]]) -> Filtres:
    """Read the state of the list from the arguments of an address, as the current person may ask for it."""
    return filtres.lire(arguments, permis(arguments.keys()))


def colonnes_permises() -> list[str]:
    """The columns that the current person may choose."""
    return colonnes_liste.permises(_publics())


def _publics() -> set[Public]:
    """Agents of the State find phone and e-mail in their lists, as before; a CFA finds them on the sheet."""
    courant = scope.courant()
    organismes = courant.portee(Droit.VOIR_NOMINATIF).organismes
    publics = {Public.PLUSIEURS_SITES} if organismes is None or len(organismes) > 1 else set()
    if courant.a(Droit.CORRIGER):
        return publics | {Public.CFA}
    return publics | {Public.COORDONNEES} if courant.a(Droit.VOIR_COORDONNEES) else publics


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
