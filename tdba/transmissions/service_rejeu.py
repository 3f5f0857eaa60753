"""Playing refused lines again once what refused them is repaired (issue 4, part 3).

Lines are read again under today's rules and référentiel; those now right are applied like any, the others say what is
wrong with them today. A line that a later one about the same record replaces is set aside: old values never come back.
"""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, select

from tdba import horloge, journal, scope
from tdba.db import db
from tdba.errors import ErreurMetier
from tdba.jobs import enqueue_after_commit
from tdba.scope import Droit, Introuvable
from tdba.tableaux import nombres, textes
from tdba.transmissions import mise_en_attente, queries_quarantaines, service, sql_quarantaines
from tdba.transmissions.champs import IDENTIFIANTS_DE_PERSONNE
from tdba.transmissions.cles import Emetteur
from tdba.transmissions.identifiants import MASQUE_NIR
from tdba.transmissions.models import Transmission
from tdba.transmissions.service import LigneStockee

LOT: Final = 2000

_JSON: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

Renouveler = Callable[[], None]


class _ARelire(NamedTuple):
    id: int
    rang: int
    organisme_id: int | None
    a_la_reception: bool
    """Refused before the answer, hence counted in `transmission.nb_refusees`."""
    contenu: dict[str, Any]
    erreurs: list[dict[str, Any]]


def rejouables(transmission_id: int) -> int:
    """How many lines of a transmission could be played again."""
    compte = scope.connexion("lignes à reprendre d’une transmission").exec_driver_sql(
        sql_quarantaines.REJOUABLES, {"transmission_id": transmission_id}
    )
    return int(compte.scalar_one())


def demander(transmission_uuid: UUID) -> int:
    """Ask for the refused lines of a transmission to be played again. Returns how many there are.

    For whoever may correct what its sender sends, and for support. Raises Introuvable, ErreurMetier when none can be.
    """
    requete = select(Transmission.id, Transmission.transmetteur_id, Transmission.etat).where(
        Transmission.uuid == transmission_uuid, scope.portee_sur(Transmission.transmetteur_id, Droit.CORRIGER)
    )
    trouvee = db.session.execute(scope.autorisee(requete, Droit.CORRIGER)).one_or_none()
    if trouvee is None:
        raise Introuvable
    transmission_id, transmetteur_id, etat = trouvee
    if etat not in ("TRAITEE", "EN_COURS", "RECUE"):
        raise ErreurMetier(
            "Cette transmission n’est pas appliquée : ses lignes ne peuvent pas être reprises."
        )
    nombre = rejouables(transmission_id)
    if nombre == 0:
        raise ErreurMetier("Aucune ligne de cette transmission n’est refusée : il n’y a rien à reprendre.")
    enqueue_after_commit("transmissions.rejouer", transmission_id=transmission_id)
    journal.consigner(
        "transmission.rejeu_demande",
        organisme_id=transmetteur_id,
        transmission_id=transmission_id,
        lignes=nombre,
    )
    return nombre


def rejouer_attente(renouveler: Renouveler, quarantaine_id: int) -> None:
    """Play again the lines that waited for this establishment, transmission by transmission."""
    connexion = scope.connexion("lignes d’un établissement reconnu")
    trouvees = connexion.exec_driver_sql(sql_quarantaines.TRANSMISSIONS, {"quarantaine_id": quarantaine_id})
    for transmission_id in list(trouvees.scalars()):
        rejouer(renouveler, transmission_id)


def ecarter_les_depassees(renouveler: Renouveler) -> None:
    """Every night: lines that wait for an establishment wait no more once a later one about their record came."""
    connexion = scope.connexion("lignes en attente que d’autres ont remplacées")
    for transmission_id in list(connexion.exec_driver_sql(sql_quarantaines.ATTENTES).scalars()):
        cles = {"transmission_id": transmission_id, "le": horloge.maintenant()}
        scope.connexion("lignes dépassées").exec_driver_sql(sql_quarantaines.ECARTER_DEPASSEES, cles)
        renouveler()


def rejouer(renouveler: Renouveler, transmission_id: int) -> None:
    """Read again every refused line of a transmission, by batches. Running twice changes nothing more."""
    requete = scope.autorisee(select(Transmission), Droit.SUPPORT).where(Transmission.id == transmission_id)
    transmission: Transmission | None = db.session.execute(requete).scalar_one_or_none()
    if transmission is None or transmission.etat not in ("TRAITEE", "EN_COURS", "RECUE"):
        return
    connexion = scope.connexion("reprise de lignes refusées")
    emetteur = Emetteur(
        transmission.cle_api_id,
        transmission.transmetteur_id,
        queries_quarantaines.ecriture(transmission.transmetteur_id),
    )
    cles = {"transmission_id": transmission_id, "le": horloge.maintenant()}
    ecartees = connexion.exec_driver_sql(sql_quarantaines.ECARTER_DEPASSEES, cles).rowcount
    bilan: Counter[str] = Counter(ecartees=ecartees)
    apres = 0
    while lot := _lot(transmission_id, apres):
        bilan += _relire(transmission, emetteur, lot)
        apres = lot[-1].id
        renouveler()
    journal.consigner(
        "transmission.rejouee",
        transmission_id=transmission_id,
        reprises=bilan["reprises"],
        refusees=bilan["refusees"],
        ecartees=bilan["ecartees"],
    )
    if bilan["reprises"] == 0:
        enqueue_after_commit("transmissions.faire_le_point", transmission_id=transmission_id)


def _lot(transmission_id: int, apres: int) -> list[_ARelire]:
    lues = scope.connexion("lignes refusées à relire").exec_driver_sql(
        sql_quarantaines.LOT, {"transmission_id": transmission_id, "apres": apres, "lot": LOT}
    )
    return [_ARelire(*ligne) for ligne in lues]


def _relire(transmission: Transmission, emetteur: Emetteur, lot: Sequence[_ARelire]) -> Counter[str]:
    """Read one batch again, write what became of it, move what was counted. The caller commits."""
    maintenant = horloge.maintenant()
    lisibles = [ligne for ligne in lot if not _masquee(ligne)]
    stockees = service.examiner([ligne.contenu for ligne in lisibles], emetteur, source=transmission.source)
    couples = list(zip(lisibles, stockees, strict=True))
    connexion = scope.connexion("lignes relues sous les règles d’aujourd’hui")
    _ecrire(connexion, couples)
    attendus = [(ligne.rang, s.attendu) for ligne, s in couples if s.attendu is not None]
    mise_en_attente.retenir(transmission.id, transmission.transmetteur_id, attendus, maintenant)
    _recompter(connexion, transmission, couples, maintenant)
    for organisme_id in sorted({s.organisme_id for _, s in couples if s.organisme_id and not s.erreurs}):
        enqueue_after_commit("transmissions.appliquer", organisme_id=organisme_id)
    reprises = sum(1 for _, s in couples if not s.erreurs)
    return Counter(reprises=reprises, refusees=len(lot) - reprises)


def _masquee(ligne: _ARelire) -> bool:
    """What refused it was not kept (a NIR is masked): read again, the mask would pass for an identifier."""
    return any(MASQUE_NIR in str(ligne.contenu.get(champ, "")) for champ in IDENTIFIANTS_DE_PERSONNE)


def _ecrire(connexion: Connection, couples: Sequence[tuple[_ARelire, LigneStockee]]) -> None:
    stockees = [s for _, s in couples]
    connexion.exec_driver_sql(
        sql_quarantaines.RELIRE,
        {
            "ids": nombres(ligne.id for ligne, _ in couples),
            "organismes": nombres(s.organisme_id for s in stockees),
            "responsables": nombres(s.responsable_id for s in stockees),
            "annees": textes(s.annee_scolaire or "" for s in stockees),
            "ids_erp": [s.id_erp for s in stockees],
            "empreintes": textes(s.empreinte.hex() if s.empreinte else "" for s in stockees),
            "erreurs": textes(_JSON(s.erreurs) if s.erreurs else "" for s in stockees),
        },
    )


def _recompter(
    connexion: Connection,
    transmission: Transmission,
    couples: Sequence[tuple[_ARelire, LigneStockee]],
    maintenant: datetime,
) -> None:
    """Move each line from the organisme it was counted with to the one it is about, and out of the refused ones."""
    nombres_: Counter[int] = Counter()
    refus: Counter[int] = Counter()
    for ligne, s in couples:
        avant = ligne.organisme_id or transmission.transmetteur_id
        apres = s.organisme_id or transmission.transmetteur_id
        nombres_[avant] -= 1
        refus[avant] -= 1
        nombres_[apres] += 1
        refus[apres] += bool(s.erreurs)
    bouges = [o for o in nombres_ if nombres_[o] or refus[o]]
    cles = {"transmission_id": transmission.id, "le": maintenant}
    mouvements = {
        "organismes": bouges,
        "lignes": [nombres_[o] for o in bouges],
        "refusees": [refus[o] for o in bouges],
    }
    connexion.exec_driver_sql(sql_quarantaines.DEPLACER, cles | mouvements)
    connexion.exec_driver_sql(sql_quarantaines.OUVRIR_RECEPTIONS, cles)
    connexion.exec_driver_sql(sql_quarantaines.EFFACER_VIDES, cles)
    if any(not s.erreurs for _, s in couples):
        a_la_reception = sum(1 for ligne, s in couples if ligne.a_la_reception and not s.erreurs)
        connexion.exec_driver_sql(sql_quarantaines.ROUVRIR, cles | {"reprises": a_la_reception})
