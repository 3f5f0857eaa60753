"""What people do with records: corrections, bin, transfers, duplicates, merges, silences, bulk actions, files, the survey.

Apart from monde.py because browser tests share that world and make theirs through the screens. Gestures go through the
services, as the director of the CFA; what a screen only reads is a row. Every name is a canary of its status.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, TypeVar
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba import horloge, scope
from tdba.anomalies.models import AnomalieTue
from tdba.comptes import queries, service
from tdba.comptes.models import Habilitation
from tdba.db import Base
from tdba.doublons import service_fusion
from tdba.doublons.models import Doublon
from tdba.effectifs import corbeille, transfert
from tdba.effectifs.models import Correction, Effectif, EffectifSource
from tdba.effectifs.models_gestes import ActionGroupee, ActionGroupeeFiche, Vue
from tdba.exports.models import Export, ExportBloc
from tdba.portee import RoleSql
from tdba.ruptures.models import Demarche, Dossier
from tdba.scope import Droit
from tdba.sifa.models import CampagneSifa, FicheSifa
from tests import factories as f
from tests.access.monde import ABSENTE, STATUTS, Monde, Objet

Ajoutee = TypeVar("Ajoutee", bound=Base)

DIRECTIONS = {"A": "directrice de Dunes", "F": "directeur de Falaises", "L": "directrice de Tour"}
"""Who acts where: one alone, one on a site of several, one for an establishment that others reach too."""
MISE_A_PART = "CORBEILLE"
FUSIONNEE = "FUSIONNE"
SIFA = 2026
APPRENTI = STATUTS.index("APPRENTI")


class Fiches:
    """Adds these objects to the world, as the system and as the directors."""

    def __init__(self, session: Session, monde: Monde) -> None:
        self.session, self.monde = session, monde

    def completer(self) -> None:
        etablissements = {e.id: e.organisme_id for e in self.monde.effectifs.values()}
        for objet in self.monde.objets["effectif_id"]:
            objet.autres["organisme_id"] = etablissements[objet.cle]
        for lettre, qui in DIRECTIONS.items():
            self._corrections(lettre, qui)
            self._corbeille(lettre, qui)
            self._doublons(lettre, qui)
            self._demarche(lettre, qui)
            self._tue(lettre, qui)
            self._sifa(lettre)
        self._entre_deux_sites()
        self._a_quelqu_un()
        self._chemins()
        for nom in ("retrait_id", "transfert_id", "doublon_id", "fusion_id", "vue_id"):
            self._ranger(nom, Objet(ABSENTE, "", absent=True))
        self.session.commit()

    def _habilitation(self, qui: str) -> Habilitation:
        habilitation = self.monde.habilitations[qui]
        assert habilitation is not None
        return habilitation

    @contextmanager
    def _comme(self, qui: str) -> Iterator[None]:
        """The services, as that person: the first lock is theirs, the second lets the world be made."""
        usage = queries.usage_de(self._habilitation(qui).id)
        assert usage is not None
        acteur = replace(service.portee_de(usage, horloge.aujourd_hui()), role=RoleSql.NATIONAL)
        self.session.commit()
        with scope.sous(acteur):
            yield
            self.session.commit()

    def _auteur(self, qui: str) -> dict[str, int]:
        habilitation = self._habilitation(qui)
        return {"personne_id": habilitation.personne_id, "habilitation_id": habilitation.id}

    def _ranger(self, nom: str, objet: Objet) -> None:
        self.monde.objets.setdefault(nom, []).append(objet)

    def _ajoutee(self, ligne: Ajoutee) -> Ajoutee:
        self.session.add(ligne)
        self.session.flush()
        return ligne

    def _apprenti(self, ici: str, prenom: str, naissance: date, nomme: str = "") -> Effectif:
        marque = f"CANARI{nomme or ici}{APPRENTI}"
        return f.un_apprenti(
            self.session,
            self.monde.organismes[ici],
            nom=f"NOM{marque}",
            prenom=prenom,
            naissance=naissance,
            telephone=f"TEL{marque}",
            courriel=f"MEL{marque}@exemple.invalid",
            ine=None,  # two canaries are one letter apart: different INE would tell them apart for good
        )

    def _de(self, effectif: Effectif) -> dict[str, Any]:
        return {
            "effectif_id": effectif.id,
            "organisme_id": effectif.organisme_id,
            "annee_scolaire": effectif.annee_scolaire,
        }

    def _corrections(self, lettre: str, qui: str) -> None:
        """One in force; one that the ERP contradicts, on a record whose contract it sends no longer."""
        for statut, etat in (("APPRENTI", "ACTIVE"), ("RUPTURANT", "CONFLIT")):
            effectif = self.monde.effectifs[lettre, statut]
            ici = f"NOMCANARI{lettre}{STATUTS.index(statut)}"
            correction = self._ajoutee(
                Correction(
                    **self._de(effectif),
                    **self._auteur(qui),
                    champ="nom",
                    valeur=ici,
                    valeur_avant=ici,
                    valeur_source=ici,
                    valeur_conflit=ici if etat == "CONFLIT" else None,
                    motif="ERREUR_DE_SAISIE",
                    etat=etat,
                    cree_le=horloge.maintenant(),
                )
            )
            self._ranger("correction_id", Objet(correction.id, lettre, statut))
        self._ajoutee(
            EffectifSource(
                **self._de(self.monde.effectifs[lettre, "RUPTURANT"]),
                source="ERP",
                valeurs={"derniere_situation": 3003},
                empreinte=b"x",
                recu_le=horloge.maintenant(),
            )
        )

    def _corbeille(self, lettre: str, qui: str) -> None:
        effectif = self._apprenti(lettre, "Octave", date(2004, 2, 11))
        with self._comme(qui):
            retrait = corbeille.retirer(
                effectif.id,
                motif="RETOUR_SCOLAIRE",
                commentaire=None,
                demande_id=None,
                maintenant=horloge.maintenant(),
            )
        ici = {"organisme_id": effectif.organisme_id}
        self._ranger("effectif_id", Objet(effectif.id, lettre, "APPRENTI", etat=MISE_A_PART, autres=ici))
        self._ranger("retrait_id", Objet(retrait.id, lettre, nominatif=True))

    def _doublons(self, lettre: str, qui: str) -> None:
        """A pair that waits, and one that was merged."""
        attend = self._paire(lettre, lettre, "Zélie", date(2005, 3, 21))
        self._ranger("doublon_id", Objet(attend.id, lettre, nominatif=True))
        paire = self._paire(lettre, lettre, "Ulysse", date(2006, 7, 13))
        with self._comme(qui):
            a, b = service_fusion.ouvrir(paire.id).a, service_fusion.ouvrir(paire.id).b
            voulu = service_fusion.Demande(
                garder="a", choix={}, versions=(a.effectif.version, b.effectif.version)
            )
            fusion = service_fusion.fusionner(paire.id, voulu, maintenant=horloge.maintenant())
        self._ranger("doublon_id", Objet(paire.id, lettre, nominatif=True, etat=FUSIONNEE))
        self._ranger("fusion_id", Objet(fusion.id, lettre, nominatif=True))

    def _paire(self, ici: str, la: str, prenom: str, naissance: date) -> Doublon:
        """The same youth twice: the records open their pair by themselves."""
        une = self._apprenti(ici, prenom, naissance)
        autre = self._apprenti(la, prenom, naissance)
        requete = select(Doublon).where(Doublon.effectif_id == une.id, Doublon.autre_id == autre.id)
        paire: Doublon = self.session.execute(scope.autorisee(requete, Droit.CORRIGER)).scalar_one()
        return paire

    def _entre_deux_sites(self) -> None:
        """A pair, and a transfer to be undone: for whoever reaches both establishments of the family."""
        paire = self._paire("L", "T", "Yaël", date(2007, 11, 30))
        self._ranger("doublon_id", Objet(paire.id, "L", nominatif=True, aussi="T"))
        effectif = self._apprenti("T", "Philémon", date(2003, 9, 28), nomme="L")
        with self._comme(DIRECTIONS["L"]):
            demande = transfert.Demande(
                destination=self.monde.organismes["L"].id,
                a_compter_du=date(2026, 11, 2),
                motif="CHANGEMENT_DE_SITE",
                commentaire=None,
                demande_id=None,
            )
            fait = transfert.transferer(effectif.id, demande, maintenant=horloge.maintenant())
        self._ranger("transfert_id", Objet(fait.id, "L", nominatif=True, aussi="T"))

    def _demarche(self, lettre: str, qui: str) -> None:
        effectif = self.monde.effectifs[lettre, "RUPTURANT"]
        requete = scope.select_for(Dossier, Droit.CORRIGER, Dossier.id).where(
            Dossier.effectif_id == effectif.id
        )
        self._ajoutee(
            Demarche(
                dossier_id=self.session.execute(requete.limit(1)).scalar_one(),
                organisme_id=effectif.organisme_id,
                annee_scolaire=effectif.annee_scolaire,
                nature="APPEL",
                resultat="JOINT",
                le=horloge.maintenant(),
                personne_id=self._habilitation(qui).personne_id,
            )
        )

    def _tue(self, lettre: str, qui: str) -> None:
        self._ajoutee(
            AnomalieTue(
                **self._de(self.monde.effectifs[lettre, "RUPTURANT"]),
                code="SEXE_MANQUANT",
                motif="VERIFIE",
                personne_id=self._habilitation(qui).personne_id,
                cree_le=horloge.maintenant(),
            )
        )

    def _sifa(self, lettre: str) -> None:
        maintenant = horloge.maintenant()
        effectif = self.monde.effectifs[lettre, "RUPTURANT"]
        self._ajoutee(FicheSifa(**self._de(effectif), saisies={"regime": "D"}, maj_le=maintenant))
        self._ajoutee(
            CampagneSifa(organisme_id=self.monde.organismes[lettre].id, annee=SIFA, maj_le=maintenant)
        )

    def _a_quelqu_un(self) -> None:
        """A view, a bulk action and a file of one's own: nobody else's, whatever they reach."""
        for qui, lettre in (
            ("directrice de Dunes", "A"),
            ("deux casquettes, à Falaises", "F"),
            ("tête du réseau responsable", "L"),
        ):
            vue = Vue(
                personne_id=self._habilitation(qui).personne_id,
                organisation_id=self._habilitation(qui).organisation_id,
                nom="Les ruptures",
                parametres="statut=RUPTURANT",
                cree_le=horloge.maintenant(),
            )
            self._ranger("vue_id", Objet(self._ajoutee(vue).id, "", personne=qui))
            self._action(qui, lettre)
            self._export(qui, lettre)
        self._export("agente DREETS Bretagne", "F")

    def _action(self, qui: str, lettre: str) -> None:
        effectif = self.monde.effectifs[lettre, "RUPTURANT"]
        for etat, issue, refus in (("A_CONFIRMER", None, None), ("FAITE", "REFUSEE", "DATES")):
            action = ActionGroupee(
                uuid=uuid4(),
                **self._auteur(qui),
                nature="RETRAIT",
                motif="RETOUR_SCOLAIRE",
                etat=etat,
                nombre=1,
                cree_le=horloge.maintenant(),
            )
            self._ajoutee(action)
            fiche = self._de(effectif) | {"issue": issue, "refus": refus}
            self._ajoutee(ActionGroupeeFiche(action_id=action.id, **fiche))
            self._ranger("action_uuid", Objet(action.uuid, "", personne=qui))

    def _export(self, qui: str, lettre: str) -> None:
        nom = f"NOMCANARI{lettre}{STATUTS.index('RUPTURANT')}".encode()
        export = Export(
            uuid=uuid4(),
            **self._auteur(qui),
            liste="EFFECTIFS",
            format="CSV",
            finalite="REUNION",
            colonnes=["nom"],
            etat="PRET",
            fait=1,
            total=1,
            taille=len(nom),
            cree_le=horloge.maintenant(),
            pret_le=horloge.maintenant(),
            expire_le=horloge.maintenant() + timedelta(hours=24),
            details={"noms": 1},
        )
        self._ajoutee(export)
        self._ajoutee(ExportBloc(export_id=export.id, personne_id=export.personne_id, rang=0, contenu=nom))
        self._ranger("export_uuid", Objet(export.uuid, "", personne=qui))

    def _chemins(self) -> None:
        """The lists that leave: all who read names, who follows up, the CFA alone."""
        self._ranger("chemin", Objet("effectifs", ""))
        for chemin in ("ruptures", "sans-contrat"):
            self._ranger("chemin", Objet(chemin, "", droit="CORRIGER"))
        self._ranger("chemin", Objet("a-regler", "", droit="CORRIGER", au_cfa=True))
        self._ranger("chemin", Objet("inconnu", "", absent=True))
