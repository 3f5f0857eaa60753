"""What hangs on a file besides its steps, moved by a merge to the file of the record kept, and put back.

What the kept file has already stays as it is, and its counterpart stays on the record put aside, in the bin: nothing is
overwritten, nothing is lost, and undoing brings it back.
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, select, update

from tdba import scope
from tdba.db import Base, db
from tdba.devenirs.models import Devenir
from tdba.effectifs.models import Effectif
from tdba.liaisons.models import Liaison
from tdba.offres.models import Poste
from tdba.ruptures.models import Circonstance, Dossier, Formalite, Opposition
from tdba.scope import Droit


class Annexe(NamedTuple):
    """A table that hangs on a file: `cle` tells its rows apart within the file; None when there is one at most."""

    modele: type[Base]
    cle: str | None
    condition: ColumnElement[bool] | None = None


ANNEXES: Final = {
    "circonstance": Annexe(Circonstance, None),
    "formalite": Annexe(Formalite, "code"),
    "poste": Annexe(Poste, None),
    "liaison": Annexe(Liaison, "id"),
    # What the data say is computed again for the record kept.
    "devenir": Annexe(Devenir, "jalon", Devenir.source == "REPONSE"),
}

Deplacees = list[list[Any]]
"""[[table, file left, file joined, keys]]; for an objection [["opposition", record left, record joined, ids]]."""


def deplacer(dossier: Dossier, cible: Dossier) -> Deplacees:
    """Move what the file joined does not have."""
    deplacees: Deplacees = []
    for nom, annexe in ANNEXES.items():
        deja = set(_cles(annexe, cible.id))
        cles = [cle for cle in _cles(annexe, dossier.id, annexe.condition) if cle not in deja]
        if cles:
            _changer(annexe, dossier.id, cible, cles)
            deplacees.append([nom, dossier.id, cible.id, cles])
    return deplacees


def replacer(nom: str, parti_de: Dossier, joint_id: int, cles: Sequence[Any]) -> None:
    """Put these rows back in the file that they left."""
    _changer(ANNEXES[nom], joint_id, parti_de, cles)


def deplacer_opposition(garde: Effectif, absorbe: Effectif) -> Deplacees:
    """Whoever objected on one record objects on the other: the files of the record kept freeze too."""
    if _en_cours(garde.id):
        return []
    ids = _en_cours(absorbe.id)
    if ids:
        _changer_opposition(ids, garde)
    return [["opposition", absorbe.id, garde.id, ids]] if ids else []


def replacer_opposition(absorbe: Effectif, ids: Sequence[int]) -> None:
    _changer_opposition(ids, absorbe)


def _cles(annexe: Annexe, dossier_id: int, condition: ColumnElement[bool] | None = None) -> list[Any]:
    modele: Any = annexe.modele
    colonne = modele.dossier_id if annexe.cle is None else getattr(modele, annexe.cle)
    requete = scope.select_for(modele, Droit.CORRIGER, colonne).where(modele.dossier_id == dossier_id)
    if condition is not None:
        requete = requete.where(condition)
    trouvees = list(db.session.execute(requete.order_by(colonne)).scalars())
    return trouvees if annexe.cle else [None for _ in trouvees]


def _changer(annexe: Annexe, de: int, vers: Dossier, cles: Sequence[Any]) -> None:
    modele: Any = annexe.modele
    changement = update(modele).where(modele.dossier_id == de)
    if annexe.cle is not None:
        changement = changement.where(getattr(modele, annexe.cle).in_(cles))
    valeurs = {
        "dossier_id": vers.id,
        "organisme_id": vers.organisme_id,
        "annee_scolaire": vers.annee_scolaire,
    }
    changement = changement.values(valeurs).execution_options(synchronize_session=False)
    db.session.execute(scope.pour_ecriture(changement, Droit.CORRIGER))


def _en_cours(effectif_id: int) -> list[int]:
    requete = select(Opposition.id).where(
        scope.predicat(Opposition, Droit.CORRIGER),
        Opposition.effectif_id == effectif_id,
        Opposition.levee_le.is_(None),
    )
    return list(db.session.execute(scope.autorisee(requete, Droit.CORRIGER)).scalars())


def _changer_opposition(ids: Sequence[int], effectif: Effectif) -> None:
    changement = (
        update(Opposition)
        .where(Opposition.id.in_(ids))
        .values(
            effectif_id=effectif.id,
            organisme_id=effectif.organisme_id,
            annee_scolaire=effectif.annee_scolaire,
        )
        .execution_options(synchronize_session=False)
    )
    db.session.execute(scope.pour_ecriture(changement, Droit.CORRIGER))
