"""The plan of a country-size database: organismes, their sizes and links, networks, organisations and people. Pure.

People are named after what they reach, so that a measure logs in as anybody: `bench-cfa-<organisme id>`,
`bench-reseau-<code>`, `bench-dreets-<region>`, `bench-ddets-<département>`, `bench-academie-<code>`,
`bench-region-<region>`, `bench-national`, `bench-support`, `bench-support-2`, `bench-dpo`.
"""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from math import exp
from random import Random
from typing import Final, NamedTuple

from tdba.local.demo_certifications import CERTIFICATIONS, PARTS_DES_PROFILS
from tdba.local.demo_identifiants import siret, uai
from tdba.local.demo_jeunes import Etablissement
from tdba.local.demo_organismes import Organisme
from tdba.local.demo_parcours import rentree
from tdba.local.demo_territoires import COMMUNES_PAR_REGION
from tdba.local.demo_tirage import Roue, generateur

EFFECTIFS_PAR_ORGANISME: Final = 285
PLUS_GRAND: Final = 3_000
DISPERSION: Final = 1.1
"""Standard deviation of the logarithm of sizes: many CFA under 100, a few above 2,000."""
NOMBRE_DE_RESEAUX: Final = 30
RESEAUX_RESPONSABLES: Final = 3

# Rough share of the country's apprentices, in thousandths.
_REGIONS: Final = Roue(
    [
        ("11", 220), ("84", 130), ("75", 92), ("76", 92), ("32", 90), ("44", 82), ("93", 85), ("52", 66), ("53", 50),
        ("28", 50), ("27", 40), ("24", 38), ("94", 5), ("01", 6), ("02", 6), ("03", 3), ("04", 16), ("06", 2),
    ]
)  # fmt: skip
_PROFILS: Final = Roue([("METIERS", 60), ("SUPERIEUR", 22), ("MIXTE", 18)])
_FILIERES: Final = tuple(sorted({c.filiere for c in CERTIFICATIONS}))
_LIEUX: Final = (
    "Abers", "Aulnes", "Bouleaux", "Brisants", "Châtaigniers", "Coquelicots", "Écluses", "Érables", "Falaises", "Forges",
    "Genévriers", "Grands Prés", "Hêtres", "Îlots", "Jardins", "Korrigans", "Lavandes", "Meules", "Noyers", "Ormes",
    "Peupliers", "Quatre Vents", "Roseaux", "Sablières", "Tilleuls", "Trois Ponts", "Vergers", "Vieilles Halles",
)  # fmt: skip


class Commande(NamedTuple):
    """What was asked of `flask demo semer`; the same gives the same rows."""

    effectifs: int
    graine: int
    jour: date
    nombre_d_annees: int = 1
    sources: bool = False

    @property
    def annees(self) -> tuple[int, ...]:
        derniere = rentree(self.jour)
        return tuple(range(derniere - self.nombre_d_annees + 1, derniere + 1))


class Seme(NamedTuple):
    """One organisme, the records it gets and the id of the first."""

    id: int
    organisme: Organisme
    effectifs: int
    premier_id: int
    responsable_id: int


class Lien(NamedTuple):
    responsable_id: int
    formateur_id: int
    partielle: bool


class Plan(NamedTuple):
    organismes: tuple[Seme, ...]
    liens: tuple[Lien, ...]
    reseaux: tuple[tuple[str, str, bool], ...]
    adhesions: tuple[tuple[str, int], ...]


@lru_cache(maxsize=2)
def planifier(commande: Commande) -> Plan:
    alea = generateur(commande.graine, "plan")
    nombre = max(3, round(commande.effectifs / EFFECTIFS_PAR_ORGANISME))
    organismes, liens = _organismes(alea, nombre)
    tailles = _tailles(alea, organismes, commande.effectifs)
    responsables = {lien.formateur_id: lien.responsable_id for lien in liens if not lien.partielle}
    semes, suivant = [], 1
    for rang, (organisme, taille) in enumerate(zip(organismes, tailles, strict=True), 1):
        semes.append(Seme(rang, organisme, taille, suivant, responsables.get(rang, rang)))
        suivant += taille
    reseaux = tuple(
        (f"R{n:02d}", f"Réseau des {_LIEUX[n % len(_LIEUX)]} {n}", n <= RESEAUX_RESPONSABLES)
        for n in range(1, NOMBRE_DE_RESEAUX + 1)
    )
    return Plan(tuple(semes), tuple(liens), reseaux, tuple(_adhesions(alea, nombre)))


def _organismes(alea: Random, nombre: int) -> tuple[list[Organisme], list[Lien]]:
    """Organismes by families: alone, sites of one legal entity, formateurs of a responsable, partial responsibility."""
    organismes: list[Organisme] = []
    liens: list[Lien] = []
    numeros: dict[str, int] = {}
    entite = 0
    while len(organismes) < nombre:
        hasard, region = alea.random(), _REGIONS.tirer(alea)
        sites = hasard < 0.06
        famille = 2 + int(alea.random() * 4) if hasard < 0.09 else 2 if hasard < 0.105 else 1
        famille = min(famille, nombre - len(organismes))
        tete = len(organismes) + 1
        for place in range(famille):
            entite += 0 if sites and place else 1
            subordonne = place > 0 and hasard < 0.09
            organismes.append(
                _organisme(
                    alea,
                    len(organismes) + 1,
                    region,
                    numeros,
                    (entite, place + 1 if sites else 1),
                    subordonne,
                )
            )
            if place:
                liens.append(Lien(tete, tete + place, partielle=hasard >= 0.09))
    return organismes, liens


def _organisme(
    alea: Random,
    rang: int,
    region: str,
    numeros: dict[str, int],
    entite: tuple[int, int],
    subordonne: bool,  # noqa: FBT001 - one fact of a family
) -> Organisme:
    communes = COMMUNES_PAR_REGION[region]
    commune = communes[int(alea.random() * len(communes))]
    numero = numeros[commune.departement] = numeros.get(commune.departement, 0) + 1
    profil = _PROFILS.tirer(alea)
    premiere = int(alea.random() * len(_FILIERES))
    filieres = tuple(_FILIERES[(premiere + n * 3) % len(_FILIERES)] for n in range(3))
    espece = "Institut" if profil == "SUPERIEUR" else "CFA"
    return Organisme(
        Etablissement(f"S{rang}", rang, commune, region, profil, filieres),
        f"{espece} des {_LIEUX[int(alea.random() * len(_LIEUX))]}, {commune.nom} {rang}",
        uai(commune.departement, numero),
        siret(*entite),
        "formateur" if subordonne else "responsable_formateur",
        1,
        f"S{rang}",
    )


def _tailles(alea: Random, organismes: list[Organisme], effectifs: int) -> list[int]:
    """Records of each organisme: lognormal, at most PLUS_GRAND, each profile with its published share, exact in all."""
    masses = [exp(alea.gauss(0, DISPERSION)) for _ in organismes]
    plafond = max(PLUS_GRAND, 2 * effectifs // len(organismes))
    profils = [o.etablissement.profil for o in organismes]
    presents = {p: part for p, part in PARTS_DES_PROFILS.items() if p in profils}
    voulues = [0.0] * len(organismes)
    for profil, part in presents.items():
        membres = [i for i, p in enumerate(profils) if p == profil]
        reste, libres = effectifs * part / sum(presents.values()), membres
        while libres:
            echelle = reste / sum(masses[i] for i in libres)
            pleins = [i for i in libres if masses[i] * echelle >= plafond]
            if not pleins:
                break
            for i in pleins:
                voulues[i] = plafond
            reste -= plafond * len(pleins)
            libres = [i for i in libres if i not in set(pleins)]
        for i in libres:
            voulues[i] = masses[i] * echelle
    tailles = [int(voulue) for voulue in voulues]
    manque = effectifs - sum(tailles)
    petits = sorted(range(len(tailles)), key=lambda i: (tailles[i], i))
    for n in range(manque):
        tailles[petits[n % len(petits)]] += 1
    return tailles


def _adhesions(alea: Random, nombre: int) -> Iterator[tuple[str, int]]:
    """Rather more than half of the organismes belong to a network, a few to two."""
    for organisme_id in range(1, nombre + 1):
        hasard = alea.random()
        reseaux = 2 if hasard < 0.06 else 1 if hasard < 0.6 else 0
        premier = int(alea.random() ** 2 * NOMBRE_DE_RESEAUX)
        for n in range(reseaux):
            yield f"R{(premier + n * 7) % NOMBRE_DE_RESEAUX + 1:02d}", organisme_id
