"""Reading the watch list. Every row comes from `selection`, within reach of CORRIGER."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import CTE, ColumnElement, Select, any_, case, func, literal, select, true

from tdba import scope
from tdba.comptes.models import Personne
from tdba.db import db
from tdba.effectifs.models import Effectif
from tdba.organismes.models import Entreprise, Organisme
from tdba.ruptures.pages import Page
from tdba.ruptures.queries import Position
from tdba.scope import Droit
from tdba.vigilance import regles, selection
from tdba.vigilance.faits import faits
from tdba.vigilance.models import Geste
from tdba.vigilance.queries_personne import Ligne, ligne_de, note_lisible
from tdba.vigilance.regles import Faits, Regle

TAILLE: Final = 25
"""Rows of a page."""


@dataclass(frozen=True, slots=True)
class Comptes:
    """How many are to be watched, in all and by rule, how many of them since Monday, and how many were seen."""

    total: int
    nouveaux: int
    vus: int
    regles: dict[Regle, int]


class Etat(NamedTuple):
    """One state of the list: a site, a rule, or those already seen."""

    site: int | None = None
    regle: Regle | None = None
    vues: bool = False


def compter(jour: date) -> int:
    """How many people the current person has to watch; 0 for who follows no CFA."""
    if not scope.courant().a(Droit.CORRIGER):
        return 0
    p = selection.personnes(selection.raisons(faits(jour), jour), jour)
    requete = select(func.count()).select_from(p).where(p.c.nombre > 0)
    return int(db.session.execute(scope.autorisee(requete, Droit.CORRIGER)).scalar_one())


def page(jour: date, etat: Etat, position: Position) -> tuple[Comptes, Page[Ligne]]:
    """The counts of the tabs, and one page in its order. A position whose row has left the list gives the first page."""
    comptes, trouvees = _lire_page(jour, etat, position)
    if trouvees or position == Position():
        return comptes, _page(trouvees)
    comptes, trouvees = _lire_page(jour, etat, Position())
    return comptes, _page(trouvees, perdue=True)


def retenues(personnes: Any, etat: Etat) -> list[ColumnElement[bool]]:
    """The people of that state, among those named."""
    c = personnes.c
    conditions = [c.nombre == 0 if etat.vues else c.nombre > 0]
    if etat.regle is not None:
        conditions.append(literal(str(etat.regle)) == any_(c.vues if etat.vues else c.regles))
    return conditions


def lignes(jour: date, etat: Etat, condition: Any) -> list[Ligne]:
    """The rows of that state that `condition`, given their keys, keeps; in any order."""
    f = faits(jour, etat.site)
    p = selection.personnes(selection.raisons(f, jour), jour)
    requete = _afficher(p, f).where(*retenues(p, etat), condition(p.c.effectif_id))
    lues = db.session.execute(scope.autorisee(requete, Droit.CORRIGER)).all()
    return [_ligne(lue, jour) for lue in lues]


def cles(jour: date, etat: Etat, *colonnes: Any) -> Select[Any]:
    """Key, effectif, and `colonnes` of `effectif`, of every person of that state, in the order of the list."""
    p = selection.personnes(selection.raisons(faits(jour, etat.site), jour), jour)
    requete = (
        select(p.c.effectif_id.label("cle"), p.c.effectif_id, *colonnes)
        .select_from(p)
        .join(Effectif, Effectif.id == p.c.effectif_id)
        .where(*retenues(p, etat))
        .order_by(*selection.ordre(p, vues=etat.vues))
    )
    return scope.autorisee(requete, Droit.CORRIGER)


def _lire_page(jour: date, etat: Etat, position: Position) -> tuple[Comptes, list[tuple[int, int, Ligne]]]:
    """Rows of the page with their rank and the total, beside the counts: facts are read once for both."""
    f = faits(jour, etat.site)
    p = selection.personnes(selection.raisons(f, jour), jour)
    nombres = _nombres(p, jour)
    choisies = _choisies(p, etat, position)
    rangees = _afficher(choisies, f, choisies.c.rang, choisies.c.total).subquery("rangees")
    requete = select(nombres, rangees).select_from(nombres).outerjoin(rangees, true())
    lues = db.session.execute(scope.autorisee(requete, Droit.CORRIGER)).all()
    n = len(nombres.c)
    total, nouveaux, vus, *par_regle = lues[0][:n]
    comptes = Comptes(total, nouveaux, vus, dict(zip(Regle, par_regle, strict=True)))
    trouvees = [(lue[n], lue[n + 1], _ligne(lue[n + 2 :], jour)) for lue in lues if lue[n] is not None]
    return comptes, sorted(trouvees, key=lambda rangee: rangee[0])


def _nombres(p: CTE, jour: date) -> CTE:
    """The first sentence of the page and the counts of its tabs, whatever the tab looked at."""
    lundi = jour - timedelta(days=jour.weekday())
    nommees = [
        func.count().filter(literal(str(r)) == any_(p.c.regles)).label(f"regle_{rang}")
        for rang, r in enumerate(Regle)
    ]
    return (
        select(
            func.count().filter(p.c.nombre > 0).label("a_voir"),
            func.count().filter(p.c.depuis >= lundi).label("nouveaux"),
            func.count().filter(p.c.nombre == 0).label("vus"),
            *nommees,
        )
        .select_from(p)
        .cte("nombres")
    )


def _choisies(p: CTE, etat: Etat, position: Position) -> CTE:
    """The people of one page, ranked in the whole list."""
    rang = func.row_number().over(order_by=selection.ordre(p, vues=etat.vues)).label("rang")
    total = func.count().over().label("total")
    rangs = select(p, rang, total).where(*retenues(p, etat)).cte("rangs")
    requete = select(rangs).limit(TAILLE)
    repere = position.apres if position.avant is None else position.avant
    if repere is not None:
        repere_rang = select(rangs.c.rang).where(rangs.c.effectif_id == repere).scalar_subquery()
        suite = rangs.c.rang > repere_rang if position.avant is None else rangs.c.rang < repere_rang
        requete = requete.where(suite)
    return requete.order_by(rangs.c.rang.desc() if position.avant is not None else rangs.c.rang).cte(
        "choisies"
    )


def _page(trouvees: Sequence[tuple[int, int, Ligne]], *, perdue: bool = False) -> Page[Ligne]:
    if not trouvees:
        return Page([], 0, 0, perdue)
    return Page([ligne for _, _, ligne in trouvees], trouvees[0][0], trouvees[0][1], perdue)


def _afficher(personnes: CTE, f: CTE, *avant: Any) -> Select[Any]:
    """People with what a screen shows of them and the facts of their sentences."""
    regard = (
        select(
            Geste.cree_le.label("le"),
            (Personne.prenom + " " + Personne.nom).label("qui"),
            case((note_lisible(), Geste.note)).label("note"),
        )
        .join(Personne, Personne.id == Geste.personne_id)
        .where(Geste.effectif_id == personnes.c.effectif_id)
        .order_by(Geste.cree_le.desc(), Geste.note.is_(None), Geste.id.desc())
        .limit(1)
        .correlate(personnes)
        .lateral("regard")
    )
    qui: list[Any] = [Organisme.nom.label("site"), Effectif.nom, Effectif.prenom, Effectif.sexe]
    qui += [Effectif.date_naissance, Effectif.formation]
    colonnes: list[Any] = [f.c[nom] for nom in Faits._fields if nom != "employeur_nom"]
    colonnes.insert(Faits._fields.index("employeur_nom"), Entreprise.nom)
    p = personnes.c
    vu = [p.regles, p.vues, p.revoir_le, regard.c.le, regard.c.qui, regard.c.note]
    return (
        select(*avant, Effectif.id, Effectif.organisme_id, *qui, *vu, *colonnes)
        .select_from(personnes)
        .join(f, f.c.effectif_id == p.effectif_id)
        .join(Effectif, Effectif.id == p.effectif_id)
        .join(Organisme, Organisme.id == Effectif.organisme_id)
        .outerjoin(Entreprise, Entreprise.siret == f.c.employeur_siret)
        .outerjoin(regard, true())
    )


_AVANT_FAITS: Final = 14


def _ligne(lue: Sequence[Any], jour: date) -> Ligne:
    qui, (a_voir, vues, revoir_le, *regard) = lue[:8], lue[8:_AVANT_FAITS]
    f = Faits._make(lue[_AVANT_FAITS:])
    voulues = a_voir or vues
    trouves = [c for c in regles.constats(f, jour) if c.regle in voulues]
    return ligne_de(qui, f, trouves, [a_voir is None, revoir_le, *regard], jour)
