"""What the screens of intake show: keys, sendings, an unknown establishment, files at each stage, a comparison."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba import horloge, scope
from tdba.comptes.models import Habilitation
from tdba.depots.models import Depot
from tdba.organismes.models import Organisme
from tdba.scope import Droit
from tdba.transmissions import cles, service_silences
from tdba.transmissions.models import CleApi, Quarantaine
from tests import factories as f
from tests.access.monde import Monde
from tests.browser.vitrine import NOM_LONG
from tests.depots.aides import ENTETES_EXTRAIT, RANGEE_EXTRAIT, xlsx
from tests.depots.aides_depots import Rangee, classeur, deposer, depot_de, rangee
from tests.pages import Navigateur, champs
from tests.transmissions.aides_api import Logiciel, travailler, une_ligne
from tests.transmissions.aides_compte import JOUR, SANS_NOM, un_envoi, une_erreur, une_refusee

DIRECTRICE = "directrice de la réception"
INCONNU = {"etablissement_formateur_uai": "0299999L", "etablissement_formateur_siret": "73282932000074"}
GUIDE = (
    "# Ouvrir la fiche\n\n1. Menu **Apprenants**\n2. [Aide](https://exemple.invalid/aide)\n\n"
    "| Champ | Onglet |\n|---|---|\n| INE | Scolarité |\n| SIRET de l’employeur | Contrat |\n"
)
NOMS = ("AMAR", "BRUN", "COLIN")
ESSAI = xlsx(ENTETES_EXTRAIT, RANGEE_EXTRAIT)
"""For who waits: an extract whose establishment is nobody's."""


@dataclass
class Reception:
    """Three establishments of one CFA, and its director at work."""

    session: Session
    site: Organisme
    annexe: Organisme
    muette: Organisme
    """Without a key."""
    directrice: Navigateur
    support: Navigateur

    def deposer(self, *rangees: Rangee, nom: str = "liste.xlsx", **champs: Any) -> Depot:
        """A file given and read."""
        return self.donner(classeur(*rangees), nom=nom, **champs)

    def donner(self, contenu: bytes, **champs: Any) -> Depot:
        reponse = deposer(self.directrice, contenu, **({"organisme": self.site.id} | champs))
        depot = depot_de(self.session, reponse)
        travailler(self.session)
        return depot

    def agir(self, depot: Depot, acte: str) -> str:
        """Do it and wait for its end. Returns the address of the file."""
        adresse = f"/depots/{depot.uuid}"
        assert self.directrice.post(f"{adresse}/{acte}").status_code == 303
        travailler(self.session)
        return adresse


def garnir(app: Flask, session: Session, monde: Monde) -> tuple[Habilitation, dict[str, str]]:
    """Make it; what people and software do goes through their pages. Returns the director and the addresses."""
    site = f.un_organisme(session, "CFA de la réception, des embruns et du Pays de Cornouaille")
    annexe = f.un_organisme(session, "CFA de la réception, site de Douarnenez")
    muette = f.un_organisme(session, "CFA de la réception, site de Concarneau")
    f.une_relation(session, site, annexe)
    organisation = f.une_organisation(
        session, "ORGANISME_FORMATION", site.nom, regle="ETABLISSEMENTS", organismes=[site, annexe, muette]
    )
    directrice = f.une_habilitation(session, f.une_personne(session, "Nolwenn", "Le Floc’h"), organisation)
    session.commit()
    visiteur = Navigateur(app, session)
    support = monde.habilitations["support"]
    assert support is not None
    r = Reception(session, site, annexe, muette, visiteur.comme(directrice), visiteur.comme(support))
    return directrice, (
        _acces_du_logiciel(r, monde)
        | _compte(r)
        | _attentes(app, r)
        | _fichiers(r)
        | _appairer(visiteur, site)
        | _rapprocher(r)
    )


def _acces_du_logiciel(r: Reception, monde: Monde) -> dict[str, str]:
    """Keys of every state, a delegation, a guide."""
    for libelle in ("Production", "Ancien serveur de Quimper, avant le changement de logiciel"):
        cles.creer(r.site.id, libelle=libelle, erp="Ymag")
    r.session.commit()
    ids = list(r.session.execute(scope.select_for(CleApi, Droit.CONFIGURER, CleApi.id).where(
        CleApi.organisme_id == r.site.id).order_by(CleApi.id)).scalars())  # fmt: skip
    assert r.directrice.post(f"/transmissions/cles/{ids[1]}/revoquer").status_code == 303
    sous = f"/transmissions/organismes/{r.site.id}"
    nouvelle = f"{sous}/delegations/nouvelle?delegue={monde.organismes['F'].id}"
    saisie = champs(r.directrice.get(nouvelle), f"{sous}/delegations/nouvelle")
    assert r.directrice.post(f"{sous}/delegations/nouvelle", saisie).status_code == 303
    ecrire = "/transmissions/guides/nouveau"
    saisie = champs(r.support.get(ecrire), ecrire) | {"nom": "Ymag", "texte": GUIDE}
    assert r.support.post(ecrire, saisie).status_code == 303
    return {
        "clés": f"{sous}/cles",
        "clés sans en avoir": f"/transmissions/organismes/{r.muette.id}/cles",
        "autre clé": f"/transmissions/organismes/{r.annexe.id}/cles/nouvelle",
        "nouvelle clé": f"{sous}/cles/nouvelle",
        "clé à révoquer": f"/transmissions/cles/{ids[0]}/revoquer",
        "délégations": f"{sous}/delegations",
        "délégation à donner": nouvelle.replace(str(monde.organismes["F"].id), str(monde.organismes["S"].id)),
        "délégué à chercher": f"{sous}/delegations/nouvelle?q=dunes",
        "délégation à arrêter": f"{sous}/delegations/arreter",
    }


def _compte(r: Reception) -> dict[str, str]:
    """Three weeks of sendings of an establishment that then falls silent; and one whose lines are refused."""
    for jours in range(12, 45):
        jour = JOUR - timedelta(days=jours)
        if jour.weekday() < 5:
            un_envoi(r.session, r.muette, jour, lignes=310, creees=2, modifiees=8, inchangees=300)
    envoi = un_envoi(r.session, r.site, JOUR, lignes=1200, refusees=3, creees=1, modifiees=2, inchangees=1194)
    une_refusee(
        r.session, envoi, 2, une_erreur("organisme formateur non trouvé", "etablissement_formateur_uai")
    )
    une_refusee(r.session, envoi, 3, SANS_NOM, organisme=r.site)
    une_refusee(r.session, envoi, 5, une_erreur("Date invalide", "date_fin_formation"), organisme=r.site,
                nom_apprenant=NOM_LONG, date_fin_formation="31/02/2027")  # fmt: skip
    service_silences.veiller(horloge.maintenant())
    r.session.commit()
    return {"transmission refusée en partie": f"/transmissions/{envoi.uuid}"}


def _attentes(app: Flask, r: Reception) -> dict[str, str]:
    """Two establishments that nobody knows, one of which a number is known; and one recognised."""
    logiciel = Logiciel(app, r.session, r.site)
    proche = {"etablissement_formateur_uai": "0299999L"}
    logiciel.envoyer(
        [une_ligne(r.site, "R-1", **INCONNU), une_ligne(r.site, "R-2", nom_apprenant="DREAN", **INCONNU)]
    )
    logiciel.envoyer([une_ligne(r.site, "R-3", **proche), une_ligne(r.site, "R-4", nom_apprenant="KERVELLA")])
    logiciel.envoyer([une_ligne(r.site, "R-5", **INCONNU | {"etablissement_formateur_uai": "0299998K"})])
    travailler(r.session)
    requete = scope.autorisee(select(Quarantaine.id).order_by(Quarantaine.id), Droit.CORRIGER)
    inconnue, proche_id, reconnue = r.session.execute(requete).scalars()
    reconnaitre = f"/transmissions/inconnus/{reconnue}/reconnaitre"
    assert r.directrice.post(reconnaitre, {"organisme": str(r.annexe.id)}).status_code == 303
    travailler(r.session)
    return {
        "établissement inconnu": f"/transmissions/inconnus/{inconnue}",
        "établissement presque connu": f"/transmissions/inconnus/{proche_id}",
    }


def _fichiers(r: Reception) -> dict[str, str]:
    """A file in each state that has a page of its own."""
    annulee = r.deposer(rangee(r.site, "ANNULÉE"), nom="à annuler.xlsx")
    r.agir(annulee, "confirmer")
    applique = r.deposer(*(rangee(r.site, nom) for nom in NOMS), rangee(r.annexe, "DIOP"), nom="rentrée.xlsx")
    r.agir(applique, "confirmer")
    illisible = r.donner(b"%PDF-1.7", nom="liste.pdf")
    abandonne = r.deposer(rangee(r.site, "ABANDON"), nom="abandonné.xlsx")
    siennes = {"Code UAI site": r.site.uai, "SIRET site": r.site.siret}
    cellules = [siennes.get(e, v) for e, v in zip(ENTETES_EXTRAIT, RANGEE_EXTRAIT, strict=True)]
    sans_annee = [e if e != "Année scolaire" else "Promotion" for e in ENTETES_EXTRAIT]
    colonnes = r.donner(xlsx([*sans_annee, "Truc interne"], [*cellules, "zz"]), nom="extraction ERP.xlsx")
    pret = r.deposer(*_melange(r), nom="liste de novembre, corrigée par le secrétariat.xlsx", complete="y")
    depasse = r.deposer(rangee(r.site, "COLIN", adresse_apprenant="5 rue Basse"), nom="dépassé.xlsx")
    with horloge.regler(horloge.maintenant() + timedelta(minutes=1)):
        recent = r.deposer(rangee(r.site, "COLIN", adresse_apprenant="7 rue Haute"), nom="récent.xlsx")
        r.agir(recent, "confirmer")
    r.agir(annulee, "annuler")
    r.agir(abandonne, "abandonner")
    attend = deposer(
        r.directrice, classeur(rangee(r.site, "ATTEND")), organisme=r.site.id, nom="en attente.xlsx"
    )
    ligne = _premiere_refusee(r.directrice, f"/depots/{pret.uuid}?onglet=refusees")
    apercu = f"/depots/{pret.uuid}"
    return {
        "fichier annulé": f"/depots/{annulee.uuid}",
        "fichier appliqué": f"/depots/{applique.uuid}",
        "fichier illisible": f"/depots/{illisible.uuid}",
        "fichier abandonné": f"/depots/{abandonne.uuid}",
        "fichier à apparier": f"/depots/{colonnes.uuid}",
        "fichier dépassé": f"/depots/{depasse.uuid}",
        "fichier en cours": str(attend.location),
        "aperçu": apercu,
        "ligne à corriger": ligne,
    } | {f"aperçu, {o}": f"{apercu}?onglet={o}" for o in (
        "nouvelles", "modifiees", "inchangees", "sans_effet", "refusees", "absentes")}  # fmt: skip


def _melange(r: Reception) -> list[Rangee]:
    """New, changed, unchanged and refused; COLIN is left out."""
    return [
        rangee(r.site, "AMAR", adresse_apprenant="3 quai Nord, bâtiment des Hirondelles", code_postal_apprenant="29000"),
        rangee(r.site, "BRUN"),
        rangee(r.site, NOM_LONG, prenom_apprenant="Élodie-Marie"),
        rangee(r.annexe, "ÇELIK"),
        rangee(r.site, "DIOP", email_contact="une adresse illisible et bien trop longue pour tenir ici"),
        *(rangee(r.site, nom, etablissement_formateur_uai="0000000Z") for nom in ("EON", "FLOCH", "GALL")),
    ]  # fmt: skip


def _premiere_refusee(directrice: Navigateur, adresse: str) -> str:
    page = directrice.get(adresse).get_data(as_text=True)
    return next(morceau for morceau in page.split('"') if "/lignes/" in morceau)


def _appairer(logiciel: Navigateur, site: Organisme) -> dict[str, str]:
    """A software shows a code."""
    corps = {"erp": "Ymag", "uai": site.uai, "siret": site.siret}
    reponse = logiciel.ouvrir("POST", "/api/v3/appairages", json=corps)
    assert reponse.json is not None
    return {"code d’un logiciel": f"/connexion-api?code={reponse.json['code_utilisateur']}"}


def _rapprocher(r: Reception) -> dict[str, str]:
    """A pasted list: somebody twice, somebody unknown, somebody whom it does not name."""
    f.un_apprenti(r.session, r.site, id_erp="E-1", nom=NOM_LONG, prenom="Élodie-Marie")
    f.une_rupture(r.session, r.site, id_erp="E-2", nom="CARL", prenom="Ali")
    f.un_sans_contrat(r.session, r.site, id_erp="E-3", nom="NGUYỄN", prenom="Anaïs")
    r.session.commit()
    saisie = {
        "organisme": str(r.site.id), "jour": date(2026, 11, 18).isoformat(), "population": "APPRENTIS",
        "annee": "2026-2027", "avec": "COLLEE", "liste": "E-2\nE-3\nE-9\nE-9",
    }  # fmt: skip
    envoi = r.directrice.post("/rapprochement", saisie, content_type="multipart/form-data")
    assert envoi.status_code == 303, envoi.text
    adresse = str(envoi.location)
    return {"rapprochement": adresse, "rapprochement à imprimer": f"{adresse}/imprimer"}
