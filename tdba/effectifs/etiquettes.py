"""What the row of filters shows: the choices offered to this reader, and what was chosen, each removable. Pure."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, NamedTuple

from tdba.effectifs.filtres import CHOIX, COMPTEES, DU_CFA, NIVEAUX, TOUTES, Filtres, vers_url

Option = tuple[str, str]

EN_COURS: Final = "Années en cours"
TOUTES_LES_ANNEES: Final = "Toutes les années"
ANNEES_COMPTEES: Final = "Années que les chiffres comptent"
_ANNEES: Final[Mapping[str, str]] = {TOUTES: TOUTES_LES_ANNEES, COMPTEES: ANNEES_COMPTEES}


class Etiquette(NamedTuple):
    """A chosen filter. `url`: the query string of the list without it."""

    libelle: str
    url: str


class Offre(NamedTuple):
    """What this reader may choose from."""

    statuts: Sequence[str]
    formations: Sequence[Option]
    annees: Sequence[str]
    sites: Sequence[tuple[int, str]]


def statuts_offerts(statuts: Collection[int] | None) -> list[str]:
    """The statuses offered to a reach, told apart by their motif: all, or only some."""
    if statuts is None:
        return list(DU_CFA)
    choix = ((cle, c) for cle, c in CHOIX.items() if c.statut in statuts)
    return [cle for cle, c in choix if bool(c.motifs) == _se_divise(cle)]


def statuts_admis(offerts: Collection[str]) -> list[str]:
    """What an address may ask for: what is offered, and what joins it (a figure's link)."""
    permis = {CHOIX[cle].statut for cle in offerts if CHOIX[cle].statut is not None}
    return [cle for cle, c in CHOIX.items() if cle in offerts or (c.statut in permis and not c.motifs)]


def _se_divise(cle: str) -> bool:
    return any(c.motifs for c in CHOIX.values() if c.statut == CHOIX[cle].statut)


def champs(filtres: Filtres, offre: Offre) -> list[Mapping[str, Any]]:
    """The controls of the row, for `components/filtres.html`. The site is asked only when there are several."""
    premier = filtres.statuts[0] if filtres.statuts else ""
    statuts = [*offre.statuts, *(cle for cle in filtres.statuts if cle not in offre.statuts)]
    annees = [("", EN_COURS), (COMPTEES, ANNEES_COMPTEES), (TOUTES, TOUTES_LES_ANNEES)]
    annees += [(a, a) for a in offre.annees]
    rangee: list[Mapping[str, Any]] = [
        _select("statut", "Statut", premier, [("", "Tous"), *((cle, CHOIX[cle].libelle) for cle in statuts)]),
        _select("formation", "Formation", filtres.formation, [("", "Toutes"), *offre.formations]),
        _select("annee", "Année scolaire", filtres.annee, annees),
        _select("niveau", "Niveau", filtres.niveau or "", [("", "Tous"), *NIVEAUX.items()]),
    ]
    if offre.sites:
        rangee.insert(1, _select("site", "Établissement", filtres.site or "", [("", "Tous"), *offre.sites]))
    return rangee


def _select(nom: str, libelle: str, valeur: Any, options: Sequence[tuple[Any, str]]) -> Mapping[str, Any]:
    return {"nom": nom, "libelle": libelle, "type": "select", "valeur": valeur, "options": options}


def choisies(filtres: Filtres, offre: Offre, texte_cherche: str | None) -> list[Etiquette]:
    """The tags of what was chosen. A search shows its text to the one who typed it only."""
    etiquettes = [
        Etiquette(
            CHOIX[cle].libelle, vers_url(filtres, statuts=tuple(s for s in filtres.statuts if s != cle))
        )
        for cle in filtres.statuts
    ]
    titres, noms = dict(offre.formations), dict(offre.sites)
    if filtres.site is not None:
        etiquettes.append(Etiquette(noms.get(filtres.site, "un établissement"), vers_url(filtres, site=None)))
    if filtres.formation:
        titre = titres.get(filtres.formation, filtres.formation)
        etiquettes.append(Etiquette(titre, vers_url(filtres, formation="")))
    if filtres.annee:
        libelle = _ANNEES.get(filtres.annee, filtres.annee)
        etiquettes.append(Etiquette(libelle, vers_url(filtres, annee="")))
    if filtres.niveau is not None:
        etiquettes.append(Etiquette(f"Niveau {NIVEAUX[filtres.niveau]}", vers_url(filtres, niveau=None)))
    if texte_cherche is not None:
        etiquettes.append(Etiquette(f"Recherche : {texte_cherche}", vers_url(filtres, r="")))
    return etiquettes
