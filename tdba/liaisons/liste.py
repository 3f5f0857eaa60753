"""The list of missions locales, from a CSV file to rows (docs/referentiel.md). Pure.

A line without its own commune is placed by its name, after the last " - ", when one commune alone bears that name.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from tdba.liaisons import adresses
from tdba.organismes.champs import ValeurRefusee, citer, siret
from tdba.organismes.lecture_csv import FichierRefuse, Ligne, lire
from tdba.textes import sans_accents

OBLIGATOIRES: Final = ("nom", "siret")


@dataclass(frozen=True, slots=True, kw_only=True)
class MissionLue:
    """One mission locale of the list; what the list does not say is None."""

    siret: str
    nom: str
    commune_code: str | None = None
    courriel: str | None = None
    telephone: str | None = None
    adresse: str | None = None
    rdv_url: str | None = None
    communes: tuple[str, ...] = ()


class Refus(NamedTuple):
    numero: int
    raison: str


class Communes:
    """The communes that exist: by code, former codes included, and by name when it has only one bearer."""

    def __init__(self, communes: Iterable[tuple[str, str, Iterable[str]]]) -> None:
        """`communes`: (code, name, former codes)."""
        self._codes: dict[str, str] = {}
        porteurs: Mapping[str, list[str]] = defaultdict(list)
        for code, nom, anciens in communes:
            self._codes |= dict.fromkeys(anciens, code) | {code: code}
            porteurs[sans_accents(nom)].append(code)
        self._noms = {nom: codes[0] for nom, codes in porteurs.items() if len(codes) == 1}

    def du_code(self, code: str) -> str | None:
        return self._codes.get(code.strip().upper())

    def du_nom(self, nom: str) -> str | None:
        return self._noms.get(sans_accents(nom))


def lire_liste(contenu: bytes, communes: Communes) -> tuple[list[MissionLue], list[Refus], str]:
    """Return the rows, the refused lines, and how the file was encoded. Raises FichierRefuse for the whole file."""
    tableau = lire(contenu)
    places = {nom: rang for rang, nom in enumerate(tableau.entetes) if nom}
    manquantes = [nom for nom in OBLIGATOIRES if nom not in places]
    if manquantes:
        raise FichierRefuse(f"il lui manque la colonne {' et la colonne '.join(manquantes)}")
    lues: dict[str, MissionLue] = {}
    refus = []
    for ligne in tableau.lignes:
        try:
            mission = _mission(_cellules(ligne, places), communes)
        except ValeurRefusee as erreur:
            refus.append(Refus(ligne.numero, str(erreur)))
            continue
        if lues.setdefault(mission.siret, mission) != mission:
            refus.append(Refus(ligne.numero, "une ligne précédente de même SIRET dit autre chose"))
    return list(lues.values()), refus, tableau.encodage


def _cellules(ligne: Ligne, places: Mapping[str, int]) -> dict[str, str]:
    return {nom: ligne.cellules[rang] if rang < len(ligne.cellules) else "" for nom, rang in places.items()}


def _mission(cellules: Mapping[str, str], communes: Communes) -> MissionLue:
    def cellule(nom: str) -> str:
        return cellules.get(nom, "")

    nom_complet, court = cellule("nom"), cellule("nom court")
    if not nom_complet:
        raise ValeurRefusee("nom absent")
    siege = (
        _commune(cellule("code insee"), communes) if cellule("code insee") else _du_nom(nom_complet, communes)
    )
    return MissionLue(
        siret=siret(cellule("siret")),
        nom=_nom(nom_complet, court),
        commune_code=siege,
        courriel=_verifie(cellule("courriel"), adresses.courriel, "courriel"),
        telephone=_verifie(cellule("telephone"), _telephone, "téléphone"),
        adresse=cellule("adresse")[:300] or None,
        rdv_url=_verifie(cellule("rdv url"), adresses.page_publique, "adresse de rendez-vous"),
        communes=tuple(sorted({_commune(c, communes) for c in cellule("communes").split("|") if c.strip()})),
    )


def _nom(complet: str, court: str) -> str:
    """« Mission locale de la Picardie maritime » rather than forty words and a town, when the list has both."""
    nom = adresses.nom(
        f"Mission locale {court}" if court and "mission" not in court.lower() else court or complet
    )
    if nom is None:
        nom = adresses.nom(complet[: adresses.NOM_MAX])
    if nom is None:
        raise ValeurRefusee(f"nom illisible : {citer(complet)}")
    return nom


def _du_nom(nom: str, communes: Communes) -> str | None:
    avant, separe, ville = nom.rpartition(" - ")
    return communes.du_nom(ville) if avant and separe else None


def _commune(code: str, communes: Communes) -> str:
    connue = communes.du_code(code)
    if connue is None:
        raise ValeurRefusee(f"commune inconnue : {citer(code.strip())}")
    return connue


def _telephone(brut: str) -> str | None:
    return brut if len(brut) <= 30 and sum(c.isdigit() for c in brut) >= 4 and brut.isprintable() else None


def _verifie(brut: str, lecteur: Callable[[str], str | None], quoi: str) -> str | None:
    if not brut:
        return None
    lu = lecteur(brut)
    if lu is None:
        raise ValeurRefusee(f"{quoi} inutilisable : {citer(brut)}")
    return lu
