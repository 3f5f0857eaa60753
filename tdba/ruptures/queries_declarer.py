"""Whose contract may be declared broken: the records that a search finds within reach, and their contracts."""

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

from tdba import scope
from tdba.db import db
from tdba.effectifs.models import Contrat, Effectif
from tdba.effectifs.queries_filtres import correspond
from tdba.effectifs.recherche import Criteres
from tdba.organismes.models import Organisme
from tdba.ruptures.models import Dossier
from tdba.ruptures.regles import RUPTURE
from tdba.scope import Droit

FICHES: Final = 20
"""Records shown; beyond, the search must say more."""
LUES: Final = 100
"""Rows read: a youth has one each school year."""


class ContratVu(NamedTuple):
    """One contract of a record found, and whether its rupture may be declared."""

    id: int
    effectif_id: int
    debut: date
    fin: date | None
    rupture: date | None

    def en_cours(self, jour: date) -> bool:
        """Begun and not over: the contract that one thinks of first."""
        return self.debut <= jour and (self.fin is None or self.fin >= jour) and self.rupture is None


class FicheTrouvee(NamedTuple):
    """A record, in its last school year, and its contracts: those under way first, then the latest."""

    id: int
    nom: str
    prenom: str
    date_naissance: date
    formation: str | None
    site: str
    contrats: Sequence[ContratVu] = ()


class Trouvees(NamedTuple):
    fiches: Sequence[FicheTrouvee]
    autres: bool
    """More records match than are shown."""


def chercher(criteres: Criteres, jour: date) -> Trouvees:
    """The records that match, one for each youth: that of their last school year, where the contract is followed."""
    colonnes = (Effectif.id, Effectif.nom, Effectif.prenom, Effectif.date_naissance, Effectif.formation)
    cle = (Effectif.organisme_id, Effectif.id_erp)
    requete = (
        scope.select_for(Effectif, Droit.CORRIGER, *cle, *colonnes, Organisme.nom)
        .join(Organisme, Organisme.id == Effectif.organisme_id)
        .where(*correspond(criteres))
        .order_by(Effectif.annee_scolaire.desc(), Effectif.recherche, Effectif.id)
        .limit(LUES)
    )
    jeunes: dict[tuple[int, str], FicheTrouvee] = {}
    for organisme_id, id_erp, *fiche in db.session.execute(requete):
        jeunes.setdefault((organisme_id, id_erp), FicheTrouvee(*fiche))
    retenues = list(jeunes.values())[:FICHES]
    contrats = _contrats([fiche.id for fiche in retenues], jour)
    fiches = [fiche._replace(contrats=contrats.get(fiche.id, [])) for fiche in retenues]
    return Trouvees(fiches, len(jeunes) > FICHES)


def _contrats(effectif_ids: Sequence[int], jour: date) -> dict[int, list[ContratVu]]:
    requete = (
        scope.select_for(
            Contrat,
            Droit.CORRIGER,
            Contrat.id,
            Contrat.effectif_id,
            Contrat.debut,
            Contrat.fin,
            Contrat.rupture,
        )
        .where(Contrat.effectif_id.in_(effectif_ids), Contrat.debut.is_not(None))
        .order_by(Contrat.debut.desc(), Contrat.id.desc())
    )
    trouves: dict[int, list[ContratVu]] = {}
    for ligne in db.session.execute(requete):
        contrat = ContratVu(*ligne)
        trouves.setdefault(contrat.effectif_id, []).append(contrat)
    for siens in trouves.values():
        siens.sort(key=lambda c: not c.en_cours(jour))  # stable: the latest first among equals
    return trouves


def apres_declaration(contrat_id: int) -> tuple[int, int | None]:
    """The record of a contract, and the file that its rupture opened, or will. Raises Introuvable for a contract out of reach.

    No file: the rupture was not saved, opens none, or the follow-up of this CFA is not shared (decision 26).
    """
    contrat = scope.get_or_404(Contrat, contrat_id, Droit.CORRIGER)
    requete = (
        scope.select_for(Dossier, Droit.CORRIGER, Dossier.id)
        .where(Dossier.effectif_id == contrat.effectif_id, Dossier.contrat_debut == contrat.debut)
        .where(Dossier.genre == RUPTURE, Dossier.ouvert_du == contrat.rupture, scope.suivi(Dossier))
    )
    return contrat.effectif_id, db.session.execute(requete).scalar_one_or_none()
