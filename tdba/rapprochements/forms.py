"""The form that starts a comparison: shape and words; its rules are in the services."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from wtforms import FileField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired

from tdba.effectifs import annees
from tdba.errors import ErreurMetier
from tdba.forms import BaseForm, DateFr
from tdba.organismes.queries import OrganismeVu
from tdba.rapprochements import populations

TRANSMISSION: Final = "TRANSMISSION"
COLLEE: Final = "COLLEE"
FICHIER: Final = "FICHIER"

AVEC: Final = (
    (TRANSMISSION, "La dernière transmission complète de mon ERP, ou ses envois des 30 derniers jours"),
    (COLLEE, "Une liste que je colle ci-dessous"),
    (FICHIER, "Une liste dans un fichier"),
)


class ComparerForm(BaseForm):
    """Its file comes last: what it is for is known before its first byte."""

    organisme = SelectField("Établissement", validators=[DataRequired()])
    annee = SelectField("Année scolaire", validators=[DataRequired()])
    jour = DateFr(
        "Compter au",
        description="Le statut de chaque apprenant ce jour-là, dans les années que les chiffres comptent.",
        validators=[DataRequired("Dites à quel jour compter.")],
    )
    population = RadioField(
        "Qui compter",
        validators=[DataRequired()],
        choices=[SelectChoice(*q) for q in populations.QUESTIONS.items()],
    )
    avec = RadioField("Comparer avec", validators=[DataRequired()], choices=[SelectChoice(*a) for a in AVEC])
    liste = TextAreaField(
        "Liste collée",
        description=(
            "Un identifiant de votre ERP par ligne, ou un tableau copié de votre tableur dont la première ligne nomme "
            "les colonnes : identifiant, nom, prénom, date de naissance, statut, année scolaire. 3 000 lignes au plus."
        ),
    )
    fichier = FileField(
        "Fichier",
        description="Au format .xlsx, .csv ou .ods, 5 000 personnes et 5 Mo au plus. La première ligne nomme les colonnes.",
    )

    def __init__(
        self, etablissements: Sequence[OrganismeVu], aujourd_hui: date, *args: Any, **kwargs: Any
    ) -> None:
        kwargs["data"] = {
            "jour": aujourd_hui,
            "annee": annees.annee_scolaire(aujourd_hui),
            "population": populations.APPRENTIS,
            "avec": TRANSMISSION,
        } | kwargs.get("data", {})
        super().__init__(*args, **kwargs)
        self.organisme.choices = [
            SelectChoice(str(o.id), f"{o.nom}, UAI {o.uai or 'inconnue'}") for o in etablissements
        ]
        courante = annees.annee_scolaire(aujourd_hui)
        debut = int(courante[:4]) - 1
        self.annee.choices = [SelectChoice(a, a) for a in (courante, f"{debut}-{debut + 1}")]
        if len(etablissements) == 1:
            del self.organisme

    def jour_choisi(self, aujourd_hui: date) -> date:
        """The day, within the year. Raises ErreurMetier."""
        jour: date | None = self.jour.data
        if self.jour.errors:
            raise ErreurMetier(" ".join(self.jour.errors), champ="jour")
        if jour is None:
            raise ErreurMetier("Dites à quel jour compter.", champ="jour")
        if jour > aujourd_hui:
            raise ErreurMetier("Choisissez aujourd’hui ou un jour passé.", champ="jour")
        if annees.annee_scolaire(jour) != self.annee.data:
            raise ErreurMetier(
                f"Ce jour est dans l’année scolaire {annees.annee_scolaire(jour)} : choisissez un jour de l’année "
                "demandée, ou changez l’année.",
                champ="jour",
            )
        return jour

    @property
    def population_choisie(self) -> str:
        choisie = self.population.data
        return choisie if choisie in populations.STATUTS else populations.APPRENTIS
