"""Form of the columns of a file: what each means, and what to say on every line where the file says nothing."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from tdba import horloge
from tdba.depots import emetteurs, libelles
from tdba.depots.correspondance import champs_manquants, copies_proposees
from tdba.depots.forms import choix_de
from tdba.depots.models import Depot
from tdba.effectifs import annees
from tdba.forms import BaseForm
from tdba.organismes.queries import OrganismeVu

NON_LUE: Final = ""
RIEN: Final = ""
DANS_LE_FICHIER: Final = "Une colonne du fichier le dit"
ANNEE: Final = "annee_scolaire"
ANNEE_FORMATION: Final = "annee_formation"
SEULES: Final = (ANNEE, ANNEE_FORMATION)
FORMATEUR: Final = "formateur"
RESPONSABLE: Final = "responsable"
COTES: Final = (FORMATEUR, RESPONSABLE)


def _construire(
    colonnes: Sequence[tuple[str, str | None]],
    constantes: Mapping[str, str],
    annees: Sequence[str],
    etablissements: Sequence[OrganismeVu],
) -> BaseForm:
    """One choice by column of the file, then what to say on every line for the columns that it has not."""

    class ColonnesForm(BaseForm):
        pass

    choix = [(NON_LUE, "Ne pas lire cette colonne"), *libelles.CHOIX]
    for rang, (entete, _) in enumerate(colonnes):
        setattr(ColonnesForm, f"colonne_{rang}", _liste(entete or f"Colonne {rang + 1}, sans titre", choix))
    for nom, libelle, possibles in (
        (ANNEE, "Année scolaire", [(a, a) for a in annees]),
        (ANNEE_FORMATION, "Année de formation", [(str(n), f"Année {n}") for n in range(1, 6)]),
        (FORMATEUR, "Établissement formateur", choix_de(etablissements)),
        (RESPONSABLE, "Établissement responsable", choix_de(etablissements)),
    ):
        setattr(
            ColonnesForm,
            nom,
            _liste(f"{libelle} de toutes les lignes", [(RIEN, DANS_LE_FICHIER), *possibles]),
        )
    donnees = {f"colonne_{rang}": champ or NON_LUE for rang, (_, champ) in enumerate(colonnes)}
    return ColonnesForm(data=donnees | dict(constantes))


def _liste(libelle: str, choix: Sequence[tuple[str, str]]) -> SelectField:
    return SelectField(
        libelle, choices=[SelectChoice(code, mots) for code, mots in choix], validators=[Optional()]
    )


def formulaire(depot: Depot) -> tuple[BaseForm, list[OrganismeVu]]:
    sites = emetteurs.mes_etablissements()
    colonnes = list(zip(depot.apercu["entetes"], (c for c, _ in depot.apercu["colonnes"]), strict=True))
    dites: dict[str, str] = depot.apercu["constantes"]
    retenues: dict[str, str] = {nom: dites[nom] for nom in SEULES if nom in dites}
    for cote in COTES:
        siret = dites.get(f"etablissement_{cote}_siret")
        site = next((s for s in sites if s.siret == siret), None)
        if site is not None:
            retenues[cote] = str(site.id)
    choix = annees.actives(horloge.aujourd_hui())
    return _construire(colonnes, retenues, choix, sites), sites


def contexte(depot: Depot, form: BaseForm | None = None) -> dict[str, Any]:
    """What the page of the columns shows: each with its first values, the meaning proposed and why."""
    form = form or formulaire(depot)[0]
    champs = [form[f"colonne_{rang}"].data for rang in range(len(depot.apercu["entetes"]))]
    donnes = [champ for champ in champs if champ]
    exemples: list[list[str]] = depot.apercu["exemples"]
    return {
        "form": form,
        "colonnes": [
            (form[f"colonne_{rang}"], exemples[rang], libelles.RAISONS[raison])
            for rang, (_, raison) in enumerate(depot.apercu["colonnes"])
        ],
        "constantes": [form[nom] for nom in (*SEULES, *COTES)],
        "manquants": [libelles.champ(nom) for nom in champs_manquants(donnes, copies_proposees(donnes))],
    }
