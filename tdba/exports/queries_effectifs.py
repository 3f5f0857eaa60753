"""The list of effectifs as an export reads it: the same filters, the same order, the same reach as its screen (issue 5 part 7).

The keys are read once, in the order of the list; rows are then read by batches, each one limited by the scope again.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    SmallInteger,
    and_,
    any_,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.selectable import LateralFromClause

from tdba import scope
from tdba.db import db
from tdba.effectifs import ajouts, etiquettes, filtres, queries_liste, recherche, service_liste
from tdba.effectifs.etiquettes import Offre
from tdba.effectifs.filtres import Filtres
from tdba.effectifs.models import Contrat, Effectif, Periode
from tdba.effectifs.queries_filtres import conditions_de, rang_du_jour
from tdba.effectifs.queries_ordre import cle_de_tri, ordonner, selectionner
from tdba.effectifs.recherche import Criteres
from tdba.exports.colonnes import SANS_STATUT, Colonne
from tdba.organismes.models import Organisme
from tdba.ruptures.regles import ne_au_plus_tard
from tdba.ruptures.selection import jour_de
from tdba.scope import Droit

Arguments = Mapping[str, Sequence[str]]


class FiltreDisparu(Exception):
    """A filter means nothing any more to this person: without it the file would hold more than was asked."""


class Etat(NamedTuple):
    """One state of the list."""

    filtres: Filtres
    texte: str | None
    """What was searched."""


def comprendre(arguments: Arguments, texte: str | None) -> Etat:
    """Read the state of the list, as its screen does. Raises FiltreDisparu for a filter that would be set aside."""
    lus = service_liste.lire(arguments)
    if lus.ignores:
        raise FiltreDisparu
    return Etat(filtres.changer(lus, r="", vue=None), texte)


def criteres(etat: Etat) -> str:
    """The query string of that state, without any search (decision 35)."""
    return filtres.vers_url(etat.filtres).removeprefix("?")


def en_mots(etat: Etat) -> list[str]:
    """What was chosen, as the tags of the list say it."""
    facettes, permis_lus = queries_liste.facettes(), service_liste.permis()
    offre = Offre(
        etiquettes.statuts_offerts(scope.courant().portee(Droit.VOIR_NOMINATIF).statuts),
        facettes.formations,
        facettes.annees,
        _le_site(etat.filtres.site),
        permis_lus.du_cfa,
        [(nom, ajoute.libelle, dict(ajoute.choix())) for nom, ajoute in ajouts.FILTRES.items()],
    )
    return [e.libelle for e in etiquettes.choisies(etat.filtres, offre, etat.texte)]


def _le_site(cle: int | None) -> list[tuple[int, str]]:
    requete = select(Organisme.id, Organisme.nom).where(Organisme.id == cle)
    return [] if cle is None else [(lu, nom) for lu, nom in db.session.execute(requete)]


def selection(etat: Etat, jour: date) -> Select[Any]:
    """(key, effectif, minor) of every row of the list, in its order."""
    colonnes = (Effectif.id.label("cle"), Effectif.id.label("effectif_id"), mineur(jour))
    requete = selectionner(etat.filtres, *colonnes)
    return ordonner(
        requete.where(*conditions_de(etat.filtres, _cherche(etat, jour), jour)),
        cle_de_tri(etat.filtres, jour),
        Effectif.id,
        croissant=etat.filtres.sens == "asc",
        vides_a_la_fin=True,
    )


def _cherche(etat: Etat, jour: date) -> Criteres | None:
    """What is looked for: as on the screen, the records near what was typed when none matches it."""
    if etat.texte is None:
        return None
    lu = recherche.comprendre(etat.texte)
    exacts = selectionner(etat.filtres, Effectif.id).where(*conditions_de(etat.filtres, lu, jour))
    trouve = db.session.execute(exacts.limit(1)).first()
    return lu if trouve is not None else service_liste.approcher(etat.filtres, lu, jour)


def mineur(jour: date) -> ColumnElement[bool]:
    return (Effectif.date_naissance > jour_de(ne_au_plus_tard(jour, 18))).label("mineur")


def parmi_les_cles(colonne: Any, cles: Sequence[int]) -> ColumnElement[bool]:
    """The rows of a batch: one bind whatever its size."""
    trouvee: ColumnElement[bool] = colonne == any_(bindparam(None, list(cles), type_=ARRAY(BigInteger)))
    return trouvee


def lignes(_etat: Etat, cles: Sequence[int], colonnes: Sequence[Colonne], jour: date) -> list[Sequence[Any]]:
    """The rows of these keys still within reach, the key first, in any order."""
    contrat = _dernier_contrat()
    expressions = _expressions(jour, contrat)
    voulues = [
        permis(expressions[c.code] if c.code in expressions else getattr(Effectif, c.code), c.droits)
        for c in colonnes
    ]
    requete = scope.select_for(Effectif, Droit.VOIR_NOMINATIF, Effectif.id, *voulues)
    requete = requete.join(Organisme, Organisme.id == Effectif.organisme_id)
    if any(c.code in _DU_CONTRAT for c in colonnes):
        requete = requete.outerjoin(contrat, true())
    return list(db.session.execute(requete.where(parmi_les_cles(Effectif.id, cles))))


def permis(expression: ColumnElement[Any], droits: frozenset[Droit]) -> ColumnElement[Any]:
    """The value where these rights reach the row, nothing elsewhere (a reach may differ from one right to the next)."""
    acteur = scope.courant()
    manquants = [d for d in droits if acteur.portee(d) != acteur.portee(Droit.VOIR_NOMINATIF)]
    if not manquants:
        return expression
    return case((and_(*(scope.predicat(Effectif, droit) for droit in manquants)), expression), else_=null())


_DU_CONTRAT: Final = ("contrat_debut", "contrat_fin", "contrat_rupture", "employeur_siret")


def _dernier_contrat() -> LateralFromClause:
    """The contract begun last, whatever the source."""
    colonnes = (Contrat.debut, Contrat.fin, Contrat.rupture, Contrat.employeur_siret)
    return (
        select(*colonnes)
        .where(Contrat.effectif_id == Effectif.id, scope.predicat(Contrat, Droit.CORRIGER))
        .order_by(Contrat.debut.desc().nulls_last(), Contrat.rang.desc())
        .limit(1)
        .lateral("contrat_dernier")
    )


def age(jour: date) -> ColumnElement[Any]:
    """Age in full years on that day."""
    return cast(func.date_part("year", func.age(jour_de(jour), Effectif.date_naissance)), SmallInteger)


def _statut(jour: date) -> ColumnElement[Any]:
    """The key in `colonnes.STATUTS`."""
    rang = rang_du_jour(jour)
    motif = (
        select(Periode.motif)
        .where(Periode.effectif_id == Effectif.id, Periode.rang == rang - 1)
        .scalar_subquery()
    )
    return case(
        (func.cardinality(Effectif.bornes) == 0, literal(SANS_STATUT)),
        (rang == 0, literal(0)),
        else_=Effectif.statuts[rang] * 100 + func.coalesce(motif, 0),
    )


def _expressions(jour: date, contrat: LateralFromClause) -> Mapping[str, Any]:
    """Code of a column → its SQL, for those that are not columns of `effectif`."""
    return {
        "age": age(jour),
        "statut": _statut(jour),
        "depuis": Effectif.bornes[rang_du_jour(jour)],
        "contrat_debut": contrat.c.debut,
        "contrat_fin": contrat.c.fin,
        "contrat_rupture": contrat.c.rupture,
        "employeur_siret": contrat.c.employeur_siret,
        "etablissement": Organisme.nom,
        "uai": Organisme.uai,
        "siret": Organisme.siret,
    }
