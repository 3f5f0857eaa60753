"""What the page "Le point" shows: figures of a reach, or of one territory of it, on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tdba import scope
from tdba.indicateurs import queries, tableau
from tdba.indicateurs.filtres import Demande
from tdba.indicateurs.queries import Comparaison
from tdba.indicateurs.tableau import Cfa, Groupe, Ligne, Page, Statuts
from tdba.ruptures.regles import ajouter_mois
from tdba.scope import Droit


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """Everything on the page."""

    total: Groupe
    groupes: Sequence[Groupe]
    """By région, or by département when there is one région only; empty when there is one territory only."""
    par_region: bool
    page: Page | None
    """CFA by CFA; None for the nation, where a région is chosen first."""
    par_niveau: dict[int, Statuts]
    """Empty for the nation."""
    ids: frozenset[int]
    """The organismes counted; empty for the nation."""
    regions: dict[str, str]
    departements: dict[str, str]
    an_dernier: date
    comparaison: Comparaison | None
    """None for the nation until it is asked for: it costs as much as the figures themselves."""


def point(demande: Demande, *, chez_soi: bool) -> Point:
    """Read the page, in at most four statements. `chez_soi`: the reader is a CFA, looking at its own family."""
    nation = scope.courant().portee(Droit.VOIR_INDICATEURS).organismes is None
    if not nation:
        return _portee(demande, queries.cfas(demande.jour, chez_soi=chez_soi))
    if not demande.territoire:
        return _nation(demande)
    return _portee(demande, queries.cfas(demande.jour, chez_soi=False, territoire=demande.territoire))


def _nation(demande: Demande) -> Point:
    groupes = queries.par_region(demande.jour, niveau=demande.niveau)
    an_dernier = ajouter_mois(demande.jour, -12)
    return Point(
        total=tableau.totaliser(groupes),
        groupes=groupes,
        par_region=True,
        page=None,
        par_niveau={},
        ids=frozenset(),
        regions={g.code: g.nom or g.code for g in groupes if g.code},
        departements={},
        an_dernier=an_dernier,
        comparaison=queries.comparaison(an_dernier, None, niveau=demande.niveau)
        if demande.comparer
        else None,
    )


def _portee(demande: Demande, cfas: Sequence[Cfa]) -> Point:
    comptes = [cfa for cfa in cfas if cfa.compte and _dans(cfa, demande.territoire)]
    ids = frozenset(cfa.id for cfa in comptes)
    lus = queries.statuts(demande.jour, ids, niveau=demande.niveau)
    attentes = queries.attentes(demande.jour, ids) if demande.niveau is None else {}
    an_dernier = ajouter_mois(demande.jour, -12)
    sommes = {cle: tableau.additionner([s for _, s in niveaux]) for cle, niveaux in lus.items()}
    lignes = tableau.assembler(comptes, sommes, attentes)
    par_region = len({cfa.region_code for cfa in comptes}) > 1
    groupes = tableau.grouper(lignes, par_region=par_region)
    return Point(
        total=tableau.resumer(lignes),
        groupes=groupes if len(groupes) > 1 else (),
        par_region=par_region,
        page=_page(lignes, demande),
        par_niveau=tableau.par_niveau(lus.values()),
        ids=ids,
        regions={c.region_code: c.region or c.region_code for c in cfas if c.region_code},
        departements={
            c.departement_code: c.departement or c.departement_code for c in cfas if c.departement_code
        },
        an_dernier=an_dernier,
        comparaison=queries.comparaison(an_dernier, ids, niveau=demande.niveau),
    )


def _page(lignes: Sequence[Ligne], demande: Demande) -> Page:
    return tableau.paginer(tableau.trier(lignes, demande.colonne, demande.sens), demande.apres)


def _dans(cfa: Cfa, territoire: str) -> bool:
    if not territoire:
        return True
    return territoire[1:] == (cfa.region_code if territoire.startswith("R") else cfa.departement_code)
