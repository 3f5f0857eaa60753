"""Transmissions already received, as the account counts them."""

from datetime import date, datetime, time
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from tdba.horloge import PARIS
from tdba.organismes.models import Organisme
from tdba.transmissions.models import Ligne, Reception, Transmission

JOUR = date(2026, 11, 18)
INCONNU = "organisme formateur non trouvé"


def une_erreur(message: str, *champs: str) -> list[dict[str, Any]]:
    return [{"message": message, "path": [champ]} for champ in champs]


UAI_INCONNUE = une_erreur(INCONNU, "etablissement_formateur_uai", "etablissement_formateur_siret")
SANS_NOM = une_erreur("Champ obligatoire", "nom_apprenant")


def un_envoi(
    session: Session,
    organisme: Organisme,
    jour: date = JOUR,
    *,
    heure: time = time(5, 12),
    lignes: int = 10,
    refusees: int = 0,
    creees: int = 0,
    modifiees: int = 0,
    inchangees: int = 0,
    transmetteur: Organisme | None = None,
    **colonnes: Any,
) -> Transmission:
    """One transmission to one organisme, its counts, and no line."""
    le = datetime.combine(jour, heure, PARIS)
    transmission = Transmission(
        uuid=uuid4(),
        transmetteur_id=(transmetteur or organisme).id,
        recue_le=le,
        nb_lignes=lignes,
        nb_refusees=refusees,
        **({"source": "ERP", "etat": "TRAITEE"} | colonnes),
    )
    session.add(transmission)
    session.flush()
    session.add(
        Reception(
            transmission_id=transmission.id, organisme_id=organisme.id, recue_le=le, nb_lignes=lignes,
            nb_refusees=refusees, nb_creees=creees, nb_modifiees=modifiees, nb_inchangees=inchangees,
            traitee_le=le if lignes == refusees + creees + modifiees + inchangees else None,
        )
    )  # fmt: skip
    session.commit()
    return transmission


def une_refusee(
    session: Session,
    transmission: Transmission,
    rang: int,
    erreurs: list[dict[str, Any]],
    *,
    organisme: Organisme | None = None,
    **contenu: Any,
) -> Ligne:
    """A refused line of that transmission; of nobody known unless `organisme` is."""
    ligne = Ligne(
        transmission_id=transmission.id,
        rang=rang,
        transmetteur_id=transmission.transmetteur_id,
        organisme_id=organisme.id if organisme else None,
        contenu={"nom_apprenant": "CANARI", "prenom_apprenant": "Alix", "id_erp_apprenant": f"E-{rang}"}
        | contenu,
        erreurs=erreurs,
        etat="REFUSEE",
    )
    session.add(ligne)
    session.commit()
    return ligne
