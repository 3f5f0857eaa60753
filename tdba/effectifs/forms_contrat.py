"""Forms of the contracts: dates, employer, rupture and its cause, contestation."""

from typing import Any, Final

from wtforms import RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional, ValidationError

from tdba.effectifs import champs_corriges
from tdba.effectifs.causes import CAUSES
from tdba.effectifs.forms import CorrectionForm
from tdba.effectifs.motifs import CONTESTATIONS
from tdba.forms import DateFr

_CAUSES: Final = [SelectChoice("", "pas encore connue"), *(SelectChoice(c, t) for c, t in CAUSES.items())]


def _siret(form: Any, controle: Any) -> None:  # noqa: ARG001 - signature of a validator
    try:
        controle.data = champs_corriges.siret(controle.data)
    except champs_corriges.ValeurRefusee as refusee:
        raise ValidationError(str(refusee)) from None


class _Valeurs(CorrectionForm):
    """A form of which some controls are columns of a contract."""

    colonnes: tuple[str, ...] = ()

    @property
    def saisies(self) -> dict[str, Any]:
        """Column → value; an empty control is None."""
        return {nom: self[nom].data or None for nom in self.colonnes}


class ContratForm(_Valeurs):
    """The dates of a contract and its employer, corrected together; also what adding one asks."""

    debut = DateFr("Début du contrat", validators=[InputRequired("Indiquez le début du contrat.")])
    fin = DateFr(
        "Fin prévue",
        description="Sans fin prévue, le contrat est compté jusqu’à la fin de la formation.",
        validators=[Optional()],
    )
    rupture = DateFr(
        "Rupture", description="Premier jour sans contrat, s’il a été rompu.", validators=[Optional()]
    )
    employeur_siret = StringField(
        "Employeur (SIRET)", description="14 chiffres.", validators=[Optional(), _siret]
    )
    colonnes = ("debut", "fin", "rupture", "employeur_siret")


class RuptureForm(_Valeurs):
    """The rupture of a contract, with its legal cause when it is known."""

    rupture = DateFr(
        "Rupture",
        description="Premier jour sans contrat, passé ou à venir.",
        validators=[InputRequired("Indiquez le jour de la rupture.")],
    )
    cause_legale = SelectField(
        "Cause",
        choices=_CAUSES,
        description="Elle peut être indiquée plus tard. Les 45 premiers jours se comptent en entreprise, hors jours au CFA.",
        validate_choice=False,
    )
    mediateur_le = DateFr(
        "Médiateur saisi le", description="En cas de démission seulement.", validators=[Optional()]
    )
    employeur_informe_le = DateFr(
        "Employeur informé le",
        description="En cas de démission : au plus tôt 5 jours après la saisie du médiateur. La démission prend effet au plus tôt 7 jours après.",
        validators=[Optional()],
    )
    colonnes = ("rupture", "cause_legale", "mediateur_le", "employeur_informe_le")


class RuptureAnnuleeForm(CorrectionForm):
    """Cancelling a rupture asks why, and nothing else."""

    saisies: Final[dict[str, Any]] = {"rupture": None}


class ContestationForm(_Valeurs):
    """Contesting a rupture that the ERP declares: it still counts."""

    contestation = RadioField(
        "Ce que vous contestez",
        choices=[SelectChoice(code, libelle) for code, libelle in CONTESTATIONS.items()],
        validators=[InputRequired("Choisissez ce que vous contestez.")],
        invalid_choice_message="Choisissez dans la liste.",
    )
    colonnes = ("contestation",)
