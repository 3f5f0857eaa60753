"""What a correction would change, said before it is saved (ux.md, principle 4). Pure."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from tdba.effectifs import raisons
from tdba.effectifs.raisons import EtapeLue
from tdba.effectifs.statuts import CodeRaison, Parcours

_DANS_LA_LISTE_DES_RUPTURES = frozenset({CodeRaison.CONTRAT_ROMPU.name, CodeRaison.DELAI_APRES_RUPTURE.name})


class Consequence(NamedTuple):
    """Status on the day before and after, and the steps that come or go. Sentences are in templates."""

    avant: EtapeLue | None
    apres: EtapeLue | None
    venues: tuple[EtapeLue, ...]
    parties: tuple[EtapeLue, ...]
    anomalies: tuple[str, ...]
    dossier: str | None
    """OUVERT, CLOS, or None: what becomes of the rupture file on that day (decision 31)."""
    suites: tuple[str, ...] = ()
    """What the slices to the right say that it changes for them (`effet.annoncer_aussi`)."""

    @property
    def statut_change(self) -> bool:
        """The word shown for the person changes, or they get or lose one."""
        return _mot(self.avant) != _mot(self.apres)

    @property
    def parcours_change(self) -> bool:
        return bool(self.venues or self.parties or self.anomalies)


def comparer(avant: Parcours, apres: Parcours, *, fin: date | None, jour: date) -> Consequence:
    """Compare two parcours on `jour`. `fin` is the last day of the formation, after which no file is open."""
    anciennes = [raisons.depuis_calcul(etape) for etape in avant.etapes]
    nouvelles = [raisons.depuis_calcul(etape) for etape in apres.etapes]
    a = raisons.etape_du_jour(anciennes, jour)
    b = raisons.etape_du_jour(nouvelles, jour)
    return Consequence(
        avant=a,
        apres=b,
        venues=_absentes(nouvelles, anciennes),
        parties=_absentes(anciennes, nouvelles),
        anomalies=tuple(a.name for a in apres.anomalies if a not in avant.anomalies),
        dossier=_dossier(a, b) if fin is None or jour <= fin else None,
    )


def _mot(etape: EtapeLue | None) -> tuple[str, str | None] | None:
    return None if etape is None else (etape.statut, etape.motif)


def _absentes(etapes: Sequence[EtapeLue], autres: Sequence[EtapeLue]) -> tuple[EtapeLue, ...]:
    """The steps of the first list that do not start, with the same status, in the second one."""
    connues = {(e.statut, e.motif, e.du) for e in autres}
    return tuple(e for e in etapes if (e.statut, e.motif, e.du) not in connues)


def _dossier(avant: EtapeLue | None, apres: EtapeLue | None) -> str | None:
    ouvert = avant is not None and avant.code in _DANS_LA_LISTE_DES_RUPTURES
    le_sera = apres is not None and apres.code in _DANS_LA_LISTE_DES_RUPTURES
    if ouvert == le_sera:
        return None
    return "OUVERT" if le_sera else "CLOS"
