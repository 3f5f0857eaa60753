"""Acts on what a record says: what sources send, what people correct, and what they take back."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, Final

from sqlalchemy import select

from tdba import horloge
from tdba.effectifs import avant_images, changements, conflits, contrats_manuels, correction, queries
from tdba.effectifs.changements import Changement
from tdba.effectifs.correction import Pourquoi
from tdba.effectifs.models import Effectif
from tdba.effectifs.models_gestes import Transfert
from tdba.effectifs.queries import Ouvert
from tdba.points import service as points
from tests.effectifs.aides import tous
from tests.invariants.aides import CONTRATS, DITS, EMPLOYEURS, Acte, Monde, ligne
from tests.invariants.lectures import contrats, en_vigueur

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
