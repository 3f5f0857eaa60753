"""What hangs on the files of the demo: vacant posts, letters, looks, outcomes, digests. Gestures, through the services."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import select

from tdba import scope
from tdba.comptes.models import Habilitation, Personne
from tdba.db import db
from tdba.devenirs import queries as devenirs
from tdba.devenirs import service as service_devenirs
from tdba.horloge import PARIS
from tdba.liaisons import service, service_plis, service_retours
from tdba.liaisons.models import Liaison
from tdba.local.demo_acteurs import DIRECTRICE, MEMBRE_DE_LANNION
from tdba.local.demo_gestes import Visite
from tdba.local.demo_suivi import dossier_de, ecrire_les_circonstances
from tdba.offres import service_demarches, service_poste
from tdba.recaps import rythme
from tdba.recaps import service as recaps
from tdba.ruptures.circonstances import Circonstances
from tdba.scope import Droit
from tdba.vigilance import reglages
from tdba.vigilance import service as vigilance
from tdba.vigilance.regles import Regle

POSTES: Final = {
    "suivie": ("PROPOSE", "DEPOSE"),
    "lettre_repondue": ("PROPOSE",),
    "lettre_expiree": ("PROPOSE", "RETIRE"),
    "poste_pourvu": ("PROPOSE", "DEPOSE", "POURVU"),
}
"""Somebody of the visit → the states that the post went through."""

CONSEILLERS: Final = {
    "suivie": ("Maëlle Conan", "maelle.conan@missions-locales.invalid", 2),
    "lettre_repondue": ("Yves Stéphan", "yves.stephan@missions-locales.invalid", 9),
    "lettre_expiree": ("Fatou Diallo", "fatou.diallo@missions-locales.invalid", 20),
}
"""Somebody of the visit → adviser, address, days since the letter left."""

DEVENUS: Final = ("ECOLE", "EMPLOI", "AUTRE", "ECOLE", "EMPLOI", "ECOLE")
"""Answers to the oldest questions; the others are still asked."""


def regler_les_postes(visite: Visite) -> None:
    """A vacant post in each state."""
    for personnage, etats in POSTES.items():
        cle = dossier_de(visite, personnage)
        for version, etat in enumerate(etats):
            service_poste.regler(cle, etat, version, maintenant=visite.maintenant)


def donner_un_lien_de_rendez_vous(visite: Visite) -> None:
    """A training proposed, of which an appointment is awaited."""
    cle = dossier_de(visite, "poste_pourvu")
    service_demarches.lien_donne(
        cle, cle_formulaire=f"demo-rdv-{cle}", maintenant=visite.maintenant, jour=visite.jour
    )


def envoyer_des_lettres(visite: Visite) -> None:
    """One waits, one is opened and answered, one expired before anybody opened it."""
    sante = Circonstances(("SANTE", "LOGEMENT"), visite.jour - timedelta(days=12), "AUTRE_METIER")
    ecrire_les_circonstances(visite, dossier_de(visite, "lettre_repondue"), sante)
    for personnage in CONSEILLERS:
        _envoyer(visite, personnage)


def _envoyer(visite: Visite, personnage: str) -> None:
    contact, courriel, il_y_a = CONSEILLERS[personnage]
    quand = visite.maintenant - timedelta(days=il_y_a)
    jetons: list[str] = []

    def lien(jeton: str) -> str:
        jetons.append(jeton)
        return f"{visite.adresse}/liaison/{jeton}"

    envoyee = service.envoyer(
        dossier_de(visite, personnage),
        service.Choix(codes=("TELEPHONE", "COURRIEL", "FORMATION", "SITUATION", "OBSTACLES", "REFERENT"), accord=True),
        contact=contact,
        courriel=courriel,
        cle_formulaire=_cle(personnage),
        lien=lien,
        secret=visite.secret,
        maintenant=quand,
    )  # fmt: skip
    if personnage == "lettre_repondue":
        ouverte = quand + timedelta(days=1)
        lettre = service_plis.ouvrir(jetons[0], envoyee.code, secret=visite.secret, maintenant=ouverte)
        service_plis.repondre(lettre.cle_reponse, "RENDEZ_VOUS", ouverte + timedelta(hours=3))


def _cle(personnage: str) -> str:
    """The random value of a form, the same for one demo."""
    return uuid5(NAMESPACE_URL, f"demo/liaison/{personnage}").hex


def recevoir_les_reponses(visite: Visite) -> None:
    """What the worker would do of the letters opened and answered; as the system, at once. Twice is once."""
    requete = scope.select_for(Liaison, Droit.CORRIGER, Liaison.uuid).where(Liaison.repondu_le.is_(None))
    for uuid in db.session.execute(requete.order_by(Liaison.id)).scalars().all():
        service_retours.recevoir(uuid, visite.maintenant)


def marquer_vus(visite: Visite) -> None:
    """Two people of the watch list that were looked at, one with a note."""
    for personnage, note in (
        ("coordonnees", None),
        ("reportee", "Bilan des deux mois fait avec son maître d’apprentissage."),
    ):
        saisie = vigilance.Saisie(
            revoir_le=visite.jour + timedelta(days=21),
            note=note,
            note_jusqu_au=visite.jour + timedelta(days=60) if note else None,
            cle_formulaire=f"demo-vu-{personnage}",
        )
        vigilance.marquer_vu(visite.fiche(personnage), saisie, maintenant=visite.maintenant, jour=visite.jour)


def eteindre_une_regle(visite: Visite) -> None:
    """The CFA does not want one of the rules."""
    organisation_id = db.session.execute(
        select(Habilitation.organisation_id).where(Habilitation.id == scope.courant().habilitation_id)
    ).scalar_one()
    reglages.regler(
        organisation_id,
        Regle.NEUF_A_DOUZE,
        active=False,
        personne_id=scope.courant().personne_id,
        maintenant=visite.maintenant,
    )


def repondre_des_devenirs(visite: Visite) -> None:
    """What became of a few youths, said by one gesture each."""
    demandes = devenirs.a_dire(visite.jour).lignes
    for ligne, reponse in zip(demandes, DEVENUS, strict=False):
        assert ligne.jalon is not None  # noqa: S101 - `a_dire` asks of a milestone
        service_devenirs.repondre(
            ligne.dossier_id,
            ligne.jalon,
            reponse,
            vu=service_devenirs.cle(ligne.connu),
            maintenant=visite.maintenant,
            jour=visite.jour,
        )


def choisir_son_recapitulatif(visite: Visite) -> None:
    """Every morning for the director, never for the member of Lannion."""
    ids = dict(
        db.session.execute(
            select(Personne.sub, Personne.id).where(Personne.sub.in_((DIRECTRICE, MEMBRE_DE_LANNION)))
        ).all()
    )
    recaps.choisir(ids[DIRECTRICE], rythme.JOUR, visite.maintenant)
    recaps.choisir(ids[MEMBRE_DE_LANNION], rythme.JAMAIS, visite.maintenant)


def envoyer_le_recapitulatif(visite: Visite, renouveler: Callable[[], None]) -> None:
    """The digest of the last working morning, in the mailbox whatever the hour of the visit. As the system."""
    recaps.envoyer(renouveler, _derniere_matinee(visite.maintenant))


def _derniere_matinee(maintenant: datetime) -> datetime:
    """Half past seven of today, or of the last working day when that is to come or is no working day."""
    ici: date = maintenant.astimezone(PARIS).date()
    while True:
        matin = datetime.combine(ici, time(7, 30), tzinfo=PARIS)
        if matin <= maintenant and matin.weekday() < 5:
            return matin.astimezone(UTC)
        ici -= timedelta(days=1)
