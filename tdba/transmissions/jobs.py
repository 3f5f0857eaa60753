"""Jobs of the transmissions slice."""

from collections.abc import Callable

from tdba import horloge
from tdba.jobs import tache
from tdba.transmissions import (
    api_envois,
    application,
    service_appairages,
    service_cles,
    service_points,
    service_quarantaines,
    service_rejeu,
    service_retenues,
    service_silences,
)


@tache("transmissions.appliquer", longue=True)
def appliquer(renouveler: Callable[[], None], organisme_id: int) -> None:
    """Apply the lines that wait for this organisme."""
    application.appliquer(renouveler, organisme_id)


@tache("transmissions.clore_envoi")
def clore_envoi(transmission_id: int) -> None:
    """Flag what a complete sending no longer holds, once all its calls are applied."""
    api_envois.clore(transmission_id)
    service_points.faire_le_point(transmission_id)


@tache("transmissions.faire_le_point")
def faire_le_point(transmission_id: int) -> None:
    """Say what a transmission leaves to settle, once it is over."""
    service_points.faire_le_point(transmission_id)


@tache("transmissions.rejouer", longue=True)
def rejouer(renouveler: Callable[[], None], transmission_id: int) -> None:
    """Read the refused lines of a transmission again."""
    service_rejeu.rejouer(renouveler, transmission_id)


@tache("transmissions.rejouer_attente", longue=True)
def rejouer_attente(renouveler: Callable[[], None], quarantaine_id: int) -> None:
    """Play the lines that waited for an establishment now recognised."""
    service_rejeu.rejouer_attente(renouveler, quarantaine_id)


@tache("transmissions.reprendre_la_retenue")
def reprendre_la_retenue(effectif_id: int) -> None:
    """Apply the last line held about a record that is back."""
    service_retenues.reprendre(effectif_id)


@tache("transmissions.rejouer_connus", minutes=15)
def rejouer_connus() -> None:
    """Recognise the establishments that the référentiel has learnt since."""
    service_quarantaines.reconnaitre_les_connus()


@tache("transmissions.ecarter_les_depassees", longue=True, minutes=1440)
def ecarter_les_depassees(renouveler: Callable[[], None]) -> None:
    """Every night: lines that a later one replaced wait no more."""
    service_rejeu.ecarter_les_depassees(renouveler)


@tache("transmissions.tenir_les_cles", minutes=1440)
def tenir_les_cles() -> None:
    """Every night: tell of the keys that will end, revoke those that no longer serve."""
    service_cles.tenir(horloge.maintenant())


@tache("transmissions.oublier_appairages", minutes=1440)
def oublier_appairages() -> None:
    """Every night: forget the pairings that ended."""
    service_appairages.purger(horloge.maintenant())


@tache("transmissions.veiller_aux_silences", minutes=1440)
def veiller_aux_silences() -> None:
    """Every night: who no longer sends, against its habit."""
    service_silences.veiller(horloge.maintenant())
