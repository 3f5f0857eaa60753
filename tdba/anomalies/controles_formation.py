"""Checks of the formation: dates, delays, certification. Pure.

Sources: issue 5 part 4; decisions 8 and 9; domain.md §3 (parcours) and §4.5 (certifications).
"""

from collections.abc import Iterator
from datetime import date, timedelta
from math import ceil
from typing import Final

from tdba.anomalies.calendrier import plus_mois
from tdba.anomalies.dossier import Dossier, Trouvee, Validite
from tdba.effectifs.statuts import Statut

MOIS_MAX: Final = 48
MOIS_MIN: Final = 2
JOURS_SANS_CONTRAT: Final = 60
"""A month before the ninety days are over (domain.md §3.3), while there is still time to find an employer."""


def sans_statut(dossier: Dossier, jour: date) -> Iterator[Trouvee]:
    """Impossible input gives no status, and an anomaly that says so (decision 8)."""
    del jour
    # A contract without a start is said of the contract itself.
    for nom in sorted(dossier.sans_parcours - {"CONTRAT_SANS_DEBUT"}):
        yield Trouvee(nom)


def dates_de_formation(dossier: Dossier, jour: date) -> Iterator[Trouvee]:
    """Dates that are missing or out of order. A record without a status already says which dates it lacks."""
    del jour
    if dossier.sans_parcours:
        return
    entree, fin = dossier.date_entree, dossier.date_fin
    if entree is None:
        yield Trouvee("ENTREE_MANQUANTE")
    if fin is None:
        yield Trouvee("FIN_MANQUANTE")
    if entree is None:
        return
    if dossier.date_inscription is not None and entree < dossier.date_inscription:
        yield Trouvee(
            "ENTREE_AVANT_INSCRIPTION", dates={"entree": entree, "inscription": dossier.date_inscription}
        )
    if dossier.date_exclusion is not None and dossier.date_exclusion < entree:
        yield Trouvee("SORTIE_AVANT_ENTREE", dates={"sortie": dossier.date_exclusion, "entree": entree})
    if fin is not None:
        yield from _longueur(entree, fin)


def _longueur(entree: date, fin: date) -> Iterator[Trouvee]:
    apres = fin + timedelta(days=1)
    if apres > plus_mois(entree, MOIS_MAX):
        yield Trouvee("FORMATION_TROP_LONGUE", dates={"entree": entree, "fin": fin})
    elif apres < plus_mois(entree, MOIS_MIN):
        yield Trouvee("FORMATION_TROP_COURTE", dates={"entree": entree, "fin": fin})


def sortie(dossier: Dossier, jour: date) -> Iterator[Trouvee]:
    """Whoever left did so for a reason."""
    del jour
    if dossier.date_exclusion is not None and not dossier.cause_exclusion:
        yield Trouvee("SORTIE_SANS_CAUSE", dates={"sortie": dossier.date_exclusion})


def delais(dossier: Dossier, jour: date) -> Iterator[Trouvee]:
    """Delays that run, or that are over and of which nobody said how they ended (decision 9)."""
    entree, fin = dossier.date_entree, dossier.date_fin
    if fin is not None and fin < jour:
        if dossier.statut is Statut.RUPTURANT and dossier.comptee:
            yield Trouvee("RUPTURANT_APRES_LA_FIN", dates={"fin": fin})
        return
    if dossier.statut is Statut.INSCRIT and entree and (jour - entree).days >= JOURS_SANS_CONTRAT:
        yield Trouvee("SANS_CONTRAT_60_JOURS", dates={"entree": entree})
    # Without an exclusion, ABANDON comes from a delay.
    if dossier.statut is Statut.ABANDON and dossier.date_exclusion is None and dossier.statut_depuis:
        yield Trouvee("DELAI_DEPASSE", dates={"le": dossier.statut_depuis})


def certification(dossier: Dossier, jour: date) -> Iterator[Trouvee]:
    """Codes that are missing, unknown, or that open no session on the day of entry (domain.md §4.5)."""
    del jour
    if dossier.rncp is None and dossier.cfd is None:
        yield Trouvee("CERTIFICATION_MANQUANTE")
        return
    rncp, cfd = dossier.validite_rncp, dossier.validite_cfd
    inconnus = [code for code, v in (("RNCP_INCONNU", rncp), ("CFD_INCONNU", cfd)) if v and not v.connu]
    for code in inconnus:
        yield Trouvee(code)
    if dossier.niveau is None and not inconnus:
        yield Trouvee("NIVEAU_INCONNU")
    entree = dossier.date_entree
    if entree is not None and not _ouverte(rncp, entree):
        yield Trouvee("RNCP_INACTIF", dates={"entree": entree})
    if entree is not None and not _ouverte(cfd, entree):
        yield Trouvee("CFD_FERME", dates={"entree": entree})


def _ouverte(validite: Validite | None, jour: date) -> bool:
    if validite is None or not validite.connu:
        return True
    du, au = validite.ouverture, validite.fermeture
    return (du is None or du <= jour) and (au is None or jour <= au)


def duree(dossier: Dossier, jour: date) -> Iterator[Trouvee]:
    """The theoretical duration, and the year of the formation that it allows."""
    del jour
    if dossier.duree_mois is None and "duree_mois" in dossier.ecartes:
        yield Trouvee("DUREE_INUTILISABLE")
    elif dossier.duree_mois and (dossier.annee_formation or 0) > ceil(dossier.duree_mois / 12):
        yield Trouvee("ANNEE_AU_DELA_DE_LA_DUREE")


CONTROLES: Final = (sans_statut, dates_de_formation, delais, sortie, certification, duree)
