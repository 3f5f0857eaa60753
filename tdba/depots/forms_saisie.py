"""Form of one apprentice typed by hand, in the order of the template; the rules of files say which field is wrong."""

from collections.abc import Sequence
from typing import Any, Final

from wtforms import HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional

from tdba.depots import descriptions, libelles
from tdba.depots.forms import VALEUR_MAX, choix_de
from tdba.forms import BaseForm
from tdba.organismes.queries import OrganismeVu
from tdba.transmissions.champs import CHAMPS as TOUS
from tdba.transmissions.champs import FICHIER, OBLIGATOIRES

_DITS_AUTREMENT: Final = ("annee_scolaire", "etablissement_")
_EN_PLUS: Final = frozenset(
    {
        "tel_apprenant",
        "formation_rncp",
        "libelle_court_formation",
        "contrat_date_debut",
        "contrat_date_fin",
        "siret_employeur",
    }
)
CHAMPS: Final[tuple[str, ...]] = tuple(
    champ.nom
    for champ in TOUS
    if (champ.nom in OBLIGATOIRES[FICHIER] or champ.nom in _EN_PLUS)
    and not champ.nom.startswith(_DITS_AUTREMENT)
)
"""What the template requires, then what says the formation and the contract, if there is one."""


_LISTES: Final = {"sexe_apprenant": descriptions.SEXES, "annee_formation": descriptions.ANNEES_DE_FORMATION}


def formulaire(etablissements: Sequence[OrganismeVu], annees: Sequence[str]) -> Any:
    """The form, for a person of these establishments."""
    sites = [SelectChoice(cle, mots) for cle, mots in choix_de(etablissements)]

    class SaisieForm(BaseForm):
        organisme = SelectField(
            "Établissement où l’apprenant est formé",
            choices=sites,
            validators=[DataRequired()],
        )
        responsable = SelectField("Établissement responsable", choices=sites, validators=[DataRequired()])
        annee_scolaire = SelectField(
            "Année scolaire", choices=[SelectChoice(a, a) for a in annees], validators=[DataRequired()]
        )
        connue = HiddenField()

    for nom in CHAMPS:
        setattr(SaisieForm, nom, _champ(nom))
    return SaisieForm()


def _champ(nom: str) -> StringField | SelectField:
    """Required ones are marked; whether they are right is for the rules to say."""
    requis = nom in OBLIGATOIRES[FICHIER]
    controle = DataRequired("Ce champ est obligatoire.") if requis else Optional()
    libelle = libelles.champ(nom).replace(" (premier contrat)", "")
    if nom in _LISTES:
        choix = [SelectChoice(code, mots) for code, mots in (("", "Choisissez"), *_LISTES[nom])]
        return SelectField(libelle, choices=choix, validators=[controle])
    longueur = Length(max=VALEUR_MAX, message="Cette valeur est trop longue.")
    aide = "JJ/MM/AAAA" if "date" in nom else ""
    return StringField(libelle, description=aide, validators=[controle, longueur])
