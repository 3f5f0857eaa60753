"""Forms of pairing: shape and words; their rules are in `service_appairages`."""

from collections.abc import Sequence
from typing import Any

from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from tdba.formats import siret
from tdba.forms import BaseForm
from tdba.organismes.queries import OrganismeVu


class CodeForm(BaseForm):
    code = StringField(
        "Code affiché par votre logiciel",
        description="Huit lettres, par exemple BCDF-GHJK.",
        validators=[
            DataRequired("Saisissez le code affiché par votre logiciel."),
            Length(max=40, message="Ce code est trop long : il a huit lettres."),
        ],
    )


class AccordForm(BaseForm):
    organisme = RadioField(
        "Pour quel établissement ?",
        coerce=int,
        validators=[InputRequired("Choisissez l’établissement pour lequel ce logiciel transmettra.")],
        invalid_choice_message="Choisissez un établissement dans la liste.",
    )

    def __init__(self, *args: Any, organismes: Sequence[OrganismeVu], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisme.choices = [SelectChoice(o.id, _nom(o)) for o in organismes]


def _nom(organisme: OrganismeVu) -> str:
    return f"{organisme.nom}, UAI {organisme.uai or 'inconnue'}, SIRET {siret(organisme.siret)}"
