"""What a digest counts, under the scope of the person who will read it. Every count is a list that they open in one click.

The lines about files come from one set of conditions, `conditions`: the digest counts what each keeps, `queries_listes`
shows it. Frozen files are nowhere (`selection.tous_ouverts`).
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Subquery, and_, case, exists, func, not_, or_, select

from tdba import horloge, scope
from tdba.db import db
from tdba.liaisons.models import Liaison
from tdba.points import queries as points
from tdba.points.genres import DELAI, NON_COMPTE
from tdba.points.queries import Filtres
from tdba.recaps import mots
from tdba.recaps.mots import Ligne
from tdba.ruptures import presence, selection
from tdba.ruptures.models import Dossier
from tdba.ruptures.regles import JOURS_DE_TOLERANCE, RUPTURE, semaine_de
from tdba.scope import Droit
from tdba.vigilance import queries as vigilance

AUTRES: Final[Mapping[str, str]] = {
    mots.VIGILANCE: "/vigilance",
    mots.NON_COMPTES: f"/a-regler?consequence={NON_COMPTE}",
    mots.EN_DELAI: f"/a-regler?consequence={DELAI}",
}
"""Line → the page of another slice that lists it."""


def horizon(jour: date) -> date:
    """The day before which a deadline is close."""
    return semaine_de(jour).horizon


def lignes(personne_id: int, jour: date, depuis: date) -> list[Ligne]:
    """The lines of one organisation, in the order of the mail; a count of zero is no line."""
    comptes = _dossiers(personne_id, jour, depuis)
    comptes[mots.VIGILANCE] = vigilance.compter(jour)
    comptes[mots.NON_COMPTES] = points.resume(Filtres(consequence=NON_COMPTE)).total
    comptes[mots.EN_DELAI] = points.resume(Filtres(consequence=DELAI)).total
    return [Ligne(code, comptes[code], _chemin(code, depuis)) for code in mots.ORDRE if comptes[code]]


def _chemin(code: str, depuis: date) -> str:
    if code in AUTRES:
        return AUTRES[code]
    nouvelles = f"?depuis={depuis.isoformat()}" if code in mots.DATEES else ""
    return f"/recapitulatif/{mots.ADRESSES[code]}{nouvelles}"


def _dossiers(personne_id: int, jour: date, depuis: date) -> dict[str, int]:
    """What the worklists hold, counted in one statement."""
    ouverts = selection.tous_ouverts(jour)
    voulues = conditions(ouverts, personne_id, jour, depuis)
    requete = (
        select(*(func.count().filter(condition) for condition in voulues.values()))
        .select_from(ouverts)
        .outerjoin(Dossier, Dossier.id == ouverts.c.dossier_id)
    )
    comptes = db.session.execute(scope.autorisee(requete, Droit.CORRIGER)).one()
    return dict(zip(voulues, comptes, strict=True))


def conditions(
    ouverts: Subquery, personne_id: int, jour: date, depuis: date
) -> dict[str, ColumnElement[bool]]:
    """Line → the open files that it holds; `Dossier` is outer-joined, since some are not written yet."""
    semaine, c = semaine_de(jour), ouverts.c
    au = selection.jour_de(jour)
    repondu = exists().where(Liaison.dossier_id == Dossier.id, Liaison.repondu_le >= _minuit(depuis))
    recu = and_(c.genre == RUPTURE, Dossier.cree_le >= _minuit(depuis))
    return {
        mots.A_APPELER: selection.raison_d_appel(ouverts, semaine).is_not(None),
        mots.ECHEANCES: selection.echeance_proche(ouverts, semaine),
        mots.ETAPES: and_(c.referent_id == personne_id, c.prochaine_le <= au),
        mots.SANS_REFERENT: c.referent_id.is_(None),
        # A rupture may be told long after its day: it is news when it is received.
        mots.NOUVEAUX: or_(c.depuis > selection.jour_de(depuis), func.coalesce(recu, False)),
        mots.PRESENCE: _a_demander(ouverts, jour),
        mots.REPONSES: repondu,
    }


def _a_demander(ouverts: Subquery, jour: date) -> ColumnElement[bool]:
    """`presence.a_demander`: the delay has passed, and no "yes" of less than thirty days was said."""
    c = ouverts.c
    passe = or_(c.passee == 1, c.jours >= case(JOURS_DE_TOLERANCE, value=c.genre))
    frais = and_(
        Dossier.presence == presence.OUI,
        Dossier.presence_le >= _minuit(jour - timedelta(days=presence.JOURS_DE_REPIT - 1)),
    )
    return and_(passe, not_(func.coalesce(frais, False)))


def _minuit(jour: date) -> datetime:
    return datetime.combine(jour, time(), horloge.PARIS)
