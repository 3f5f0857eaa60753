"""Every act of the sequences, prepared from what the record is now: None when it has nothing to act on."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, Final

from sqlalchemy import select

from tdba import horloge
from tdba.doublons import service_annulation, service_decisions, service_fusion
from tdba.doublons.models import Fusion
from tdba.effectifs import (
    avant_images,
    changements,
    conflits,
    contrats_manuels,
    corbeille,
    correction,
    queries,
    transfert,
)
from tdba.effectifs.changements import Changement
from tdba.effectifs.correction import Pourquoi
from tdba.effectifs.models import Effectif
from tdba.effectifs.models_gestes import Retrait, Transfert
from tdba.effectifs.queries import Ouvert
from tdba.points import service as points
from tests.effectifs.aides import tous
from tests.invariants.aides import CONTRATS, DITS, EMPLOYEURS, Acte, Monde, ligne
from tests.invariants.lectures import contrats, en_vigueur, paires

Geste = Callable[[Monde, Effectif, Any], Acte | None]
POURQUOI = Pourquoi(motif="PIECE_VUE")
LE_15, LE_31 = date(2026, 10, 15), date(2026, 10, 31)
CHAMPS: Final[Mapping[str, Sequence[str | None]]] = {
    "nom": ("LE GALL", "LE GAL"),
    "ine": ("123456789AB", "123456789AC"),
    "telephone": ("0612457809", "0612457811", None),
    "sexe": ("M", "F"),
    "date_fin": ("2027-08-31", "2027-06-30"),
    "date_exclusion": ("2026-11-02", None),
}


def envoyer(monde: Monde, fiche: Effectif, choisir: Any) -> Acte:
    """The ERP sends it, for the site where it is or for the one where it was."""
    return _envoi(monde, fiche, choisir, "ERP")


def deposer(monde: Monde, fiche: Effectif, choisir: Any) -> Acte:
    """A file says it, beside the ERP."""
    return _envoi(monde, fiche, choisir, "FICHIER")


def _envoi(monde: Monde, fiche: Effectif, choisir: Any, source: str) -> Acte:
    quittes = tous(monde.session, select(Transfert).where(Transfert.effectif_id == fiche.id))
    ou = [fiche.organisme_id, *(t.ancien_organisme_id for t in quittes if t.annule_le is None)]
    site, contrats = choisir(sorted(set(ou))), choisir(CONTRATS)
    dits = ligne(contrats, **{champ: choisir(valeurs) for champ, valeurs in DITS.items()})
    faire = partial(monde.recevoir, site, fiche.id_erp, dits, source=source)
    return Acte(faire, partial(_reprendre, monde, site) if source == "FICHIER" else None)


def _reprendre(monde: Monde, site: int, transmission_id: int) -> None:
    """Undo a file, as its job does."""
    with monde.instant():
        avant_images.retablir(transmission_id, site, sauf=frozenset())
        points.remplacer("TRANSFEREE", [site])
        monde.session.commit()


def corriger(monde: Monde, fiche: Effectif, choisir: Any) -> Acte:
    champ = choisir(sorted(CHAMPS))
    saisies = {champ: choisir(CHAMPS[champ])}
    return _correction(monde, fiche, lambda ouvert: _de_champs(ouvert, saisies))


def corriger_le_groupe(monde: Monde, fiche: Effectif, choisir: Any) -> Acte:
    codes = choisir((("35000", None), ("29200", None)))
    saisies = {
        "adresse": choisir(("1 rue Neuve", "3 rue du Port")),
        "code_postal": codes[0],
        "code_insee": codes[1],
    }
    return _correction(monde, fiche, lambda ouvert: _de_champs(ouvert, saisies))


def _de_champs(ouvert: Ouvert, saisies: Mapping[str, str | None]) -> list[Changement]:
    return changements.de_champs(ouvert, saisies, version=ouvert.effectif.version, jour=horloge.aujourd_hui())


def corriger_le_contrat(monde: Monde, fiche: Effectif, choisir: Any) -> Acte | None:
    saisies = choisir(
        (
            {"fin": date(2027, 7, 31)},
            {"debut": date(2026, 9, 7)},
            {"employeur_siret": EMPLOYEURS[1]},
        )
    )
    return _du_contrat(monde, fiche, choisir, saisies)


def rompre(monde: Monde, fiche: Effectif, choisir: Any) -> Acte | None:
    cause = choisir(
        ({"cause_legale": "ACCORD"}, {}, {"cause_legale": "DEMISSION", "mediateur_le": date(2026, 9, 20)})
    )
    return _du_contrat(monde, fiche, choisir, {"rupture": choisir((LE_15, LE_31)), **cause})


def annuler_la_rupture(monde: Monde, fiche: Effectif, choisir: Any) -> Acte | None:
    return _du_contrat(monde, fiche, choisir, {"rupture": None}, rompu=True)


def contester(monde: Monde, fiche: Effectif, choisir: Any) -> Acte | None:
    code = choisir(("MAUVAISE_DATE", "NON_NOTIFIEE", None))
    return _du_contrat(monde, fiche, choisir, {"contestation": code}, rompu=True)


def _du_contrat(
    monde: Monde, fiche: Effectif, choisir: Any, saisies: Mapping[str, Any], *, rompu: bool = False
) -> Acte | None:
    tenus = contrats(monde, fiche)
    if rompu:
        tenus = [c for c in tenus if c.rupture is not None]
    if not tenus:
        return None
    contrat_id = choisir(sorted(c.id for c in tenus))

    def proposer(ouvert: Ouvert) -> list[Changement]:
        contrat = next(c for c in ouvert.contrats if c.id == contrat_id)
        return changements.de_contrat(
            ouvert, contrat, saisies, version=ouvert.effectif.version, jour=horloge.aujourd_hui()
        )

    return _correction(monde, fiche, proposer)


def _correction(monde: Monde, fiche: Effectif, proposer: Callable[[Ouvert], list[Changement]]) -> Acte:
    effectif_id = fiche.id

    def faire() -> list[int] | None:
        """The ids to undo; None when a value only came back to what the source says."""
        with monde.directrice():
            ouvert = queries.a_corriger(effectif_id, verrou=True)
            changes = proposer(ouvert)
            ecrites = correction.corriger(ouvert, changes, pourquoi=POURQUOI, maintenant=horloge.maintenant())
            return [c.id for c in ecrites] if len(ecrites) == len(changes) else None

    return Acte(faire, lambda ids: _defaire(monde, effectif_id, ids))


def _defaire(monde: Monde, effectif_id: int, ids: Sequence[int]) -> None:
    with monde.directrice():
        ouvert = queries.a_corriger(effectif_id, verrou=True)
        correction.annuler(ouvert, list(ids), maintenant=horloge.maintenant())


def ajouter_un_contrat(monde: Monde, fiche: Effectif, choisir: Any) -> Acte:
    debut, siret = (
        choisir((date(2026, 9, 1), date(2026, 10, 20), date(2026, 11, 2))),
        choisir((*EMPLOYEURS, None)),
    )
    dits = {"debut": debut, "fin": date(2027, 8, 31), "rupture": None, "employeur_siret": siret}
    effectif_id = fiche.id

    def faire() -> list[int]:
        with monde.directrice():
            ouvert = queries.a_corriger(effectif_id, verrou=True)
            version, jour = ouvert.effectif.version, horloge.aujourd_hui()
            changements.d_ajout(ouvert, contrats_manuels.brouillon(ouvert), dits, version=version, jour=jour)
            ecrites = contrats_manuels.ajouter(
                ouvert, dits, pourquoi=POURQUOI, maintenant=horloge.maintenant()
            )
            return [c.id for c in ecrites]

    return Acte(faire, lambda ids: _defaire(monde, effectif_id, ids))


def annuler_une_correction(monde: Monde, fiche: Effectif, choisir: Any) -> Acte | None:
    ids = en_vigueur(monde, fiche, "ACTIVE", "CONFLIT")
    if not ids:
        return None
    une = choisir(ids)
    return Acte(lambda: _defaire(monde, fiche.id, [une]))


def garder_la_sienne(monde: Monde, fiche: Effectif, choisir: Any) -> Acte | None:
    ids = en_vigueur(monde, fiche, "CONFLIT")
    if not ids:
        return None
    une, effectif_id = choisir(ids), fiche.id

    def faire() -> None:
        with monde.directrice():
            ouvert = queries.a_corriger(effectif_id, verrou=True)
            contredite = next(c for c in ouvert.corrections if c.id == une)
            conflits.garder(ouvert, contredite, demande_id=None, maintenant=horloge.maintenant())

    return Acte(faire)


def accepter_la_leur(monde: Monde, fiche: Effectif, choisir: Any) -> Acte | None:
    ids = en_vigueur(monde, fiche, "CONFLIT")
    return Acte(lambda: _defaire(monde, fiche.id, [choisie])) if ids and (choisie := choisir(ids)) else None


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


DES_SOURCES: Final[tuple[Geste, ...]] = (envoyer, deposer)
DES_PERSONNES: Final[tuple[Geste, ...]] = (
    corriger,
    corriger_le_groupe,
    corriger_le_contrat,
    rompre,
    annuler_la_rupture,
    contester,
    ajouter_un_contrat,
    annuler_une_correction,
    garder_la_sienne,
    accepter_la_leur,
    *(retirer, restaurer, transferer, annuler_le_transfert),
    *(fusionner, annuler_la_fusion, ecarter),
)
GESTES: Final[tuple[Geste, ...]] = (
    envoyer,
    envoyer,
    *DES_SOURCES,
    corriger,
    corriger_le_contrat,
    *DES_PERSONNES,
)
"""The likeliest ones are there more than once."""
