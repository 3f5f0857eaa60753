"""The form "Noter un appel": shape and words; its rules are in `service`. Short for a call, details folded."""

import secrets
from datetime import date
from typing import Any

from wtforms import HiddenField, IntegerField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from tdba.errors import ErreurMetier
from tdba.forms import BaseForm, DateFr
from tdba.ruptures.models import NOTE_MAX
from tdba.ruptures.natures import CONTACTS, PROPOSEES, REPONSES, RESULTATS
from tdba.ruptures.regles import ajouter_mois
from tdba.ruptures.service import MOIS_DE_NOTE, Saisie


class EntierFacultatif(IntegerField):  # type: ignore[misc]
    """A whole number, or nothing."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([v.strip() for v in valuelist if v.strip()])
        except ValueError:
            raise ValueError("Indiquez un nombre entier.") from None


class DemarcheForm(BaseForm):
    """A step taken. Build it with a `prefix` of its own: several may be open on one page."""

    nature = SelectField("Démarche", choices=dict(PROPOSEES), default="APPEL", validators=[InputRequired()])
    resultat = RadioField(
        "Résultat",
        choices={code: RESULTATS[code] for code in CONTACTS},
        validators=[Optional()],
        description="À indiquer pour un appel.",
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
    note_mois = SelectField(
        "Effacer la note",
        choices={1: "dans 1 mois", 3: "dans 3 mois", 6: "dans 6 mois", 12: "dans 1 an", 24: "dans 2 ans"},
        coerce=int,
        default=MOIS_DE_NOTE,
        validate_choice=False,
    )
    nombre = EntierFacultatif(
        "Combien",
        validators=[Optional()],
        description="Pour des offres envoyées, des candidatures ou des réponses.",
    )
    reponse = SelectField(
        "Réponse reçue",
        choices={"": "Aucune"} | {code: RESULTATS[code] for code in REPONSES},
        validators=[Optional()],
        description="D’un employeur ou d’une formation.",
    )
    cle_formulaire = HiddenField(validators=[Length(max=64)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.cle_formulaire.data:
            self.cle_formulaire.data = secrets.token_urlsafe(16)

    @property
    def deplie(self) -> bool:
        """Whether the details hold something: what was typed, or an error."""
        details = (self.nombre, self.reponse, self.note_mois)
        return bool(self.nombre.data or self.reponse.data) or any(champ.errors for champ in details)

    def saisie(self, jour: date) -> Saisie:
        """What was typed on `jour`, once validated. Raises ErreurMetier for two results at once."""
        contact, reponse = self.resultat.data or None, self.reponse.data or None
        if contact and reponse:
            raise ErreurMetier(
                "Choisissez l’un ou l’autre : comment le contact s’est terminé, ou la réponse reçue.",
                champ="reponse",
            )
        return Saisie(
            nature=self.nature.data,
            resultat=contact or reponse,
            prochaine_le=self.prochaine_le.data,
            note=self.note.data or None,
            cle_formulaire=self.cle_formulaire.data,
            nombre=self.nombre.data,
            note_jusqu_au=ajouter_mois(jour, self.note_mois.data or MOIS_DE_NOTE) if self.note.data else None,
        )
