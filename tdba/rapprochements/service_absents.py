"""Answering "Pourquoi je ne vois pas ce jeune ?": what is held, what was received and made no record, else nothing."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from tdba.effectifs.recherche import Criteres
from tdba.rapprochements import absents, annonces, motifs, queries_absents
from tdba.rapprochements.absents import Explication, Trouvee
from tdba.rapprochements.annonces import Annonce
from tdba.rapprochements.comparaison import Raison
from tdba.rapprochements.populations import APPRENTIS
from tdba.rapprochements.queries_absents import LigneSansFiche
from tdba.rapprochements.queries_lignes import SANS_FICHE
from tdba.transmissions import lignes

LIGNES_MONTREES: int = 20
_FAUTES_MAX: int = 3


class FicheVue(NamedTuple):
    """A record found, and why it is not where it was looked for."""

    fiche: Trouvee
    pourquoi: Explication


class LigneVue(NamedTuple):
    """A line found, which made no record, and why."""

    ligne: LigneSansFiche
    qui: Annonce
    raison: Raison
    phrase: str
    que_faire: str
    geste: str


class Reponse(NamedTuple):
    """What answers the search."""

    fiches: Sequence[FicheVue]
    lignes: Sequence[LigneVue]


def chercher(criteres: Criteres, *, jour: date, maintenant: datetime) -> Reponse:
    """Look everywhere within the reach of the current person. Three statements."""
    fiches = [FicheVue(t, absents.expliquer(t, jour)) for t in queries_absents.fiches(criteres, jour)]
    trouvees: list[LigneVue] = []
    vues: set[Any] = set()
    for ligne in queries_absents.lignes_sans_fiche(maintenant):
        qui = annonces.qui(lignes.lire(ligne.contenu, source=ligne.source).valeurs)
        cle = (qui.id_erp, qui.dit(0, APPRENTIS).recherche, ligne.etat)
        if cle in vues or not repond(qui, criteres):
            continue
        vues.add(cle)  # the same person is refused every night: the last time says it
        trouvees.append(_vue(ligne, qui))
        if len(trouvees) == LIGNES_MONTREES:
            break
    return Reponse(fiches, trouvees)


def repond(qui: Annonce, criteres: Criteres) -> bool:
    """What a line names answers the search as a record would: every word, every date, or the number itself."""
    if criteres.vide or criteres.impossible is not None:
        return False
    if qui.id_erp is not None and qui.id_erp == criteres.entier:
        return True
    recherche = f" {qui.dit(0, APPRENTIS).recherche or ''} "
    mots = all(
        qui.id_erp == terme.brut or all(mot in recherche for mot in terme.mots) for terme in criteres.termes
    )
    return mots and all(qui.naissance == jour for jour in criteres.naissances)


def _vue(ligne: LigneSansFiche, qui: Annonce) -> LigneVue:
    raison = SANS_FICHE[ligne.etat]
    fautes = [[(e.get("path") or [""])[0], e.get("message", "")] for e in ligne.erreurs[:_FAUTES_MAX]]
    dits = {"ligne": ligne.rang, "le": ligne.recue_le.isoformat(), "erreurs": fautes}
    return LigneVue(
        ligne,
        qui,
        raison,
        motifs.phrase(raison, dits),
        motifs.que_faire(raison, dits),
        motifs.MOTIFS[raison].geste,
    )
