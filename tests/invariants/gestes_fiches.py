"""Acts on records themselves: the bin, another site, two records that are one person."""

from datetime import date
from typing import Any

from sqlalchemy import select

from tdba import horloge
from tdba.doublons import service_annulation, service_decisions, service_fusion
from tdba.doublons.models import Fusion
from tdba.effectifs import corbeille, transfert
from tdba.effectifs.models import Effectif
from tdba.effectifs.models_gestes import Retrait, Transfert
from tests.effectifs.aides import tous
from tests.invariants.aides import Acte, Monde
from tests.invariants.lectures import paires


def retirer(monde: Monde, fiche: Effectif, _choisir: Any) -> Acte | None:
    effectif_id = fiche.id

    def faire() -> int:
        with monde.directrice():
            fait = corbeille.retirer(
                effectif_id,
                motif="DOUBLON",
                commentaire=None,
                demande_id=None,
                maintenant=horloge.maintenant(),
            )
            return fait.id

    return None if fiche.corbeille_le else Acte(faire, lambda retrait_id: _restaurer(monde, retrait_id))


def restaurer(monde: Monde, fiche: Effectif, _choisir: Any) -> Acte | None:
    requete = select(Retrait).where(Retrait.effectif_id == fiche.id, Retrait.restaure_le.is_(None))
    ids = [r.id for r in tous(monde.session, requete)]
    return Acte(lambda: _restaurer(monde, ids[0])) if ids else None


def _restaurer(monde: Monde, retrait_id: int) -> None:
    with monde.directrice():
        corbeille.restaurer(retrait_id, maintenant=horloge.maintenant())


def transferer(monde: Monde, fiche: Effectif, _choisir: Any) -> Acte | None:
    destination = next(site for site in monde.sites if site != fiche.organisme_id)
    demande = transfert.Demande(
        destination=destination, a_compter_du=date(2026, 11, 2), motif="CHANGEMENT_DE_SITE"
    )
    effectif_id = fiche.id

    def faire() -> int:
        with monde.directrice():
            return transfert.transferer(effectif_id, demande, maintenant=horloge.maintenant()).id

    return Acte(faire, lambda transfert_id: _revenir(monde, transfert_id))


def annuler_le_transfert(monde: Monde, fiche: Effectif, _choisir: Any) -> Acte | None:
    requete = select(Transfert).where(Transfert.effectif_id == fiche.id, Transfert.annule_le.is_(None))
    ids = [t.id for t in tous(monde.session, requete.order_by(Transfert.id))]
    return Acte(lambda: _revenir(monde, ids[-1])) if ids else None


def _revenir(monde: Monde, transfert_id: int) -> None:
    with monde.directrice():
        transfert.annuler(transfert_id, maintenant=horloge.maintenant())


def fusionner(monde: Monde, fiche: Effectif, choisir: Any) -> Acte | None:
    ids = paires(monde, fiche, "OUVERT")
    if not ids:
        return None
    une, garder = choisir(ids), choisir(("a", "b"))
    choix = {ligne: choisir(("a", "b")) for ligne in ("nom", "ine", "telephone", "date_fin")}

    def faire() -> int:
        with monde.directrice():
            face = service_fusion.ouvrir(une)
            versions = (face.a.effectif.version, face.b.effectif.version)
            demande = service_fusion.Demande(garder=garder, choix=choix, versions=versions)
            return service_fusion.fusionner(une, demande, maintenant=horloge.maintenant()).id

    return Acte(faire, lambda fusion_id: _separer(monde, fusion_id))


def annuler_la_fusion(monde: Monde, fiche: Effectif, _choisir: Any) -> Acte | None:
    concerne = (Fusion.effectif_id == fiche.id) | (Fusion.absorbe_id == fiche.id)
    ids = [u.id for u in tous(monde.session, select(Fusion).where(concerne, Fusion.annulee_le.is_(None)))]
    return Acte(lambda: _separer(monde, ids[-1])) if ids else None


def _separer(monde: Monde, fusion_id: int) -> None:
    with monde.directrice():
        service_annulation.annuler(fusion_id, maintenant=horloge.maintenant())


def ecarter(monde: Monde, fiche: Effectif, choisir: Any) -> Acte | None:
    ids = paires(monde, fiche, "OUVERT")
    une = choisir(ids) if ids else 0

    def faire() -> int:
        with monde.directrice():
            return service_decisions.ecarter(une, commentaire=None, maintenant=horloge.maintenant()).id

    def defaire(doublon_id: int) -> None:
        with monde.directrice():
            service_decisions.rouvrir(doublon_id, maintenant=horloge.maintenant())

    return Acte(faire, defaire) if ids else None
