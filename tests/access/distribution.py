"""The rest of the cast: states of accounts, delegations, limits, several hats, support seeing as somebody, full powers.

Apart from monde.py because browser tests share that world and need none of these.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from tdba import horloge
from tdba.comptes.models import Habilitation, Organisation
from tdba.support.models import Demande, OuvertureFiche, Passage
from tdba.transmissions.models import Delegation
from tests import factories as f
from tests.access.monde import Monde, Objet

CFA_FALAISES = "directeur de Falaises"
TOUTE_PUISSANTE_AU_CFA = "toute-puissante à Falaises"
TOUTE_PUISSANTE_A_L_ASSISTANCE = "toute-puissante à l’assistance"
SANS_LIGNE = frozenset({TOUTE_PUISSANTE_AU_CFA, TOUTE_PUISSANTE_A_L_ASSISTANCE})
"""Not in the table: their rights are those that test_tout_sauf.py gives them, one less each time."""


class Distribution:
    """Adds people to the world, as the system."""

    def __init__(self, session: Session, monde: Monde) -> None:
        self.session, self.monde = session, monde
        self.garant = f.une_personne(session, "Gaspard", "Garant")

    def completer(self) -> None:
        """Everybody that monde.py does not know."""
        self._delegues()
        self._comptes_arretes()
        self._portees()
        self._partage()
        self._deux_casquettes()
        self._toutes_puissantes()
        self._regards()
        self._dossier_ouvert()
        # To send for another opens nothing of theirs to read (decision 12): no line of the table knows it.
        o, jour = self.monde.organismes, horloge.aujourd_hui()
        self.session.add(Delegation(organisme_id=o["S"].id, delegue_id=o["P"].id, debut=jour))
        self.session.commit()

    def _habiliter(self, qui: str, organisation: Organisation, **options: Any) -> Habilitation:
        personne = options.pop("personne", None) or f.une_personne(
            self.session, qui, etat=options.pop("etat", "ACTIVE")
        )
        habilitation = f.une_habilitation(self.session, personne, organisation, **options)
        self.monde.habilitations[qui] = habilitation
        return habilitation

    def _organisation_de(self, qui: str) -> Organisation:
        habilitation = self.monde.habilitations[qui]
        assert habilitation is not None
        return self.session.get_one(Organisation, habilitation.organisation_id)

    def _delegues(self) -> None:
        """A right holds on `[debut, fin[`: the shortest one, and the two that just miss today."""
        falaises, jour = self._organisation_de(CFA_FALAISES), horloge.aujourd_hui()
        un_jour = timedelta(days=1)
        for qui, debut, fin in (
            ("déléguée d’un seul jour, aujourd’hui", jour, jour + un_jour),
            ("déléguée à partir de demain", jour + un_jour, jour + 30 * un_jour),
            ("déléguée jusqu’à hier", jour - 30 * un_jour, jour),
        ):
            self._habiliter(qui, falaises, role="membre", debut=debut, fin=fin)

    def _comptes_arretes(self) -> None:
        falaises = self._organisation_de(CFA_FALAISES)
        self._habiliter("compte endormi", falaises, etat="ENDORMIE")
        self._habiliter("compte fermé", falaises, etat="FERMEE")
        self._habiliter("compte en attente", falaises, etat="EN_ATTENTE")
        seule = f.une_personne(self.session, "personne sans habilitation")
        # Never stored: the browser opens its session from it, for a person and no habilitation.
        self.monde.habilitations[seule.prenom] = Habilitation(personne_id=seule.id)

    def _portees(self) -> None:
        """Reaches that monde.py does not have: several establishments, limits outside a CFA, a rule that gives nothing."""
        o = self.monde.organismes
        deux = f.une_organisation(
            self.session,
            "ORGANISME_FORMATION",
            "Deux CFA",
            regle="ETABLISSEMENTS",
            organismes=[o["L"], o["F"]],
        )
        self._habiliter("directrice de deux établissements", deux)
        self._habiliter(
            "agente DREETS limitée à Falaises",
            self._organisation_de("agente DREETS Bretagne"),
            sites=[o["F"]],
            validee_par=self.garant,
        )
        responsable = self._organisation_de("tête du réseau responsable")
        self._habiliter("tête du réseau responsable sans seconde signature", responsable)
        for region in ("53", "76"):
            regle: Any = {"regle": "RESEAU_REGION", "reseau_code": "RESP", "region_code": region}
            self._habiliter(
                f"tête du réseau responsable en région {region}",
                f.une_organisation(self.session, "TETE_DE_RESEAU", f"Responsable {region}", **regle),
                validee_par=self.garant,
            )
        self._habiliter(
            "auditrice sans date de fin", self._organisation_de("auditrice"), validee_par=self.garant
        )

    def _partage(self) -> None:
        """A network that answers for two CFA, of which Tour alone shares its follow-up (decision 26)."""
        o = self.monde.organismes
        f.un_reseau(self.session, "PART", [o["T"], o["C"]], responsable=True)
        self._organisation_de("directrice de Tour").partage_suivi_depuis = horloge.aujourd_hui()
        reseau = f.une_organisation(
            self.session, "TETE_DE_RESEAU", "Partage", regle="RESEAU", reseau_code="PART"
        )
        self._habiliter("tête d’un réseau dont Tour partage son suivi", reseau, validee_par=self.garant)

    def _deux_casquettes(self) -> None:
        """One person, two organisations: only the one in use counts (decision 27)."""
        elle = f.une_personne(self.session, "Deux-Casquettes")
        self._habiliter("deux casquettes, à Falaises", self._organisation_de(CFA_FALAISES), personne=elle)
        self._habiliter(
            "deux casquettes, à la DREETS",
            self._organisation_de("agente DREETS Bretagne"),
            personne=elle,
            validee_par=self.garant,
        )

    def _toutes_puissantes(self) -> None:
        """Signed twice and dated: nothing but the matrix limits them."""
        sans_limite = {"validee_par": self.garant, "fin": horloge.aujourd_hui() + timedelta(days=200)}
        self._habiliter(TOUTE_PUISSANTE_AU_CFA, self._organisation_de(CFA_FALAISES), **sans_limite)
        self._habiliter(TOUTE_PUISSANTE_A_L_ASSISTANCE, self._organisation_de("support"), **sans_limite)

    def _regards(self) -> None:
        """Support seeing as two people, each under a case that the other wrote (decision 24)."""
        assistance = self._organisation_de("support")
        for vue in ("directrice de Dunes", "agente DREETS Bretagne"):
            sienne = self.monde.habilitations[vue]
            assert sienne is not None
            qui = f"support qui voit comme : {vue}"
            agent = self._habiliter(qui, assistance, validee_par=self.garant)
            demande = self._demande(sienne)
            self.monde.donnees[qui] = {"demande_id": demande.id, "passage_id": self._passage(demande, agent)}
            self.monde.objets["demande_id"].append(Objet(demande.id, "", personne=vue))

    def _dossier_ouvert(self) -> None:
        """Support under a case that opens one record, and one alone (decision 24)."""
        qui = "support, une fiche de Dunes ouverte sous un dossier"
        agent = self._habiliter(qui, self._organisation_de("support"), validee_par=self.garant)
        sienne = self.monde.habilitations["directrice de Dunes"]
        assert sienne is not None
        demande = self._demande(sienne)
        self.session.add(
            OuvertureFiche(
                demande_id=demande.id,
                effectif_id=self.monde.effectifs["A", "RUPTURANT"].id,
                personne_id=agent.personne_id,
                motif="CORRECTION",
                cree_le=horloge.maintenant(),
            )
        )
        self.monde.donnees[qui] = {"demande_id": demande.id}

    def _demande(self, de: Habilitation) -> Demande:
        maintenant = horloge.maintenant()
        demande = Demande(
            personne_id=de.personne_id,
            habilitation_id=de.id,
            objet="Une date fausse",
            cree_le=maintenant,
            maj_le=maintenant,
        )
        self.session.add(demande)
        self.session.flush()
        return demande

    def _passage(self, demande: Demande, agent: Habilitation) -> int:
        sienne = self.session.get_one(Habilitation, demande.habilitation_id)
        passage = Passage(
            demande_id=demande.id,
            organisation_id=sienne.organisation_id,
            habilitation_id=sienne.id,
            personne_id=agent.personne_id,
            motif="ECRAN",
            debut=horloge.maintenant(),
            fin=horloge.maintenant() + timedelta(minutes=30),
        )
        self.session.add(passage)
        self.session.flush()
        return passage.id
