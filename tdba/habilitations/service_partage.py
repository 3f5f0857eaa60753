"""Sharing a CFA's follow-up with its network: its administrators alone decide, dated, and may go back (decision 26)."""

from datetime import date
from typing import Final

from tdba import journal
from tdba.access import AccesRefuse
from tdba.habilitations import acces, octrois, service_equipe

PARTAGER: Final = "partager le suivi d’un CFA"


def ouvrir(habilitation_id: int | None, jour: date) -> None:
    """Share from `jour` on. A second click changes nothing. Raises AccesRefuse for who does not administer a CFA."""
    organisation_id = _de_mon_cfa(habilitation_id, jour)
    if octrois.partager_suivi(organisation_id, jour):
        _consigner("partage_suivi.ouvert", organisation_id)


def fermer(habilitation_id: int | None, jour: date) -> None:
    """Share no more, from the network's next page on. As `ouvrir`."""
    organisation_id = _de_mon_cfa(habilitation_id, jour)
    if octrois.partager_suivi(organisation_id, None):
        _consigner("partage_suivi.ferme", organisation_id)


def _de_mon_cfa(habilitation_id: int | None, jour: date) -> int:
    organisation = service_equipe.administrateur(habilitation_id, jour).organisation
    if organisation.type != acces.CFA:
        raise AccesRefuse(PARTAGER)
    return organisation.id


def _consigner(evenement: str, organisation_id: int) -> None:
    journal.consigner(evenement, objet=("organisation", organisation_id), organisation_id=organisation_id)
