"""One apprentice typed by hand: the rules of files, one line, applied at once and undone as a file is."""

from collections.abc import Mapping
from typing import Any, Final

from tdba import journal
from tdba.db import db
from tdba.depots.models import Depot
from tdba.depots.service import nouveau
from tdba.errors import ErreurMetier
from tdba.jobs import enqueue_after_commit
from tdba.organismes.queries import OrganismeVu
from tdba.transmissions import apercus, service
from tdba.transmissions.cles import Emetteur

FORMAT: Final = "SAISIE"
NOM: Final = "Fiche saisie à l’écran"


def ligne(
    valeurs: Mapping[str, Any], annee: str, formateur: OrganismeVu, responsable: OrganismeVu
) -> dict[str, Any]:
    """What was typed, as a row of a file says it."""
    cles = {
        f"etablissement_{cote}_{quoi}": cle
        for cote, site in (("formateur", formateur), ("responsable", responsable))
        for quoi, cle in (("uai", site.uai), ("siret", site.siret))
    }
    return {nom: valeur for nom, valeur in valeurs.items() if valeur} | cles | {"annee_scolaire": annee}


def examiner(recue: Mapping[str, Any], emetteur: Emetteur) -> list[ErreurMetier]:
    """What the rules refuse in it, by field. Stores nothing."""
    (lue,) = service.examiner([dict(recue)], emetteur, source=apercus.SOURCE)
    return [ErreurMetier(e["message"], champ=e["path"][0] if e["path"] else None) for e in lue.erreurs]


def saisir(recue: Mapping[str, Any], emetteur: Emetteur) -> Depot:
    """Store a line that `examiner` accepts, and ask for it to be applied. The caller commits."""
    depot = nouveau(emetteur.organisme_id, NOM)
    transmission = apercus.ouvrir(emetteur, personne_id=depot.personne_id)
    depot.transmission_id, depot.format = transmission.id, FORMAT
    apercus.ajouter(transmission, emetteur, [(1, dict(recue))])
    depot.etat = "APPLICATION"
    db.session.flush()
    journal.consigner("depot.fiche_saisie", organisme_id=depot.organisme_id, depot_id=depot.id)
    enqueue_after_commit("depots.appliquer", depot_id=depot.id)
    return depot
