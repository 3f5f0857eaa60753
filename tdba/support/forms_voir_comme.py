"""Forms of "voir comme" and of the caller's check: shape and words; their rules are in the services."""

from collections.abc import Iterable, Mapping
from typing import Any

from wtforms import RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from tdba.forms import BaseForm
from tdba.support.motifs import MOTIFS_DE_PASSAGE
from tdba.support.queries_passages import Candidat


class VoirCommeForm(BaseForm):
    """Whose screens, and why."""

    habilitation = RadioField(
        "De qui voulez-vous voir l’écran ?",
        coerce=int,
        validators=[InputRequired("Choisissez une personne.")],
    )
    motif = RadioField(
        "Pourquoi ?",
        choices=dict(MOTIFS_DE_PASSAGE),
        validators=[InputRequired("Choisissez une raison.")],
        description="Cette raison est consignée, et son organisation la lit.",
    )

    def __init__(self, candidats: Iterable[Candidat], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.habilitation.choices = {
            c.habilitation_id: f"{c.prenom} {c.nom}, {c.role}, {c.organisation}" for c in candidats
        }


class AppelantForm(BaseForm):
    """Who says to be calling, and the code they read out."""

    personne = SelectField(
        "Qui appelle ?", coerce=int, validators=[InputRequired("Choisissez une personne.")]
    )
    code = StringField(
        "Code de six chiffres",
        validators=[
            InputRequired("Écrivez le code que la personne vous lit."),
            Length(max=20, message="Ce code est trop long : il a six chiffres."),
        ],
        description="La personne le trouve dans « Mon compte », par le bouton « Afficher mon code ».",
    )

    def __init__(self, appelants: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.personne.choices = dict(appelants)
