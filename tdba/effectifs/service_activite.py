"""What one did, by day: one's own events in words, each with the record it was about when that is still in reach."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Final, NamedTuple

from tdba import horloge, scope
from tdba.db import db
from tdba.effectifs import champs_corriges, mots_activite, queries_journal
from tdba.effectifs.models import Effectif
from tdba.effectifs.queries_journal import LECTURE, Acte
from tdba.scope import Droit


class Fiche(NamedTuple):
    id: int
    nom: str


class Ligne(NamedTuple):
    """One act, or several alike in a row. `fiche`: what it was about, when it can still be opened."""

    le: datetime
    phrase: str
    fois: int
    fiche: Fiche | None
    organisation: str | None


class Jour(NamedTuple):
    jour: date
    lignes: list[Ligne]


class Activite(NamedTuple):
    jours: list[Jour]
    suite: int | None
    """Where the next page starts; None at the end."""
    noms: list[int]
    """Records whose names the page shows."""


SEULE: Final = 1


def activite(personne_id: int, *, avant: int | None = None) -> Activite:
    """A page of what one did, the latest first. Names are shown within reach alone, and never to support."""
    actes, suite = queries_journal.siens(personne_id, avant=avant)
    fiches = _fiches({effectif_id for a in actes if (effectif_id := _effectif(a)) is not None})
    lignes = [_ligne(a, fiches) for a in actes]
    groupes = groupby(lignes, key=lambda ligne: horloge.jour_de_paris(ligne.le))
    jours = [Jour(jour, _repliees(list(du_jour))) for jour, du_jour in groupes]
    montrees = {li.fiche.id for j in jours for li in j.lignes if li.fiche and li.fiche.nom}
    return Activite(jours, suite, sorted(montrees))


def _effectif(acte: Acte) -> int | None:
    """The one record that an event is about."""
    if acte.objet_type == "effectif":
        return acte.objet_id
    ids: Sequence[int] = acte.details.get("ids", ()) if acte.evenement == LECTURE else ()
    return int(ids[0]) if len(ids) == SEULE else None


def _fiches(ids: set[int]) -> Mapping[int, Fiche]:
    if not ids:
        return {}
    requete = scope.select_for(Effectif, Droit.CORRIGER, Effectif.id, Effectif.prenom, Effectif.nom)
    lues = db.session.execute(requete.where(Effectif.id.in_(ids)))
    masque = scope.courant().a(Droit.SUPPORT)  # names only inside a case (decision 24)
    return {cle: Fiche(cle, "" if masque else f"{prenom} {nom}") for cle, prenom, nom in lues}


def _ligne(acte: Acte, fiches: Mapping[int, Fiche]) -> Ligne:
    libelle = champs_corriges.LIBELLES.get(str(acte.details.get("champ")))
    phrase = mots_activite.phrase(acte.evenement, acte.details, libelle)
    effectif_id = _effectif(acte)
    return Ligne(acte.le, phrase, 1, fiches.get(effectif_id) if effectif_id else None, acte.organisation)


def _repliees(lignes: Sequence[Ligne]) -> list[Ligne]:
    """The same act done several times in a row is one line with its count."""
    groupes = (list(g) for _, g in groupby(lignes, key=lambda li: (li.phrase, li.fiche, li.organisation)))
    return [g[0]._replace(fois=len(g)) for g in groupes]
