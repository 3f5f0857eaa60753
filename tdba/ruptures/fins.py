"""Files of contracts that reached their term without a next one: decision 9 calls nobody "en rupture" for it. Pure.

Read off the steps of the parcours, so that they cannot say anything else than the statuses (domain.md §3): the days of
RUPTURANT and of the ABANDON by delay that follows, unless the rupture list of decision 31 already holds that youth.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from tdba.effectifs.statuts import ContratDates, Etape, Motif, Statut, parcours
from tdba.ruptures.regles import (
    EXCLUSION,
    FIN_DE_FORMATION,
    NOUVEAU_CONTRAT,
    DossierVoulu,
    dossiers_voulus,
)


def fins_voulues(
    *, entree: date | None, fin: date | None, contrats: Sequence[ContratDates], exclusion: date | None = None
) -> list[DossierVoulu]:
    """Files of ended contracts, in order, future ones included; none when the formation ends with the contract.

    One file at a time: when contracts overlap, a youth whose last started contract was broken is in the rupture list
    (decision 31) whatever the contract that ended last, and one whose last started contract reached its term is here.
    A contract without a start says nothing here: an anomaly tells it (decision 8), and files stay as they are.
    """
    connus = [contrat for contrat in contrats if contrat.debut is not None]
    if entree is None or fin is None or not connus:
        return []
    etapes = parcours(entree=entree, fin=fin, contrats=connus, exclusion=exclusion).etapes
    rompus = dossiers_voulus(fin=fin, contrats=connus, exclusion=exclusion)
    voulus = []
    for rang, etape in enumerate(etapes):
        if etape.statut is not Statut.RUPTURANT or any(_couvre(d, etape.du) for d in rompus):
            continue
        clos_du, cause = _cloture(etapes[rang + 1 :], fin, exclusion)
        if clos_du is None or etape.du < clos_du:
            voulus.append(DossierVoulu(_dernier_commence(connus, etape.du), etape.du, clos_du, cause))
    return voulus


def _couvre(voulu: DossierVoulu, jour: date) -> bool:
    return voulu.ouvert_du <= jour and (voulu.clos_du is None or jour < voulu.clos_du)


def _cloture(suite: Sequence[Etape], fin: date, exclusion: date | None) -> tuple[date | None, str]:
    """What ends the wait: the next step but ABANDON by delay; the exclusion, which makes no step then; the end.

    At equal days the end, then the exclusion, win, as for ruptures.
    """
    if suite and suite[0].statut is Statut.ABANDON and suite[0].motif is not Motif.EXCLUSION:
        suite = suite[1:]
    fins: list[tuple[date, str]] = []
    if fin < date.max:
        fins.append((fin + timedelta(days=1), FIN_DE_FORMATION))
    if suite and suite[0].statut is Statut.FIN_DE_FORMATION:
        fins.append((suite[0].du, FIN_DE_FORMATION))
    if exclusion is not None:
        fins.append((exclusion, EXCLUSION))
    if suite and suite[0].statut is Statut.APPRENTI:
        fins.append((suite[0].du, NOUVEAU_CONTRAT))
    return min(fins, key=lambda couple: couple[0], default=(None, FIN_DE_FORMATION))


def _dernier_commence(contrats: Sequence[ContratDates], jour: date) -> date:
    """Start of the last contract that ran before `jour`: a youth out of contract has had one.

    Of two that start on the same day the later in the list stays (domain.md §3.2).
    """
    gardes = {debut: (fin, rupture) for debut, fin, rupture in contrats if debut is not None}
    return max(
        debut
        for debut, (fin, rupture) in gardes.items()
        if debut < jour and (rupture > debut if rupture is not None else fin is None or fin >= debut)
    )
