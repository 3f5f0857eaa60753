"""What the people of the demo have done on records before the visit starts, through the services of the screens.

Each gesture is made once, under the rights of who makes it, and marked: an interrupted run goes on. `demo_gestes` holds
those on one record; what the school's software says next, which contradicts some of them, is sent in between.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import func, select

from tdba import horloge, scope
from tdba.anomalies import service as anomalies
from tdba.db import db
from tdba.devenirs import calcul as devenirs
from tdba.doublons import service as doublons
from tdba.effectifs.models import Effectif
from tdba.errors import ErreurMetier
from tdba.jobs import enqueue_after_commit
from tdba.local import demo_gestes, demo_sifa, demo_suites, demo_suivi
from tdba.local.demo_acteurs import (
    ASSISTANCE,
    DIRECTRICE,
    MEMBRE_DE_LANNION,
    MEMBRE_DES_TROIS_SITES,
    comme,
)
from tdba.local.demo_cas import id_erp_de
from tdba.local.demo_doublons import DOUBLES
from tdba.local.demo_gestes import Visite
from tdba.local.demo_marque import lire_marque, poser_marque
from tdba.local.demo_organismes import PAR_CODE, SIREN_DES_DUNES
from tdba.local.demo_personnages import PERSONNAGES
from tdba.organismes.models import Organisme
from tdba.ruptures import ouverture
from tdba.scope import Droit, Introuvable

Dire = Callable[[str], None]


class Geste(NamedTuple):
    """Something that somebody did. `nom` marks it as done."""

    nom: str
    qui: str
    faire: Callable[[Visite], object]


AVANT_LE_RENVOI: Final = (
    Geste("coordonnees", DIRECTRICE, demo_gestes.corriger_des_coordonnees),
    Geste("conflit", DIRECTRICE, demo_gestes.prolonger_un_contrat),
    Geste("reportee", DIRECTRICE, demo_gestes.corriger_et_reporter),
    Geste("demande", DIRECTRICE, demo_gestes.demander_de_l_aide),
    Geste("par_le_support", ASSISTANCE, demo_gestes.corriger_pour_le_cfa),
    Geste("contestee", DIRECTRICE, demo_gestes.contester_une_rupture),
    Geste("annulee", DIRECTRICE, demo_gestes.annuler_une_rupture),
    Geste("demission", DIRECTRICE, demo_gestes.dire_une_demission),
    Geste("contrat", DIRECTRICE, demo_gestes.ajouter_un_contrat),
    Geste("corbeille_1", DIRECTRICE, demo_gestes.mettre_a_la_corbeille),
    Geste("corbeille_2", DIRECTRICE, demo_gestes.mettre_a_la_corbeille_une_candidature),
    Geste("transfert", DIRECTRICE, demo_gestes.transferer),
    Geste("vues", DIRECTRICE, demo_gestes.enregistrer_des_vues),
    Geste("sifa", DIRECTRICE, demo_sifa.repondre),
)
APRES_LA_RECHERCHE: Final = (
    Geste("jumelles", DIRECTRICE, demo_gestes.ecarter_les_jumelles),
    Geste("silence", DIRECTRICE, demo_gestes.taire_un_point),
    Geste("export", DIRECTRICE, demo_gestes.exporter),
)
SUIVI: Final = (
    Geste("suivi_confie", DIRECTRICE, demo_suivi.confier_des_dossiers),
    Geste("suivi_lannion", MEMBRE_DE_LANNION, demo_suivi.suivre_les_siens),
    Geste("suivi_entreprises", MEMBRE_DES_TROIS_SITES, demo_suivi.suivre_les_siens),
    Geste("suivi_rupture", DIRECTRICE, demo_suivi.suivre_une_rupture),
    Geste("suivi_relais", DIRECTRICE, demo_suivi.confier_a_un_collegue),
    Geste("suivi_visite", DIRECTRICE, demo_suivi.suivre_les_autres_de_la_visite),
    Geste("suivi_encore_la", DIRECTRICE, demo_suivi.dire_encore_la),
    Geste("suivi_confirmee", DIRECTRICE, demo_suivi.confirmer_une_reprise),
    Geste("suivi_partie", DIRECTRICE, demo_suivi.dire_partie),
    Geste("suivi_rouvert", DIRECTRICE, demo_suivi.rouvrir),
    Geste("suivi_parti", DIRECTRICE, demo_suivi.dire_parti),
    Geste("suivi_opposition", DIRECTRICE, demo_suivi.recevoir_une_opposition),
    Geste("postes", DIRECTRICE, demo_suites.regler_les_postes),
    Geste("rendez_vous", DIRECTRICE, demo_suites.donner_un_lien_de_rendez_vous),
    Geste("lettres", DIRECTRICE, demo_suites.envoyer_des_lettres),
    Geste("vigilance", DIRECTRICE, demo_suites.eteindre_une_regle),
    Geste("vus", DIRECTRICE, demo_suites.marquer_vus),
    Geste("recapitulatif", DIRECTRICE, demo_suites.choisir_son_recapitulatif),
)
APRES_LES_DEVENIRS: Final = (Geste("devenirs", DIRECTRICE, demo_suites.repondre_des_devenirs),)
GESTES: Final = (*AVANT_LE_RENVOI, *APRES_LA_RECHERCHE, *SUIVI, *APRES_LES_DEVENIRS)

RENVOYEES: Final = ("conflit", "corbeille_retenue", "transferee")
"""Who the school's software sends again, in words that the gestures contradict."""


def jouer(gestes: tuple[Geste, ...], jour: date, dire: Dire, *, adresse: str = "", secret: str = "") -> None:
    """Make the gestures that were not made yet. One that a rule refuses on that day is left out, and said."""
    visite = visite_du(jour, horloge.maintenant())._replace(adresse=adresse, secret=secret)
    for geste in gestes:
        marque = f"demo.geste.{geste.nom}"
        if lire_marque(marque):
            continue
        try:
            with comme(geste.qui):
                geste.faire(visite)
        except (ErreurMetier, Introuvable) as refus:
            dire(f"  left out: {geste.nom} ({type(refus).__name__}: {refus})")
        poser_marque(marque, "1")
        db.session.commit()


def visite_du(jour: date, maintenant: datetime) -> Visite:
    """Where the sites and the people of the visit are, read as the system."""
    dunes = [o for o in PAR_CODE.values() if o.siren == SIREN_DES_DUNES]
    requete = select(Organisme.siret, Organisme.id).where(Organisme.siret.in_([o.siret for o in dunes]))
    par_siret = dict(db.session.execute(requete).all())
    sites = {o.code: par_siret[o.siret] for o in dunes}
    numeros = [*(id_erp_de(nom) for nom in PERSONNAGES), *(double.id_erp for double in DOUBLES)]
    fiches = scope.select_for(
        Effectif, Droit.VOIR_NOMINATIF, Effectif.id_erp, func.max(Effectif.id), avec_corbeille=True
    )
    fiches = fiches.where(Effectif.organisme_id.in_(sites.values()), Effectif.id_erp.in_(numeros))
    ids: dict[str, int] = dict(db.session.execute(fiches.group_by(Effectif.id_erp)).all())
    return Visite(sites, ids, jour, maintenant)


def renvoi(contenu: Mapping[str, Any]) -> dict[str, Any] | None:
    """A line of the Dunes as its software sends it after the gestures; None when it has nothing new to say."""
    numeros = {id_erp_de(nom): nom for nom in RENVOYEES}
    nom = numeros.get(contenu["id_erp_apprenant"])
    if nom is None:
        return None
    if nom == "conflit":
        fin = date.fromisoformat(contenu["contrat_date_fin"][:10])
        return {**contenu, "contrat_date_fin": (fin + demo_gestes.AUTRE_PROLONGATION).isoformat()}
    return {**contenu, "adresse_apprenant": "12 rue des Goélands"}


def rechercher(jour: date) -> None:
    """Make duplicates, anomalies and the survey's points right: here for the CFA of the visit, by jobs for the others."""
    sites = sorted(visite_du(jour, horloge.maintenant()).sites.values())
    doublons.detecter(sites)
    anomalies.refaire(sites)
    for nom in (
        "points.reconstruire",
        "doublons.detecter",
        "anomalies.reconstruire",
        "sifa.faire_les_points",
    ):
        enqueue_after_commit(nom)
    db.session.commit()


def suivre(jour: date, dire: Dire, *, adresse: str, secret: str) -> None:
    """The follow-up: files that the day asks for, gestures, outcomes computed then answered, the digest of the morning."""
    for organisme_id in sorted(visite_du(jour, horloge.maintenant()).sites.values()):
        ouverture.ouvrir_etablissement(organisme_id, jour)
        db.session.commit()
    jouer(SUIVI, jour, dire, adresse=adresse, secret=secret)
    visite = visite_du(jour, horloge.maintenant())
    demo_suites.recevoir_les_reponses(visite)
    db.session.commit()
    devenirs.calculer_tout(db.session.commit)
    db.session.commit()
    jouer(APRES_LES_DEVENIRS, jour, dire)
    if not lire_marque("demo.recapitulatif"):
        demo_suites.envoyer_le_recapitulatif(visite, db.session.commit)
        poser_marque("demo.recapitulatif", "1")
    for nom in ("ruptures.ouvrir_du_jour", "devenirs.calculer"):
        enqueue_after_commit(nom)
    db.session.commit()
