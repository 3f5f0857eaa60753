"""What stands before and after a record in a list: two statements, whatever the filters."""

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import false, func, select

from tdba import scope
from tdba.db import db
from tdba.effectifs.filtres import Filtres
from tdba.effectifs.models import Effectif
from tdba.effectifs.queries_filtres import conditions_de
from tdba.effectifs.queries_lignes import COMPTE_EXACT
from tdba.effectifs.queries_ordre import au_dela, cle_de_tri, ordonner, repere_de, selectionner
from tdba.effectifs.recherche import Criteres
from tdba.scope import Droit


class Entourage(NamedTuple):
    """The records before and after one, its rank and the total. No rank: it is not in the list, or too far to count."""

    precedent: int | None
    suivant: int | None
    rang: int | None
    total: int | None


def autour(filtres: Filtres, criteres: Criteres | None, effectif_id: int, jour: date) -> Entourage | None:
    """What stands around a record in the list, even when it left it; None when the record itself is not reached."""
    repere = repere_de(filtres, effectif_id, jour, vers_l_avant=True)
    if repere is None:
        return None
    conditions = conditions_de(filtres, criteres, jour)
    cle = cle_de_tri(filtres, jour)

    def voisin(*, apres: bool) -> Any:
        requete = selectionner(filtres, Effectif.id).where(
            *conditions, au_dela(cle, repere, filtres.sens, vers_l_avant=apres)
        )
        croissant = (filtres.sens == "asc") == apres
        ordonnee = ordonner(requete, cle, Effectif.id, croissant=croissant, vides_a_la_fin=apres)
        return ordonnee.limit(1).scalar_subquery()

    avant = au_dela(cle, repere, filtres.sens, vers_l_avant=False).label("avant")
    presente = (Effectif.id == effectif_id).label("presente")
    lot = selectionner(filtres, avant, presente).where(*conditions).limit(COMPTE_EXACT + 1).subquery()
    requete = select(
        voisin(apres=False),
        voisin(apres=True),
        func.count(),
        func.count().filter(lot.c.avant),
        func.coalesce(func.bool_or(lot.c.presente), false()),
    ).select_from(lot)
    precedent, suivant, total, avant_elle, dedans = db.session.execute(
        scope.autorisee(requete, Droit.VOIR_NOMINATIF)
    ).one()
    if total > COMPTE_EXACT:
        return Entourage(precedent, suivant, None, None)
    return Entourage(precedent, suivant, avant_elle + 1 if dedans else None, total)
