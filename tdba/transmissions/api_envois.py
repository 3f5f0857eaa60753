"""Closing a complete sending: records of the organismes and years it names, that it does not hold, are no longer sent.

Decision 14: they are flagged, never deleted. A refused line still holds its record. The flag goes when the record is
sent again, by any transmission (`effectifs.reception`). A sending of several calls is closed by the last one applied.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection

from tdba import journal, scope
from tdba.effectifs import sql_reception
from tdba.transmissions import sql_envois
from tdba.transmissions.dates import PARIS

PART_MAX: Final = 0.5
NOMBRE_MAX: Final = 20
"""Past both, a sending that says it is complete is taken for a mistake, and flags nothing."""

Nomme = tuple[int, str]
"""An organisme and a school year."""
Tenue = tuple[str, int | None, str | None]
"""The identifier of a line, its organisme and its year: None when they could not be read, which holds it anywhere."""


class Fiche(NamedTuple):
    """A record of somebody named by the sending. `connue`: its sender had sent it before, and last."""

    id: int
    organisme_id: int
    annee_scolaire: str
    id_erp: str
    marquee: bool
    connue: bool


class Absents(NamedTuple):
    """What one organisme would lose sight of, for one school year."""

    organisme_id: int
    annee_scolaire: str
    absents: int
    total: int

    @property
    def de_trop(self) -> bool:
        return self.absents > NOMBRE_MAX and self.absents > PART_MAX * self.total


class Tri(NamedTuple):
    """Records to flag, those whose flag goes, and the count of each organisme and year."""

    absents: list[int]
    retrouves: list[int]
    comptes: list[Absents]


class _Envoi(NamedTuple):
    """The calls of one complete sending, once all are applied: of a part sent twice, the last one."""

    ids: list[int]
    nom: str | None
    transmetteur_id: int
    debut: datetime
    jour: date


def clore(transmission_id: int) -> None:
    """Close the complete sending of this transmission, if all its parts are applied. Running twice changes nothing."""
    connexion = scope.connexion("clôture d’un envoi complet")
    envoi = _envoi(connexion, transmission_id)
    if envoi is None:
        return
    tri = _trier(connexion, envoi)
    connexion.exec_driver_sql(sql_envois.RETROUVES, {"ids": tri.retrouves})
    de_trop = [compte for compte in tri.comptes if compte.de_trop]
    absents = [] if de_trop else tri.absents
    connexion.exec_driver_sql(sql_envois.MARQUER, {"ids": absents, "jour": envoi.jour})
    cloture = {"plus_transmis": len(absents), "retenu": [compte._asdict() for compte in de_trop]}
    connexion.exec_driver_sql(sql_envois.CLORE, {"ids": envoi.ids, "cloture": json.dumps(cloture)})
    journal.consigner(
        "transmission.envoi_clos",
        organisme_id=envoi.transmetteur_id,
        transmission_id=transmission_id,
        plus_transmis=len(absents),
        retenu=sum(compte.absents for compte in de_trop),
    )


def trier(fiches: Iterable[Fiche], nommes: Collection[Nomme], tenues: Collection[Tenue]) -> Tri:
    """Tell the records that the lines hold from those they do not. A record of another sender is not missing."""
    tri, absents, totaux = Tri([], [], []), Counter[Nomme](), Counter[Nomme]()
    for fiche in fiches:
        nomme = (fiche.organisme_id, fiche.annee_scolaire)
        if nomme not in nommes:
            continue
        totaux[nomme] += 1
        if _est_tenue(fiche, tenues):
            if fiche.marquee:
                tri.retrouves.append(fiche.id)
        elif fiche.connue and not fiche.marquee:
            tri.absents.append(fiche.id)
            absents[nomme] += 1
    comptes = [Absents(*nomme, absents[nomme], total) for nomme, total in sorted(totaux.items())]
    return tri._replace(comptes=comptes)


def _est_tenue(fiche: Fiche, tenues: Collection[Tenue]) -> bool:
    return any(
        (fiche.id_erp, organisme_id, annee) in tenues
        for organisme_id in (fiche.organisme_id, None)
        for annee in (fiche.annee_scolaire, None)
    )


def _trier(connexion: Connection, envoi: _Envoi) -> Tri:
    """Read what is named, held and known, under the locks that the application of lines takes, in one order for all."""
    nommes = {(o, a) for o, a in connexion.exec_driver_sql(sql_envois.NOMMES, {"ids": envoi.ids})}
    organismes = sorted({organisme_id for organisme_id, _ in nommes})
    for organisme_id in organismes:
        connexion.exec_driver_sql(sql_reception.VERROU, {"organisme_id": organisme_id})
    cles = envoi._asdict() | {"organismes": organismes, "annees": sorted({annee for _, annee in nommes})}
    autres = connexion.exec_driver_sql(sql_envois.DEPUIS, cles).scalars()
    appels = sorted({*envoi.ids, *autres})
    tenues = {(i, o, a) for i, o, a in connexion.exec_driver_sql(sql_envois.TENUES, {"ids": appels})}
    fiches = (Fiche(*rangee) for rangee in connexion.exec_driver_sql(sql_envois.FICHES, cles))
    return trier(fiches, nommes, tenues)


def _envoi(connexion: Connection, transmission_id: int) -> _Envoi | None:
    """The sending, or None while a part is missing or not applied: the one that comes last asks again."""
    trouve = connexion.exec_driver_sql(sql_envois.ENVOI, {"id": transmission_id}).mappings().one_or_none()
    if trouve is None:
        return None
    cles = dict(trouve) | {"id": transmission_id, "delai": sql_envois.DELAI}
    parts = connexion.exec_driver_sql(sql_envois.PARTIES, cles).all()
    if len(parts) < (trouve["parties"] or 1) or any(etat != "TRAITEE" for _, etat, _ in parts):
        return None
    recues = [recue_le for _, _, recue_le in parts]
    return _Envoi(
        ids=[id_ for id_, _, _ in parts],
        nom=trouve["nom"],
        transmetteur_id=trouve["transmetteur_id"],
        debut=min(recues),
        jour=max(recues).astimezone(PARIS).date(),
    )
