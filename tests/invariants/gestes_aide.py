"""Acts of help at hand: letters to missions locales, vacant posts, the watch list, outcomes, and what nights do."""

from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import select

from tdba import horloge, scope
from tdba.devenirs import calcul
from tdba.devenirs import service as devenirs
from tdba.devenirs.models import Devenir
from tdba.effectifs.models import Effectif
from tdba.liaisons import service as liaisons
from tdba.liaisons import service_plis, service_retours, service_retraits
from tdba.liaisons.etats import DUREE
from tdba.liaisons.models import Liaison
from tdba.offres import queries_poste, service_poste
from tdba.ruptures import departs, notes, ouverture, verification
from tdba.vigilance import service as vigilance
from tests.effectifs.aides import tous
from tests.invariants.aides import MOT, Acte, Lettre, Monde
from tests.invariants.gestes_suivi import LE_18, LE_25, LE_30, cle, un_dossier
from tests.invariants.lectures import liaisons_de

SECRET: Final = "un-secret-de-test-assez-long-0123456789"
CODE_FAUX: Final = "0000 0000"
NUITS: Final = (date(2026, 11, 19), LE_18, date(2027, 6, 1))
"""Up to which day a night erases notes: the last one is after them all."""


def envoyer_une_lettre(monde: Monde, fiche: Effectif, choisir: Any) -> Acte | None:
    dossier = un_dossier(monde, fiche, choisir)
    if dossier is None:
        return None
    dossier_id = dossier.id
    codes = choisir((("TELEPHONE",), ("TELEPHONE", "OBSTACLES", "SANTE"), ()))

    def faire() -> bool:
        jetons: list[str] = []

        def lien(jeton: str) -> str:
            jetons.append(jeton)
            return f"https://exemple.invalid/liaison/{jeton}"

        with monde.directrice():
            envoi = liaisons.envoyer(
                dossier_id,
                liaisons.Choix(codes=codes, accord=True),
                contact="Maëlle Conseillère",
                courriel="maelle@mission.example",
                cle_formulaire=cle(),
                lien=lien,
                secret=SECRET,
                maintenant=horloge.maintenant(),
            )
        monde.lettres.append(Lettre(jetons[0], envoi.code))
        return envoi.nouveau

    return Acte(faire)


def retirer_la_lettre(monde: Monde, fiche: Effectif, choisir: Any) -> Acte | None:
    envoyees = liaisons_de(monde, fiche)
    if not envoyees:
        return None
    une: Liaison = choisir(envoyees)
    dossier_id, liaison_id = une.dossier_id, une.id

    def faire() -> bool:
        with monde.directrice():
            return service_retraits.revoquer(dossier_id, liaison_id, horloge.maintenant())

    return Acte(faire)


def ouvrir_la_lettre(monde: Monde, _fiche: Effectif, choisir: Any) -> Acte | None:
    """By its reader, who reaches no table about people; a wrong code, sometimes, or a link that is used already."""
    if not monde.lettres:
        return None
    lettre, code_juste = choisir(monde.lettres), choisir((True, True, False))

    def faire() -> bool:
        with monde.lecteur():
            try:
                lue = service_plis.ouvrir(
                    lettre.jeton,
                    lettre.code if code_juste else CODE_FAUX,
                    secret=SECRET,
                    maintenant=horloge.maintenant(),
                )
            except (service_plis.PliFerme, service_plis.CodeFaux):
                return False
            lettre.cle_reponse = lue.cle_reponse
            return True

    return Acte(faire)


def repondre_a_la_lettre(monde: Monde, _fiche: Effectif, choisir: Any) -> Acte | None:
    ouvertes = [lettre for lettre in monde.lettres if lettre.cle_reponse]
    if not ouvertes:
        return None
    lettre, reponse = choisir(ouvertes), choisir(("RENDEZ_VOUS", "INJOIGNABLE", "AUTRE"))

    def faire() -> bool:
        with monde.lecteur():
            try:
                tenue = service_plis.repondre(lettre.cle_reponse, reponse, horloge.maintenant())
            except service_plis.PliFerme:
                return False
            nouvelle = lettre.reponse is None
            lettre.reponse = lettre.reponse or tenue
            assert tenue == lettre.reponse, "the first answer stands"
            return nouvelle

    return Acte(faire)


def regler_le_poste(monde: Monde, fiche: Effectif, choisir: Any) -> Acte | None:
    dossier = un_dossier(monde, fiche, choisir)
    if dossier is None:
        return None
    dossier_id, etat = dossier.id, choisir(("PROPOSE", "DEPOSE", "POURVU", "RETIRE"))

    def faire() -> bool:
        with monde.directrice():
            connu = queries_poste.poste(dossier_id, verrou=False)
            version = connu.version if connu else 0
            return service_poste.regler(dossier_id, etat, version, maintenant=horloge.maintenant())

    return Acte(faire)


def marquer_vu(monde: Monde, fiche: Effectif, choisir: Any) -> Acte:
    revoir_le, note, effectif_id = choisir((None, LE_25)), choisir((None, MOT)), fiche.id

    def faire() -> bool:
        saisie = vigilance.Saisie(
            revoir_le=revoir_le, note=note, note_jusqu_au=LE_30 if note else None, cle_formulaire=cle()
        )
        with monde.directrice():
            return vigilance.marquer_vu(
                effectif_id, saisie, maintenant=horloge.maintenant(), jour=horloge.aujourd_hui()
            )

    return Acte(faire, lambda _: _remettre(monde, effectif_id))


def remettre(monde: Monde, fiche: Effectif, _choisir: Any) -> Acte:
    effectif_id = fiche.id
    return Acte(lambda: _remettre(monde, effectif_id))


def _remettre(monde: Monde, effectif_id: int) -> bool:
    with monde.directrice():
        return vigilance.remettre(effectif_id, jour=horloge.aujourd_hui())


def repondre_du_devenir(monde: Monde, fiche: Effectif, choisir: Any) -> Acte | None:
    dossier = un_dossier(monde, fiche, choisir)
    if dossier is None:
        return None
    dossier_id, jalon, reponse = dossier.id, 30, choisir(("ECOLE", "EMPLOI", "AUTRE"))
    deja = tous(
        monde.session, select(Devenir).where(Devenir.dossier_id == dossier_id, Devenir.jalon == jalon)
    )
    # Taking an answer back gives what the data say, not the answer before it.
    return Acte(
        lambda: _repondre(monde, dossier_id, jalon, reponse),
        None
        if any(d.source == "REPONSE" for d in deja)
        else lambda _: _repondre(monde, dossier_id, jalon, devenirs.ANNULER),
    )


def repondre_trop_tot(monde: Monde, fiche: Effectif, choisir: Any) -> Acte | None:
    """Of a milestone to come: refused."""
    dossier = un_dossier(monde, fiche, choisir)
    if dossier is None:
        return None
    dossier_id = dossier.id
    return Acte(lambda: _repondre(monde, dossier_id, 90, "EMPLOI"))


def annuler_le_devenir(monde: Monde, fiche: Effectif, choisir: Any) -> Acte | None:
    dossier = un_dossier(monde, fiche, choisir)
    if dossier is None:
        return None
    dossier_id = dossier.id
    return Acte(lambda: _repondre(monde, dossier_id, 30, devenirs.ANNULER))


def _repondre(monde: Monde, dossier_id: int, jalon: int, reponse: str) -> str | None:
    """What is now noted; None when it already was."""
    avant = monde.evenements_du("devenir.")
    with monde.directrice():
        fait = devenirs.repondre(
            dossier_id, jalon, reponse, vu="", maintenant=horloge.maintenant(), jour=horloge.aujourd_hui()
        )
    return fait.etat if monde.evenements_du("devenir.") > avant else None


def travailler(monde: Monde, _fiche: Effectif, _choisir: Any) -> Acte:
    """What became of letters is told to their files, and letters that may not be read any more are emptied."""

    def faire() -> None:
        with scope.systeme("test"), monde.instant():
            for lettre in monde.lettres:
                if (uuid := lettre.uuid(monde.session)) is not None:
                    service_retours.recevoir(uuid, horloge.maintenant())
            service_retours.retirer_les_caducs(horloge.maintenant())
            monde.session.commit()
        monde.session.expire_all()

    return Acte(faire)


def passer_la_nuit(monde: Monde, _fiche: Effectif, choisir: Any) -> Acte:
    effacees_au, expirees = choisir(NUITS), choisir((False, False, True))

    def faire() -> None:
        with scope.systeme("test"), monde.instant():
            jour, valider = horloge.aujourd_hui(), monde.session.commit
            ouverture.ouvrir_du_jour(valider, jour)
            departs.constater(valider, jour)
            notes.purger(valider, effacees_au)
            vigilance.effacer_les_notes(effacees_au)
            calcul.calculer_tout(valider)
            service_retours.entretenir(horloge.maintenant() + (DUREE if expirees else timedelta()))
            assert verification.verifier(valider).ecarts == 0
            monde.session.commit()
        monde.notes_effacees_au = effacees_au
        monde.session.expire_all()

    return Acte(faire)
