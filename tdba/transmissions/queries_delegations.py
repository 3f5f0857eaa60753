"""Reading delegations: who sends for an establishment, and for whom it sends."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, or_, select

from tdba import scope
from tdba.db import db
from tdba.organismes.models import Organisme
from tdba.scope import Droit
from tdba.transmissions import delegations
from tdba.transmissions.models import Delegation

LIGNES_MAX: Final = 200
MEMOIRE: Final = timedelta(days=365)
"""How long an ended delegation is shown."""


@dataclass(frozen=True, slots=True)
class DelegationVue:
    """A delegation, with the other establishment of the two."""

    delegue_id: int
    nom: str
    uai: str | None
    siret: str
    debut: date
    dernier_jour: date | None
    etat: delegations.Etat

    @property
    def cle(self) -> str:
        """What names it in the form of its establishment."""
        return f"{self.delegue_id}:{self.debut.isoformat()}"


def pour_nous(organisme_id: int, jour: date) -> list[DelegationVue]:
    """Who sends for this establishment, within reach."""
    siennes = scope.predicat(Delegation, Droit.CONFIGURER) & (Delegation.organisme_id == organisme_id)
    return _vues(siennes, Delegation.delegue_id, jour)


def pour_d_autres(organisme_id: int, jour: date) -> list[DelegationVue]:
    """For whom this establishment sends: the other access key of a delegation."""
    recues = scope.portee_sur(Delegation.delegue_id, Droit.CONFIGURER) & (
        Delegation.delegue_id == organisme_id
    )
    return _vues(recues, Delegation.organisme_id, jour)


def a_arreter(organisme_id: int, jour: date) -> list[DelegationVue]:
    """Those that this establishment may still end."""
    return [d for d in pour_nous(organisme_id, jour) if d.etat is not delegations.Etat.FINIE]


def _vues(siennes: ColumnElement[bool], autre: Any, jour: date) -> list[DelegationVue]:
    requete = (
        select(Delegation, Organisme.nom, Organisme.uai, Organisme.siret)
        .join(Organisme, Organisme.id == autre)
        .where(siennes, or_(Delegation.fin.is_(None), Delegation.fin > jour - MEMOIRE))
        .order_by(Delegation.debut.desc(), Organisme.nom, Organisme.id)
        .limit(LIGNES_MAX)
    )
    trouvees = db.session.execute(scope.autorisee(requete, Droit.CONFIGURER))
    vues = [_vue(d, nom, uai, siret, jour) for d, nom, uai, siret in trouvees]
    return sorted(vues, key=lambda vue: vue.etat is delegations.Etat.FINIE)


def _vue(d: Delegation, nom: str, uai: str | None, siret: str, jour: date) -> DelegationVue:
    dernier = None if d.fin is None else max(d.fin - timedelta(days=1), d.debut)
    return DelegationVue(
        d.delegue_id, nom, uai, siret, d.debut, dernier, delegations.etat(d.debut, d.fin, jour)
    )


def vivantes(organisme_id: int, delegue_id: int, jour: date) -> Sequence[Delegation]:
    """The delegations of this establishment to that organisme that are running or to come, locked."""
    requete = (
        scope.select_for(Delegation, Droit.CONFIGURER)
        .where(Delegation.organisme_id == organisme_id, Delegation.delegue_id == delegue_id)
        .where(or_(Delegation.fin.is_(None), (Delegation.fin > jour) & (Delegation.fin > Delegation.debut)))
        .order_by(Delegation.debut)
        .with_for_update(of=Delegation)
    )
    return db.session.execute(requete.execution_options(populate_existing=True)).scalars().all()
