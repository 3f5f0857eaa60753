"""From typed lines to rows of our tables, given what the database already knows. Pure: the rules of each data set.

Each function returns the rows to write and the lines refused, with a reason in French.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final

from tdba.organismes.champs import citer
from tdba.organismes.interpretation import LigneLue, Refus
from tdba.textes import sans_accents

Rangees = list[dict[str, Any]]
Couple = tuple[str | None, str]

_CODE_POSTAL: Final = re.compile(r"\b([0-9]{5})\s+([^0-9].*)$")


@dataclass(frozen=True, slots=True)
class Territoires:
    """What is known of territories: each département's région and académie, and communes by name."""

    departements: Mapping[str, tuple[str, str | None]]
    communes: Mapping[tuple[str, str], str]
    """(département, name without accents) → INSEE code, for names that are alone in their département."""


@dataclass(frozen=True)
class Connus:
    """The organismes already known, by couple."""

    couples: Mapping[Couple, int]
    fermes: frozenset[Couple] = frozenset()

    @cached_property
    def par_siret(self) -> Mapping[str, list[Couple]]:
        par_siret: defaultdict[str, list[Couple]] = defaultdict(list)
        for couple in self.couples:
            par_siret[couple[1]].append(couple)
        return par_siret


def recherche(uai: str | None, siret: str, *noms: str | None) -> str:
    """Text of the search box: the distinct names, UAI and SIRET, in capitals without accents."""
    return sans_accents(" ".join([*dict.fromkeys(nom for nom in noms if nom), uai or "", siret]))


def organismes(
    lignes: Iterable[LigneLue], connus: Connus, territoires: Territoires
) -> tuple[Rangees, list[Refus]]:
    """Rows of `organisme`.

    An organisme is created only with its UAI (domain.md §9.5); without it, a line only updates a couple already known.
    A closed establishment is kept, marked `ferme` and not `fiable`: its records stay readable by its own people and
    leave every other count (decision 29). A file that says nothing of the state leaves it as it is.
    """
    rangees: Rangees = []
    refus = []
    for ligne in lignes:
        v = ligne.valeurs
        couple = (v["uai"], v["siret"])
        code, commune = _adresse(v)
        if v["uai"] is None and couple not in connus.couples:
            refus.append(Refus(ligne.numero, "UAI absent : un organisme n’est créé qu’avec son UAI"))
        elif not (v["enseigne"] or v["raison_sociale"]):
            refus.append(Refus(ligne.numero, "ni raison sociale ni enseigne"))
        elif code is not None and code not in territoires.departements:
            raison = f"département inconnu : {citer(code)} (les territoires sont-ils chargés ?)"
            refus.append(Refus(ligne.numero, raison))
        else:
            ferme = couple in connus.fermes if v["ferme"] is None else v["ferme"]
            lieu = _lieu(code, commune, territoires)
            rangees.append({**_identite(v), **lieu, "ferme": ferme, "fiable": not ferme})
    return rangees, refus


def _identite(v: Mapping[str, Any]) -> dict[str, Any]:
    """Names are kept as published; the one shown is the trade name, when there is one."""
    nom = v["enseigne"] or v["raison_sociale"]
    reprises = ("uai", "siret", "enseigne", "raison_sociale", "nature", "adresse")
    return {
        **{colonne: v[colonne] for colonne in reprises},
        "nom": nom,
        "recherche": recherche(v["uai"], v["siret"], nom, v["raison_sociale"]),
    }


def _lieu(code: str | None, commune: str | None, territoires: Territoires) -> dict[str, str | None]:
    region, academie = territoires.departements.get(code or "", (None, None))
    return {
        "commune": commune,
        "commune_code": territoires.communes.get((code or "", sans_accents(commune or ""))),
        "departement_code": code,
        "region_code": region,
        "academie_code": academie,
    }


def _adresse(valeurs: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Département and commune: those of the file, else those of the address ("… 14100 Lisieux"), else of the UAI.

    A postal code gives the département of its post office, a UAI that of its first immatriculation: right for all but
    a handful, and used only where the file says nothing.
    """
    code, commune = valeurs.get("departement_code"), valeurs.get("commune")
    trouve = _CODE_POSTAL.search(valeurs["adresse"] or "")
    if trouve:
        return code or departement_du_code_postal(trouve[1]), commune or trouve[2]
    return code or departement_de_l_uai(valeurs["uai"]), commune


def departement_de_l_uai(uai: str | None) -> str | None:
    """Its first three digits; 620 is Corse-du-Sud, 720 Haute-Corse."""
    if uai is None:
        return None
    return {"620": "2A", "720": "2B"}.get(uai[:3], uai[:3].removeprefix("0"))


def departement_du_code_postal(code: str) -> str:
    """Overseas codes have three digits; 200 and 201 are Corse-du-Sud, the other 20 Haute-Corse."""
    if code.startswith(("97", "98")):
        return code[:3]
    if code.startswith("20"):
        return "2A" if code[:3] in ("200", "201") else "2B"
    return code[:2]


def trouver(uai: str | None, siret: str, connus: Connus) -> int | str:
    """Return the id of an organisme of a file, or the reason why it is not found.

    Without a UAI, the SIRET is enough when one organisme only has it. With another UAI than ours it is never enough:
    the couple is the identity (domain.md §1).
    """
    identifiant = connus.couples.get((uai, siret))
    if identifiant is not None:
        return identifiant
    memes = connus.par_siret.get(siret, [])
    if uai is None and len(memes) == 1:
        return connus.couples[memes[0]]
    if uai is None and memes:
        return f"UAI absent, et {len(memes)} organismes ont le SIRET {siret}"
    if memes:
        autres = ", ".join(sorted(autre or "sans UAI" for autre, _ in memes))
        return f"couple UAI {uai} et SIRET {siret} inconnu : ce SIRET est connu avec {autres}"
    return f"organisme inconnu du référentiel : UAI {uai or 'absent'}, SIRET {siret}"


def code_reseau(ecrit: str) -> str:
    """Spelling under which networks are compared: `cfa ec`, `CFA-EC` and `cfa_ec` are the same."""
    return sans_accents(ecrit.replace("_", " ")).replace(" ", "_")


def appartenances(
    lignes: Iterable[LigneLue], connus: Connus, reseaux: Mapping[str, str], jour: date
) -> tuple[Rangees, list[Refus]]:
    """Rows of `reseau_organisme`: one per network of the line. `reseaux` maps a spelling to a code.

    The start is the file's, else the day of the import: a list says who belongs, not since when.
    A line whose "Réseaux à jour" is empty is refused: the network itself removed the establishment from its list.
    A closed establishment keeps its membership, since the network still reads the records of its past apprentices.
    """
    dites: list[tuple[str, int, date, date | None]] = []
    refus = []
    for ligne in lignes:
        v = ligne.valeurs
        organisme = trouver(v["uai"], v["siret"], connus)
        inconnus = [ecrit for ecrit in v["reseaux"] if code_reseau(ecrit) not in reseaux]
        debut = v["debut"] or jour
        if not v["reseaux"]:
            raison = "aucun réseau à jour : le réseau ne compte plus cet établissement"
            refus.append(Refus(ligne.numero, raison))
        elif inconnus:
            raison = f"réseau inconnu : {citer(inconnus[0])} (la liste des réseaux est-elle chargée ?)"
            refus.append(Refus(ligne.numero, raison))
        elif isinstance(organisme, str):
            refus.append(Refus(ligne.numero, organisme))
        elif v["fin"] is not None and v["fin"] <= debut:
            refus.append(Refus(ligne.numero, f"fin ({v['fin']}) qui n’est pas après le début ({debut})"))
        else:
            dites += [(reseaux[code_reseau(ecrit)], organisme, debut, v["fin"]) for ecrit in v["reseaux"]]
    return _periodes(dites), refus


def _periodes(dites: Iterable[tuple[str, int, date, date | None]]) -> Rangees:
    """One row per membership: of two lines with the same end, the earliest start, which both attest; of two lines with
    the same start, the one that knows the end.
    """
    debuts: dict[tuple[str, int, date | None], date] = {}
    for code, organisme, debut, fin in dites:
        cle = (code, organisme, fin)
        debuts[cle] = min(debut, debuts.get(cle, debut))
    fins: dict[tuple[str, int, date], date | None] = {}
    for (code, organisme, fin), debut in debuts.items():
        fins[code, organisme, debut] = fins.get((code, organisme, debut)) or fin
    return [
        {"reseau_code": code, "organisme_id": organisme, "debut": debut, "fin": fin}
        for (code, organisme, debut), fin in fins.items()
    ]
