"""What the columns of a file mean: proposed, remembered for its establishment, or asked (issue 4, part 2)."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from tdba import scope
from tdba.db import db
from tdba.depots.cellules import Cellule, Rangee
from tdba.depots.conversion import Correspondance
from tdba.depots.correspondance import (
    Proposition,
    Raison,
    champs_manquants,
    copies_proposees,
    signature,
)
from tdba.depots.correspondance import proposer as proposer_colonnes
from tdba.depots.lecture import Feuille
from tdba.depots.models import CorrespondanceRetenue, Depot
from tdba.scope import Droit

EXEMPLES_MONTRES: Final = 3
_LONGUEUR: Final = 60


def proposer(depot: Depot, feuille: Feuille, debut: Sequence[Rangee]) -> bool:
    """Match the columns by what is known of them. False when the person has to look: the first rows are kept for that."""
    retenue = _retenue(depot.organisme_id, feuille.entetes)
    exemples = [cellules for _, cellules in debut]
    proposition = proposer_colonnes(feuille.entetes, exemples, dict(retenue.colonnes) if retenue else None)
    constantes = dict(retenue.constantes) if retenue else {}
    colonnes = [colonne.champ for colonne in proposition.colonnes]
    remarques = [remarque.phrase for remarque in feuille.remarques]
    if _sans_question(proposition, constantes):
        donnes = [*(champ for champ in colonnes if champ), *constantes]
        depot.correspondance = {
            "entetes": list(feuille.entetes),
            "colonnes": colonnes,
            "constantes": constantes,
            "copies": copies_proposees(donnes),
        }
        depot.comptes = depot.comptes | {"remarques": remarques}
        return True
    depot.apercu = {
        "entetes": list(feuille.entetes),
        "exemples": [_exemples(exemples, rang) for rang in range(len(feuille.entetes))],
        "colonnes": [[c.champ, c.raison.value] for c in proposition.colonnes],
        "constantes": constantes,
        "remarques": remarques,
    }
    depot.comptes = depot.comptes | {"remarques": remarques}
    return False


def correspondance_de(depot: Depot) -> Correspondance:
    """What was said of the columns, by us or by the person."""
    dite: dict[str, Any] = depot.correspondance or {}
    return Correspondance(tuple(dite["colonnes"]), dite["constantes"], dite["copies"])


def _sans_question(proposition: Proposition, constantes: dict[str, str]) -> bool:
    """Our template, or a layout of this establishment that was confirmed before, with nothing missing."""
    sues = all(
        c.raison in (Raison.MODELE, Raison.RETENUE) or (c.champ is None and c.raison is not Raison.INCONNUE)
        for c in proposition.colonnes
    )
    donnes = [*(c.champ for c in proposition.colonnes if c.champ), *constantes]
    return sues and not champs_manquants(donnes, copies_proposees(donnes))


def _retenue(organisme_id: int, entetes: Sequence[str]) -> CorrespondanceRetenue | None:
    requete = scope.select_for(CorrespondanceRetenue, Droit.CORRIGER).where(
        CorrespondanceRetenue.organisme_id == organisme_id,
        CorrespondanceRetenue.signature == bytes.fromhex(signature(entetes)),
    )
    trouvee: CorrespondanceRetenue | None = db.session.execute(requete).scalar_one_or_none()
    return trouvee


def _exemples(exemples: Sequence[Sequence[Cellule]], rang: int) -> list[str]:
    """The first different values of a column."""
    vues = dict.fromkeys(_texte(cellules[rang]) for cellules in exemples if cellules[rang] is not None)
    return list(vues)[:EXEMPLES_MONTRES]


def _texte(cellule: Cellule) -> str:
    if isinstance(cellule, bool):
        return "oui" if cellule else "non"
    texte = cellule.strftime("%d/%m/%Y") if isinstance(cellule, date) else str(cellule)
    return texte if len(texte) <= _LONGUEUR else texte[:_LONGUEUR] + "…"
