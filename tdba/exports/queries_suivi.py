"""The worklists as an export reads them: the rows of their screen, in its order (decision 31)."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import urlencode

from sqlalchemy import Select, select

from tdba import formats, horloge, scope
from tdba.db import db
from tdba.effectifs.models import Effectif
from tdba.exports.colonnes import Colonne
from tdba.exports.queries_effectifs import Arguments, FiltreDisparu, mineur, parmi_les_cles, permis
from tdba.ruptures import choix as filtres
from tdba.ruptures import ecran_liste, queries_accueil, queries_referents, selection
from tdba.ruptures.choix import TERME, Choix, ChoixInconnu, Lecteur
from tdba.ruptures.queries_accueil import Site
from tdba.ruptures.queries_ligne import Ligne, afficher, ligne_de
from tdba.ruptures.queries_referents import Referent
from tdba.ruptures.regles import FIN_DE_CONTRAT, Segment
from tdba.scope import Droit


class Etat(NamedTuple):
    """One state of a worklist, and who looks at it."""

    genre: str
    choix: Choix
    lecteur: Lecteur
    sites: Sequence[Site]
    equipe: Sequence[Referent]


def comprendre(genre: str, arguments: Arguments, _texte: str | None) -> Etat:
    """Read the state of the list. Raises FiltreDisparu for a value that is not there, or not theirs."""
    sites, equipe = queries_accueil.sites(), queries_referents.referents(horloge.aujourd_hui())
    lecteur = Lecteur(scope.courant().personne_id, frozenset(r.id for r in equipe))
    try:
        choix = filtres.comprendre(
            genre,
            lambda nom: next(iter(arguments.get(nom, ())), ""),
            {str(s.id): s.id for s in sites},
            lecteur.equipe,
        )
    except ChoixInconnu as erreur:
        raise FiltreDisparu from erreur
    return Etat(genre, choix, lecteur, sites, equipe)


def criteres(etat: Etat) -> str:
    groupe = {"groupe": TERME} if etat.genre == FIN_DE_CONTRAT else {}
    return urlencode(groupe | etat.choix.adresse())


def en_mots(etat: Etat) -> list[str]:
    mots = list(ecran_liste.en_mots(etat.choix, etat.sites, etat.equipe).values())
    return mots if etat.choix.segment is None else [*mots, _en_mots(etat.choix.segment)]


def _en_mots(segment: Segment) -> str:
    premier, dernier = segment.value
    if dernier is None:
        return f"{formats.jours(premier)} et plus"
    return f"{premier} à {formats.jours(dernier)}"


def selection_de(etat: Etat, jour: date) -> Select[Any]:
    """(key, effectif, minor) of every row of the list, in its order."""
    lignes = selection.ouverts(etat.genre, jour, etat.choix.site)
    requete = select(lignes.c.effectif_id.label("cle"), lignes.c.effectif_id, mineur(jour)).join_from(
        lignes, Effectif, Effectif.id == lignes.c.effectif_id
    )
    requete = requete.where(filtres.retenues(lignes, etat.choix, etat.lecteur, jour))
    return scope.autorisee(requete.order_by(*selection.ordre(lignes)), Droit.CORRIGER)


def lignes(etat: Etat, cles: Sequence[int], colonnes: Sequence[Colonne], jour: date) -> list[Sequence[Any]]:
    """The rows of these keys still in the list, the key first, in any order."""
    ouvertes = selection.ouverts(etat.genre, jour, etat.choix.site)
    contact = [permis(getattr(Effectif, c.code), c.droits) for c in colonnes if c.coordonnee]
    requete = afficher(ouvertes, *contact).where(parmi_les_cles(ouvertes.c.effectif_id, cles))
    lues = db.session.execute(scope.autorisee(requete, Droit.CORRIGER)).all()
    return [_rangee(lue[: len(contact)], ligne_de(lue[len(contact) :], jour), colonnes, jour) for lue in lues]


def _rangee(contact: Sequence[Any], ligne: Ligne, colonnes: Sequence[Colonne], jour: date) -> Sequence[Any]:
    derniere = ligne.derniere_demarche_le
    valeurs: Mapping[str, Any] = {
        "nom": ligne.nom,
        "prenom": ligne.prenom,
        "date_naissance": ligne.date_naissance,
        "age": formats.age(ligne.date_naissance, jour),
        "formation": ligne.formation,
        "etablissement": ligne.site,
        "depuis": ligne.depuis,
        "jours": ligne.situation.jours,
        "echeance": ligne.situation.echeance,
        "derniere_le": horloge.jour_de_paris(derniere) if derniere else None,
        "derniere": ligne.derniere_demarche,
        "prochaine_le": ligne.prochaine_le,
        "referent": ligne.referent,
        "issue": ligne.issue,
    }
    suite = iter(contact)
    return [ligne.effectif_id, *(next(suite) if c.coordonnee else valeurs[c.code] for c in colonnes)]


def pour(genre: str) -> Any:
    """How the state of that worklist is read."""
    return partial(comprendre, genre)
