"""One row of a worklist, wherever it is shown: its facts and the columns that hold them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import CTE, Select, Subquery, select
from sqlalchemy.dialects.postgresql import array

from tdba.effectifs.models import Effectif
from tdba.organismes.models import Organisme
from tdba.ruptures.models import Demarche, Dossier
from tdba.ruptures.regles import Situation, situation

_DERNIERE: Final = (
    select(array([Demarche.nature, Demarche.resultat]))
    .where(Demarche.dossier_id == Dossier.id, Demarche.retiree_le.is_(None))
    .order_by(Demarche.id.desc())
    .limit(1)
    .scalar_subquery()
)


class Ligne(NamedTuple):
    """One youth of a worklist, with the facts of the row. `dossier_id` None: no step was ever noted."""

    effectif_id: int
    dossier_id: int | None
    genre: str
    organisme_id: int
    site: str
    nom: str
    prenom: str
    sexe: str | None
    date_naissance: date
    formation: str | None
    depuis: date
    clos_du: date | None
    cause_cloture: str | None
    derniere_demarche_le: datetime | None
    derniere_demarche: list[str | None] | None
    """Nature and result of the last step."""
    prochaine_le: date | None
    situation: Situation
    raison: str | None = None
    """`RaisonDAppel`, on the home page only."""


def afficher(lignes: Subquery | CTE, *avant: Any) -> Select[Any]:
    """Rows of `lignes` with what a screen shows of them; `lignes` holds what the scope allows."""
    return (
        select(*avant, *colonnes(lignes.c.genre, lignes.c.depuis))
        .select_from(lignes)
        .join(Effectif, Effectif.id == lignes.c.effectif_id)
        .join(Organisme, Organisme.id == Effectif.organisme_id)
        .outerjoin(Dossier, Dossier.id == lignes.c.dossier_id)
    )


def colonnes(genre: Any, depuis: Any) -> list[Any]:
    """The columns of `Ligne`, in its order, up to `situation`."""
    qui = [Effectif.organisme_id, Organisme.nom.label("site"), Effectif.nom, Effectif.prenom]
    qui += [Effectif.sexe, Effectif.date_naissance, Effectif.formation]
    suivi = [Dossier.clos_du, Dossier.cause_cloture, Dossier.derniere_demarche_le, _DERNIERE]
    return [Effectif.id, Dossier.id, genre, *qui, depuis, *suivi, Dossier.prochaine_le]


def ligne_de(valeurs: Sequence[Any], jour: date, raison: str | None = None) -> Ligne:
    genre, depuis = valeurs[2], valeurs[10]
    return Ligne._make([*valeurs, situation(genre, depuis, jour), raison])
