"""Forms of an unknown establishment: which one it is, or why its lines are set aside."""

from wtforms import IntegerField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange
from wtforms.widgets import HiddenInput

from tdba.forms import BaseForm
from tdba.transmissions.quarantaines import MOTIFS


class ReconnaitreForm(BaseForm):
    """The organisme that the unknown establishment is."""

    organisme = IntegerField(
        widget=HiddenInput(),
        validators=[
            InputRequired("Choisissez un établissement."),
            NumberRange(1, 2**31 - 1, "Choisissez un établissement."),
        ],
    )


class EcarterForm(BaseForm):
    """Why the lines of an unknown establishment are set aside."""

    motif = RadioField(
        "Pourquoi écarter ces fiches ?",
        choices=[SelectChoice(code, libelle) for code, libelle in MOTIFS.items()],
        validators=[InputRequired("Choisissez une raison.")],
        invalid_choice_message="Choisissez une raison dans la liste.",
    )
