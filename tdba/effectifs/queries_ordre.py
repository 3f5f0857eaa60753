"""The order of the list: a total one for every sort, empty values last, and where a record stands in it."""

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, or_, tuple_

from tdba import scope
from tdba.db import db
from tdba.effectifs.filtres import Filtres
from tdba.effectifs.models import Effectif
from tdba.effectifs.queries_filtres import rang_du_jour
from tdba.organismes.models import Organisme
from tdba.scope import Droit


class Curseur(NamedTuple):
    id: int
    cle: Any
    vers_l_avant: bool


def cle_de_tri(filtres: Filtres, jour: date) -> ColumnElement[Any]:
    cles: dict[str, Any] = {
        "nom": Effectif.recherche,
        "naissance": Effectif.date_naissance,
        "statut": Effectif.bornes[rang_du_jour(jour)],
        "formation": Effectif.formation,
        "niveau": Effectif.niveau,
        "annee": Effectif.annee_scolaire,
        "entree": Effectif.date_entree,
        "fin": Effectif.date_fin,
        "site": Organisme.nom,
        "transmis": Effectif.transmis_le,
    }
    return cles[filtres.tri]  # type: ignore[no-any-return]


def selectionner(filtres: Filtres, *colonnes: Any) -> Select[Any]:
    """Start a SELECT within the reach; it joins the sites only to sort by their names."""
    requete = scope.select_for(Effectif, Droit.VOIR_NOMINATIF, *colonnes)
    if filtres.tri == "site":
        requete = requete.join(Organisme, Organisme.id == Effectif.organisme_id)
    return requete


def repere_de(filtres: Filtres, effectif_id: int, jour: date, *, vers_l_avant: bool) -> Curseur | None:
    """Where a record stands in the order of the list; None when it is gone, or not reached."""
    requete = selectionner(filtres, Effectif.id, cle_de_tri(filtres, jour).label("cle"))
    ligne = db.session.execute(requete.where(Effectif.id == effectif_id)).one_or_none()
    return None if ligne is None else Curseur(ligne.id, ligne.cle, vers_l_avant)


def ordonner(
    requete: Select[Any], cle: Any, cle_primaire: Any, *, croissant: bool, vides_a_la_fin: bool
) -> Select[Any]:
    """A total order: empty values last (first when reading backwards), the id as tie-break."""
    trie = cle.asc() if croissant else cle.desc()
    trie = trie.nulls_last() if vides_a_la_fin else trie.nulls_first()
    if cle is Effectif.recherche:  # never empty: the plain order is the one of the index
        trie = cle.asc() if croissant else cle.desc()
    return requete.order_by(trie, cle_primaire.asc() if croissant else cle_primaire.desc())


def au_dela(cle: Any, curseur: Curseur, sens: str, *, vers_l_avant: bool) -> ColumnElement[bool]:
    """The rows after the cursor in the order of the list (before it when not `vers_l_avant`), itself excluded."""
    monte = (sens == "asc") == vers_l_avant
    compare = Effectif.id > curseur.id if monte else Effectif.id < curseur.id
    if curseur.cle is None:
        meme = and_(cle.is_(None), compare)
        return meme if vers_l_avant else or_(cle.isnot(None), meme)
    couple, repere = tuple_(cle, Effectif.id), tuple_(curseur.cle, curseur.id)
    suite = couple > repere if monte else couple < repere
    return or_(suite, cle.is_(None)) if vers_l_avant and cle is not Effectif.recherche else suite
