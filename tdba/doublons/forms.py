"""Forms of the duplicates: shape and presence. What the rows chose is read by `choix`."""

from collections.abc import Mapping

from wtforms import IntegerField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from tdba.doublons.choix import COTES
from tdba.effectifs.motifs import COMMENTAIRE_MAX
from tdba.forms import BaseForm

PREFIXE = "v-"
"""Before the key of a row, in the names of its two radio buttons."""


class FusionForm(BaseForm):
    """Which record is kept, and the versions that were read."""

    garder = RadioField(
        "Fiche à garder",
        choices=[SelectChoice("a", "Fiche 1"), SelectChoice("b", "Fiche 2")],
        validators=[InputRequired("Dites quelle fiche garder.")],
        invalid_choice_message="Dites quelle fiche garder.",
    )
    version_a = IntegerField(widget=HiddenInput(), validators=[InputRequired("Rechargez la page.")])
    version_b = IntegerField(widget=HiddenInput(), validators=[InputRequired("Rechargez la page.")])

    @property
    def versions(self) -> tuple[int, int]:
        return self.version_a.data, self.version_b.data


def choix_de(saisies: Mapping[str, str]) -> dict[str, str]:
    """Row → side, of the radio buttons sent."""
    return {
        nom.removeprefix(PREFIXE): valeur
        for nom, valeur in saisies.items()
        if nom.startswith(PREFIXE) and valeur in COTES
    }


class EcarterForm(BaseForm):
    """« Ce n'est pas la même personne »: a few words, if need be."""

    class Meta(BaseForm.Meta):
        csrf = False  # the second form of its page: the application's own check reads the token that the macro writes

    commentaire = TextAreaField(
        "Pourquoi ce n’est pas la même personne",
        description="Par exemple : jumeaux, homonymes. 250 caractères au plus, sans donnée de santé.",
        validators=[
            Optional(),
            Length(
                max=COMMENTAIRE_MAX, message=f"Ce texte est trop long : {COMMENTAIRE_MAX} caractères au plus."
            ),
        ],
    )
