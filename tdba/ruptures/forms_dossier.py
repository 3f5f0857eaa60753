"""Forms of a file itself: shapes and words; their rules are in the services and the pure modules."""

import secrets
from collections.abc import Sequence
from datetime import date
from typing import Any, Final, cast

from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from tdba.forms import BaseForm, DateFr
from tdba.ruptures import presence
from tdba.ruptures.circonstances import OBSTACLES, SANTE, SERVICES, SOUHAITS, Circonstances
from tdba.ruptures.models import NOTE_MAX
from tdba.ruptures.queries_referents import Referent
from tdba.ruptures.service_dossier import Relais, Sortie

SANS_SOUHAIT: Final = ""


class Cases(SelectMultipleField):  # type: ignore[misc]
    """Boxes to tick, several at once."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class UneFois(BaseForm):
    """A form whose random value makes a double click one gesture."""

    cle_formulaire = HiddenField(validators=[Length(max=64)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.cle_formulaire.data:
            self.cle_formulaire.data = secrets.token_urlsafe(16)


class CirconstancesForm(BaseForm):
    obstacles = Cases("Ce qui fait obstacle", choices=dict(OBSTACLES))
    accord_sante = BooleanField(
        "Le jeune est d’accord pour que sa santé soit notée comme un obstacle, sans autre détail"
    )
    accord_sante_le = DateFr(
        "Jour de son accord",
        validators=[Optional()],
        description="Seulement si la santé est cochée. La décocher efface cet accord.",
    )
    souhait = RadioField(
        "Son souhait",
        choices={SANS_SOUHAIT: "Pas encore connu"} | dict(SOUHAITS),
        default=SANS_SOUHAIT,
        validators=[Optional()],
    )
    transmis_ailleurs_a = SelectField(
        "Situation déjà transmise à",
        choices={"": "Personne"} | dict(SERVICES),
        validators=[Optional()],
        description="Par un autre service que le vôtre, pour ne pas le solliciter deux fois.",
    )
    transmis_ailleurs_le = DateFr("Transmise le", validators=[Optional()])
    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])

    @property
    def saisies(self) -> Circonstances:
        """What was typed; the day of the agreement counts only when it is ticked (decision 16)."""
        accord = "accord_sante" in self._fields and self.accord_sante.data
        return Circonstances(
            obstacles=tuple(self.obstacles.data or ()),
            accord_sante_le=self.accord_sante_le.data if accord else None,
            souhait=self.souhait.data or None,
            transmis_ailleurs_a=self.transmis_ailleurs_a.data or None,
            transmis_ailleurs_le=self.transmis_ailleurs_le.data,
        )

    @classmethod
    def remplie(cls, tenues: Circonstances, version: int, *, sante: bool) -> "CirconstancesForm":
        """The form as it opens; without `sante`, for a network, nothing of health can be read nor said."""
        valeurs = tenues._asdict() | {
            "obstacles": list(tenues.obstacles),
            "accord_sante": SANTE in tenues.obstacles,
            "souhait": tenues.souhait or SANS_SOUHAIT,
            "transmis_ailleurs_a": tenues.transmis_ailleurs_a or "",
            "version": version,
        }
        form = cls(data=valeurs)
        if not sante:
            form.obstacles.choices = {code: mots for code, mots in OBSTACLES.items() if code != SANTE}
            del form.accord_sante, form.accord_sante_le
        return form


class FormaliteForm(BaseForm):
    le = DateFr("Fait le", validators=[InputRequired("Indiquez le jour.")])


class RelaisForm(UneFois):
    referent = SelectField("Confier à", coerce=int, validators=[InputRequired("Choisissez un collègue.")])
    mot = TextAreaField(
        "Un mot pour cette personne",
        validators=[
            Optional(),
            Length(max=NOTE_MAX, message=f"Ce mot ne peut pas dépasser {NOTE_MAX} caractères."),
        ],
        description="Rien sur la santé, la famille, les opinions ou l’origine : l’apprenant peut demander à lire ce mot. "
        "Il s’efface dans six mois.",
    )
    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])

    def proposer(self, collegues: Sequence[Referent]) -> None:
        self.referent.choices = {c.id: c.nom for c in collegues}

    @property
    def relais(self) -> Relais:
        return Relais(
            referent_id=self.referent.data,
            mot=self.mot.data or None,
            version=self.version.data,
            cle_formulaire=self.cle_formulaire.data,
        )


class SortieForm(UneFois):
    le = DateFr(
        "N’est plus au CFA depuis le",
        validators=[InputRequired("Indiquez le jour.")],
        description="Le jour proposé est celui où le délai a été dépassé, sinon aujourd’hui : corrigez-le si vous connaissez le bon.",
    )
    motif = RadioField(
        "Ce qui s’est passé",
        choices=dict(presence.MOTIFS),
        validators=[InputRequired("Choisissez une raison dans la liste.")],
    )
    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])

    @property
    def sortie(self) -> Sortie:
        return Sortie(
            le=cast(date, self.le.data),
            motif=self.motif.data,
            version=self.version.data,
            cle_formulaire=self.cle_formulaire.data,
        )
