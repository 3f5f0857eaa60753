"""Forms of delegations: shape and words; their rules are in `delegations` and `service_delegations`."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from wtforms import HiddenField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from tdba.formats import date_longue
from tdba.forms import BaseForm, DateFr
from tdba.transmissions.queries_delegations import DelegationVue
from tdba.transmissions.service_delegations import Dates


class DelegationForm(BaseForm):
    """To whom, and between which days."""

    delegue = HiddenField()
    debut = DateFr(
        "Premier jour", description="Sans date, la délégation commence aujourd’hui.", validators=[Optional()]
    )
    dernier_jour = DateFr(
        "Dernier jour",
        description="Sans date, la délégation dure trois ans, le plus qu’elle puisse durer.",
        validators=[Optional()],
    )

    @property
    def delegue_id(self) -> int | None:
        return identifiant(self.delegue.data)

    @property
    def dates(self) -> Dates:
        return Dates(self.debut.data, self.dernier_jour.data)


class ArretForm(BaseForm):
    """Which one ends."""

    delegation = RadioField(
        "Quelle délégation arrêter ?",
        validators=[InputRequired("Choisissez la délégation à arrêter.")],
        invalid_choice_message="Choisissez une délégation dans la liste : elle est peut-être déjà arrêtée.",
    )

    def __init__(self, *args: Any, delegations: Sequence[DelegationVue], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.delegation.choices = [
            SelectChoice(d.cle, f"{d.nom}, depuis le {date_longue(d.debut)}") for d in delegations
        ]

    @property
    def choisie(self) -> tuple[int, date]:
        delegue_id, _, debut = str(self.delegation.data).partition(":")
        return int(delegue_id), date.fromisoformat(debut)


def identifiant(texte: str | None) -> int | None:
    """The id that an address or a form carries, None for anything else."""
    return int(texte) if texte and len(texte) < 10 and texte.isascii() and texte.isdigit() else None
