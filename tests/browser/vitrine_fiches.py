"""What the screens of a record show: a rich one (corrected, contradicted, contested, minor) and one for each gesture."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import Flask
from sqlalchemy.orm import Session

from tdba import horloge
from tdba.comptes.models import Habilitation
from tdba.effectifs.contrats import ContratRecu
from tdba.organismes.models import Organisme
from tests import factories as f
from tests.browser.vitrine import NOM_LONG, NOMS, PRENOMS
from tests.effectifs.aides import contrat_de, corrections, envoyer
from tests.effectifs.aides_contrats import recevoir
from tests.effectifs.aides_gestes import mettre_a_la_corbeille
from tests.pages import Navigateur, liens
from tests.transmissions.aides_api import travailler

DIRECTRICE = "directrice des fiches"
FIN = date(2027, 8, 31)
PREMIER = ContratRecu(date(2025, 9, 15), FIN, date(2026, 6, 12), "démission", "73282932000074")
SUIVANT = date(2026, 9, 1)
ROMPU, AUTRE = date(2026, 11, 2), date(2026, 10, 20)


@dataclass
class Fiches:
    """Two establishments of one CFA, and its director at work."""

    session: Session
    site: Organisme
    annexe: Organisme
    directrice: Navigateur


def ouvrir(app: Flask, session: Session) -> tuple[Habilitation, Fiches]:
    """The CFA, its director, and a few apprentices in its list."""
    site = f.un_organisme(session, "CFA de la fiche, du Léon et des monts d’Arrée")
    annexe = f.un_organisme(session, "CFA de la fiche, site de Plougastel-Daoulas", departement="29")
    f.une_relation(session, site, annexe)
    organisation = f.une_organisation(
        session, "ORGANISME_FORMATION", site.nom, regle="ETABLISSEMENTS", organismes=[site, annexe]
    )
    directrice = f.une_habilitation(session, f.une_personne(session, "Rozenn", "Le Meur"), organisation)
    for rang, nom in enumerate(NOMS):
        f.un_apprenti(session, (site, annexe)[rang % 2], nom=nom, prenom=PRENOMS[rang % len(PRENOMS)],
                      naissance=date(2006, rang + 1, 4), telephone=f"06123456{rang:02d}",
                      courriel=f"jeune{rang}@famille.fr")  # fmt: skip
    session.commit()
    return directrice, Fiches(session, site, annexe, Navigateur(app, session).comme(directrice))


def garnir(fiches: Fiches) -> dict[str, str]:
    """What people do goes through the pages. Returns the addresses."""
    adresses = _fiche_riche(fiches) | _contrat_disparu(fiches) | _corbeille(fiches)
    _transferer(fiches)
    travailler(fiches.session)
    return adresses


def _fiche_riche(fiches: Fiches) -> dict[str, str]:
    """A minor whose second contract was broken, then not, then on another day; half of what is typed about her is wrong."""
    session, directrice = fiches.session, fiches.directrice
    riche = f.un_effectif(
        session, fiches.site, nom=NOM_LONG, prenom="Élodie-Marie", naissance=date(2009, 3, 1), entree=date(2025, 9, 1)
    )  # fmt: skip
    recevoir(session, riche, PREMIER, ContratRecu(SUIVANT, FIN, ROMPU))
    fiche, rompu, second = f"/effectifs/{riche.id}", contrat_de(session, riche), contrat_de(session, riche, 1)
    _corriger(
        fiches,
        f"{fiche}/corriger/date_naissance",
        valeur="2009-03-11",
        commentaire="Vu sur sa carte d’identité.",
    )
    _corriger(
        fiches, f"{fiche}/corriger/adresse", valeur="3 quai du Commandant-Malbert, bâtiment des Hirondelles"
    )
    _corriger(fiches, f"{fiche}/corriger/rncp", valeur="RNCP99999")
    _corriger(fiches, f"/contrats/{rompu.id}/rupture/contester", contestation="MAUVAISE_DATE")
    _corriger(fiches, f"/contrats/{second.id}/rupture/annuler")
    recevoir(session, riche, PREMIER, ContratRecu(SUIVANT, FIN, AUTRE), ine="B")
    conflit = next(c for c in corrections(session) if c.effectif_id == riche.id and c.etat == "CONFLIT")
    travailler(session)
    taire = next(lien for lien in liens(directrice.get(f"{fiche}/anomalies")) if lien.endswith("/taire"))
    # Cancelled, theirs would be the ERP's third value: the one to cancel is another.
    annulable = next(c for c in corrections(session) if c.effectif_id == riche.id and c.champ == "adresse")
    return {
        "fiche riche": fiche,
        "point à taire": taire,
        "l’ERP dit autre chose": f"/corrections/{conflit.id}/conflit",
        "correction d’une adresse à annuler": f"/corrections/{annulable.id}/annuler",
        "rupture à annuler": f"/contrats/{rompu.id}/rupture/annuler",
        "rupture à contester": f"/contrats/{rompu.id}/rupture/contester",
        "cause à préciser": f"/contrats/{rompu.id}/rompre",
        "rupture à déclarer": f"/contrats/{second.id}/rompre",
        "contrat de la fiche": f"/contrats/{second.id}/corriger",
    } | {
        nom: f"{fiche}/{suite}"
        for nom, suite in {
            "coordonnées": "coordonnees",
            "fiche à imprimer": "imprimer",
            "histoire de la fiche": "histoire",
            "anomalies de la fiche": "anomalies",
            "texte à corriger": "corriger/nom",
            "date à corriger": "corriger/date_naissance",
            "choix à corriger": "corriger/sexe",
            "adresse à corriger": "corriger-ensemble/adresse",
            "formation à corriger": "corriger-ensemble/formation",
            "contrat à ajouter": "contrats/ajouter",
            "fiche à retirer": "retirer",
            "fiche à transférer": "transferer",
        }.items()
    }  # fmt: skip


def _contrat_disparu(fiches: Fiches) -> dict[str, str]:
    """A corrected contract that the ERP no longer sends."""
    effectif = f.un_effectif(fiches.session, fiches.site, nom="KERVELLA", prenom="Nolan")
    recevoir(fiches.session, effectif, ContratRecu(SUIVANT, FIN))
    contrat = contrat_de(fiches.session, effectif)
    _corriger(fiches, f"/contrats/{contrat.id}/corriger", fin="2027-07-15")
    recevoir(fiches.session, effectif, ine="B")
    return {"contrat plus transmis": f"/contrats/{contrat.id}/plus-transmis"}


def _corbeille(fiches: Fiches) -> dict[str, str]:
    retiree = f.un_sans_contrat(fiches.session, fiches.site, nom="LE DOUBLE", prenom="Corentin")
    envoi = mettre_a_la_corbeille(fiches.directrice, retiree.id, commentaire="Saisi deux fois à la rentrée.")
    assert envoi.status_code == 303
    return {"fiche en corbeille": f"/effectifs/{retiree.id}/corbeille"}


def _transferer(fiches: Fiches) -> None:
    """A record that now belongs to the other establishment, and was entered by somebody in a hurry."""
    with horloge.regler(horloge.maintenant() + timedelta(minutes=1)):
        effectif = f.un_apprenti(
            fiches.session, fiches.site, nom="ABALAIN", prenom="Gwenaëlle", telephone="00"
        )
        envoi = fiches.directrice.post(
            f"/effectifs/{effectif.id}/transferer",
            {"destination": str(fiches.annexe.id), "a_compter_du": "2026-11-02", "motif": "CHANGEMENT_DE_SITE",
             "action": "enregistrer"},
        )  # fmt: skip
    assert envoi.status_code == 303


def _corriger(fiches: Fiches, adresse: str, **saisies: str) -> None:
    envoi = envoyer(fiches.directrice, adresse, **saisies)
    assert envoi.status_code == 303, (adresse, envoi.status_code)
