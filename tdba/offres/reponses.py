"""Answers of the public API about communes, offers and trainings, as rows of `recherche_alentour`. Pure.

The only place that knows the shapes. Only what a screen shows is kept: no contact, no telephone, nobody's name. An
answer whose outline is unknown is refused; an item that cannot be read is left out alone.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Final
from urllib.parse import urlsplit

from tdba.offres.liens import Point, distance_km

GARDES: Final = 10
"""Nearest results kept of each kind."""
TEXTE_MAX: Final = 200
ADRESSE_MAX: Final = 2000
OFFRE: Final = "OFFRE"
ENTREPRISE: Final = "ENTREPRISE"
FORMATION: Final = "FORMATION"
SIRET: Final = re.compile(r"\d{14}")
_JOUR: Final = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T|$)")

Resultat = dict[str, Any]
"""One result, in JSON: `genre`, `titre`, `ou`, `distance` (km, None: unknown), and what its kind has."""


class ReponseIllisible(ValueError):
    """The answer does not have an outline that is known."""


def centre(objet: Any, code_insee: str) -> Point | None:
    """Centre of that commune; None when the service does not know it. Raises ReponseIllisible."""
    if not isinstance(objet, list):
        raise ReponseIllisible("list")
    for commune in objet:
        if _dans(commune, "code", "insee") == code_insee:
            point = _point(_dans(commune, "localisation", "centre"))
            if point is None:
                raise ReponseIllisible("centre")
            return point
    return None


def offres(objet: Any, autour: Point) -> list[Resultat]:
    """The nearest offers, then the nearest companies likely to hire. Raises ReponseIllisible."""
    jobs, recruteurs = _dans(objet, "jobs"), _dans(objet, "recruiters")
    if not isinstance(jobs, list) or not isinstance(recruteurs, list):
        raise ReponseIllisible("jobs")
    return [
        *_proches(jobs, lambda job: _offre(job, autour)),
        *_proches(recruteurs, lambda recruteur: _entreprise(recruteur, autour)),
    ]


def formations(objet: Any, autour: Point, jour: date) -> list[Resultat]:
    """The nearest trainings, with the next session from that day on. Raises ReponseIllisible."""
    lues = _dans(objet, "data")
    if not isinstance(lues, list):
        raise ReponseIllisible("data")
    return _proches(lues, lambda formation: _formation(formation, autour, jour.isoformat()))


def lien(objet: Any) -> str | None:
    """Address of the form to ask a training for an appointment; None when the answer holds none."""
    return _adresse(_dans(objet, "form_url"))


def _proches(objets: Iterable[Any], lire: Callable[[Any], Resultat | None]) -> list[Resultat]:
    lus = [lu for objet in objets if (lu := lire(objet)) is not None]
    # Unknown distances last; the service's own order otherwise.
    lus.sort(key=lambda lu: (lu["distance"] is None, lu["distance"] or 0.0))
    return lus[:GARDES]


def _offre(job: Any, autour: Point) -> Resultat | None:
    titre, url = _texte(_dans(job, "offer", "title")), _adresse(_dans(job, "apply", "url"))
    if titre is None or url is None:
        return None
    return {
        "genre": OFFRE,
        "titre": titre,
        "employeur": _employeur(job),
        "ou": _texte(_dans(job, "workplace", "location", "address")),
        "distance": _distance(_dans(job, "workplace", "location", "geopoint"), autour),
        "url": url,
        "debut": _jour(_dans(job, "contract", "start")),
        "jusqu_au": _jour(_dans(job, "offer", "publication", "expiration")),
    }


def _entreprise(recruteur: Any, autour: Point) -> Resultat | None:
    nom = _employeur(recruteur)
    if nom is None:
        return None
    return {
        "genre": ENTREPRISE,
        "titre": nom,
        "employeur": nom,
        "ou": _texte(_dans(recruteur, "workplace", "location", "address")),
        "distance": _distance(_dans(recruteur, "workplace", "location", "geopoint"), autour),
        "url": _adresse(_dans(recruteur, "apply", "url")),
        "activite": _texte(_dans(recruteur, "workplace", "domain", "naf", "label")),
    }


def _formation(formation: Any, autour: Point, jour: str) -> Resultat | None:
    intitule = _dans(formation, "certification", "valeur", "intitule")
    titre = _texte(_dans(intitule, "rncp")) or _texte(_dans(intitule, "cfd", "long")) or _texte(intitule)
    if titre is None:
        return None
    organisme = _dans(formation, "formateur", "organisme")
    siret = _dans(organisme, "identifiant", "siret")
    debuts = (_jour(_dans(session, "debut")) for session in _liste(formation, "sessions"))
    return {
        "genre": FORMATION,
        "titre": titre,
        "etablissement": _texte(_dans(organisme, "etablissement", "enseigne"))
        or _texte(_dans(organisme, "unite_legale", "raison_sociale")),
        "siret": siret if isinstance(siret, str) and SIRET.fullmatch(siret) else None,
        "ou": _lieu(_dans(formation, "lieu", "adresse")),
        "distance": _distance(_dans(formation, "lieu", "geolocalisation"), autour),
        "cle": _texte(_dans(formation, "identifiant", "cle_ministere_educatif")),
        "debut": min((d for d in debuts if d is not None and d >= jour), default=None),
        "lien_prdv": None,
    }


def _employeur(objet: Any) -> str | None:
    """The name on the shop front first: it is the one that a young person knows."""
    noms = (_texte(_dans(objet, "workplace", nom)) for nom in ("brand", "name", "legal_name"))
    return next(filter(None, noms), None)


def _lieu(adresse: Any) -> str | None:
    commune = _texte(_dans(adresse, "commune", "nom"))
    return " ".join(filter(None, (_texte(_dans(adresse, "code_postal")), commune))) or None


def _dans(objet: Any, *chemin: str) -> Any:
    """The value at the end of a path; None as soon as something on the way is missing or is not an object."""
    for nom in chemin:
        if not isinstance(objet, Mapping):
            return None
        objet = objet.get(nom)
    return objet


def _liste(objet: Any, nom: str) -> list[Any]:
    lue = _dans(objet, nom)
    return lue if isinstance(lue, list) else []


def _texte(valeur: Any) -> str | None:
    """One line, of a length that a table holds."""
    if not isinstance(valeur, str):
        return None
    net = " ".join("".join(c if c.isprintable() else " " for c in valeur).split())
    return net[:TEXTE_MAX] or None


def _adresse(valeur: Any) -> str | None:
    """An https address, as it stands: any other is not followed from here."""
    if not isinstance(valeur, str) or len(valeur) > ADRESSE_MAX or not valeur.isprintable():
        return None
    try:
        morceaux = urlsplit(valeur)
    except ValueError:
        return None
    return valeur if morceaux.scheme == "https" and morceaux.hostname and "@" not in morceaux.netloc else None


def _jour(valeur: Any) -> str | None:
    trouve = _JOUR.match(valeur) if isinstance(valeur, str) else None
    return trouve[1] if trouve else None


def _point(geojson: Any) -> Point | None:
    """GeoJSON writes the longitude first."""
    coordonnees = _dans(geojson, "coordinates")
    if not isinstance(coordonnees, list) or len(coordonnees) < 2:
        return None
    longitude, latitude = coordonnees[:2]
    if not all(isinstance(c, (int, float)) and not isinstance(c, bool) for c in (longitude, latitude)):
        return None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return None
    return Point(float(latitude), float(longitude))


def _distance(geojson: Any, autour: Point) -> float | None:
    point = _point(geojson)
    return None if point is None else round(distance_km(autour, point), 1)
