"""What the screens of the follow-up show: worklists, a file at each of its moments, help at hand, a letter, outcomes."""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import product
from typing import Any

from flask import Flask
from sqlalchemy import delete
from sqlalchemy.orm import Session

from tdba import horloge, scope
from tdba.comptes.models import Habilitation, Personne
from tdba.devenirs.models import Bilan
from tdba.effectifs.models import Effectif
from tdba.liaisons.models import MissionLocale, MissionLocaleCommune
from tdba.offres.models import RechercheAlentour
from tdba.organismes.models import CertificationRome, Commune, Entreprise, Organisme, Rome
from tdba.scope import Droit
from tests import factories as f
from tests.browser.vitrine import NOM_LONG, NOMS, PRENOMS
from tests.devenirs.aides import ajouter_contrat, calculer
from tests.liaisons.aides import CONSEILLER, action, code_montre, courriels
from tests.offres.test_ecran import ENTREPRISE, FORMATION, OFFRE
from tests.pages import Navigateur, arbre, champs, texte
from tests.ruptures.aides import le_dossier, sans_dossier, un_terme

DIRECTRICE = "directrice du suivi"
NOTE = "Rappeler après le conseil de classe ; l’entreprise de Vitré cherche un apprenti pour janvier."


@dataclass
class Suivis:
    """Two establishments of one CFA, its director at work, and a colleague."""

    session: Session
    app: Flask
    site: Organisme
    annexe: Organisme
    directrice: Navigateur
    collegue_id: int
    adresses: dict[str, str] = field(default_factory=dict)


def ouvrir(app: Flask, session: Session) -> tuple[Habilitation, Suivis]:
    """The CFA, its director, and what the référentiels say of a trade and a commune."""
    session.add_all(
        [
            Commune(code_insee="35238", nom="Rennes", departement_code="35", codes_postaux=["35000"]),
            Rome(code="D1102", libelle="Boulanger / Boulangère"),
            CertificationRome(rncp="RNCP38322", romes=["D1102"]),
            Entreprise(siret=f.EMPLOYEUR, nom="BOULANGERIE DU PORT ET DES REMPARTS", naf="1071C", code_insee="35238",
                       code_postal="35000", nature_juridique="5499", tranche_effectif="02",
                       demandee_le=horloge.maintenant(), maj_le=horloge.maintenant()),
        ]
    )  # fmt: skip
    session.flush()
    site = f.un_organisme(session, "CFA du suivi, des métiers de bouche et de l’hôtellerie")
    annexe = f.un_organisme(session, "CFA du suivi, site de Saint-Malo et du pays de la Côte d’Émeraude")
    organisation = f.une_organisation(
        session, "ORGANISME_FORMATION", site.nom, regle="ETABLISSEMENTS", organismes=[site, annexe]
    )
    directrice = f.une_habilitation(session, f.une_personne(session, "Annaïg", "Prigent"), organisation)
    voisine = f.une_organisation(
        session, "ORGANISME_FORMATION", "CFA voisin", regle="ETABLISSEMENTS", organismes=[annexe]
    )
    autre = f.une_habilitation(session, session.get_one(Personne, directrice.personne_id), voisine)
    collegue = f.une_personne(session, "Jean-Baptiste", "de Kerguelen")
    f.une_habilitation(session, collegue, organisation, role="membre")
    session.commit()
    navigateur = Navigateur(app, session).comme(directrice)
    return directrice, Suivis(
        session,
        app,
        site,
        annexe,
        navigateur,
        collegue.id,
        {"récapitulatif d’une autre organisation": f"/recapitulatif/organisation/{autre.id}"},
    )


def garnir(suivis: Suivis) -> dict[str, str]:
    """What people do goes through the pages. Returns the addresses."""
    _missions(suivis.session)
    _rangees(suivis)
    _dossier_riche(suivis)
    _autres_moments(suivis)
    _lettres(suivis)
    _resultats(suivis)
    return suivis.adresses


def _missions(session: Session) -> None:
    mission = MissionLocale(nom="Mission locale We Ker, bassin d’emploi de Rennes", maj_le=horloge.maintenant(),
                            siret="13002526500013", telephone="0299000000", courriel="contact@we-ker.example")  # fmt: skip
    session.add(mission)
    session.flush()
    session.add(MissionLocaleCommune(mission_locale_id=mission.id, code_insee="35238"))
    trouves = {"OFFRES": [OFFRE, ENTREPRISE], "FORMATIONS": [FORMATION]}
    session.add_all(
        RechercheAlentour(nature=nature, rncp="RNCP38322", code_insee="35238", resultats=list(resultats),
                          demandee_le=horloge.maintenant(), faite_le=horloge.maintenant())
        for nature, resultats in trouves.items()
    )  # fmt: skip
    session.commit()


def _rangees(suivis: Suivis) -> None:
    """Enough rows for each worklist: every age, delays near and gone, of both sites."""
    for rang, nom in enumerate(NOMS):
        site = (suivis.site, suivis.annexe)[rang % 2]
        qui = {"nom": nom, "prenom": PRENOMS[rang % len(PRENOMS)], "sexe": "FM"[rang % 2],
               "naissance": date(2004 + rang % 6, 3, 1), "telephone": f"+3361234560{rang}"}  # fmt: skip
        f.une_rupture(suivis.session, site, depuis=(3, 20, 44, 91, 130, 178)[rang % 6], **qui)
        if rang % 3 == 0:
            f.un_sans_contrat(suivis.session, site, depuis=(10, 60, 88)[rang // 3 % 3], **qui)
            un_terme(suivis.session, site, depuis=40, **qui)


def _dossier_riche(suivis: Suivis) -> None:
    """A minor: steps, circumstances, half of the checklist, a post, a colleague, and the same person elsewhere."""
    jeune = f.une_rupture(suivis.session, suivis.site, depuis=35, nom=NOM_LONG, prenom="Élodie-Marie",
                          naissance=date(2009, 3, 1))  # fmt: skip
    numero = le_dossier(jeune).id
    dossier = f"/dossiers/{numero}"
    _noter(suivis, jeune, resultat="SANS_REPONSE")
    _noter(suivis, jeune, nature="OFFRES_ENVOYEES", nombre="4", note=NOTE, prochaine_le=_dans(5))
    _envoyer(suivis, f"{dossier}/circonstances", obstacles=["LOGEMENT", "MOBILITE", "SANTE"], accord_sante="y",
             accord_sante_le=_dans(-1), souhait="MEME_METIER", transmis_ailleurs_a="FRANCE_TRAVAIL",
             transmis_ailleurs_le=_dans(-3))  # fmt: skip
    for code in ("NOTIFICATION", "ENTRETIEN"):
        _suivre(suivis.directrice.post(f"{dossier}/formalites/{code}", {"le": _dans(-20)}))
    _envoyer(
        suivis,
        f"{dossier}/referent",
        referent=str(suivis.collegue_id),
        mot="Elle préfère être appelée le soir.",
    )
    _envoyer(suivis, f"{dossier}/poste", **{"poste-etat": "DEPOSE"})
    suivis.adresses |= {"dossier riche": dossier, "opposition à noter": f"/effectifs/{jeune.id}/opposition"} | {
        nom: f"{dossier}/{suite}"
        for nom, suite in {
            "situation du jeune": "circonstances",
            "formalité": "formalites/FINANCEUR",
            "confier le dossier": "referent",
            "sortie": "sortie",
            "offres": "offres",
            "offres à imprimer": "offres/imprimer",
            "poste": "poste",
            "feuille du Cerfa": "cerfa",
            "liaison à envoyer": "liaison",
        }.items()
    } | {
        "devenir du dossier": f"/devenirs{dossier}",
        "affectation": f"/affectation/RUPTURE?tout=oui&referent={suivis.collegue_id}",
    }  # fmt: skip


def _autres_moments(suivis: Suivis) -> None:
    """Closed by a new contract, past its delay, frozen, and not opened by anybody yet."""
    session, site = suivis.session, suivis.site
    clos = f.une_rupture(session, site, depuis=100, nom="MADEC", prenom="Tifenn")
    ajouter_contrat(session, clos, horloge.aujourd_hui() - timedelta(days=12))
    tard = f.une_rupture(session, site, depuis=200, nom="NEDELEC", prenom="Yann")
    gele = f.une_rupture(session, site, depuis=60, nom="OLIVIER", prenom="Soazig")
    _envoyer(suivis, f"/effectifs/{gele.id}/opposition", recue_le=_dans(-2))
    virtuel = sans_dossier(session, un_terme(session, site, depuis=25, nom="PENNEC", prenom="Goulven"))
    recent = f.un_effectif(session, site, nom="QUERE", prenom="Lena", naissance=date(2009, 6, 2),
                           contrats=[(date(2026, 11, 2), date(2027, 8, 31), None)])  # fmt: skip
    f.un_effectif(session, suivis.annexe, nom="RIOU", prenom="Malo",
                  contrats=[(date(2026, 10, 1), date(2026, 12, 20), None)])  # fmt: skip
    suivis.adresses |= {
        "dossier clos": f"/dossiers/{le_dossier(clos).id}",
        "dossier au délai passé": f"/dossiers/{le_dossier(tard).id}",
        "dossier gelé": f"/dossiers/{le_dossier(gele).id}",
        "opposition": f"/effectifs/{gele.id}/opposition",
        "terme que personne n’a ouvert": f"/fin-de-contrat/{virtuel.id}",
        "étape à noter, terme": f"/effectifs/{virtuel.id}/fin-de-contrat/demarches",
        "surveillé": f"/vigilance/{recent.id}",
        "marquer vu": f"/vigilance/{recent.id}/vu",
    }


def _lettres(suivis: Suivis) -> None:
    """A link to open, one opened and not answered, one whose code is lost."""
    lettres = []
    for nom in ("SALAUN", "TANGUY", "URVOAS"):
        jeune = f.une_rupture(
            suivis.session, suivis.site, depuis=50, nom=nom, prenom="Nolwenn", telephone="0611223344"
        )
        envoi = f"/dossiers/{le_dossier(jeune).id}/liaison"
        saisie: dict[str, Any] = {"moyens": ["TELEPHONE"], "accord": "y", **CONSEILLER}
        code = code_montre(
            suivis.directrice.post(envoi, champs(suivis.directrice.get(envoi), envoi) | saisie)
        )
        trouve = re.search(r"(/liaison/\S+)", courriels(suivis.session)[-1].texte or "")
        assert trouve
        lettres.append((trouve[1], code))
    (lien, code), (ouvert, sien), (muet, _) = lettres
    page = Navigateur(suivis.app, suivis.session).post(ouvert, {"code": sien}, jeton=False)
    suivis.adresses |= {"lettre": lien, "code de la lettre": code, "lettre, réponse": action(page), "lettre ouverte": ouvert,
                        "lettre sans code": muet}  # fmt: skip


def _resultats(suivis: Suivis) -> None:
    """Files of last year, with their outcomes; and counts large enough to be published."""
    for rang, nom in enumerate(NOMS):
        ancien = f.une_rupture(
            suivis.session, suivis.site, depuis=(40, 100, 190)[rang % 3], nom=nom, prenom="Ael"
        )
        if rang % 2:
            ajouter_contrat(suivis.session, ancien, horloge.aujourd_hui() - timedelta(days=5 + rang))
    calculer()
    # Enough to publish, and a small one that may not be: as a year of thousands would leave them.
    comptes = {"CONTRAT": 412, "ECOLE": 63, "EMPLOI": 41, "AUTRE": 3, "INCONNU": 118}
    deja = delete(Bilan).where(Bilan.annee_scolaire == "2025-2026")
    suivis.session.execute(scope.pour_ecriture(deja, Droit.VOIR_INDICATEURS))
    suivis.session.add_all(
        Bilan(organisme_id=site.id, annee_scolaire="2025-2026", genre="RUPTURE", jalon=jalon, etat=etat, n=n // part,
              calcule_le=horloge.maintenant())
        for site, part in ((suivis.site, 1), (suivis.annexe, 3))
        for jalon, (etat, n) in product((30, 90, 180), comptes.items())
    )  # fmt: skip
    suivis.session.commit()


def _noter(suivis: Suivis, jeune: Effectif, **saisies: str) -> None:
    adresse = f"/dossiers/{le_dossier(jeune).id}/demarches"
    saisie = champs(suivis.directrice.get(adresse), adresse)
    prefixe = next(nom for nom in saisie if nom.endswith("prochaine_le")).removesuffix("prochaine_le")
    _suivre(suivis.directrice.post(adresse, saisie | {prefixe + nom: v for nom, v in saisies.items()}))


def _envoyer(suivis: Suivis, adresse: str, **saisies: Any) -> None:
    _suivre(suivis.directrice.post(adresse, champs(suivis.directrice.get(adresse), adresse) | saisies))


def _suivre(envoi: Any) -> None:
    assert envoi.status_code == 303, texte(arbre(envoi))


def _dans(jours: int) -> str:
    return (horloge.aujourd_hui() + timedelta(days=jours)).isoformat()
