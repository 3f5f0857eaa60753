"""One person of the watch list, wherever they are shown; read alone, as a sheet or a gesture asks."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, bindparam, func, not_, select, true
from sqlalchemy.dialects.postgresql import aggregate_order_by

from tdba import scope
from tdba.comptes.models import Habilitation, Personne
from tdba.db import db
from tdba.effectifs.models import Effectif
from tdba.formats import siret
from tdba.organismes.models import Entreprise, Organisme
from tdba.scope import Droit
from tdba.vigilance import mots, regles
from tdba.vigilance.faits import CONTRATS, D_UNE_PERSONNE, valeurs
from tdba.vigilance.models import Geste, Reglage
from tdba.vigilance.regles import Constat, Faits, Regle


class Ligne(NamedTuple):
    """One person of the list, with the sentences that say why; `vu_le`: the last look, whatever the rule."""

    effectif_id: int
    organisme_id: int
    site: str
    nom: str
    prenom: str
    sexe: str | None
    date_naissance: date
    formation: str | None
    employeur: str | None
    """Name of the employer of the running contract, or its SIRET."""
    constats: list[Constat]
    """Rules still to be looked at; for a person already seen, the rules that were."""
    phrases: list[str]
    vue: bool
    """Every rule that names this person was looked at."""
    revoir_le: date | None
    vu_le: datetime | None
    vu_par: str | None
    note: str | None
    """Note of that last look; a network reads none but its own (decision 26)."""

    @property
    def sans_contrat(self) -> bool:
        """A file of those without a contract follows this person."""
        return any(c.regle is Regle.SANS_CONTRAT_45 for c in self.constats)


def ligne_de(
    qui: Sequence[Any], f: Faits, trouves: list[Constat], regard: Sequence[Any], jour: date
) -> Ligne:
    """A row: who, the facts, the rules to be said; whether all were looked at, until when, and the last look."""
    phrases = [mots.phrase(c, f, jour) for c in trouves]
    employeur = f.employeur_nom or (siret(f.employeur_siret) if f.employeur_siret else None)
    return Ligne._make([*qui, employeur, trouves, phrases, *regard])


def note_lisible() -> ColumnElement[bool]:
    """Whose notes may be read: all of them in one's CFA, one's own for a network (decision 26)."""
    acteur = scope.courant()
    return true() if acteur.suivi is None else Geste.personne_id == acteur.personne_id


_QUI: Final = ("effectif_id", "organisme_id", "site", "nom", "prenom", "sexe", "date_naissance", "formation")
_REGARD: Final = (
    select(
        Geste.cree_le.label("vu_le"),
        (Personne.prenom + " " + Personne.nom).label("vu_par"),
        Geste.note,
        Geste.personne_id.label("auteur_id"),
    )
    .join(Personne, Personne.id == Geste.personne_id)
    .where(Geste.effectif_id == Effectif.id)
    .order_by(Geste.cree_le.desc(), Geste.note.is_(None), Geste.id.desc())
    .limit(1)
    .correlate(Effectif)
    .lateral("regard")
)
_REGARDS: Final = (
    select(func.json_agg(aggregate_order_by(func.json_build_array(Geste.regle, Geste.revoir_le), Geste.id)))
    .where(Geste.effectif_id == Effectif.id)
    .correlate(Effectif)
    .scalar_subquery()
)
_ETEINTES: Final = (
    select(func.array_agg(Reglage.regle))
    .join(Habilitation, Habilitation.organisation_id == Reglage.organisation_id)
    .where(Habilitation.id == bindparam("habilitation_id"), not_(Reglage.active))
    .scalar_subquery()
)
_LIRE: Final = (
    D_UNE_PERSONNE.add_columns(
        Organisme.nom.label("site"),
        Effectif.nom.label("nom"),
        Effectif.prenom.label("prenom"),
        Effectif.sexe.label("sexe"),
        Effectif.date_naissance.label("date_naissance"),
        Effectif.formation.label("formation"),
        Entreprise.nom.label("employeur_nom"),
        _REGARD.c.vu_le,
        _REGARD.c.vu_par,
        _REGARD.c.note,
        _REGARD.c.auteur_id,
        _REGARDS.label("regards"),
        _ETEINTES.label("eteintes"),
    )
    .join(Organisme, Organisme.id == Effectif.organisme_id)
    .outerjoin(Entreprise, Entreprise.siret == CONTRATS.c.employeur_siret)
    .outerjoin(_REGARD, true())
)


def ligne(effectif_id: int, jour: date) -> Ligne | None:
    """The row of one person, seen or not; None when no rule names them, or out of reach."""
    acteur = scope.courant()
    requete = scope.limiter(_LIRE, Effectif, Droit.CORRIGER).where(scope.suivi(Effectif))
    parametres = valeurs(effectif_id, jour) | {"habilitation_id": acteur.habilitation_id}
    lue = db.session.execute(requete, parametres).mappings().one_or_none()
    return None if lue is None else _ligne(lue, jour)


def _ligne(lue: Mapping[Any, Any], jour: date) -> Ligne | None:
    f = Faits(**{nom: lue[nom] for nom in Faits._fields})
    nommees = regles.constats(f, jour, lue["eteintes"] or ())
    if not nommees:
        return None
    # The last look at each rule is the one that counts.
    regards = {code: date.fromisoformat(le) if le else date.max for code, le in lue["regards"] or ()}
    caches = [c for c in nommees if regards.get(c.regle, jour) > jour]
    vue = len(caches) == len(nommees)
    trouves = nommees if vue else [c for c in nommees if c not in caches]
    acteur = scope.courant()
    note = lue["note"] if acteur.suivi is None or lue["auteur_id"] == acteur.personne_id else None
    revoir_le = min((regards[c.regle] for c in caches), default=None)
    regard = [vue, revoir_le, lue["vu_le"], lue["vu_par"], note]
    return ligne_de([lue[nom] for nom in _QUI], f, trouves, regard, jour)
