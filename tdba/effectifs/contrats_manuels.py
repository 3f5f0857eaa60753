"""A contract added by hand: what no source said yet, kept until one does (decision 17).

Each value typed is a correction of its own, so that nothing is lost when a source sends the contract: the addition is
then joined, and a value that differs is in conflict like any other.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from tdba import abonnes
from tdba.db import db
from tdba.effectifs import correction, sources
from tdba.effectifs.changements import Changement
from tdba.effectifs.correction import Pourquoi
from tdba.effectifs.models import Contrat, Correction
from tdba.effectifs.queries import Ouvert
from tdba.effectifs.source_json import charger

COLONNES: Final = (
    "debut",
    "fin",
    "rupture",
    "employeur_siret",
    "cause_legale",
    "mediateur_le",
    "employeur_informe_le",
)
"""What may be said of it."""


def brouillon(ouvert: Ouvert) -> Contrat:
    """A contract of this record that is not stored: what is checked, and what its effect is computed on."""
    effectif = ouvert.effectif
    return Contrat(
        effectif_id=effectif.id,
        organisme_id=effectif.organisme_id,
        annee_scolaire=effectif.annee_scolaire,
        rang=max((c.rang for c in ouvert.contrats), default=-1) + 1,
    )


def ajouter(
    ouvert: Ouvert, valeurs: Mapping[str, Any], *, pourquoi: Pourquoi, maintenant: datetime
) -> list[Correction]:
    """Add a contract to a record opened with its lock, after the others. Returns the corrections written.

    `valeurs`: those of `COLONNES` that are known, the start at least; checked by `changements.d_ajout`.
    """
    correction.verifier(pourquoi)
    abonnes.annoncer("avant_parcours", [ouvert.effectif.id])
    contrat = brouillon(ouvert)
    db.session.add(contrat)
    db.session.flush()
    ouvert.contrats.append(contrat)
    ecrites: list[Correction | None] = [
        correction.inscrire(
            ouvert, "contrat", contrat, ("AJOUT", None, None), pourquoi=pourquoi, maintenant=maintenant
        )
    ]
    for champ in COLONNES:
        if valeurs.get(champ) is not None:
            changement = Changement(champ, contrat, valeurs[champ])
            ecrites.append(correction.poser(ouvert, changement, pourquoi, maintenant))
    correction.actualiser(ouvert, {"contrat"}, maintenant)
    return [c for c in ecrites if c is not None]


def plus_transmis(ouvert: Ouvert, contrat: Contrat) -> bool:
    """True for a contract that the source sent once, and sends no longer: only its corrections keep it."""
    if ouvert.valeurs_source is None or contrat.debut_source is None:
        return False
    dits = sources.contrats_dits(charger(ouvert.valeurs_source))
    return sources.contrat_dit(dits, rang=contrat.rang, debut_source=contrat.debut_source) is None


def adopter(ouvert: Ouvert, contrat: Contrat, *, pourquoi: Pourquoi, maintenant: datetime) -> Correction:
    """Keep a contract that is no longer sent, as one added by hand: undoing that takes it away."""
    abonnes.annoncer("avant_parcours", [ouvert.effectif.id])
    contrat.debut_source = None
    ajout = correction.inscrire(
        ouvert, "contrat", contrat, ("AJOUT", None, None), pourquoi=pourquoi, maintenant=maintenant
    )
    correction.actualiser(ouvert, {"contrat"}, maintenant)
    return ajout


def retirer(ouvert: Ouvert, contrat: Contrat, *, maintenant: datetime) -> None:
    """Take away a contract that is no longer sent, as the source did: its corrections close and stay."""
    abonnes.annoncer("avant_parcours", [ouvert.effectif.id])
    correction.retirer(ouvert, contrat, maintenant)
    correction.actualiser(ouvert, {"contrat"}, maintenant)
