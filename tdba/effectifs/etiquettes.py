"""What the row of filters shows: the choices offered to this reader, and what was chosen, each removable. Pure."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, NamedTuple

from tdba.effectifs.filtres import (
    CHOIX,
    COMPTEES,
    DU_CFA,
    NIVEAUX,
    SIMPLES,
    TOUTES,
    Filtres,
    sans_ajoute,
    vers_url,
)
from tdba.formats import INSECABLE, annee_scolaire, siret

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
    du_cfa: bool = True
    """Filters that read contracts, corrections and receptions are offered."""
    ajoutes: Sequence[tuple[str, str, Mapping[str, str]]] = ()
    """Name, label and values of the filters that other slices add."""


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
    """The main controls, for `components/filtres.html`. The site is asked only when there are several."""
    rangee: list[Mapping[str, Any]] = [
        _select("statut", "Statut", ",".join(filtres.statuts), _statuts(filtres, offre)),
        _select("formation", "Formation", filtres.formation, [("", "Toutes"), *offre.formations]),
        _select("annee", "Année scolaire", filtres.annee, _annees(filtres, offre)),
    ]
    if offre.sites:
        rangee.insert(1, _select("site", "Établissement", filtres.site or "", [("", "Tous"), *offre.sites]))
    choisis = dict(filtres.ajoutes)
    rangee += [
        _select(nom, libelle, choisis.get(nom, ""), [("", "Indifférent"), *valeurs.items()])
        for nom, libelle, valeurs in offre.ajoutes
    ]
    return rangee


def autres_champs(filtres: Filtres, offre: Offre) -> list[Mapping[str, Any]]:
    """The controls that are folded away: the row must stay one row."""
    rangee: list[Mapping[str, Any]] = [
        _select("niveau", "Niveau", filtres.niveau or "", [("", "Tous"), *NIVEAUX.items()])
    ]
    rangee += [
        _select(nom, simple.libelle, getattr(filtres, nom), [("", "Indifférent"), *simple.choix.items()])
        for nom, simple in SIMPLES.items()
        if offre.du_cfa or not simple.du_cfa
    ]
    if offre.du_cfa:
        employeur = {"nom": "employeur", "libelle": "SIRET de l’employeur", "type": "text"}
        rangee.append(employeur | {"valeur": filtres.employeur})
    return rangee


def _statuts(filtres: Filtres, offre: Offre) -> list[Option]:
    """What is offered; and what the address asks for, several at once included, which is then one choice."""
    demande = ",".join(filtres.statuts)
    options = [("", "Tous"), *((cle, CHOIX[cle].libelle) for cle in offre.statuts)]
    if demande and demande not in dict(options):
        options.append((demande, ", ".join(CHOIX[cle].libelle for cle in filtres.statuts)))
    return options


def _annees(filtres: Filtres, offre: Offre) -> list[Option]:
    options = [("", EN_COURS), (COMPTEES, ANNEES_COMPTEES), (TOUTES, TOUTES_LES_ANNEES)]
    options += [(annee, annee_scolaire(annee)) for annee in offre.annees]
    if filtres.annee not in dict(options):
        options.append((filtres.annee, annee_scolaire(filtres.annee)))
    return options


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
        libelle = _ANNEES.get(filtres.annee) or annee_scolaire(filtres.annee)
        etiquettes.append(Etiquette(libelle, vers_url(filtres, annee="")))
    if filtres.niveau is not None:
        etiquettes.append(Etiquette(f"Niveau {NIVEAUX[filtres.niveau]}", vers_url(filtres, niveau=None)))
    etiquettes += _repliees(filtres)
    for nom, libelle, valeurs in offre.ajoutes:
        if (valeur := dict(filtres.ajoutes).get(nom)) is not None:
            mots = f"{libelle}{INSECABLE}: {valeurs.get(valeur, valeur)}"
            etiquettes.append(Etiquette(mots, vers_url(filtres, ajoutes=sans_ajoute(filtres, nom))))
    if texte_cherche is not None:
        etiquettes.append(Etiquette(f"Recherche : {texte_cherche}", vers_url(filtres, r="")))
    return etiquettes


def _repliees(filtres: Filtres) -> list[Etiquette]:
    etiquettes = [
        Etiquette(simple.choix[valeur], vers_url(filtres, **{nom: ""}))
        for nom, simple in SIMPLES.items()
        if (valeur := getattr(filtres, nom))
    ]
    if filtres.employeur:
        etiquettes.append(Etiquette(f"Employeur {siret(filtres.employeur)}", vers_url(filtres, employeur="")))
    return etiquettes


_SANS_CHIFFRE: Final[Mapping[str, str]] = {
    "formation": "la formation",
    "employeur": "l’employeur",
    "age": "l’âge",
    "source": "la source",
    "corrigee": "les corrections",
    "conflit": "les désaccords avec l’ERP",
    "fraicheur": "la date de réception",
    "ajoutes": "ce qui est à régler",
    "r": "une recherche",
}


def sans_chiffre(filtres: Filtres) -> list[str]:
    """What narrows this list and that no figure is cut by, in words."""
    mots = [mot for champ, mot in _SANS_CHIFFRE.items() if getattr(filtres, champ)]
    return [*mots, "la raison du statut"] if any(CHOIX[cle].motifs for cle in filtres.statuts) else mots
