"""What the ERP sends of contracts, and what becomes of what people said of them."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.lignes import LIGNE
from tdba import horloge
from tdba.effectifs import reception
from tdba.effectifs.contrats import ContratRecu
from tdba.effectifs.lot_recu import Envoi, LigneRecue
from tdba.effectifs.models import Effectif
from tdba.points.models import Point
from tdba.transmissions.lignes import empreinte, lire
from tests.effectifs.aides import corrections, envoyer, tous
from tests.pages import Navigateur

OCTOBRE, FIN = date(2026, 10, 1), date(2027, 8, 31)


def ajouter(navigateur: Navigateur, effectif: Effectif, **saisies: str) -> int:
    adresse = f"/effectifs/{effectif.id}/contrats/ajouter"
    return envoyer(
        navigateur, adresse, **({"debut": "2026-10-01", "fin": "2027-08-31"} | saisies)
    ).status_code


def etats(session: Session, champ: str) -> list[str]:
    return [c.etat for c in corrections(session) if c.champ == champ]


def points(session: Session, genre: str) -> list[Point]:
    return tous(session, select(Point).where(Point.genre == genre, Point.clos_le.is_(None)))


def recevoir(session: Session, effectif: Effectif, *contrats: ContratRecu, ine: str = "A") -> None:
    """The ERP sends the record again, with these contracts; `ine` makes the line another one."""
    donnees = dict(LIGNE) | {
        "ine_apprenant": ine,
        "nom_apprenant": effectif.nom,
        "prenom_apprenant": effectif.prenom,
    }
    for suffixe, contrat in zip(
        ("", "_2", "_3", "_4"), [*contrats, *[None] * (4 - len(contrats))], strict=True
    ):
        donnees |= {
            f"contrat_date_debut{suffixe}": contrat and contrat.debut and contrat.debut.isoformat(),
            f"contrat_date_fin{suffixe}": contrat and contrat.fin and contrat.fin.isoformat(),
            f"contrat_date_rupture{suffixe}": contrat and contrat.rupture and contrat.rupture.isoformat(),
        }
    valeurs = lire({c: v for c, v in donnees.items() if v is not None}, source="ERP").valeurs
    ligne = LigneRecue(
        1,
        effectif.annee_scolaire,
        effectif.id_erp,
        valeurs,
        {},
        contrats,
        empreinte(valeurs),
        effectif.organisme_id,
    )
    envoi = Envoi(effectif.organisme_id, "ERP", effectif.organisme_id, 1, horloge.maintenant())
    reception.recevoir(envoi, [ligne])
    session.commit()
    session.expire_all()
