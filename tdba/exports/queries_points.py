"""« À régler » as an export reads it: the points of the screen, what costs most first (decision 5)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Select, and_, false, func

from tdba import horloge
from tdba.db import db
from tdba.effectifs.models import Effectif
from tdba.exports.colonnes import Colonne
from tdba.exports.queries_effectifs import Arguments, FiltreDisparu, mineur, parmi_les_cles
from tdba.organismes.models import Organisme
from tdba.points import genres, queries
from tdba.points.models import Point
from tdba.points.queries import Filtres


def comprendre(arguments: Arguments, _texte: str | None) -> Filtres:
    """Read the state of the list. Raises FiltreDisparu for a choice that is not there."""
    genre = _choisi(arguments, "genre", {code: code for code in genres.GENRES})
    sortes = genres.sortes(genre) if genre is not None else {}
    return Filtres(
        genre=genre,
        consequence=_choisi(arguments, "consequence", {str(c): c for c in genres.CONSEQUENCES}),
        site=_choisi(arguments, "site", {str(cle): cle for cle, _ in queries.sites()}),
        anomalie=_choisi(arguments, "anomalie", {code: code for code in sortes}) if sortes else None,
    )


def _choisi(arguments: Arguments, nom: str, offerts: Mapping[str, Any]) -> Any:
    recu = next(iter(arguments.get(nom, ())), "")
    if recu and recu not in offerts:
        raise FiltreDisparu
    return offerts.get(recu)


def criteres(etat: Filtres) -> str:
    return urlencode({nom: valeur for nom, valeur in asdict(etat).items() if valeur is not None})


def en_mots(etat: Filtres) -> list[str]:
    mots = [] if etat.consequence is None else [genres.CONSEQUENCES[etat.consequence]]
    if etat.genre is not None:
        mots.append(genres.GENRES[etat.genre].libelle)
        if etat.anomalie is not None:
            mots.append(genres.sortes(etat.genre)[etat.anomalie])
    return mots + [nom for cle, nom in queries.sites() if cle == etat.site]


def selection(etat: Filtres, jour: date) -> Select[Any]:
    """(key, effectif or none, minor) of every open point, in the order of the screen."""
    mineurs = func.coalesce(mineur(jour), false()).label("mineur")
    requete = _ouverts(etat, Point.id.label("cle"), Effectif.id.label("effectif_id"), mineurs)
    return requete.order_by(Point.consequence, Point.id)


def lignes(
    etat: Filtres, cles: Sequence[int], colonnes: Sequence[Colonne], _jour: date
) -> list[Sequence[Any]]:
    """The points of these keys still open, the key first, in any order."""
    requete = _ouverts(etat, Point, Effectif.nom, Effectif.prenom, Organisme.nom)
    requete = requete.join(Organisme, Organisme.id == Point.organisme_id)
    lues = db.session.execute(requete.where(parmi_les_cles(Point.id, cles)))
    return [_rangee(lue, colonnes) for lue in lues]


def _ouverts(etat: Filtres, *colonnes: Any) -> Select[Any]:
    """The points of the screen, by its own statement: what it must not show must not leave either."""
    return queries.ouverts(etat, *colonnes).outerjoin(
        Effectif, and_(Effectif.id == Point.effectif_id, Effectif.organisme_id == Point.organisme_id)
    )


def _rangee(lue: Any, colonnes: Sequence[Colonne]) -> Sequence[Any]:
    point, nom, prenom, organisme = lue
    valeurs = {
        "consequence": genres.CONSEQUENCES[point.consequence],
        "objet": genres.GENRES[point.genre].libelle,
        "phrase": genres.phrase(point.genre, point.details),
        "geste": genres.geste(point.genre, point.details),
        "acteur": genres.acteur(point.genre, point.details),
        "nom": nom,
        "prenom": prenom,
        "annee_scolaire": point.annee_scolaire,
        "etablissement": organisme,
        "depuis": horloge.jour_de_paris(point.cree_le),
    }
    return [point.id, *(valeurs[c.code] for c in colonnes)]
