"""Gestures of the demo on the records of the visit, one function each, through the services that the screens use.

Each runs under the scope of who makes it, in a transaction of its own (`demo_fiches`). Nothing is written by hand here.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import select

from tdba import journal, scope
from tdba.anomalies.service_silences import taire
from tdba.db import db
from tdba.doublons import service_decisions
from tdba.doublons.alignement import OUVERT
from tdba.doublons.models import Doublon
from tdba.effectifs import (
    changements,
    contrats_manuels,
    corbeille,
    correction,
    queries,
    service_vues,
    transfert,
)
from tdba.effectifs.correction import Pourquoi
from tdba.effectifs.filtres import Filtres
from tdba.effectifs.models import Contrat
from tdba.effectifs.queries import Ouvert
from tdba.exports import service as exports
from tdba.exports.catalogue import LISTES
from tdba.exports.queries_effectifs import Etat
from tdba.local.demo_cas import id_erp_de
from tdba.local.demo_entreprises import EMPLOYEURS
from tdba.points import queries_reports
from tdba.points import service as points
from tdba.scope import Droit
from tdba.support import service as support
from tdba.support.models import Demande

PROLONGATION: Final = timedelta(days=30)
AUTRE_PROLONGATION: Final = timedelta(days=45)
"""What the school's software says afterwards of the same contract: neither the former date nor the corrected one."""
OBJET: Final = "Un prénom mal écrit"


class Visite(NamedTuple):
    """What the gestures need to know: ids of the sites by code, of the records by ERP number."""

    sites: Mapping[str, int]
    fiches: Mapping[str, int]
    jour: date
    maintenant: datetime
    adresse: str = ""
    """Of the site, for the links that leave by mail."""
    secret: str = ""

    def fiche(self, personnage: str) -> int:
        """Record of somebody of the visit, in their last school year."""
        return self.fiches[id_erp_de(personnage)]

    def ouvrir(self, personnage: str) -> Ouvert:
        """The same, locked to be corrected."""
        return queries.a_corriger(self.fiche(personnage), verrou=True)


def _corriger(visite: Visite, ouvert: Ouvert, champs: Mapping[str, str], pourquoi: Pourquoi) -> list[int]:
    changes = changements.de_champs(ouvert, champs, version=ouvert.effectif.version, jour=visite.jour)
    ecrites = correction.corriger(ouvert, changes, pourquoi=pourquoi, maintenant=visite.maintenant)
    return [ecrite.id for ecrite in ecrites]


def _corriger_le_contrat(visite: Visite, personnage: str, saisies: Mapping[str, Any], motif: str) -> None:
    ouvert = visite.ouvrir(personnage)
    dernier = max(ouvert.contrats, key=lambda c: c.rang)
    changes = changements.de_contrat(
        ouvert, dernier, saisies, version=ouvert.effectif.version, jour=visite.jour
    )
    correction.corriger(ouvert, changes, pourquoi=Pourquoi(motif=motif), maintenant=visite.maintenant)


def corriger_des_coordonnees(visite: Visite) -> None:
    """A phone and an address that changed, which ask no reason."""
    champs = {"telephone": "02 61 91 04 07", "adresse": "8 impasse des Embruns"}
    _corriger(visite, visite.ouvrir("coordonnees"), champs, Pourquoi(motif="COORDONNEES"))


def prolonger_un_contrat(visite: Visite) -> None:
    """The end of a contract, which the software will contradict."""
    dernier = visite.ouvrir("conflit").contrats[-1]
    assert dernier.fin is not None  # noqa: S101 - written so by `demo_personnages`
    _corriger_le_contrat(visite, "conflit", {"fin": dernier.fin + PROLONGATION}, "PIECE_VUE")


def corriger_et_reporter(visite: Visite) -> None:
    """A birth date corrected from an identity card, and already typed in the school's software."""
    ouvert = visite.ouvrir("reportee")
    naissance = ouvert.effectif.date_naissance - timedelta(days=1)
    ids = _corriger(
        visite, ouvert, {"date_naissance": naissance.isoformat()}, Pourquoi(motif="ERREUR_DE_SAISIE")
    )
    personne_id = scope.courant().personne_id
    for cle, organisme_id in queries_reports.cocher(ids, le=visite.maintenant, personne_id=personne_id):
        journal.consigner(
            "effectif.correction_reportee", organisme_id=organisme_id, correction_id=cle, reportee=True
        )
        points.remplacer("A_REPORTER", {organisme_id})


def demander_de_l_aide(visite: Visite) -> None:
    """A case about one record, in words that name nobody."""
    support.ouvrir(
        support.Saisie(
            objet=OBJET,
            texte="Le prénom de cette fiche est mal écrit et je n’ai pas la pièce sous la main : pouvez-vous le corriger ?",
            effectif_id=visite.fiche("par_le_support"),
            organisme_id=visite.sites["DUN"],
            cle_formulaire="demo-prenom",
        ),
        maintenant=visite.maintenant,
    )


def corriger_pour_le_cfa(visite: Visite) -> None:
    """Support corrects on behalf of the CFA, under its case."""
    demande_id = db.session.execute(
        scope.autorisee(select(Demande.id).where(Demande.cle_formulaire == "demo-prenom"), Droit.SUPPORT)
    ).scalar_one()
    effectif_id = visite.fiche("par_le_support")
    support.ouvrir_fiche(demande_id, effectif_id, "CORRECTION", maintenant=visite.maintenant)
    pourquoi = Pourquoi(motif="ERREUR_DE_SAISIE", demande_id=demande_id)
    _corriger(visite, visite.ouvrir("par_le_support"), {"prenom": "Annaëlle"}, pourquoi)
    support.repondre(
        demande_id, "C’est corrigé : la fiche le montre.", sienne=False, maintenant=visite.maintenant
    )


def contester_une_rupture(visite: Visite) -> None:
    """A rupture that the software declares, and of which the CFA was told nothing."""
    _corriger_le_contrat(visite, "contestee", {"contestation": "NON_NOTIFIEE"}, "DECISION")


def annuler_une_rupture(visite: Visite) -> None:
    """A rupture that never happened."""
    _corriger_le_contrat(visite, "annulee", {"rupture": None}, "PIECE_VUE")


def dire_une_demission(visite: Visite) -> None:
    """The legal cause of a rupture, with the steps that a resignation asks."""
    saisies = {
        "cause_legale": "DEMISSION",
        "mediateur_le": visite.jour - timedelta(days=30),
        "employeur_informe_le": visite.jour - timedelta(days=23),
    }
    _corriger_le_contrat(visite, "demission", saisies, "PIECE_VUE")


def ajouter_un_contrat(visite: Visite) -> None:
    """A contract signed, which the software does not know yet."""
    ouvert = visite.ouvrir("contrat_ajoute")
    debut, fin = visite.jour - timedelta(days=12), ouvert.effectif.date_fin
    saisies = {"debut": debut, "fin": fin, "employeur_siret": EMPLOYEURS[0].siret}
    nouveau: Contrat = contrats_manuels.brouillon(ouvert)
    changements.d_ajout(ouvert, nouveau, saisies, version=ouvert.effectif.version, jour=visite.jour)
    contrats_manuels.ajouter(
        ouvert, saisies, pourquoi=Pourquoi(motif="PIECE_VUE"), maintenant=visite.maintenant
    )


def mettre_a_la_corbeille(visite: Visite) -> None:
    """A youth who left for another CFA, and whom the software still sends."""
    corbeille.retirer(
        visite.fiche("corbeille_retenue"),
        motif="CHANGEMENT_CFA",
        commentaire=None,
        demande_id=None,
        maintenant=visite.maintenant,
    )


def mettre_a_la_corbeille_une_candidature(visite: Visite) -> None:
    """A candidate who never came."""
    corbeille.retirer(
        visite.fiche("corbeille"),
        motif="REFUS_CANDIDATURE",
        commentaire=None,
        demande_id=None,
        maintenant=visite.maintenant,
    )


def transferer(visite: Visite) -> None:
    """A youth who goes on at another site; the software still sends them for the former one."""
    demande = transfert.Demande(
        destination=visite.sites["DU2"],
        a_compter_du=visite.jour - timedelta(days=7),
        motif="CHANGEMENT_DE_SITE",
    )
    transfert.transferer(visite.fiche("transferee"), demande, maintenant=visite.maintenant)


def enregistrer_des_vues(visite: Visite) -> None:
    """A view of one's own, and one for the whole organisation."""
    service_vues.enregistrer(
        "Mes ruptures à Saint-Malo",
        Filtres(statuts=("RUPTURE",), site=visite.sites["DUN"]),
        ("nom", "age", "statut", "formation", "entree"),
        partagee=False,
        maintenant=visite.maintenant,
    )
    service_vues.enregistrer(
        "CAP sans contrat",
        Filtres(statuts=("INSCRIT",), niveau=3, tri="entree"),
        ("nom", "age", "statut", "formation", "entree", "site"),
        partagee=True,
        maintenant=visite.maintenant,
    )


def ecarter_les_jumelles(visite: Visite) -> None:
    """Two sisters: not the same person."""
    paire = {visite.fiche("jumelle"), visite.fiches["D00005"]}
    requete = scope.select_for(Doublon, Droit.CORRIGER, Doublon.id).where(
        Doublon.effectif_id.in_(paire), Doublon.autre_id.in_(paire), Doublon.etat == OUVERT
    )
    for doublon_id in db.session.execute(requete).scalars().all():
        service_decisions.ecarter(
            doublon_id, commentaire="Deux sœurs jumelles.", maintenant=visite.maintenant
        )


def taire_un_point(visite: Visite) -> None:
    """A contract longer than the formation, and right."""
    taire(visite.ouvrir("contrat_trop_long").effectif, "CONTRAT_DEPASSE_FORMATION", motif="VERIFIE")


def exporter(visite: Visite) -> None:
    """A file asked for: the worker makes it."""
    liste = LISTES["EFFECTIFS"]
    demande = exports.Demande(
        jeton=uuid5(NAMESPACE_URL, f"demo/export/{visite.jour}"),
        etat=Etat(Filtres(statuts=("INSCRIT",)), None),
        recherche=None,
        finalite="REUNION",
        precision=None,
        format="XLSX",
        colonnes=[c.code for c in exports.offertes(liste) if c.defaut],
    )
    exports.demander(liste, demande, maintenant=visite.maintenant, jour=visite.jour)
