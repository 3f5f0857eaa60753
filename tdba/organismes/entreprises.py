"""Employers' establishments: what the public register says of a SIRET, kept here, asked by a job.

Names, activity and closing of companies are public; the numbers asked are those of contracts, never a person's.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert

from tdba import horloge, journal
from tdba.db import db
from tdba.organismes import reponse_entreprise
from tdba.organismes.appels import ApiFermee, ApiIndisponible, Appels
from tdba.organismes.models import Entreprise

LOT: Final = 20
DEMANDES_MAX: Final = 2_000
"""Numbers asked in one run: the register allows seven calls a second; the others wait for the next night."""
ECHECS_MAX: Final = 3
REDEMANDER: Final = timedelta(days=180)
"""How long an answer is believed: an establishment may close."""


@dataclass(slots=True)
class Compte:
    """What one run did, in numbers asked."""

    attendues: int
    demandees: int = 0
    trouvees: int = 0
    echecs: int = 0


class Registre(Protocol):
    """Anything that knows an establishment by its SIRET."""

    def etablissement(self, siret: str) -> dict[str, Any]:
        """Columns of `entreprise`. Raises ApiIndisponible."""
        ...


class ApiEntreprises:
    """`GET <address>/search?q=<siret>`, open to all."""

    def __init__(self, adresse: str, *, attente: float = 1.0) -> None:
        self._appels = Appels(f"{adresse.rstrip('/')}/search", {}, attente=attente)

    def etablissement(self, siret: str) -> dict[str, Any]:
        """See `Registre`."""
        try:
            return reponse_entreprise.lire(self._appels.lire({"q": siret, "per_page": "1"}), siret)
        except reponse_entreprise.ReponseIllisible as erreur:
            raise ApiIndisponible("shape") from erreur


def connues(sirets: Iterable[str]) -> Mapping[str, Entreprise]:
    """What the register said of these numbers, for those it was asked about."""
    requete = select(Entreprise).where(Entreprise.siret.in_(set(sirets)), Entreprise.maj_le.is_not(None))
    return {e.siret: e for e in db.session.scalars(requete)}


def signaler(sirets: Iterable[str], le: datetime) -> None:
    """Have these numbers asked about, when nothing is known of them. Runs as a job."""
    rangees = [{"siret": siret, "demandee_le": le} for siret in sorted(set(sirets))]
    if rangees:
        db.session.execute(insert(Entreprise).values(rangees).on_conflict_do_nothing())


def completer(renouveler: Callable[[], None], registre: Registre | None) -> None:
    """Ask the register about what waits, the latest first; without one, only say how many wait."""
    attendus = _attendus(horloge.maintenant())
    compte = Compte(len(attendus))
    if registre is not None:
        for debut in range(0, len(attendus), LOT):
            renouveler()  # no transaction is open while an answer is awaited
            if not _lot(registre, attendus[debut : debut + LOT], compte):
                break
    journal.consigner(
        "entreprises.demandees",
        attendues=compte.attendues,
        demandees=compte.demandees,
        trouvees=compte.trouvees,
        echecs=compte.echecs,
    )


def apprendre(renouveler: Callable[[], None], siret: str, registre: Registre | None) -> None:
    """Ask about one number, just typed by somebody, unless it is known. A failure leaves it for the night."""
    if siret in connues([siret]):
        return
    signaler([siret], horloge.maintenant())
    renouveler()
    if registre is not None:
        _lot(registre, [siret], Compte(1))


def _attendus(le: datetime) -> list[str]:
    perimee = or_(Entreprise.maj_le.is_(None), Entreprise.maj_le < le - REDEMANDER)
    requete = select(Entreprise.siret).where(perimee)
    requete = requete.order_by(Entreprise.maj_le.nulls_first(), Entreprise.demandee_le.desc())
    return list(db.session.scalars(requete.limit(DEMANDES_MAX)))


def _lot(registre: Registre, sirets: list[str], compte: Compte) -> bool:
    """Ask about these, then write. False when there is no point in going on."""
    lues = []
    continuer = True
    for siret in sirets:
        try:
            lues.append(registre.etablissement(siret))
        except ApiIndisponible as erreur:
            compte.echecs += 1
            continuer = compte.echecs < ECHECS_MAX and not isinstance(erreur, ApiFermee)
            if not continuer:
                break
    compte.demandees += len(lues)
    compte.trouvees += sum(not lue["inconnue"] for lue in lues)
    if lues:
        requete = insert(Entreprise).values([lue | {"maj_le": horloge.maintenant()} for lue in lues])
        nouvelles = {nom: requete.excluded[nom] for nom in (*lues[0], "maj_le") if nom != "siret"}
        db.session.execute(requete.on_conflict_do_update(index_elements=["siret"], set_=nouvelles))
    return continuer
