"""What the tests of the survey make and read."""

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tdba import horloge
from tdba.effectifs.models import Contrat as ContratTenu
from tdba.effectifs.models import Effectif, EffectifSource
from tdba.organismes.models import Organisme
from tdba.sifa.colonnes import Contrat, Employeur, Personne, Rangee, rangee
from tests import factories as f
from tests.pages import Navigateur, arbre, texte

SIRET = "73282932000074"
REPONSES = {
    "commune_naissance": "35238",
    "nationalite": "1",
    "regime": "D",
    "type_cfa": "09",
    "derniere_situation": "3003",
    "dernier_organisme": "035",
    "situation_avant": "31",
    "dernier_diplome": "04",
    "pcs": "61",
    "type_employeur": "12",
    "effectif_employeur": "12",
}
COMPLETE = Personne(
    effectif_id=1,
    organisme_id=1,
    ine="123456789AB",
    nom="Lenôtre",
    prenom="Gaston",
    sexe="M",
    date_naissance=date(2007, 5, 4),
    adresse="64 bis, route de Paris",
    code_postal="35000",
    code_insee="35238",
    telephone="+33628000000",
    courriel="gaston@exemple.fr",
    cfd="50022141",
    rncp="RNCP37537",
    duree_mois=24,
    annee_formation=2,
    date_entree=date(2025, 9, 1),
    date_fin=date(2027, 8, 31),
    uai_responsable="0440005S",
    uai_formateur="0440010X",
    statut=2,
    reponses=REPONSES,
    contrat=Contrat(date(2025, 9, 1), date(2027, 8, 31), None, SIRET),
    employeur=Employeur("1071C", "35238"),
    reference=date(2026, 12, 31),
)


def personne(**changes: Any) -> Personne:
    """A complete apprentice, but for what is changed; `reponses` are added to the complete ones."""
    if "reponses" in changes:
        changes["reponses"] = REPONSES | changes["reponses"]
    return replace(COMPLETE, **changes)


def ligne(**changes: Any) -> Rangee:
    """Their line of the file."""
    return rangee(personne(**changes))


def un_compte(
    session: Session, organisme: Organisme, *, source: dict[str, Any] | None = None, **options: Any
) -> Effectif:
    """An apprentice under contract on 31 December 2026, whose ERP answers what it can."""
    colonnes = {
        "sexe": "F",
        "adresse": "2 rue de la Mer",
        "code_postal": "35000",
        "code_insee": "35238",
        "cfd": "50022141",
        "duree_mois": 24,
        "annee_formation": 1,
        "responsable_id": organisme.id,
    }
    effectif = f.un_apprenti(session, organisme, **(colonnes | options))
    dites = {
        "derniere_situation": 3003,
        "dernier_organisme_uai": "035",
        "type_cfa": "09",
        "code_commune_insee_de_naissance_apprenant": "35238",
    }
    session.add(
        EffectifSource(
            effectif_id=effectif.id,
            organisme_id=organisme.id,
            source="ERP",
            annee_scolaire=effectif.annee_scolaire,
            valeurs=dites if source is None else source,
            empreinte=b"x",
            recu_le=horloge.maintenant(),
        )
    )
    session.commit()
    return effectif


def employeur(session: Session, effectif: Effectif, siret: str) -> None:
    """Say who employs under the first contract."""
    contrat = (
        session.query(ContratTenu)
        .execution_options(portee="CORRIGER")
        .filter_by(effectif_id=effectif.id)
        .one()
    )
    contrat.employeur_siret = siret
    session.commit()


def direction(session: Session, navigateur: Navigateur, *sites: Organisme, **options: Any) -> Navigateur:
    """The director of these sites, logged in."""
    organisation = f.une_organisation(
        session, "ORGANISME_FORMATION", sites[0].nom, regle="ETABLISSEMENTS", organismes=list(sites)
    )
    return navigateur.comme(
        f.une_habilitation(session, f.une_personne(session, "Dominique"), organisation, **options)
    )


def phrase(page: TestResponse) -> str:
    """The words of the page, no-break spaces folded."""
    contenu = next(e for e in arbre(page).iter("main"))
    return texte(contenu).replace("\xa0", " ").replace("\u202f", " ")


def chemin(organisme: Organisme, suite: str = "", annee: int = 2026) -> str:
    return f"/sifa/{annee}/{organisme.id}{suite}"
