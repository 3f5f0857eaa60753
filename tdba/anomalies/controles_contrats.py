"""Checks of the contracts: dates, ruptures, employers. Pure.

Sources: issue 5 parts 3 and 4; domain.md §3 (a contract that never runs makes nobody an apprentice) and §8 (SIFA).
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations
from typing import Final

from tdba.anomalies.calendrier import plus_mois
from tdba.anomalies.dossier import ContratLu, Dossier, Trouvee
from tdba.effectifs.causes import DEMISSION

MOIS_AU_DELA: Final = 2
MOIS_D_AVANCE: Final = 12


def dates_de_contrat(dossier: Dossier, jour: date) -> Iterator[Trouvee]:
    """Dates out of order, within one contract."""
    del jour
    for c in dossier.contrats:
        if c.debut is None:
            yield Trouvee("CONTRAT_SANS_DEBUT", c.id)
            continue
        if c.fin is not None and c.fin < c.debut:
            yield Trouvee("CONTRAT_FIN_AVANT_DEBUT", c.id, {"debut": c.debut, "fin": c.fin})
        if c.rupture is not None and c.rupture < c.debut:
            yield Trouvee("RUPTURE_AVANT_DEBUT", c.id, {"debut": c.debut, "rupture": c.rupture})
        elif c.rupture is not None and c.fin is not None and c.rupture > c.fin >= c.debut:
            yield Trouvee("RUPTURE_APRES_TERME", c.id, {"fin": c.fin, "rupture": c.rupture})


def contrat_et_formation(dossier: Dossier, jour: date) -> Iterator[Trouvee]:
    """A contract runs with its formation, and starts within a year."""
    entree, fin = dossier.date_entree, dossier.date_fin
    for c in dossier.contrats:
        if c.debut is None:
            continue
        if c.debut > plus_mois(jour, MOIS_D_AVANCE):
            yield Trouvee("CONTRAT_LOINTAIN", c.id, {"debut": c.debut})
        if (fin is not None and c.debut > fin) or (
            entree is not None and c.dernier is not None and c.debut <= c.dernier < entree
        ):
            yield Trouvee("CONTRAT_HORS_FORMATION", c.id, {"debut": c.debut})
        elif fin is not None and c.fin is not None and c.fin > plus_mois(fin, MOIS_AU_DELA):
            yield Trouvee("CONTRAT_DEPASSE_FORMATION", c.id, {"terme": c.fin, "fin": fin})


def chevauchements(dossier: Dossier, jour: date) -> Iterator[Trouvee]:
    """Two contracts share one day at most: the one on which one gives way to the other (domain.md §3.6, example 10)."""
    del jour
    if len(dossier.contrats) < 2:
        return
    suite = [c for c in dossier.contrats if c.debut is not None]
    for un, autre in combinations(sorted(suite, key=lambda c: (c.debut or date.max, c.id)), 2):
        du, au = autre.debut, _dernier_jour(un, dossier)
        fin_autre = _dernier_jour(autre, dossier)
        if du is not None and (min(au, fin_autre) - du).days + 1 > 1:
            yield Trouvee("CONTRATS_SIMULTANES", autre.id, {"debut": du})


def _dernier_jour(contrat: ContratLu, dossier: Dossier) -> date:
    """Last day in contract; without a term it runs to the end of the formation (domain.md §3.2)."""
    if contrat.rupture is not None:
        return contrat.rupture - timedelta(days=1)
    return contrat.fin or dossier.date_fin or date.max


def ruptures(dossier: Dossier, jour: date) -> Iterator[Trouvee]:
    """A rupture has a cause; a resignation, its steps; several on one record deserve a look."""
    del jour
    rompus = [c for c in dossier.contrats if c.rupture is not None]
    for c in rompus:
        dates = {"rupture": c.rupture} if c.rupture else {}
        if c.cause_rupture is None and c.cause_legale is None:
            yield Trouvee("RUPTURE_SANS_CAUSE", c.id, dates)
        if c.cause_legale == DEMISSION and (c.mediateur_le is None or c.employeur_informe_le is None):
            yield Trouvee("DEMISSION_SANS_MEDIATEUR", c.id, dates)
    if len(rompus) >= 2:
        yield Trouvee("PLUSIEURS_RUPTURES")


def employeurs(dossier: Dossier, jour: date) -> Iterator[Trouvee]:
    """Each contract has an employer, known and open while it runs."""
    for c in dossier.contrats:
        if c.debut is None:
            continue
        dates = {"debut": c.debut}
        if c.employeur_siret is None:
            yield Trouvee("SIRET_INVALIDE" if c.siret_ecarte else "EMPLOYEUR_MANQUANT", c.id, dates)
        elif c.employeur_inconnu:
            yield Trouvee("EMPLOYEUR_INCONNU", c.id, dates)
        elif c.employeur_ferme_le is not None and _court(
            c, dossier, max(c.employeur_ferme_le, c.debut), jour
        ):
            yield Trouvee("EMPLOYEUR_FERME", c.id, dates)


def _court(contrat: ContratLu, dossier: Dossier, depuis: date, jour: date) -> bool:
    """The contract still ran on `depuis`, which has come."""
    return depuis <= jour and depuis <= _dernier_jour(contrat, dossier)


CONTROLES: Final = (dates_de_contrat, contrat_et_formation, chevauchements, ruptures, employeurs)
