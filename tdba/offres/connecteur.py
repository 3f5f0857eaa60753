"""The public API of offers and trainings (API Apprentissage): what a job asks of it. Never called by a page.

What is sent: a commune or its centre, trades (ROME), a certification, a training. Nothing about anybody.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final, ParamSpec, Protocol, TypeVar

from tdba.offres import reponses
from tdba.offres.liens import RAYON_KM, ROMES_MAX, Point
from tdba.offres.reponses import Resultat
from tdba.organismes.appels import ApiIndisponible, Appels

P = ParamSpec("P")
T = TypeVar("T")

PAGE: Final = 50
"""Trainings read in one call; the nearest of them are kept."""


class Service(Protocol):
    """Anything that knows communes, offers and trainings. Every method raises ApiIndisponible."""

    def centre(self, code_insee: str) -> Point | None:
        """Centre of a commune; None when it is not known there."""
        ...

    def offres(self, autour: Point, rncp: str, romes: Sequence[str]) -> list[Resultat]: ...

    def formations(self, autour: Point, romes: Sequence[str], jour: date) -> list[Resultat]: ...

    def lien_prdv(self, cle_ministere_educatif: str) -> str | None:
        """Address of the form that asks this training for an appointment. Raises ApiFermee without that right."""
        ...


class ApiAlentour:
    """The same, over HTTP, with a bearer key."""

    def __init__(self, adresse: str, cle: str, *, attente: float = 1.0) -> None:
        """`attente`: seconds before the first retry, doubled for the next."""
        base, entetes = adresse.rstrip("/"), {"Authorization": f"Bearer {cle}"}
        self._communes, self._offres, self._formations, self._rendez_vous = (
            Appels(f"{base}/{chemin}", entetes, attente=attente)
            for chemin in (
                "geographie/v1/commune/search",
                "job/v1/search",
                "formation/v1/search",
                "formation/v1/appointment/generate-link",
            )
        )

    def centre(self, code_insee: str) -> Point | None:
        """See `Service`."""
        return _lire(reponses.centre, self._communes.lire({"code": code_insee}), code_insee)

    def offres(self, autour: Point, rncp: str, romes: Sequence[str]) -> list[Resultat]:
        """See `Service`. A certification without known trades is searched by its own code."""
        quoi = {"romes": ",".join(romes[:ROMES_MAX])} if romes else {"rncp": rncp}
        return _lire(reponses.offres, self._offres.lire(_autour(autour) | quoi), autour)

    def formations(self, autour: Point, romes: Sequence[str], jour: date) -> list[Resultat]:
        """See `Service`."""
        demande = _autour(autour) | {"romes": ",".join(romes[:ROMES_MAX]), "page_size": str(PAGE)}
        return _lire(reponses.formations, self._formations.lire(demande), autour, jour)

    def lien_prdv(self, cle_ministere_educatif: str) -> str | None:
        """See `Service`."""
        return reponses.lien(self._rendez_vous.envoyer({"cle_ministere_educatif": cle_ministere_educatif}))


def _autour(point: Point) -> dict[str, str]:
    return {
        "longitude": str(point.longitude),
        "latitude": str(point.latitude),
        "radius": str(RAYON_KM),
    }


def _lire(lecture: Callable[P, T], *arguments: P.args, **options: P.kwargs) -> T:
    try:
        return lecture(*arguments, **options)
    except reponses.ReponseIllisible as erreur:
        raise ApiIndisponible("shape") from erreur
