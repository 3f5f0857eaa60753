"""The person of a request, as the menu, the views and flask-login read them."""

from dataclasses import dataclass

from tdba import horloge
from tdba.comptes import service
from tdba.comptes.etats import Blocage
from tdba.comptes.queries import SessionLue


@dataclass(frozen=True, slots=True)
class Acteur:
    """The person of this request, for the menu, the views and flask-login."""

    personne_id: int
    nom_complet: str
    role: str = ""
    habilitation_id: int | None = None
    organisation_id: int | None = None
    organisation_nom: str = ""
    organisation_type: str = ""
    habilitations: int = 0
    """How many habilitations they may choose among."""
    blocage: Blocage | None = None
    assistant: "Acteur | None" = None
    """Who of support really looks, when these are the screens of somebody else ("voir comme", decision 24)."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        return str(self.personne_id)


def acteur_de(lue: SessionLue) -> Acteur:
    """Who acts under a session that a person opened."""
    personne, usage = lue.personne, lue.usage
    assert personne is not None  # noqa: S101 - checked by the caller
    habilitation = usage.habilitation if usage else None
    organisation = usage.organisation if usage else None
    return Acteur(
        personne_id=personne.id,
        nom_complet=f"{personne.prenom} {personne.nom}",
        role=habilitation.role if habilitation else "",
        habilitation_id=habilitation.id if habilitation else None,
        organisation_id=organisation.id if organisation else None,
        organisation_nom=organisation.nom if organisation else "",
        organisation_type=organisation.type if organisation else "",
        habilitations=lue.habilitations,
        blocage=service.blocage_de(personne, habilitation, horloge.aujourd_hui()),
    )
