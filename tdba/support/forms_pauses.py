"""Form of the pauses of readings."""

from wtforms import SelectField
from wtforms.validators import InputRequired

from tdba.comptes.habitudes import RAISONS
from tdba.forms import BaseForm


class LeveeForm(BaseForm):
    """Why a pause is lifted. One form on each line: a prefix keeps their controls apart."""

    raison = SelectField(
        "Pourquoi la lever ?",
        choices={"": "Choisir…"} | dict(RAISONS),
        validators=[InputRequired("Choisissez une raison.")],
    )
