"""What the screens of work on many records show: pairs, bulk actions, views, exports, and the yearly survey."""

from collections.abc import Iterable
from typing import Any

from tests import factories as f
from tests.browser.vitrine_fiches import Fiches
from tests.doublons.aides import doublons
from tests.effectifs.aides import une_source
from tests.exports.aides import demander
from tests.pages import arbre, champs, texte
from tests.sifa.aides import un_compte
from tests.transmissions.aides_api import travailler

INCOMPLETE = {"type_cfa": "09", "dernier_organisme_uai": "035"}
COORDONNEES = {"telephone": "0611223344", "courriel": "mael.le.gall@famille.fr"}


def garnir(fiches: Fiches) -> dict[str, str]:
    """Make it; what people do goes through the pages. Returns the addresses."""
    adresses = _paires(fiches) | _groupees(fiches) | _exporter(fiches) | _enquete(fiches)
    _vues(fiches)
    travailler(fiches.session)
    return adresses


def _paires(fiches: Fiches) -> dict[str, str]:
    """Two records at one letter's distance, in two establishments; and a pair already merged."""
    session, directrice = fiches.session, fiches.directrice
    a = f.un_apprenti(session, fiches.site, nom="LE GALL", prenom="Maël", ine="123456789AB", sexe="M")
    b = f.un_sans_contrat(
        session, fiches.annexe, nom="LE GAL", prenom="Maël", ine="123456789AB", **COORDONNEES
    )
    une_source(session, b)
    ouverte = _paire_de(fiches, a.id)
    c = f.un_apprenti(session, fiches.site, nom="MORVAN", prenom="Anne", ine="123456789AC")
    f.un_sans_contrat(session, fiches.site, nom="MORVAN", prenom="Anna", ine="123456789AC")
    fusionnee = _paire_de(fiches, c.id)
    adresse = f"/doublons/{fusionnee}/fusionner"
    saisie = champs(directrice.get(f"/doublons/{fusionnee}"), adresse)
    envoi = directrice.post(adresse, saisie | {"garder": "a", "action": "fusionner"})
    return {"deux fiches": f"/doublons/{ouverte}", "fusion": _mene(envoi)}


def _paire_de(fiches: Fiches, effectif_id: int) -> int:
    travailler(fiches.session)
    return next(d.id for d in doublons(fiches.session) if effectif_id in (d.effectif_id, d.autre_id))


def _groupees(fiches: Fiches) -> dict[str, str]:
    """Two actions to confirm, and one that is done."""
    visees = [f.un_apprenti(fiches.session, fiches.site, nom=nom).id for nom in ("ROPARS", "SALAÜN")]
    faite = _preparer(fiches, "RETRAIT", visees)
    envoi = fiches.directrice.post(f"{faite}/confirmer", {"motif": "DOUBLON", "action": "confirmer"})
    assert _mene(envoi) == faite
    travailler(fiches.session)
    restent = [f.un_apprenti(fiches.session, fiches.site, nom=nom).id for nom in ("TANGUY", "URVOAS")]
    return {"action faite": faite} | {
        f"action à confirmer, {nature.lower()}": _preparer(fiches, nature, restent)
        for nature in ("CORRECTION", "TRANSFERT")
    }


def _preparer(fiches: Fiches, nature: str, ids: Iterable[int]) -> str:
    saisie = {"nature": nature, "ids": [str(i) for i in ids], "etat": ""}
    return _mene(fiches.directrice.post("/effectifs/groupees", saisie))


def _exporter(fiches: Fiches) -> dict[str, str]:
    """A file that is ready, and one that waits for its job."""
    pret = _mene(demander(fiches.directrice))
    travailler(fiches.session)
    return {"export": pret, "export attendu": _mene(demander(fiches.directrice, finalite="OPCO"))}


def _vues(fiches: Fiches) -> None:
    for nom, etat in (("En rupture, à rappeler cette semaine", "RUPTURANT"), ("Sortis", "ABANDON")):
        _mene(fiches.directrice.post(f"/effectifs/vues?statut={etat}", {"nom": nom}))


def _enquete(fiches: Fiches) -> dict[str, str]:
    """A complete record, one whose ERP answers little, one of a responsable without UAI; a file already made."""
    session = fiches.session
    muet = f.un_organisme(session, "Établissement sans UAI")
    muet.uai = None
    un_compte(session, fiches.site, nom="VAILLANT", prenom="Loïc")
    incomplete = un_compte(session, fiches.site, nom="YVEN", prenom="Maïwenn", source=INCOMPLETE, sexe=None)
    un_compte(session, fiches.site, nom="ZELLER", prenom="Tugdual", responsable_id=muet.id)
    sous = f"/sifa/2026/{fiches.site.id}"
    assert fiches.directrice.post(f"{sous}/fichier.csv").status_code == 200
    suites = {
        "enquête d’un établissement": "",
        "enquête, réponses": "/reponses",
        "enquête, comptés": "/comptes",
        "enquête, pas comptés": "/comptes?qui=non",
        "enquête, à compléter": "/a-completer",
        "enquête, saisie": f"/completer/{incomplete.id}",
        "enquête, fichier": "/fichier",
        "enquête, contrôler": "/controler",
    }
    fiche = {"enquête d’une fiche": f"/sifa/fiches/{incomplete.id}"}
    return fiche | {nom: sous + suite for nom, suite in suites.items()}


def _mene(envoi: Any) -> str:
    """Where the answer leads."""
    assert envoi.status_code == 303, texte(arbre(envoi))
    return str(envoi.location)
