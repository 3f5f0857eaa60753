"""The form "Noter un appel": shape and words; its rules are in `service`."""

import secrets
from typing import Any

from wtforms import HiddenField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from tdba.forms import BaseForm, DateFr
from tdba.ruptures.models import NOTE_MAX
from tdba.ruptures.natures import NATURES, RESULTATS
from tdba.ruptures.service import Saisie


class DemarcheForm(BaseForm):
    """A step taken. Build it with a `prefix` of its own: several may be open on one page."""

    nature = SelectField("Démarche", choices=dict(NATURES), default="APPEL", validators=[InputRequired()])
    resultat = RadioField(
        "Résultat", choices=dict(RESULTATS), validators=[Optional()], description="À indiquer pour un appel."
    )
    prochaine_le = DateFr(
        "Prochaine étape le",
        validators=[Optional()],
        description="Jour du rendez-vous, ou du prochain appel.",
    )
    note = TextAreaField(
        "Note",
        validators=[
            Optional(),
            Length(max=NOTE_MAX, message=f"La note ne peut pas dépasser {NOTE_MAX} caractères."),
        ],
        description="Rien sur la santé, la famille, les opinions ou l’origine : l’apprenant peut demander à lire cette note.",
    )
    cle_formulaire = HiddenField(validators=[Length(max=64)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.cle_formulaire.data:
            self.cle_formulaire.data = secrets.token_urlsafe(16)

    def saisie(self) -> Saisie:
        """What was typed, once validated."""
        return Saisie(
            nature=self.nature.data,
            resultat=self.resultat.data or None,
            prochaine_le=self.prochaine_le.data,
            note=self.note.data or None,
            cle_formulaire=self.cle_formulaire.data,
        )
