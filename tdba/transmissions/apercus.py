"""A transmission that a person looks at before anything is written: stored, compared, confirmed, undone (decision 17).

Its lines are read by the rules of the API and wait in the state APERCU. Confirming applies all of them in one
transaction, under the lock of each organisme; whoever sends to it meanwhile waits.
"""

import json
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection

from tdba import horloge, journal, scope
from tdba.db import db
from tdba.effectifs import apercu, avant_images, sql_reception
from tdba.effectifs.avant_images import Retour
from tdba.effectifs.lot_recu import Envoi
from tdba.memoire import sans_ramasse_miettes
from tdba.scope import Introuvable
from tdba.tableaux import mots, nombres, textes
from tdba.transmissions import application, identites, refus, service, sql_apercus
from tdba.transmissions.cles import Emetteur
from tdba.transmissions.models import Transmission
from tdba.transmissions.preparation import ATraiter, preparer

LOT: Final = 2000
SOURCE: Final = "FICHIER"

_JSON: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

Protegees = Callable[[Sequence[int]], frozenset[int]]
"""Of these records, those that somebody's work hangs on: undoing leaves them."""


class Bilan(NamedTuple):
    """What confirming or undoing did, by state of line or by kind of return."""

    comptes: dict[str, int]
    organisme_ids: list[int]


def ouvrir(emetteur: Emetteur, *, personne_id: int) -> Transmission:
    """Begin a transmission that only its preview shows. The caller commits."""
    transmission = Transmission(
        uuid=uuid.uuid4(),
        transmetteur_id=emetteur.organisme_id,
        personne_id=personne_id,
        source=SOURCE,
        etat="APERCU",
        recue_le=horloge.maintenant(),
        nb_lignes=0,
        nb_refusees=0,
    )
    db.session.add(transmission)
    db.session.flush()
    return transmission


def ajouter(
    transmission: Transmission, emetteur: Emetteur, lues: Sequence[tuple[int, dict[str, Any]]]
) -> int:
    """Store rows of the file, given with their number in it. Returns how many are refused."""
    with sans_ramasse_miettes():
        stockees = service.examiner([ligne for _, ligne in lues], emetteur, source=SOURCE)
        stockees = identites.sous_leur_identifiant(stockees, emetteur)
        service.stocker(transmission, stockees, rangs=[rang for rang, _ in lues], etat="APERCU")
    refusees = sum(1 for stockee in stockees if stockee.erreurs)
    transmission.nb_lignes += len(lues)
    transmission.nb_refusees += refusees
    return refusees


def comparer(transmission: Transmission, avancer: Callable[[int], None] = lambda _: None) -> Counter[str]:
    """Say for each line what applying it would do. `avancer` receives how many lines more are done; it may commit."""
    verdicts: Counter[str] = Counter()
    _refuser_les_doubles(transmission)
    for organisme_id in _organismes(_connexion(), transmission.id):
        envoi = Envoi(
            organisme_id, SOURCE, transmission.transmetteur_id, transmission.id, horloge.maintenant()
        )
        depart = 0
        while lot := _lot(_connexion(), transmission.id, organisme_id, depart):
            with sans_ramasse_miettes():
                trouves = apercu.apercevoir(envoi, preparer(lot, SOURCE).valides)
                _noter(_connexion(), trouves)
            verdicts.update(a.verdict for a in trouves)
            depart = lot[-1].id
            avancer(len(lot))
    return verdicts


def _refuser_les_doubles(transmission: Transmission) -> None:
    """A record named twice in one file is a mistake to show: the API keeps the last, a person must be told which."""
    cles = {"transmission_id": transmission.id}
    _connexion().exec_driver_sql(sql_apercus.DOUBLES, cles | {"message": refus.LIGNE_EN_DOUBLE.message})
    transmission.nb_refusees = _connexion().exec_driver_sql(sql_apercus.REFUSEES, cles).scalar_one()


def _connexion() -> Connection:
    """The connection of the current transaction, which ends at each batch."""
    return scope.connexion("comparaison d’un fichier avec ce qui est connu")


def corriger_ligne(
    transmission: Transmission, emetteur: Emetteur, ligne_id: int, champs: dict[str, str | None]
) -> list[dict[str, Any]]:
    """Give one line other values, read it again and compare it again. Returns what is still wrong with it.

    Raises Introuvable when the line is not one of a transmission still to be confirmed.
    """
    connexion = scope.connexion("correction d’une ligne avant confirmation")
    cles = {"id": ligne_id, "transmission_id": transmission.id}
    seule = connexion.exec_driver_sql(sql_apercus.SEULE, cles).scalar_one_or_none()
    contenu = connexion.exec_driver_sql(sql_apercus.LIGNE, cles).scalar_one_or_none()
    if seule is None or contenu is None:
        raise Introuvable
    nouveau = {nom: valeur for nom, valeur in (contenu | champs).items() if valeur not in (None, "")}
    (stockee,) = identites.sous_leur_identifiant(
        service.examiner([nouveau], emetteur, source=SOURCE), emetteur
    )
    connexion.exec_driver_sql(
        sql_apercus.RELIRE_LIGNE,
        {
            "id": ligne_id,
            "organisme_id": stockee.organisme_id,
            "responsable_id": stockee.responsable_id,
            "annee_scolaire": stockee.annee_scolaire,
            "id_erp": stockee.id_erp,
            "empreinte": stockee.empreinte,
            "contenu": json.dumps(stockee.contenu, ensure_ascii=False),
            "erreurs": json.dumps(stockee.erreurs, ensure_ascii=False),
            "etat": "REFUSEE" if stockee.erreurs else "APERCU",
        },
    )
    if not stockee.erreurs and stockee.organisme_id is not None:
        envoi = Envoi(
            stockee.organisme_id, SOURCE, transmission.transmetteur_id, transmission.id, horloge.maintenant()
        )
        a_voir = [ATraiter(ligne_id, stockee.responsable_id, stockee.empreinte, stockee.contenu)]
        _noter(connexion, apercu.apercevoir(envoi, preparer(a_voir, SOURCE).valides))
    transmission.nb_refusees = connexion.exec_driver_sql(
        sql_apercus.REFUSEES, {"transmission_id": transmission.id}
    ).scalar_one()
    return stockee.erreurs


def confirmer(transmission: Transmission) -> Bilan:
    """Apply every line, in the caller's transaction, which holds the lock of each organisme until it commits."""
    connexion = scope.connexion("application d’un fichier confirmé")
    organisme_ids = _organismes(connexion, transmission.id)
    _verrouiller(connexion, organisme_ids)
    transmission.etat, transmission.recue_le = "EN_COURS", horloge.maintenant()
    db.session.flush()
    cles = {"transmission_id": transmission.id, "le": transmission.recue_le}
    connexion.exec_driver_sql(sql_apercus.COMPTER, cles)
    connexion.exec_driver_sql(sql_apercus.A_TRAITER, cles)
    for organisme_id in organisme_ids:
        reste = True
        while reste:
            with sans_ramasse_miettes():
                reste = application.appliquer_lot(organisme_id)
    connexion.exec_driver_sql(sql_apercus.CLORE, cles)
    db.session.refresh(transmission)
    comptes = {e: n for e, n in connexion.exec_driver_sql(sql_apercus.ETATS, cles)}  # noqa: C416 - rows are not typed as pairs
    journal.consigner(
        "transmission.confirmee", transmission_id=transmission.id, lignes=transmission.nb_lignes
    )
    return Bilan(comptes, organisme_ids)


def annuler(transmission: Transmission, protegees: Protegees) -> Retour:
    """Put every record back as it was before the file; what something newer touched is left, and named."""
    connexion = scope.connexion("annulation d’un fichier")
    cles = {"transmission_id": transmission.id}
    organisme_ids = list(connexion.exec_driver_sql(sql_apercus.TOUCHES, cles).scalars())
    _verrouiller(connexion, organisme_ids)
    total = Retour([], [], [])
    for organisme_id in organisme_ids:
        touches = connexion.exec_driver_sql(
            sql_apercus.EFFECTIFS, cles | {"organisme_id": organisme_id}
        ).scalars()
        retour = avant_images.retablir(transmission.id, organisme_id, sauf=protegees(list(touches)))
        total = Retour(*(a + b for a, b in zip(total, retour, strict=True)))
    transmission.etat = "ANNULEE"
    journal.consigner(
        "transmission.annulee",
        transmission_id=transmission.id,
        retablies=len(total.retablies),
        supprimees=len(total.supprimees),
        laissees=len(total.laissees),
    )
    return total


def abandonner(transmission: Transmission) -> None:
    """Nothing was written, nothing will be: the lines go, their counts stay."""
    scope.connexion("abandon d’un aperçu").exec_driver_sql(
        sql_apercus.EFFACER, {"transmission_id": transmission.id}
    )
    transmission.etat = "ABANDONNEE"


def _organismes(connexion: Connection, transmission_id: int) -> list[int]:
    return list(
        connexion.exec_driver_sql(sql_apercus.ORGANISMES, {"transmission_id": transmission_id}).scalars()
    )


def _verrouiller(connexion: Connection, organisme_ids: Sequence[int]) -> None:
    """In the order of ids, so that two files about the same organismes wait for each other and never both."""
    for organisme_id in sorted(organisme_ids):
        connexion.exec_driver_sql(sql_reception.VERROU, {"organisme_id": organisme_id})


def _lot(connexion: Connection, transmission_id: int, organisme_id: int, depart: int) -> list[ATraiter]:
    lues = connexion.exec_driver_sql(
        sql_apercus.LOT,
        {"transmission_id": transmission_id, "organisme_id": organisme_id, "apres": depart, "lot": LOT},
    )
    return [ATraiter(*ligne) for ligne in lues]


def _noter(connexion: Connection, trouves: Sequence[apercu.Apercu]) -> None:
    connexion.exec_driver_sql(
        sql_apercus.NOTER,
        {
            "ids": nombres(a.ligne_id for a in trouves),
            "verdicts": mots(a.verdict for a in trouves),
            "effectifs": nombres(a.effectif_id for a in trouves),
            "ecarts": textes(_JSON(a.ecarts) if a.ecarts else "" for a in trouves),
        },
    )
