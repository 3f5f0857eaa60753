"""What reception leaves at each organisme: a file to confirm, a comparison, unknown establishments, keys, points, a guide.

Apart from monde.py because browser tests share that world and make theirs through the screens.
"""

from datetime import timedelta
from typing import Any, TypeVar
from uuid import uuid4

from sqlalchemy import insert
from sqlalchemy.orm import Session

from tdba import horloge, scope
from tdba.comptes.models import Personne
from tdba.db import Base
from tdba.depots import comptages
from tdba.depots.models import Depot
from tdba.organismes.models import Organisme
from tdba.points.models import Point
from tdba.rapprochements.models import Rapprochement, RapprochementLigne
from tdba.scope import Droit
from tdba.transmissions.models import CleApi, GuideErp, Ligne, Quarantaine, Transmission
from tests import factories as f
from tests.access.monde import ABSENTE, Monde, Objet

Ajoutee = TypeVar("Ajoutee", bound=Base)

ANNEE = "2026-2027"
COUPLES = {"ATTEND": ("0299999L", "73282932000074"), "RESOLUE": ("0440010X", "43937112100013")}


class Receptions:
    """Adds these objects to the world, as the system. Every name is a canary."""

    def __init__(self, session: Session, monde: Monde) -> None:
        self.session, self.monde = session, monde
        self.auteur: Personne = f.une_personne(session, "Ambre", "Auteure")

    def completer(self) -> None:
        for rang, (lettre, organisme) in enumerate(self.monde.organismes.items()):
            self._depot(lettre, organisme)
            self._rapprochement(lettre, organisme, 10 * rang + 1)
            for etat in COUPLES:
                self._quarantaine(lettre, organisme, etat)
            self._point(lettre, organisme)
        self._cles()
        self._guide()
        self.session.commit()

    def _ranger(self, nom: str, objet: Objet) -> None:
        self.monde.objets.setdefault(nom, []).append(objet)

    def _transmission(self, organisme: Organisme, **valeurs: Any) -> Transmission:
        return self._ajoutee(
            Transmission(
                uuid=uuid4(),
                transmetteur_id=organisme.id,
                recue_le=horloge.maintenant(),
                nb_lignes=1,
                nb_refusees=1,
                **valeurs,
            )
        )

    def _ligne(self, transmission: Transmission, lettre: str, **valeurs: Any) -> int:
        requete = insert(Ligne).values(
            transmission_id=transmission.id,
            transmetteur_id=transmission.transmetteur_id,
            rang=1,
            contenu={"nom_apprenant": f"LIGCANARI{lettre}0", "prenom_apprenant": "Zoé"},
            erreurs=[{"message": "Obligatoire", "path": ["nom_apprenant"]}],
            **valeurs,
        )
        ecriture = scope.pour_ecriture(requete.returning(Ligne.id), Droit.CORRIGER)
        return int(self.session.execute(ecriture).scalar_one())

    def _depot(self, lettre: str, organisme: Organisme) -> None:
        """Read and shown, not confirmed: one line is refused, for its name."""
        transmission = self._transmission(organisme, source="FICHIER", etat="APERCU")
        ligne_id = self._ligne(transmission, lettre, etat="REFUSEE")
        depot = self._ajoutee(
            Depot(
                uuid=uuid4(),
                organisme_id=organisme.id,
                personne_id=self.auteur.id,
                transmission_id=transmission.id,
                nom="liste.xlsx",
                etat="PRET",
                correspondance={
                    "entetes": ["Nom"],
                    "colonnes": ["nom_apprenant"],
                    "constantes": {},
                    "copies": {},
                },
                comptes=dict.fromkeys(comptages.VERDICTS, 0) | {"refusees": 1, "lignes": 1, "organismes": {}},
                cree_le=horloge.maintenant(),
                pret_le=horloge.maintenant(),
            )
        )
        self._ranger("depot_uuid", Objet(depot.uuid, lettre, nominatif=True, autres={"ligne_id": ligne_id}))

    def _rapprochement(self, lettre: str, organisme: Organisme, rang: int) -> None:
        """Somebody whom the list names and nobody else, and somebody whom it lacks."""
        fait = self._ajoutee(
            Rapprochement(
                uuid=uuid4(),
                organisme_id=organisme.id,
                personne_id=self.auteur.id,
                origine="LISTE",
                annee_scolaire=ANNEE,
                jour=horloge.aujourd_hui(),
                etat="PRET",
                nb_annonces=1,
                nb_comptes=1,
                precisions={"population": "APPRENTIS", "ecartees": 0, "illisibles": 0},
                cree_le=horloge.maintenant(),
            )
        )
        apprenti = self.monde.effectifs[lettre, "APPRENTI"]
        dit = {"nom": f"LIGCANARI{lettre}0", "prenom": "Zoé"}
        self._ecart(fait, rang, dit=dit, raison="JAMAIS", acteur="ERP")
        self._ecart(fait, rang + 1, dit={}, raison="ABSENTE", acteur="VOUS", effectif_id=apprenti.id)
        self._ranger("rapprochement_uuid", Objet(fait.uuid, lettre, nominatif=True, autres={"rang": rang}))

    def _ecart(self, fait: Rapprochement, rang: int, **valeurs: Any) -> None:
        self.session.add(
            RapprochementLigne(
                rapprochement_id=fait.id,
                organisme_id=fait.organisme_id,
                rang=rang,
                annee_scolaire=ANNEE,
                details={},
                **valeurs,
            )
        )

    def _quarantaine(self, lettre: str, organisme: Organisme, etat: str) -> None:
        """One that waits with its line, and one that somebody recognised, which names nobody."""
        attend = etat == "ATTEND"
        uai, siret = COUPLES[etat]
        decision: dict[str, Any] = {
            "organisme_id": organisme.id,
            "decidee_le": horloge.maintenant(),
            "decidee_par_id": self.auteur.id,
        }
        quarantaine = self._ajoutee(
            Quarantaine(
                transmetteur_id=organisme.id,
                uai=uai,
                siret=siret,
                etat=etat,
                cree_le=horloge.maintenant() - timedelta(days=1),
                **({} if attend else decision),
            )
        )
        if attend:
            transmission = self._transmission(organisme, source="ERP", etat="TRAITEE")
            self._ligne(
                transmission,
                lettre,
                etat="EN_ATTENTE",
                quarantaine_id=quarantaine.id,
                annee_scolaire=ANNEE,
                id_erp="A-1",
            )
        self._ranger("quarantaine_id", Objet(quarantaine.id, lettre, nominatif=attend, etat=etat))

    def _point(self, lettre: str, organisme: Organisme) -> None:
        jour = horloge.aujourd_hui()
        self.session.add(
            Point(
                organisme_id=organisme.id,
                effectif_id=self.monde.effectifs[lettre, "RUPTURANT"].id,
                annee_scolaire=self.monde.effectifs[lettre, "RUPTURANT"].annee_scolaire,
                genre="PLUS_TRANSMIS",
                consequence=1,
                cle="matrice",
                details={"depuis": jour.isoformat()},
                cree_le=horloge.maintenant(),
                maj_le=horloge.maintenant(),
            )
        )

    def _cles(self) -> None:
        """Those that sent what monde.py received."""
        lettres = {o.id: lettre for lettre, o in self.monde.organismes.items()}
        requete = scope.select_for(CleApi, Droit.CONFIGURER, CleApi.id, CleApi.organisme_id)
        for cle_id, organisme_id in self.session.execute(requete):
            self._ranger("cle_id", Objet(cle_id, lettres[organisme_id]))
        self._ranger("cle_id", Objet(ABSENTE, "", absent=True))

    def _guide(self) -> None:
        self._ajoutee(GuideErp(code="ymag", nom="Ymag", texte="# Corriger", maj_le=horloge.maintenant()))
        self._ranger("code", Objet("ymag", ""))
        self._ranger("code", Objet("inconnu", "", absent=True))

    def _ajoutee(self, ligne: Ajoutee) -> Ajoutee:
        self.session.add(ligne)
        self.session.flush()
        return ligne
