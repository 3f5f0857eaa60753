"""The form "Vu": shape and words; its rules are in `service`."""

import secrets
from datetime import date
from typing import Any, Final

from wtforms import HiddenField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from tdba.formats import INSECABLE
from tdba.forms import BaseForm, DateFr
from tdba.ruptures.models import NOTE_MAX
from tdba.ruptures.regles import ajouter_mois
from tdba.ruptures.service import MOIS_DE_NOTE
from tdba.vigilance.service import Saisie

EFFACER: Final = {
    1: "dans 1 mois",
    3: "dans 3 mois",
    6: "dans 6 mois",
    12: "dans 1 an",
    24: "dans 2 ans",
}


class VuForm(BaseForm):
    """A look taken. Build it with a `prefix` of its own: several may be open on one page."""

    revoir_le = DateFr(
        "À revoir le",
        validators=[Optional()],
        description=f"Ce jeune quitte la liste jusqu’à ce jour{INSECABLE}; une autre règle peut l’y ramener avant.",
    )
    note = TextAreaField(
        "Note",
        validators=[
            Optional(),
            Length(max=NOTE_MAX, message=f"La note ne peut pas dépasser {NOTE_MAX} caractères."),
        ],
        description=f"Rien sur la santé, la famille, les opinions ou l’origine{INSECABLE}: l’apprenant peut demander à lire "
        "cette note.",
    )
    note_mois = SelectField(
        "Effacer la note",
        choices=EFFACER,
        coerce=int,
        default=MOIS_DE_NOTE,
        validators=[InputRequired()],
    )
    cle_formulaire = HiddenField(validators=[Length(max=64)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.cle_formulaire.data:
            self.cle_formulaire.data = secrets.token_urlsafe(16)

    def saisie(self, jour: date) -> Saisie:
        """What was typed on `jour`, once validated."""
        return Saisie(
            revoir_le=self.revoir_le.data,
            note=self.note.data or None,
            note_jusqu_au=ajouter_mois(jour, self.note_mois.data) if self.note.data else None,
            cle_formulaire=self.cle_formulaire.data,
        )
