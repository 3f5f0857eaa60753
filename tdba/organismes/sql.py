"""Set-based writes of the référentiel: rows travel as one JSON parameter, and only what differs is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, cast

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Table,
    and_,
    bindparam,
    column,
    func,
    insert,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB

from tdba import scope
from tdba.db import Base
from tdba.organismes.models import Certification, ReseauOrganisme

RAISON: Final = "referentiel.importer"

Rangees = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Compte:
    """What a write did to the rows it was given."""

    crees: int = 0
    modifies: int = 0
    inchanges: int = 0

    def __add__(self, autre: "Compte") -> "Compte":
        return Compte(
            self.crees + autre.crees, self.modifies + autre.modifies, self.inchanges + autre.inchanges
        )


def prendre_le_tour() -> bool:
    """Take the lock of imports until the end of the transaction; False when another import holds it."""
    requete = text("SELECT pg_try_advisory_xact_lock(hashtext('tdba.referentiel'))")
    return bool(scope.connexion(RAISON).execute(requete).scalar_one())


def attendre_le_tour() -> None:
    """Take the same lock, after the import that holds it."""
    scope.connexion(RAISON).execute(text("SELECT pg_advisory_xact_lock(hashtext('tdba.referentiel'))"))


def fusionner(modele: type[Base], cle: Sequence[str], rangees: Rangees, *, remplacer: bool = True) -> Compte:
    """Create the rows that are missing and, when `remplacer`, update those that differ. Keys must be distinct.

    A null part of a key equals a null: it is compared as an empty text, so that the planner can still hash it.
    """
    if not rangees:
        return Compte()
    table = cast(Table, modele.__table__)
    recu = _recu(table, rangees)
    meme = and_(*(_egal(table, recu, nom) for nom in cle))
    valeurs = {c.name: c for c in recu.c if c.name not in cle}
    modifies = 0
    if remplacer and valeurs:
        differe = or_(*(table.c[nom].is_distinct_from(valeur) for nom, valeur in valeurs.items()))
        modifies = _executer(update(table).values(valeurs).where(meme, differe))
    absents = select(recu).where(~select(1).select_from(table).where(meme).exists())
    crees = _executer(insert(table).from_select([c.name for c in recu.c], absents))
    return Compte(crees, modifies, len(rangees) - crees - modifies)


def affilier(rangees: Rangees) -> Compte:
    """Write memberships. A line is already known when one of the same network and organisme covers its start.

    A membership in progress stays as it is whatever start a later list gives; an end closes it. An old list never
    reopens what was closed since.
    """
    if not rangees:
        return Compte()
    table = cast(Table, ReseauOrganisme.__table__)
    recu = _recu(table, rangees)
    meme = and_(table.c.reseau_code == recu.c.reseau_code, table.c.organisme_id == recu.c.organisme_id)
    fermer = update(table).values(fin=recu.c.fin)
    modifies = _executer(fermer.where(meme, table.c.fin.is_(None), recu.c.fin > table.c.debut))
    en_cours = or_(table.c.fin.is_(None), table.c.fin > recu.c.debut)
    absents = select(recu).where(~select(1).select_from(table).where(meme, en_cours).exists())
    crees = _executer(insert(table).from_select([c.name for c in recu.c], absents))
    return Compte(crees, modifies, len(rangees) - crees - modifies)


def niveler(niveaux: Mapping[str, int]) -> Compte:
    """Give its level to each code of the nomenclature, by the first three characters of the CFD.

    Couples keep the level of their RNCP record, which comes first (domain.md §4.5).
    """
    table = cast(Table, Certification.__table__)
    rangees = [{"cfd": prefixe, "niveau": niveau} for prefixe, niveau in niveaux.items()]
    recu = _recu(table, rangees)
    vise = and_(table.c.rncp.is_(None), func.left(table.c.cfd, 3) == recu.c.cfd)
    concernes = scope.connexion(RAISON).execute(select(func.count()).select_from(table).join(recu, vise))
    change = table.c.niveau.is_distinct_from(recu.c.niveau)
    modifies = _executer(update(table).values(niveau=recu.c.niveau).where(vise, change))
    return Compte(0, modifies, concernes.scalar_one() - modifies)


def _recu(table: Table, rangees: Rangees) -> FromClause:
    """The rows as a relation, typed like the columns of `table` that they name."""
    colonnes = [column(nom, table.c[nom].type) for nom in rangees[0]]
    parametre = bindparam(None, [_en_json(rangee) for rangee in rangees], type_=JSONB)
    source = func.jsonb_to_recordset(parametre).table_valued(*colonnes, name="recu")
    return source.render_derived(name="recu", with_types=True)


def _en_json(rangee: Mapping[str, Any]) -> dict[str, Any]:
    return {nom: valeur.isoformat() if isinstance(valeur, date) else valeur for nom, valeur in rangee.items()}


def _egal(table: Table, recu: FromClause, nom: str) -> ColumnElement[bool]:
    if not table.c[nom].nullable:
        return table.c[nom] == recu.c[nom]
    return func.coalesce(table.c[nom], "") == func.coalesce(recu.c[nom], "")


def _executer(requete: Any) -> int:
    # SQLAlchemy forgets the count of an INSERT unless asked.
    return scope.connexion(RAISON).execute(requete, execution_options={"preserve_rowcount": True}).rowcount
