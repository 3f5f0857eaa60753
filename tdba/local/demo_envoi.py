"""`flask demo transmettre`: the lines of the demo, sent over HTTP with the CFA's keys, as a school's software does.

Where each sender stands is kept in the database after every answer: an interrupted run goes on, a finished one does
nothing. The day the lines speak of is the day of the first run.
"""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from itertools import islice
from typing import Any, Final, NamedTuple

from sqlalchemy import func, select, update

from tdba import horloge, scope
from tdba.db import Base, db, table_de
from tdba.effectifs.models import Effectif, EffectifSource
from tdba.local import demo_fiches
from tdba.local.commun import Echec
from tdba.local.demo_base import transmetteurs
from tdba.local.demo_identifiants import cle_api
from tdba.local.demo_lignes import Ligne, lignes
from tdba.local.demo_marque import lire_marque, poser_marque, prendre
from tdba.local.demo_organismes import JOURS_DE_SILENCE, N_ENVOIE_PLUS, ORGANISMES, PAR_CODE, quotas
from tdba.organismes.models import Organisme
from tdba.scope import Droit
from tdba.transmissions.models import Ligne as TransmissionLigne
from tdba.transmissions.models import Reception, Transmission

CHEMIN: Final = "/api/v3/dossiers-apprenants"
LOT: Final = 1000
"""Lines of one call; the API takes 2,000."""
ESSAIS: Final = 5
PATIENCE: Final = 60.0
"""Seconds without any progress after which we stop waiting for the worker."""

Dire = Callable[[str], None]
Envoyer = Callable[[str, str, list[Any]], int]
Poster = Callable[[str, list[Any]], int]


class Demande(NamedTuple):
    """What was asked of `flask demo transmettre`."""

    effectifs: int
    graine: int
    url: str


def transmettre(
    env: str, secret: str, demande: Demande, *, dire: Dire, envoyer: Envoyer | None = None
) -> None:
    """Send what is not sent yet, then wait for the worker. Raises Echec when the API refuses or does not answer.

    `envoyer(address, key, lines)` posts one array and returns how many lines were refused; by HTTP when not given.
    """
    with scope.systeme("demo"):
        prendre(env)
        jour = _jour_de_reference(demande)
        if lire_marque("demo.transmise"):
            db.session().commit()
            dire("  already sent")
            return
        suivi = Suivi(demande.effectifs, dire)
        for code in _dans_l_ordre():
            poster = partial(envoyer or envoyer_par_http, demande.url + CHEMIN, cle_api(secret, code))
            _envoyer_tout(code, demande, jour, poster, suivi)
        if _attendre(dire):
            if not lire_marque("demo.vieillie"):
                _vieillir()
                poser_marque("demo.vieillie", "1")
            dire("  what people did on their records: corrections, bin, transfer, duplicates, survey")
            faire_vivre(
                demande, jour, partial(envoyer or envoyer_par_http, demande.url + CHEMIN), secret, dire
            )
            poser_marque("demo.transmise", str(demande.effectifs))
        db.session().commit()


def faire_vivre(demande: Demande, jour: date, poster: Poster, secret: str, dire: Dire) -> None:
    """What people did on their records; what the software of the Dunes says next; what is then found."""
    demo_fiches.jouer(demo_fiches.AVANT_LE_RENVOI, jour, dire)
    if not lire_marque("demo.renvoi"):
        toutes = lignes(PAR_CODE["DUN"], effectifs=demande.effectifs, graine=demande.graine, aujourd_hui=jour)
        renvoyees = [demo_fiches.renvoi(ligne.contenu) for ligne in toutes if ligne.refus is None]
        poster(cle_api(secret, "DUN"), [contenu for contenu in renvoyees if contenu])
        poser_marque("demo.renvoi", "1")
        db.session().commit()  # the worker applies it while we go on
    demo_fiches.rechercher(jour)
    demo_fiches.jouer(demo_fiches.APRES_LA_RECHERCHE, jour, dire)
    demo_fiches.suivre(jour, dire, adresse=demande.url, secret=secret)


def _jour_de_reference(demande: Demande) -> date:
    """The day of the first run; a later one goes on with the same figures, or is refused."""
    voulue = f"{demande.effectifs}/{demande.graine}"
    if (deja := lire_marque("demo.effectifs")) not in (None, voulue):
        raise Echec(f"this database already holds another demo (effectifs/seed {deja}): delete it first")
    jour = lire_marque("demo.jour") or horloge.aujourd_hui().isoformat()
    poser_marque("demo.effectifs", voulue)
    poser_marque("demo.jour", jour)
    db.session().commit()
    return date.fromisoformat(jour)


def _dans_l_ordre() -> list[str]:
    """The CFA of the guided visit first: its pages fill while the others are being sent."""
    premiers = ("DUN", N_ENVOIE_PLUS)
    return [*premiers, *(code for code in transmetteurs() if code not in premiers)]


class Suivi:
    """Says how many lines are sent, at each tenth of the whole."""

    def __init__(self, effectifs: int, dire: Dire) -> None:
        self.pas = max(1, effectifs // 10)
        self.dire = dire
        self.envoyees = self.refusees = self.dites = 0

    def compter(self, envoyees: int, refusees: int) -> None:
        self.envoyees += envoyees
        self.refusees += refusees
        if self.envoyees - self.dites >= self.pas:
            self.dites = self.envoyees
            self.dire(f"  {self.envoyees} lines sent, {self.refusees} refused as planned")


def _envoyer_tout(
    code: str, demande: Demande, jour: date, poster: Callable[[list[Any]], int], suivi: Suivi
) -> None:
    """Every line that the key of `code` sends, from where the last run stopped."""
    faites = int(lire_marque(f"demo.envoi.{code}") or 0)
    suivi.compter(faites, 0)
    toutes = lignes_de(code, effectifs=demande.effectifs, graine=demande.graine, jour=jour)
    restantes = islice(toutes, faites, None)
    while lot := [ligne.contenu for ligne in islice(restantes, LOT)]:
        refusees = poster(lot)
        faites += len(lot)
        poser_marque(f"demo.envoi.{code}", str(faites))
        db.session().commit()
        suivi.compter(len(lot), refusees)


def lignes_de(code: str, *, effectifs: int, graine: int, jour: date) -> Iterator[Ligne]:
    """The lines that one key sends: those of its own organisme, then of those it sends for."""
    for organisme in ORGANISMES:
        if organisme.transmetteur == code and quotas(effectifs).get(organisme.code):
            yield from lignes(organisme, effectifs=effectifs, graine=graine, aujourd_hui=jour)


# Without the proxies of the environment: the site is on this machine.
_ouvrir = urllib.request.build_opener(urllib.request.ProxyHandler({})).open


def envoyer_par_http(adresse: str, cle: str, lot: list[Any]) -> int:
    """POST one array; return how many lines were refused. Waits and tries again while the site says it is busy."""
    requete = urllib.request.Request(  # noqa: S310 - the address is the one the launcher gives
        adresse,
        data=json.dumps(lot).encode(),
        headers={"Authorization": f"Bearer {cle}", "Content-Type": "application/json"},
    )
    for essai in range(1, ESSAIS + 1):
        try:
            with _ouvrir(requete, timeout=120) as reponse:
                recu = json.load(reponse)
            return sum(1 for ligne in recu.get("data") or [] if ligne.get("validation_errors"))
        except urllib.error.HTTPError as erreur:
            if erreur.code not in (429, 502, 503) or essai == ESSAIS:
                raise Echec(
                    f"{adresse} answered {erreur.code}: {erreur.read(300).decode(errors='replace')}"
                ) from erreur
        except OSError as erreur:
            if essai == ESSAIS:
                raise Echec(f"{adresse} does not answer: {erreur}") from erreur
        time.sleep(essai)
    raise AssertionError("unreachable")


def _attendre(dire: Dire) -> bool:
    """Wait for the worker to apply what was sent. False when it stopped progressing: the next run will wait again."""
    avancee, vue, limite = -1, 0.0, time.monotonic() + PATIENCE
    while True:
        recues, traitees = _avancement()
        if recues == traitees:
            return True
        maintenant = time.monotonic()
        if traitees > avancee:
            avancee, limite = traitees, maintenant + PATIENCE
        if maintenant > limite:
            dire(f"  the worker has applied {traitees} of {recues} receptions and goes on alone")
            return False
        if maintenant - vue > 5:
            dire(f"  receptions applied by the worker: {traitees} of {recues}")
            vue = maintenant
        time.sleep(0.5)


def _avancement() -> tuple[int, int]:
    """Transmissions received and, of those, applied."""
    requete = select(func.count(), func.count().filter(Transmission.etat == "TRAITEE"))
    requete = scope.autorisee(requete, Droit.VOIR_TRANSMISSIONS)  # as the system: over every organisme
    recues, traitees = db.session().execute(requete).one()
    db.session().commit()
    return recues, traitees


# Of the CFA that stopped sending: table, column of its organisme, dates to move back.
_DATEES: Final[tuple[tuple[type[Base], str, tuple[str, ...]], ...]] = (
    (Organisme, "id", ("premiere_reception_le", "derniere_reception_le")),
    (Transmission, "transmetteur_id", ("recue_le", "traitee_le")),
    (Reception, "organisme_id", ("recue_le", "traitee_le")),
    (TransmissionLigne, "transmetteur_id", ("traitee_le",)),
    (Effectif, "organisme_id", ("cree_le", "maj_le", "transmis_le")),
    (EffectifSource, "organisme_id", ("recu_le",)),
)


def _vieillir() -> None:
    """Move back by forty days all that the CFA that stopped sending has sent.

    It went through the same API as the others, a moment ago: only the clock is wrong, so only dates are changed.
    """
    session, recul = db.session(), timedelta(days=JOURS_DE_SILENCE)
    siret = PAR_CODE[N_ENVOIE_PLUS].siret
    organisme_id = session.scalar(select(Organisme.id).where(Organisme.siret == siret))
    for modele, cle, dates in _DATEES:
        table = table_de(modele)
        requete = update(table).where(table.c[cle] == organisme_id)
        session.execute(
            scope.pour_ecriture(requete.values({nom: table.c[nom] - recul for nom in dates}), Droit.CORRIGER)
        )
