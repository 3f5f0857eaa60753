"""Apprentices of one establishment: endless, each drawn from its own establishment's generator. Pure."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import NamedTuple

from tdba.local.demo_certifications import (
    CERTIFICATIONS,
    GROUPES,
    PROFILS,
    Certification,
    groupe,
)
from tdba.local.demo_parcours import Scolarite, tirer_scolarite
from tdba.local.demo_personnes import Identite, tirer_identite, tirer_nom
from tdba.local.demo_territoires import Commune
from tdba.local.demo_tirage import Roue, generateur


class Etablissement(NamedTuple):
    """What the generator needs to know of a CFA. `rang` numbers it in the country."""

    code: str
    rang: int
    commune: Commune
    region: str
    profil: str
    filieres: tuple[str, ...]


class Jeune(NamedTuple):
    """One invented apprentice. One record is sent for each year of `scolarite.annees`."""

    id_erp: str
    identite: Identite
    certification: Certification
    scolarite: Scolarite


@cache
def certifications_de(profil: str, filieres: tuple[str, ...], ecart: int) -> Roue[Certification]:
    """What such a CFA teaches, weighted so that *records* over `ecart` + 1 school years follow its profile.

    A youth of a course of d years is drawn among d + `ecart` cohorts and gives (`ecart` + 1) × d records to them all.
    """
    secteurs: list[tuple[Certification, float]] = []
    for niveau in GROUPES:
        toutes = [c for c in CERTIFICATIONS if groupe(c.niveau) == niveau]
        siennes = [c for c in toutes if c.filiere in filieres] or toutes
        total = sum(c.poids for c in siennes)
        secteurs += [
            (c, PROFILS[profil][niveau] * c.poids / total * (c.annees + ecart) / ((ecart + 1) * c.annees))
            for c in siennes
        ]
    return Roue(secteurs)


def jeunes(
    etablissement: Etablissement, graine: int, aujourd_hui: date, annees: tuple[int, ...]
) -> Iterator[Jeune]:
    """Apprentices of `etablissement` known on `aujourd_hui` and present in one of `annees`, without end.

    The same arguments give the same people, whatever else was drawn before.
    """
    alea = generateur(graine, etablissement.code)
    roue = certifications_de(etablissement.profil, etablissement.filieres, annees[-1] - annees[0])
    rang = 0
    while True:
        certification = roue.tirer(alea)
        nom = tirer_nom(alea, "F" if alea.random() < certification.part_filles else "M")
        scolarite = tirer_scolarite(alea, certification, nom[2], aujourd_hui, annees)
        if scolarite is None:
            continue
        rang += 1
        identite = tirer_identite(
            alea,
            nom=nom,
            numero=etablissement.rang * 10_000 + rang,
            niveau=certification.niveau,
            entree=scolarite.entree,
            lieu=etablissement.commune,
            region=etablissement.region,
        )
        yield Jeune(f"A{rang:05d}", identite, certification, scolarite)


def fiches(
    etablissement: Etablissement, nombre: int, graine: int, aujourd_hui: date, annees: tuple[int, ...]
) -> Iterator[tuple[Jeune, int]]:
    """Exactly `nombre` records, (youth, school year), in the order of the youths."""
    reste = nombre
    if reste <= 0:
        return
    for jeune in jeunes(etablissement, graine, aujourd_hui, annees):
        for annee in jeune.scolarite.annees[:reste]:
            yield jeune, annee
        reste -= len(jeune.scolarite.annees)
        if reste <= 0:
            return
