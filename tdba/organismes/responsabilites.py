"""Who is responsible for whom, fully or in part (domain.md §1 "Responsabilité partielle"). Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from tdba.organismes.interpretation import LigneLue, Refus
from tdba.organismes.rapprochement import Connus, Rangees, trouver


@dataclass(frozen=True, slots=True)
class Lien:
    """A relation between a responsable and a formateur. `partielle` None: to be computed."""

    responsable_id: int
    responsable_siren: str
    formateur_id: int
    formateur_siren: str
    partielle: bool | None


def relations(lignes: Iterable[LigneLue], connus: Connus) -> tuple[list[Lien], list[Refus]]:
    """Relations of a file between known organismes; a relation of an organisme with itself is returned too."""
    liens = []
    refus = []
    for ligne in lignes:
        v = ligne.valeurs
        responsable = trouver(v["responsable_uai"], v["responsable_siret"], connus)
        formateur = trouver(v["formateur_uai"], v["formateur_siret"], connus)
        if isinstance(responsable, str):
            refus.append(Refus(ligne.numero, f"responsable : {responsable}"))
        elif isinstance(formateur, str):
            refus.append(Refus(ligne.numero, f"formateur : {formateur}"))
        else:
            sirens = v["responsable_siret"][:9], v["formateur_siret"][:9]
            liens.append(Lien(responsable, sirens[0], formateur, sirens[1], v["partielle"]))
    return liens, refus


def partielle(responsable_siren: str, formateur_siren: str, sirens_responsables: frozenset[str]) -> bool:
    """Glossary, "Responsabilité partielle": another legal unit, and the formateur answers to more than one.

    The formateur's own SIREN is among `sirens_responsables` when it is its own responsable.
    """
    return responsable_siren != formateur_siren and len(sirens_responsables) > 1


def responsabilites(du_fichier: Sequence[Lien], connues: Sequence[Lien]) -> tuple[Rangees, Rangees]:
    """Rows of `relation_organisme` for a file, and those of other known relations that it makes partial.

    `connues` are the stored relations of the file's formateurs. A relation of an organisme with itself is not stored
    but counts among its responsables (domain.md §9.5). A formateur that already has a partial relation has several
    responsables, even if a self-relation that proved it is not in this file: a short file must never open names.
    """
    sirens: defaultdict[int, set[str]] = defaultdict(set)
    partages: set[int] = set()
    for lien in (*du_fichier, *connues):
        sirens[lien.formateur_id].add(lien.responsable_siren)
    for lien in connues:
        if lien.partielle:
            partages.add(lien.formateur_id)
    dites = {(lien.responsable_id, lien.formateur_id) for lien in du_fichier}

    def partage(lien: Lien) -> bool:
        tous = frozenset(sirens[lien.formateur_id]) | ({""} if lien.formateur_id in partages else set())
        return partielle(lien.responsable_siren, lien.formateur_siren, tous)

    nouvelles = [
        replace(lien, partielle=partage(lien)) if lien.partielle is None else lien
        for lien in du_fichier
        if lien.responsable_id != lien.formateur_id
    ]
    voisines = [
        replace(lien, partielle=True)
        for lien in connues
        if not lien.partielle and (lien.responsable_id, lien.formateur_id) not in dites and partage(lien)
    ]
    return [_rangee(lien) for lien in nouvelles], [_rangee(lien) for lien in voisines]


def _rangee(lien: Lien) -> dict[str, int | bool | None]:
    return {
        "responsable_id": lien.responsable_id,
        "formateur_id": lien.formateur_id,
        "partielle": lien.partielle,
    }
