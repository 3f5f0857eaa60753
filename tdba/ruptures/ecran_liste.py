"""The filters of a worklist as its screen offers them, with how many files each would keep. Values in, words out."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from tdba import formats
from tdba.ruptures.choix import AUTRE, MOI, OUI, PERSONNE, Choix
from tdba.ruptures.queries import Comptes
from tdba.ruptures.queries_accueil import Site
from tdba.ruptures.queries_referents import Referent

QUI: Final[Mapping[str, str]] = {
    MOI: "Moi",
    PERSONNE: "Personne, sans référent",
    AUTRE: "Une personne qui n’est plus de l’équipe",
}


def champ_site(sites: Sequence[Site], site: int | None) -> dict[str, Any]:
    options = [("", "Tous les sites"), *((s.id, s.nom) for s in sites)]
    return _liste("site", "Site", site or "", options)


def champs(
    choix: Choix, comptes: Comptes, sites: Sequence[Site], equipe: Sequence[Referent]
) -> list[dict[str, Any]]:
    """Who follows, then the site and late steps; the rest is folded away."""
    retard = [("", "Toutes"), (OUI, f"En retard ({formats.nombre(comptes.en_retard)})")]
    mineurs = [("", "Tous les âges"), (OUI, f"Mineurs ({formats.nombre(comptes.mineurs)})")]
    offerts = [
        _liste("qui", "Suivi par", choix.qui, _personnes(choix, comptes, equipe)),
        _liste("retard", "Prochaine étape", OUI if choix.retard else "", retard),
    ]
    if len(sites) > 1:
        offerts.insert(1, champ_site(sites, choix.site))
    offerts.append(_liste("mineurs", "Âge", OUI if choix.mineurs else "", mineurs))
    formations = sorted({*comptes.formations, choix.formation} - {""})
    if len(formations) > 1 or choix.formation:
        options = [("", "Toutes les formations"), *((f, f) for f in formations)]
        offerts.append(_liste("formation", "Formation", choix.formation, options))
    return offerts


def _personnes(choix: Choix, comptes: Comptes, equipe: Sequence[Referent]) -> list[tuple[str, str]]:
    nombres = {MOI: comptes.miens, PERSONNE: comptes.sans_referent, AUTRE: comptes.a_d_autres}
    if not nombres[AUTRE] and choix.qui != AUTRE:
        del nombres[AUTRE]
    speciaux = [(cle, f"{QUI[cle]} ({formats.nombre(n)})") for cle, n in nombres.items()]
    return [("", "Tout le monde"), *speciaux, *((str(r.id), r.nom) for r in equipe)]


def _liste(nom: str, libelle: str, valeur: Any, options: Sequence[tuple[Any, str]]) -> dict[str, Any]:
    return {"nom": nom, "libelle": libelle, "type": "select", "valeur": valeur, "options": options}


def en_mots(choix: Choix, sites: Sequence[Site], equipe: Sequence[Referent]) -> dict[str, str]:
    """Filter → what was chosen, in words; the segment is a tab."""
    noms = {**QUI, **{str(r.id): r.nom for r in equipe}}
    mots = {
        "qui": f"Suivi par : {noms[choix.qui]}" if choix.qui else "",
        "site": next((s.nom for s in sites if s.id == choix.site), ""),
        "retard": "Étape en retard" if choix.retard else "",
        "mineurs": "Mineurs" if choix.mineurs else "",
        "formation": choix.formation,
    }
    return {nom: mot for nom, mot in mots.items() if mot}
