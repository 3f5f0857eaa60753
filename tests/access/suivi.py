"""What a CFA follows: circumstances, checklists, objections, looks taken, vacant posts, sealed letters.

Apart from fiches.py for its length, and as the last to come: every file of the world has its letter.
"""

from datetime import date, timedelta
from typing import Any, Final, TypeVar
from uuid import uuid4

from sqlalchemy.orm import Session

from tdba import horloge, scope
from tdba.db import Base
from tdba.effectifs.models import Effectif
from tdba.liaisons.models import Liaison
from tdba.offres.models import Poste
from tdba.ruptures.models import Circonstance, Demarche, Dossier, Formalite, Opposition
from tdba.scope import Droit
from tdba.vigilance.models import Geste
from tests import factories as f
from tests.access.fiches import DIRECTIONS, MISE_A_PART
from tests.access.monde import ABSENTE, STATUTS, Monde, Objet

Ajoutee = TypeVar("Ajoutee", bound=Base)

A_TERME: Final = "A_TERME"
"""A contract that reached its term, with no next one."""


class Suivi:
    """Adds these objects to the world, as the system."""

    def __init__(self, session: Session, monde: Monde) -> None:
        self.session, self.monde = session, monde

    def completer(self) -> None:
        self._lettres()
        self._demarches()
        for lettre, qui in DIRECTIONS.items():
            habilitation = self.monde.habilitations[qui]
            assert habilitation is not None
            self._suivre(lettre, habilitation.personne_id)
            self._a_terme(lettre)
        self.session.commit()

    def _lettres(self) -> None:
        """One letter for each file, none still to be opened."""
        maintenant = horloge.maintenant()
        auteur = f.une_personne(self.session, "Liliane", "Liante")
        lus = scope.select_for(
            Dossier, Droit.CORRIGER, Dossier.id, Dossier.organisme_id, Dossier.annee_scolaire
        )
        cles = {ligne.id: ligne for ligne in self.session.execute(lus)}
        for objet in self.monde.objets["dossier_id"]:
            lettre = Liaison(
                uuid=uuid4(),
                dossier_id=objet.cle,
                organisme_id=cles[objet.cle].organisme_id,
                annee_scolaire=cles[objet.cle].annee_scolaire,
                contact="Camille Conseil",
                courriel="camille.conseil@exemple.invalid",
                donnees=["IDENTITE"],
                cree_le=maintenant,
                expire_le=maintenant + timedelta(days=15),
                personne_id=auteur.id,
            )
            objet.autres["liaison_id"] = self._ajoutee(lettre).id
        absent = Objet(ABSENTE, "", absent=True, autres={"liaison_id": ABSENTE})
        self.monde.objets["dossier_id"].append(absent)

    def _demarches(self) -> None:
        """The steps that fiches.py noted, on the file of a rupture."""
        lettres = {o.id: lettre for lettre, o in self.monde.organismes.items()}
        lues = scope.select_for(Demarche, Droit.CORRIGER, Demarche.id, Demarche.organisme_id)
        self.monde.objets["demarche_id"] = [
            Objet(cle, lettres[organisme_id], "RUPTURANT") for cle, organisme_id in self.session.execute(lues)
        ] + [Objet(ABSENTE, "", absent=True)]

    def _suivre(self, lettre: str, personne_id: int) -> None:
        jour, maintenant = horloge.aujourd_hui(), horloge.maintenant()
        rompu, apprenti = self._fiche(lettre, "RUPTURANT"), self._fiche(lettre, "APPRENTI")
        mise_a_part = next(
            o.cle for o in self.monde.objets["effectif_id"] if o.organisme == lettre and o.etat == MISE_A_PART
        )
        dossier_id = self._dossier(rompu)
        ou: dict[str, Any] = {"organisme_id": rompu.organisme_id, "annee_scolaire": rompu.annee_scolaire}
        qui: dict[str, Any] = {"personne_id": personne_id}
        dossier = ou | qui | {"dossier_id": dossier_id, "maj_le": maintenant}
        self._ajoutee(Circonstance(**dossier, obstacles=["MOBILITE"], souhait="MEME_METIER"))
        self._ajoutee(Formalite(**dossier, code="NOTIFICATION", faite_le=jour))
        self._ajoutee(Poste(**dossier, employeur_siret=f.EMPLOYEUR, cree_le=maintenant))
        # A look that no longer hides anybody, an objection on what is in the bin: screens are as without them.
        regard = {"regle": "TROISIEME_MOIS", "revoir_le": jour, "cree_le": maintenant}
        self._ajoutee(Geste(**ou, **qui, **regard, effectif_id=apprenti.id))
        ecartee = {"effectif_id": mise_a_part, "recue_le": jour, "cree_le": maintenant}
        self._ajoutee(Opposition(**ou, **qui, **ecartee))

    def _a_terme(self, lettre: str) -> None:
        """The status of those whose contract was broken; their file is of another kind."""
        marque = f"CANARI{lettre}{STATUTS.index('RUPTURANT')}"
        effectif = f.un_effectif(
            self.session,
            self.monde.organismes[lettre],
            nom=f"NOM{marque}",
            prenom="Théo",
            telephone=f"TEL{marque}",
            courriel=f"MEL{marque}@exemple.invalid",
            ine=None,
            naissance=date(2004, 8, 17),
            entree=date(2025, 9, 1),
            contrats=[(date(2025, 9, 1), horloge.aujourd_hui() - timedelta(days=20), None)],
        )
        ici = {"organisme_id": effectif.organisme_id}
        objet = Objet(effectif.id, lettre, "RUPTURANT", etat=A_TERME, autres=ici)
        self.monde.objets["effectif_id"].append(objet)

    def _fiche(self, lettre: str, statut: str) -> Effectif:
        return self.monde.effectifs[lettre, statut]

    def _dossier(self, effectif: Effectif) -> int:
        return next(
            int(o.cle)
            for o in self.monde.objets["dossier_id"]
            if o.organisme and self.monde.effectifs[o.organisme, o.statut or ""] is effectif
        )

    def _ajoutee(self, ligne: Ajoutee) -> Ajoutee:
        self.session.add(ligne)
        self.session.flush()
        return ligne
