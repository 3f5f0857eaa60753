"""Forms of help at hand: shape and words; their rules are in the services."""

import secrets
from typing import Any, Final

from wtforms import HiddenField, IntegerField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from tdba.forms import BaseForm, DateFr
from tdba.offres.etats import ETATS
from tdba.offres.service_demarches import REPONSES
from tdba.ruptures.models import NOMBRE_MAX
from tdba.ruptures.natures import RESULTATS

_NOMBRE: Final = f"Indiquez un nombre entre 1 et {NOMBRE_MAX}."


class UneFois(BaseForm):
    """Carries a random value, so that a double click is one step. Build it with a `prefix` of its own."""

    cle_formulaire = HiddenField(validators=[InputRequired(), Length(max=64)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.cle_formulaire.data:
            self.cle_formulaire.data = secrets.token_urlsafe(16)


class OffresForm(UneFois):
    """Offers sent to the youth."""

    nombre = IntegerField(
        "Nombre d’offres et d’entreprises envoyées",
        validators=[InputRequired(_NOMBRE), NumberRange(1, NOMBRE_MAX, message=_NOMBRE)],
    )


class LienForm(UneFois):
    """The link of appointment was given."""


class ReponseForm(UneFois):
    """What the training answered."""

    resultat = RadioField(
        "Réponse de la formation",
        choices=[SelectChoice(code, RESULTATS[code]) for code in REPONSES],
        validators=[InputRequired("Indiquez ce que la formation a répondu.")],
    )
    prochaine_le = DateFr(
        "Jour du rendez-vous", validators=[Optional()], description="Si un rendez-vous est pris."
    )


class PosteForm(BaseForm):
    """How far the vacant post is. `version` 0: nothing is known of it yet."""

    etat = RadioField(
        "Où en est ce poste",
        choices=[SelectChoice(code, libelle) for code, libelle in ETATS.items()],
        validators=[InputRequired("Indiquez où en est ce poste.")],
    )
    version = HiddenField(validators=[InputRequired()])

    def version_lue(self) -> int:
        """The version of the post that the person saw; one that was tampered with is nobody's."""
        texte = self.version.data or ""
        return int(texte) if texte.isdecimal() and len(texte) < 10 else -1
