"""Form of an objection to being followed: shape and presence. Its rules are in `service_oppositions`."""

from datetime import date
from typing import Any

from wtforms.validators import InputRequired

from tdba.forms import BaseForm, DateFr


class OppositionForm(BaseForm):
    """The day on which the person's request arrived."""

    recue_le = DateFr(
        "Demande reçue le",
        description="Le jour où la personne, ou son représentant légal si elle est mineure, vous l’a dit ou écrit.",
        validators=[InputRequired("Indiquez le jour où la demande vous est parvenue.")],
    )

    def jour_recu(self) -> date:
        """The day typed, once the form is valid."""
        saisi: Any = self.recue_le.data
        jour: date = saisi
        return jour


class LeverForm(BaseForm):
    """A confirmation that asks for nothing more."""
