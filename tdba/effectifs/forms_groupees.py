"""Forms of the bulk actions: what each one asks. Rules are in the services."""

from collections.abc import Sequence
from typing import Any

from wtforms import RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from tdba.effectifs import groupees
from tdba.effectifs.forms_gestes import MotifForm, choix
from tdba.forms import BaseForm, DateFr

_JOUR = "Indiquez le jour."


class ActionForm(MotifForm):
    """What every action asks: why."""

    def __init__(self, *args: Any, nature: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.motif.choices = choix(groupees.NATURES[nature].motifs)

    def parametres(self) -> dict[str, str]:
        """What the action needs besides its reason: codes, dates and ids."""
        return {}


class TransfertGroupeForm(ActionForm):
    destination = SelectField(
        "Établissement d’arrivée",
        validators=[InputRequired("Choisissez l’établissement d’arrivée.")],
        invalid_choice_message="Choisissez un établissement dans la liste.",
    )
    a_compter_du = DateFr("À compter du", validators=[InputRequired(_JOUR)])

    def __init__(self, *args: Any, places: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.destination.choices = [
            SelectChoice("", "Choisir"),
            *(SelectChoice(str(cle), nom) for cle, nom in places),
        ]

    def parametres(self) -> dict[str, str]:
        return {"destination": self.destination.data, "a_compter_du": str(self.a_compter_du.data)}


class CorrectionGroupeeForm(ActionForm):
    champ = RadioField(
        "Champ à corriger",
        choices=choix(groupees.CHAMPS),
        validators=[InputRequired("Choisissez un champ.")],
        invalid_choice_message="Choisissez un champ dans la liste.",
    )
    valeur = StringField(
        "Nouvelle valeur, la même pour toutes les fiches",
        description="Une date s’écrit 03/03/2026.",
        validators=[InputRequired("Indiquez la valeur.")],
    )

    def parametres(self) -> dict[str, str]:
        return {"champ": self.champ.data, "valeur": self.valeur.data}


class SortieForm(ActionForm):
    le = DateFr("Sortis le", validators=[InputRequired(_JOUR)])

    def parametres(self) -> dict[str, str]:
        return {"valeur": str(self.le.data)}


class RestaurationForm(BaseForm):
    """Restoring asks for no reason: it says that the withdrawal was one too many."""

    def parametres(self) -> dict[str, str]:
        return {}


def formulaire(nature: str, places: Sequence[tuple[int, str]]) -> Any:
    """The form of that action."""
    if nature == groupees.RESTAURATION:
        return RestaurationForm()
    if nature == groupees.TRANSFERT:
        return TransfertGroupeForm(nature=nature, places=places)
    formes = {groupees.CORRECTION: CorrectionGroupeeForm, groupees.SORTIE: SortieForm}
    return formes.get(nature, ActionForm)(nature=nature)
