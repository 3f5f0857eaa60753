"""What a record holds now: its contracts, its corrections in force, the pairs it is in, its files, what was sent of it."""

from sqlalchemy import select

from tdba.doublons.models import Doublon
from tdba.effectifs.models import Contrat, Correction, Effectif
from tdba.liaisons.models import Liaison
from tdba.ruptures.models import Dossier
from tests.effectifs.aides import tous
from tests.invariants.aides import Monde


def contrats(monde: Monde, fiche: Effectif) -> list[Contrat]:
    requete = select(Contrat).where(Contrat.effectif_id == fiche.id).order_by(Contrat.rang, Contrat.id)
    return tous(monde.session, requete)


def en_vigueur(monde: Monde, fiche: Effectif, *etats: str) -> list[int]:
    requete = select(Correction).where(Correction.effectif_id == fiche.id, Correction.etat.in_(etats))
    return [c.id for c in tous(monde.session, requete.order_by(Correction.id))]


def paires(monde: Monde, fiche: Effectif, etat: str) -> list[int]:
    concerne = (Doublon.effectif_id == fiche.id) | (Doublon.autre_id == fiche.id)
    requete = select(Doublon).where(concerne, Doublon.etat == etat).order_by(Doublon.id)
    return [d.id for d in tous(monde.session, requete)]


def dossiers(monde: Monde, fiche: Effectif) -> list[Dossier]:
    return tous(monde.session, select(Dossier).where(Dossier.effectif_id == fiche.id).order_by(Dossier.id))


def liaisons_de(monde: Monde, fiche: Effectif) -> list[Liaison]:
    siennes = select(Liaison).join(Dossier, Dossier.id == Liaison.dossier_id)
    return tous(monde.session, siennes.where(Dossier.effectif_id == fiche.id).order_by(Liaison.id))
