"""Forms of what is done with records besides correcting a field: shape and presence. Rules are in the services."""

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from tdba.effectifs.motifs_gestes import COMMENTAIRE_MAX, RETRAITS, TRANSFERTS
from tdba.forms import BaseForm, DateFr


def choix(mots: Mapping[str, str]) -> list[SelectChoice]:
    return [SelectChoice(code, libelle) for code, libelle in mots.items()]


class MotifForm(BaseForm):
    """A reason of a closed list, and a few words."""

    motif = RadioField(
        "Pourquoi ?",
        validators=[InputRequired("Choisissez une raison.")],
        invalid_choice_message="Choisissez une raison dans la liste.",
    )
    commentaire = TextAreaField(
        "Précisions",
        description=f"{COMMENTAIRE_MAX} caractères au plus. N’écrivez ni donnée de santé ni numéro de sécurité sociale.",
        validators=[
            Optional(),
            Length(
                max=COMMENTAIRE_MAX, message=f"Ce texte est trop long : {COMMENTAIRE_MAX} caractères au plus."
            ),
        ],
    )


class RetraitForm(MotifForm):
    """Putting a record in the bin."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.motif.choices = choix(RETRAITS)


class TransfertForm(MotifForm):
    """Moving a record to another establishment."""

    destination = SelectField(
        "Établissement d’arrivée",
        validators=[InputRequired("Choisissez l’établissement d’arrivée.")],
        invalid_choice_message="Choisissez un établissement dans la liste.",
    )
    a_compter_du = DateFr(
        "À compter du",
        description="Premier jour du jeune dans cet établissement.",
        validators=[InputRequired("Indiquez le jour de l’arrivée.")],
    )

    def __init__(self, *args: Any, places: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.motif.choices = choix(TRANSFERTS)
        self.destination.choices = [
            SelectChoice("", "Choisir"),
            *(SelectChoice(str(cle), nom) for cle, nom in places),
        ]


class GesteForm(BaseForm):
    """A confirmation that asks for nothing more."""
