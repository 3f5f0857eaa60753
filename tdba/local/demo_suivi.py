"""Follow-up of the demo: référents, steps, circumstances, checklists, answers to "Toujours au CFA ?", through the services.

Each gesture runs under the scope of who makes it (`demo_fiches`). Steps are dated in the past: `maintenant` is given.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Final, NamedTuple

from sqlalchemy import select

from tdba import scope
from tdba.comptes.models import Personne
from tdba.db import db
from tdba.horloge import PARIS
from tdba.local.demo_acteurs import MEMBRE_DE_LANNION, MEMBRE_DES_TROIS_SITES
from tdba.local.demo_gestes import Visite
from tdba.ruptures import (
    departs,
    queries_affectation,
    service,
    service_affectation,
    service_circonstances,
    service_dossier,
    service_formalites,
    service_oppositions,
    service_ouverture,
)
from tdba.ruptures.circonstances import Circonstances
from tdba.ruptures.models import Dossier
from tdba.ruptures.presence import AUTRE_CFA
from tdba.ruptures.regles import FIN_DE_CONTRAT, RUPTURE, SANS_CONTRAT
from tdba.scope import Droit, Introuvable

SUIVIS_AU_PLUS: Final = 40
"""Files of the crowd on which one person noted steps: enough to fill a page, few enough to be quick."""


class Pas(NamedTuple):
    """A step, so many days after the file opened; `prochaine`: days from that step to the next one."""

    apres: int
    nature: str
    resultat: str | None = None
    prochaine: int | None = None
    nombre: int | None = None
    note: str | None = None
    garde: int | None = None
    """Days that the note is kept; None: six months."""


SUITES: Final[tuple[tuple[Pas, ...], ...]] = (
    (Pas(2, "APPEL", "SANS_REPONSE", 3), Pas(6, "MESSAGE", None, 7), Pas(15, "APPEL", "JOINT", 14)),
    (Pas(1, "APPEL", "JOINT", 6), Pas(7, "ENTRETIEN", None, 10), Pas(18, "OFFRES_ENVOYEES", None, 12, 4)),
    (Pas(9, "MESSAGE", None, 10),),
    (Pas(4, "APPEL", "RENDEZ_VOUS", 5), Pas(9, "ENTRETIEN", None, 21), Pas(32, "CANDIDATURE", None, 9, 6)),
    (Pas(3, "APPEL", "SANS_REPONSE", 2), Pas(5, "APPEL", "SANS_REPONSE", 8), Pas(14, "MISSION_LOCALE", None, 20)),
    (Pas(12, "APPEL", "JOINT"), Pas(30, "FRANCE_TRAVAIL", None, 30)),
    (Pas(5, "MEDIATION", None, 9), Pas(16, "EMPLOYEUR_TROUVE", None, 4)),
)  # fmt: skip

HISTOIRE: Final = (
    Pas(1, "APPEL", "SANS_REPONSE", 2),
    Pas(3, "APPEL", "RENDEZ_VOUS", 3),
    Pas(6, "ENTRETIEN", None, 6, note="Veut continuer dans le même métier, cherche plus près de chez elle.", garde=300),
    Pas(10, "OFFRES_ENVOYEES", None, 5, 5),
    Pas(17, "CANDIDATURE", None, 6, 4),
    Pas(22, "REPONSE", "NEGATIVE", 4, 2),
    Pas(25, "REPONSE", "POSITIVE", 8, 1, "Essai de deux jours prévu ; rappeler l’entreprise ensuite.", 120),
)  # fmt: skip


def dossier_de(visite: Visite, personnage: str, genre: str = RUPTURE) -> int:
    """The last file of that kind of somebody of the visit; written now when it was not."""
    effectif_id = visite.fiche(personnage)
    requete = scope.select_for(Dossier, Droit.CORRIGER, Dossier.id)
    requete = requete.where(Dossier.effectif_id == effectif_id, Dossier.genre == genre)
    trouve: int | None = db.session.execute(
        requete.order_by(Dossier.ouvert_du.desc()).limit(1)
    ).scalar_one_or_none()
    if trouve is not None:
        return trouve
    if genre == RUPTURE:
        raise Introuvable
    return service_ouverture.ouvrir(effectif_id, genre, maintenant=visite.maintenant, jour=visite.jour).id


def noter(visite: Visite, dossier_id: int, suite: Sequence[Pas]) -> None:
    """Note the steps of a file that are not to come."""
    dossier = scope.get_or_404(Dossier, dossier_id, Droit.CORRIGER)
    for rang, pas in enumerate(suite):
        le = dossier.ouvert_du + timedelta(days=pas.apres)
        if le > visite.jour:
            return
        saisie = service.Saisie(
            nature=pas.nature,
            resultat=pas.resultat,
            prochaine_le=None if pas.prochaine is None else le + timedelta(days=pas.prochaine),
            note=pas.note,
            nombre=pas.nombre,
            note_jusqu_au=None if pas.garde is None else le + timedelta(days=pas.garde),
            cle_formulaire=f"demo-{dossier_id}-{rang}",
        )
        heure = time(9 + rang % 8, 5 + dossier_id % 50)
        maintenant = min(datetime.combine(le, heure, tzinfo=PARIS), visite.maintenant)
        service.noter_demarche(dossier_id, saisie, maintenant=maintenant, jour=le)


def _personne(sub: str) -> int:
    return db.session.execute(select(Personne.id).where(Personne.sub == sub)).scalar_one()


def _ouverts(visite: Visite, genre: str, sites: Sequence[str]) -> list[queries_affectation.Concerne]:
    """The open files of these sites in a steady order, without those of the visit: they have their own story."""
    ici = {visite.sites[code] for code in sites}
    requete = scope.select_for(Dossier, Droit.CORRIGER, Dossier.effectif_id).where(
        Dossier.organisme_id.in_(ici),
        Dossier.genre == genre,
        Dossier.effectif_id.not_in(visite.fiches.values()),
    )
    ids = sorted(set(db.session.execute(requete).scalars()))
    connus = {c.effectif_id: c for c in queries_affectation.parmi(genre, visite.jour, ids)}
    return [connus[i] for i in ids if i in connus]


def confier_des_dossiers(visite: Visite) -> None:
    """Référents given in bulk: Lannion to the member of Lannion, half of the other sites to her colleague."""
    for sub, sites, pas in (
        (MEMBRE_DE_LANNION, ("DU2",), 1),
        (MEMBRE_DES_TROIS_SITES, ("DUN", "DU3"), 2),
    ):
        for genre in (RUPTURE, SANS_CONTRAT, FIN_DE_CONTRAT):
            choisis = _ouverts(visite, genre, sites)[::pas]
            attendus = {(c.effectif_id, c.genre): c.referent_id for c in choisis}
            if attendus:
                service_affectation.confier(attendus, _personne(sub), visite.jour)


def suivre_les_siens(visite: Visite) -> None:
    """Steps of many kinds on the files that one follows; one in four still waits for its first."""
    moi = scope.courant().personne_id
    faits = 0
    for genre in (RUPTURE, SANS_CONTRAT):
        for rang, concerne in enumerate(_ouverts(visite, genre, ("DUN", "DU2", "DU3"))):
            if concerne.referent_id != moi or concerne.dossier_id is None or rang % 4 == 3:
                continue
            if faits == SUIVIS_AU_PLUS:
                return
            noter(visite, concerne.dossier_id, SUITES[rang % len(SUITES)])
            faits += 1


def suivre_une_rupture(visite: Visite) -> None:
    """A file with all that a file may hold."""
    cle, jour = dossier_de(visite, "suivie"), visite.jour
    noter(visite, cle, HISTOIRE)
    ecrire_les_circonstances(visite, cle, Circonstances(("MOBILITE", "FINANCE"), None, "MEME_METIER"))
    for code, il_y_a in (("NOTIFICATION", 29), ("FINANCEUR", 26), ("ENTRETIEN", 24)):
        service_formalites.cocher(cle, code, jour - timedelta(days=il_y_a), maintenant=visite.maintenant)


def ecrire_les_circonstances(visite: Visite, dossier_id: int, dites: Circonstances) -> None:
    service_circonstances.enregistrer(
        dossier_id, dites, version=0, maintenant=visite.maintenant, jour=visite.jour
    )


def confier_a_un_collegue(visite: Visite) -> None:
    """Two files of one person on two sites: the same référent, with a word."""
    cle = dossier_de(visite, "deux_suivis")
    relais = service_dossier.Relais(
        referent_id=_personne(MEMBRE_DES_TROIS_SITES),
        mot="Inscrite sur nos deux sites : un seul appel suffit.",
        version=scope.get_or_404(Dossier, cle, Droit.CORRIGER).version,
        cle_formulaire=f"demo-relais-{cle}",
    )
    service_dossier.confier(cle, relais, maintenant=visite.maintenant)


def suivre_les_autres_de_la_visite(visite: Visite) -> None:
    """A few steps each: those without a contract, at a term, out of delay, back in a contract."""
    for personnage, genre, suite in (
        ("sans_contrat", SANS_CONTRAT, SUITES[1]),
        ("a_terme", FIN_DE_CONTRAT, SUITES[0]),
        ("delai_passe", RUPTURE, SUITES[4]),
        ("encore_la", RUPTURE, SUITES[3]),
        ("reprise_a_confirmer", RUPTURE, SUITES[1]),
        ("reprise_confirmee", RUPTURE, SUITES[6]),
        ("poste_pourvu", RUPTURE, SUITES[1]),
        ("deux_ruptures", RUPTURE, SUITES[0]),
        ("opposition", RUPTURE, SUITES[2]),
    ):
        noter(visite, dossier_de(visite, personnage, genre), suite)


def dire_encore_la(visite: Visite) -> None:
    """Past the delay, and still there twelve days ago."""
    service_dossier.dire_present(
        dossier_de(visite, "encore_la"), maintenant=visite.maintenant - timedelta(days=12)
    )


def confirmer_une_reprise(visite: Visite) -> None:
    """The new contract is real."""
    service_dossier.confirmer(
        dossier_de(visite, "reprise_confirmee"), maintenant=visite.maintenant - timedelta(days=50)
    )


def dire_partie(visite: Visite) -> None:
    _partir(visite, "rouvert", 20)


def rouvrir(visite: Visite) -> None:
    """Said to have left for another CFA, by mistake: the file opens again."""
    departs.annuler_depart(dossier_de(visite, "rouvert"), maintenant=visite.maintenant - timedelta(days=4))


def dire_parti(visite: Visite) -> None:
    """Gone to another CFA: the file is closed, and nothing of its notes follows."""
    noter(visite, dossier_de(visite, "parti"), SUITES[5])
    _partir(visite, "parti", 15)


def _partir(visite: Visite, personnage: str, il_y_a: int) -> None:
    ouvert, cle = visite.ouvrir(personnage), dossier_de(visite, personnage)
    sortie = service_dossier.Sortie(
        le=visite.jour - timedelta(days=il_y_a),
        motif=AUTRE_CFA,
        version=ouvert.effectif.version,
        cle_formulaire=f"demo-sortie-{cle}",
    )
    service_dossier.sortir(cle, ouvert, sortie, maintenant=visite.maintenant - timedelta(days=5))


def recevoir_une_opposition(visite: Visite) -> None:
    """A person who objects to being followed: the file freezes."""
    service_oppositions.recevoir(
        visite.fiche("opposition"),
        visite.jour - timedelta(days=3),
        maintenant=visite.maintenant,
        jour=visite.jour,
    )
