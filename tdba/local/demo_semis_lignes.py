"""Rows of `effectif`, `contrat` and `effectif_source` of one organisme of the country-size set. Pure.

Values are what the intake would have written for the same youths: names in capitals, search key without accents.
Statuses are left empty: the bulk recomputation writes them.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, time
from functools import lru_cache
from typing import Any, Final

from tdba.effectifs.source_json import ecrire
from tdba.local.demo_jeunes import Jeune, fiches
from tdba.local.demo_lignes import ligne
from tdba.local.demo_parcours import annee_scolaire
from tdba.local.demo_semis_plan import Commande, Seme, planifier
from tdba.local.demo_tirage import generateur
from tdba.textes import sans_accents
from tdba.transmissions.lignes import ERP, empreinte, lire

COLONNES_EFFECTIF: Final = (
    "id", "organisme_id", "annee_scolaire", "id_erp", "source", "responsable_id", "transmetteur_id", "nom", "prenom",
    "recherche", "sexe", "date_naissance", "ine", "courriel", "telephone", "courriel_responsable_1", "adresse",
    "code_postal", "code_insee", "rncp", "cfd", "formation", "niveau", "annee_formation", "duree_mois",
    "date_inscription", "date_entree", "date_fin", "date_exclusion", "cause_exclusion", "cree_le", "maj_le", "transmis_le",
)  # fmt: skip
COLONNES_CONTRAT: Final = (
    "id", "effectif_id", "organisme_id", "annee_scolaire", "rang", "debut", "fin", "rupture", "cause_rupture",
    "employeur_siret", "debut_source",
)  # fmt: skip
COLONNES_SOURCE: Final = (
    "effectif_id", "organisme_id", "source", "annee_scolaire", "valeurs", "empreinte", "recu_le",
)  # fmt: skip

CONTRATS_AU_PLUS: Final = 4
"""Contract ids are drawn from the effectif's, so that loading in parallel changes nothing: four places each."""

Rangee = tuple[Any, ...]

_sans_accents = lru_cache(maxsize=20_000)(sans_accents)


def rangees(seme: Seme, commande: Commande) -> Iterator[tuple[Rangee, list[Rangee], Rangee | None]]:
    """For each record: its row, those of its contracts, and that of its source when asked."""
    etablissement = seme.organisme.etablissement
    annees = commande.annees
    recu = datetime.combine(commande.jour, time(4), tzinfo=UTC)
    alea = generateur(commande.graine, "sources", etablissement.code)
    tirees = fiches(etablissement, seme.effectifs, commande.graine, commande.jour, annees)
    for effectif_id, (jeune, annee) in enumerate(tirees, seme.premier_id):
        scolaire = annee_scolaire(annee, civile=jeune.scolarite.civile)
        source = None
        if commande.sources:
            responsable = planifier(commande).organismes[seme.responsable_id - 1].organisme
            contenu = ligne(alea, seme.organisme, responsable, jeune, annee, commande.jour)
            source = _source(effectif_id, seme.id, scolaire, contenu, recu)
        yield (
            _effectif(effectif_id, seme, jeune, annee, scolaire, recu),
            [
                (
                    (effectif_id - 1) * CONTRATS_AU_PLUS + rang + 1,
                    effectif_id,
                    seme.id,
                    scolaire,
                    rang,
                    contrat.debut,
                    contrat.fin,
                    contrat.rupture,
                    contrat.cause,
                    contrat.employeur,
                    contrat.debut,
                )
                for rang, contrat in enumerate(jeune.scolarite.contrats)
            ],
            source,
        )


def _effectif(
    effectif_id: int, seme: Seme, jeune: Jeune, annee: int, scolaire: str, recu: datetime
) -> Rangee:
    identite, certification, scolarite = jeune.identite, jeune.certification, jeune.scolarite
    nom = identite.nom.upper()
    return (
        effectif_id,
        seme.id,
        scolaire,
        jeune.id_erp,
        ERP,
        seme.responsable_id,
        seme.responsable_id,
        nom,
        identite.prenom,
        f"{_sans_accents(nom)} {_sans_accents(identite.prenom)}",
        identite.sexe,
        identite.naissance,
        identite.ine,
        identite.courriel,
        identite.telephone,
        identite.courriel_responsable,
        identite.adresse,
        identite.commune.code_postal,
        identite.commune.insee,
        certification.rncp,
        certification.cfd,
        certification.intitule,
        certification.niveau,
        min(5, annee - scolarite.cohorte + 1),
        certification.annees * 12,
        scolarite.inscription,
        scolarite.entree,
        scolarite.fin,
        scolarite.exclusion or scolarite.sortie,
        scolarite.cause_exclusion,
        recu,
        recu,
        recu,
    )


def _source(
    effectif_id: int, organisme_id: int, scolaire: str, contenu: dict[str, Any], recu: datetime
) -> Rangee:
    lue = lire(contenu, source=ERP)
    mis_de_cote = {signalement.champ: signalement.recu for signalement in lue.signalements}
    return (
        effectif_id,
        organisme_id,
        ERP,
        scolaire,
        ecrire(lue.valeurs, mis_de_cote),
        empreinte(lue.valeurs, lue.signalements),
        recu,
    )
