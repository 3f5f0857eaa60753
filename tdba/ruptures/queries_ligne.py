"""One row of a worklist, wherever it is shown: its facts and the columns that hold them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import CTE, Select, Subquery, func, select
from sqlalchemy.dialects.postgresql import array

from tdba import horloge
from tdba.comptes.models import Personne
from tdba.effectifs.models import Effectif
from tdba.organismes.models import Organisme
from tdba.ruptures.models import Demarche, Dossier
from tdba.ruptures.natures import RELAIS
from tdba.ruptures.oppositions import GELE
from tdba.ruptures.regles import Situation, situation

_DERNIERE: Final = (
    select(array([Demarche.nature, Demarche.resultat]))
    .where(Demarche.dossier_id == Dossier.id, Demarche.retiree_le.is_(None), Demarche.nature != RELAIS)
    .order_by(Demarche.id.desc())
    .limit(1)
    .scalar_subquery()
)
ISSUES: Final = ("EMPLOYEUR_TROUVE", "RETOUR_ECOLE", "AUTRE_CFA", "ARRET")
"""Kinds of steps that tell how it ends, before the data does."""
_ISSUE: Final = (
    select(Demarche.nature)
    .where(Demarche.dossier_id == Dossier.id, Demarche.retiree_le.is_(None), Demarche.nature.in_(ISSUES))
    .order_by(Demarche.id.desc())
    .limit(1)
    .scalar_subquery()
)
_REFERENT: Final = (
    select(func.concat_ws(" ", Personne.prenom, Personne.nom))
    .where(Personne.id == Dossier.referent_id)
    .scalar_subquery()
)


class Ligne(NamedTuple):
    """One youth of a worklist, with the facts of the row. `dossier_id` None: the file is not written yet."""

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
    referent_id: int | None = None
    referent: str | None = None
    """Who follows the file, named; a person who holds CORRIGER on the establishment."""
    presence: str | None = None
    """Last answer to "toujours au CFA ?": OUI or NON (decision 9)."""
    presence_le: datetime | None = None
    confirmee_le: datetime | None = None
    """When a person confirmed the new contract that closed the file."""
    version: int | None = None
    """What optimistic locking compares; None while the file is not written."""
    parti_le: date | None = None
    gele: bool = False
    """The person objected to being followed: nothing is added."""
    issue: str | None = None
    """Kind of the last step that announced how it ends, among `ISSUES`."""

    @property
    def presence_jour(self) -> date | None:
        """The Paris day of that answer."""
        return horloge.jour_de_paris(self.presence_le) if self.presence_le else None


_FAITS: Final = Ligne._fields.index("situation")
"""How many columns come before what is computed."""


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
    """The columns of `Ligne`, in its order, but `situation` and `raison`, which are computed."""
    qui = [Effectif.organisme_id, Organisme.nom.label("site"), Effectif.nom, Effectif.prenom]
    qui += [Effectif.sexe, Effectif.date_naissance, Effectif.formation]
    suivi = [Dossier.clos_du, Dossier.cause_cloture, Dossier.derniere_demarche_le, _DERNIERE]
    tenue = [Dossier.referent_id, _REFERENT, Dossier.presence, Dossier.presence_le, Dossier.confirmee_le]
    tenue += [Dossier.version, Dossier.parti_le, GELE, _ISSUE]
    return [Effectif.id, Dossier.id, genre, *qui, depuis, *suivi, Dossier.prochaine_le, *tenue]


def ligne_de(valeurs: Sequence[Any], jour: date, raison: str | None = None) -> Ligne:
    genre, depuis = valeurs[2], valeurs[10]
    faits, tenue = valeurs[:_FAITS], valeurs[_FAITS:]
    return Ligne._make([*faits, situation(genre, depuis, jour), raison, *tenue])
