"""The one door to a file for who adds to it, in this slice and in those to the right."""

from tdba import scope
from tdba.effectifs.models import Effectif
from tdba.ruptures import oppositions
from tdba.ruptures.models import Dossier
from tdba.scope import Droit, Introuvable


def exiger_le_suivi(organisme_id: int) -> None:
    """Whoever may not read a CFA's follow-up adds nothing to it (decision 26). Raises Introuvable."""
    organismes = scope.courant().portee_suivi.organismes
    if organismes is not None and organisme_id not in organismes:
        raise Introuvable


def lit_la_sante() -> bool:
    """Health as an obstacle is the CFA's to read: a network to which it shares its follow-up is not told (decision 16)."""
    return scope.courant().suivi is None


def dossier_lu(dossier_id: int) -> Dossier:
    """A file whose follow-up the person reads, its record not being in the bin. Raises Introuvable."""
    dossier = scope.get_or_404(Dossier, dossier_id, Droit.CORRIGER)
    exiger_le_suivi(dossier.organisme_id)
    scope.get_or_404(Effectif, dossier.effectif_id, Droit.CORRIGER)
    return dossier


def dossier_a_ecrire(dossier_id: int) -> Dossier:
    """The same file, locked until the end of the transaction. Raises Introuvable, or SuiviGele after an objection."""
    dossier = scope.get_or_404(Dossier, dossier_id, Droit.CORRIGER, verrou=True)
    exiger_le_suivi(dossier.organisme_id)
    scope.get_or_404(Effectif, dossier.effectif_id, Droit.CORRIGER)
    oppositions.exiger_libre(dossier.effectif_id)
    return dossier
