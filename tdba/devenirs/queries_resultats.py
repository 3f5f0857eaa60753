"""What is measured on the files of a CFA: live, in two statements whatever the number of sites (issue 6 part 5).

The same files give the figures and the lists that they lead to. Within reach of CORRIGER and of the follow-up.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Date, and_, case, cast, func, not_, null, select, true, tuple_
from sqlalchemy.orm import aliased

from tdba import scope
from tdba.db import db
from tdba.devenirs import queries
from tdba.devenirs.etats import CONTRAT, JALONS
from tdba.devenirs.filtres import (
    EN_15_JOURS,
    JAMAIS,
    JOURS_PREMIERE_DEMARCHE,
    RECENTS,
    SUIVIS,
    Demande,
    avant,
    jalon_de,
)
from tdba.devenirs.models import Devenir
from tdba.devenirs.queries import Page, jour_de
from tdba.devenirs.resultats import RIEN, Ligne, Mesures, Part, principales
from tdba.effectifs.causes import CAUSES
from tdba.effectifs.models import Contrat, Effectif
from tdba.formats import siret as siret_en_mots
from tdba.organismes.models import Entreprise, Organisme
from tdba.ruptures.models import Demarche, Dossier
from tdba.ruptures.natures import RELAIS
from tdba.scope import Droit

_AXES: Final = ("cause", "formation", "employeur")
_SANS: Final = {
    "cause": "Cause non renseignée",
    "formation": "Formation non renseignée",
    "employeur": "Employeur non renseigné",
}
_GROUPES: Final = {0b011: 0, 0b101: 1, 0b110: 2}
"""What PostgreSQL answers of a set (a bit for each axis left out) → the rank of the axis that it breaks down by."""
Axes = Mapping[str, dict[bool, dict[str | None, Mesures]]]
# Built once: an alias of a table costs milliseconds.
_JALONS: Final = {jalon: aliased(Devenir) for jalon in JALONS}


class Resultats(NamedTuple):
    total: Mesures
    avant: Mesures
    """The same files of the school year before, as they were on the same day of the year."""
    axes: Mapping[str, list[Ligne]]
    calcule_le: datetime | None
    """Last time an outcome was written."""


def resultats(demande: Demande, jour: date) -> Resultats:
    """The figures of the page, and their breakdowns."""
    f = _dossiers(demande, jour)
    axes = [f.c[axe] for axe in _AXES]
    ensembles = [tuple_(f.c.avant), *(tuple_(f.c.avant, axe) for axe in axes)]
    requete = select(f.c.avant, func.grouping(*axes), *axes, func.max(f.c.maj_le), *_mesures(f.c)).group_by(
        func.grouping_sets(*ensembles)
    )
    totaux: dict[bool, Mesures] = {}
    lus: Axes = {axe: {True: {}, False: {}} for axe in _AXES}
    maj: list[datetime] = []
    for ancien, groupe, *reste in db.session.execute(scope.autorisee(requete, Droit.CORRIGER)):
        valeurs, (maj_le, *mesures) = reste[:3], reste[3:]
        maj += [maj_le] if maj_le else []
        if groupe in _GROUPES:
            rang = _GROUPES[groupe]
            lus[_AXES[rang]][ancien][valeurs[rang]] = _lire(mesures)
        else:
            totaux[ancien] = _lire(mesures)
    return Resultats(totaux.get(False, RIEN), totaux.get(True, RIEN), _axes(lus), max(maj, default=None))


def liste(demande: Demande, jour: date, qui: str, *, apres: int | None = None) -> Page:
    """The youths of one figure of this year, by opening."""
    f = _dossiers(demande, jour)
    parmi = select(f.c.id).where(not_(f.c.avant), _dans_le_chiffre(f.c, qui))
    jalon = jalon_de(qui)
    d = Devenir
    if jalon is None:
        requete = select(*queries.colonnes(null(), null(), null())).select_from(Dossier)
    else:
        requete = select(*queries.colonnes(d.jalon, d.etat, d.source)).select_from(Dossier)
        requete = requete.join(d, and_(d.dossier_id == Dossier.id, d.jalon == jalon[0]))
    requete = (
        requete.join(Effectif, Effectif.id == Dossier.effectif_id)
        .join(Organisme, Organisme.id == Effectif.organisme_id)
        .where(Dossier.id.in_(parmi))
    )
    nombre = scope.autorisee(select(func.count()).select_from(parmi.subquery()), Droit.CORRIGER)
    total = int(db.session.execute(nombre).scalar_one())
    return queries.page(queries.limiter(requete), total, apres)


def _dossiers(demande: Demande, jour: date) -> Any:
    """The files of two school years, each read as known on its day, with what is measured on them."""
    ancien = Dossier.ouvert_du < jour_de(demande.debut)
    au = case((ancien, jour_de(avant(jour))), else_=jour_de(jour))
    premiere = _premiere_demarche(au)
    contrat = _contrat()
    requete = select(
        Dossier.id,
        ancien.label("avant"),
        contrat.c.cause_legale.label("cause"),
        Effectif.formation.label("formation"),
        contrat.c.employeur_siret.label("employeur"),
        (au - Dossier.ouvert_du).label("recul"),
        func.greatest(premiere - Dossier.ouvert_du, 0).label("delai"),
        (premiere.is_not(None)).label("suivi"),
        func.greatest(*(v.maj_le for v in _JALONS.values())).label("maj_le"),
        *(v.etat.label(f"etat_{jalon}") for jalon, v in _JALONS.items()),
    ).select_from(Dossier)
    requete = requete.join(Effectif, Effectif.id == Dossier.effectif_id).outerjoin(contrat, true())
    for jalon, v in _JALONS.items():
        requete = requete.outerjoin(
            v, and_(v.dossier_id == Dossier.id, v.jalon == jalon, Dossier.ouvert_du + jalon <= au)
        )
    requete = requete.where(Dossier.genre == demande.genre, Dossier.ouvert_du <= au, queries.compte()).where(
        Dossier.ouvert_du >= jour_de(demande.debut.replace(year=demande.annee - 1)),
        Dossier.ouvert_du < jour_de(demande.fin),
    )
    if demande.site is not None:
        requete = requete.where(Dossier.organisme_id == demande.site)
    return queries.limiter(requete).subquery("f")


def _premiere_demarche(au: ColumnElement[date]) -> ColumnElement[date]:
    """The Paris day of the first step, when it was taken by that day; one noted before a future rupture counts too."""
    le = cast(func.timezone("Europe/Paris", func.min(Demarche.le)), Date)
    return (
        select(case((le <= au, le)))
        .where(Demarche.dossier_id == Dossier.id, Demarche.retiree_le.is_(None), Demarche.nature != RELAIS)
        .correlate(Dossier)
        .scalar_subquery()
    )


def _contrat() -> Any:
    """The contract that the file is about: none without a contract."""
    return (
        select(Contrat.cause_legale, Contrat.employeur_siret)
        .where(Contrat.effectif_id == Dossier.effectif_id, Contrat.debut == Dossier.contrat_debut)
        .order_by(Contrat.rang.desc(), Contrat.id.desc())
        .limit(1)
        .correlate(Dossier)
        .lateral("le_contrat")
    )


def _dans_le_chiffre(c: Any, qui: str) -> ColumnElement[bool]:
    """The files that a figure counts (`filtres.QUI`)."""
    jalon = jalon_de(qui)
    if jalon is not None:
        voulu = CONTRAT if jalon[1] else None
        etat: ColumnElement[str] = c[f"etat_{jalon[0]}"]
        return etat.is_not(None) if voulu is None else etat == voulu
    ages: ColumnElement[bool] = c.recul >= JOURS_PREMIERE_DEMARCHE
    choix: dict[str, ColumnElement[bool]] = {
        RECENTS: ages,
        EN_15_JOURS: and_(ages, _rapide(c)),
        SUIVIS: c.suivi,
        JAMAIS: not_(c.suivi),
    }
    return choix.get(qui, true())


def _rapide(c: Any) -> ColumnElement[bool]:
    return and_(c.suivi, c.delai <= JOURS_PREMIERE_DEMARCHE)


def _mesures(c: Any) -> list[Any]:
    """The columns that `_lire` reads, in its order."""
    n = func.count
    mediane = func.percentile_cont(0.5).within_group(c.delai.asc()).filter(c.suivi)
    comptes = [n(), n().filter(_dans_le_chiffre(c, EN_15_JOURS)), n().filter(_dans_le_chiffre(c, RECENTS))]
    comptes += [n().filter(c.suivi), mediane]
    for jalon in JALONS:
        etat = c[f"etat_{jalon}"]
        comptes += [n().filter(etat == CONTRAT), n(etat)]
    return comptes


def _lire(valeurs: Any) -> Mesures:
    total, rapides, ages, suivis, delai, *jalons = valeurs
    contrats = {jalon: Part(*jalons[2 * i : 2 * i + 2]) for i, jalon in enumerate(JALONS)}
    return Mesures(
        total=total, rapides=Part(rapides, ages), suivis=Part(suivis, total), delai=delai, contrats=contrats
    )


def _axes(lus: Axes) -> dict[str, list[Ligne]]:
    noms = _employeurs([cle for cle in lus["employeur"][False] if cle])
    return {
        axe: principales(
            [
                Ligne(cle, _libelle(axe, cle, noms), mesures, lus[axe][True].get(cle, RIEN))
                for cle, mesures in lus[axe][False].items()
            ]
        )
        for axe in _AXES
    }


def _libelle(axe: str, cle: str | None, employeurs: Mapping[str, str]) -> str:
    if cle is None:
        return _SANS[axe]
    if axe == "employeur":
        return employeurs.get(cle, siret_en_mots(cle))
    return CAUSES.get(cle, cle) if axe == "cause" else cle


def _employeurs(sirets: list[str]) -> dict[str, str]:
    """What the register of companies calls them."""
    if not sirets:
        return {}
    requete = select(Entreprise.siret, Entreprise.nom).where(
        Entreprise.siret.in_(sirets), Entreprise.nom.is_not(None)
    )
    return {siret: f"{nom} ({siret_en_mots(siret)})" for siret, nom in db.session.execute(requete)}
