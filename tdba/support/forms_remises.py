"""Form that asks to reset somebody's second factors: shape and words; its rules are in `service_remises`."""

from collections.abc import Mapping
from typing import Any

from wtforms import RadioField
from wtforms.validators import InputRequired

from tdba.forms import BaseForm
from tdba.support.motifs import MOTIFS_DE_REMISE


class RemiseForm(BaseForm):
    """Whose factors, and why."""

    personne = RadioField(
        "Qui a perdu ses seconds facteurs ?",
        coerce=int,
        validators=[InputRequired("Choisissez une personne.")],
    )
    motif = RadioField(
        "Pourquoi ?",
        choices=dict(MOTIFS_DE_REMISE),
        validators=[InputRequired("Choisissez une raison.")],
        description="Cette raison est consignée. La seconde personne de l’assistance la lit.",
    )

    def __init__(self, personnes: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.personne.choices = dict(personnes)
