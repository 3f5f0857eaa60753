"""The page of a file as its templates read it: what to do first, the checklist, what the rupture's date still misses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, NamedTuple

from tdba import horloge
from tdba.effectifs.causes import CAUSES, DEMISSION
from tdba.effectifs.motifs import CONTESTATIONS
from tdba.formats import date_longue
from tdba.ruptures import formalites, presence, service_dossier
from tdba.ruptures.formalites import Faits
from tdba.ruptures.natures import RELAIS
from tdba.ruptures.queries_fiche import DemarcheLue
from tdba.ruptures.queries_jumeaux import Jumeau
from tdba.ruptures.queries_ligne import Ligne
from tdba.ruptures.queries_suite import ContratLu, Suite
from tdba.ruptures.regles import NOUVEAU_CONTRAT, PARTI, RUPTURE
from tdba.ruptures.service import DELAI_DE_RETRAIT

CONFIRMER: Final = "CONFIRMER"
PRESENCE: Final = "PRESENCE"
NOTER: Final = "NOTER"
FORMALITES: Final = "FORMALITES"
SOURCES: Final = {"ERP": "votre ERP", "FICHIER": "votre fichier", "DECA": "DECA (dépôt des contrats)"}


class AFaire(NamedTuple):
    """The one thing to do now, and the gesture that does it; None: nothing but to read."""

    phrase: str
    geste: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vue:
    """One file on a day."""

    ligne: Ligne
    suite: Suite
    demarches: Sequence[DemarcheLue]
    jumeaux: Sequence[Jumeau]
    maintenant: datetime
    moi: int | None

    @property
    def jour(self) -> date:
        return horloge.jour_de_paris(self.maintenant)

    @property
    def retirables(self) -> frozenset[int]:
        """The steps that this person may still take back: theirs, of the last 24 hours."""
        return frozenset(
            d.id
            for d in self.demarches
            if d.personne_id == self.moi and d.nature != RELAIS and self.maintenant - d.le <= DELAI_DE_RETRAIT
        )

    @property
    def clos(self) -> bool:
        return self.ligne.clos_du is not None and self.ligne.clos_du <= self.jour

    @property
    def parti(self) -> bool:
        return self.clos and self.ligne.cause_cloture == PARTI

    @property
    def a_confirmer(self) -> bool:
        """Closed by itself by a new contract, which nobody confirmed yet."""
        return self.clos and self.ligne.cause_cloture == NOUVEAU_CONTRAT and not self.confirmee

    @property
    def confirmee(self) -> bool:
        """Somebody confirmed this closing; what was confirmed of a contract gone since says nothing of the next one."""
        return service_dossier.est_confirmee(self.ligne.confirmee_le, self.ligne.clos_du)

    @property
    def nouveau_contrat(self) -> ContratLu | None:
        """The contract that closed the file: where to say that it is not true."""
        return self.suite.contrat_du(self.ligne.clos_du) if self.clos else None

    @property
    def presence_demandee(self) -> bool:
        """Whether an open file asks "toujours au CFA ?" (decision 9)."""
        if self.clos or self.ligne.dossier_id is None:
            return False
        ligne = self.ligne
        return presence.a_demander(ligne.situation, ligne.presence, ligne.presence_jour, self.jour)

    @property
    def checklist(self) -> Sequence[formalites.Ligne]:
        contrat = self.suite.contrat
        sortie = self.suite.sortie_le
        faits = Faits(
            genre=self.ligne.genre,
            depuis=self.ligne.depuis,
            date_naissance=self.ligne.date_naissance,
            secteur=formalites.secteur_de(contrat.nature_juridique if contrat else None),
            sortie_le=sortie if sortie is not None and sortie <= self.jour else None,
            entretien_le=next(
                (horloge.jour_de_paris(d.le) for d in self.demarches if d.nature == "ENTRETIEN"), None
            ),
        )
        faites = {code: cochee.faite_le for code, cochee in self.suite.formalites.items()}
        return formalites.lignes(faits, faites, self.jour)

    @property
    def manques(self) -> Sequence[str]:
        """What is still missing to prove the date of the rupture, in sentences."""
        contrat = self.suite.contrat
        if self.ligne.genre != RUPTURE or contrat is None:
            return []
        notifiee = self.suite.formalites.get(formalites.NOTIFICATION)
        phrases = [
            (
                notifiee is None or notifiee.faite_le is None,
                "La notification écrite n’est pas cochée ci-dessus.",
            ),
            (contrat.cause_legale is None, "La cause de la rupture n’est pas précisée."),
            (
                contrat.cause_legale == DEMISSION and contrat.mediateur_le is None,
                "L’apprenti démissionne : le jour de la saisie du médiateur n’est pas indiqué.",
            ),
            (
                contrat.cause_legale == DEMISSION and contrat.employeur_informe_le is None,
                "L’apprenti démissionne : le jour où l’employeur a été informé n’est pas indiqué.",
            ),
        ]
        return [phrase for manque, phrase in phrases if manque]

    @property
    def source(self) -> str:
        """Where the date of the rupture comes from: a correction, a hand-added contract, else what was received."""
        contrat = self.suite.contrat
        if contrat is not None and contrat.corrigee_le is not None:
            return f"saisie ici le {date_longue(contrat.corrigee_le)} par {contrat.corrigee_par}"
        if contrat is not None and contrat.debut_source is None:
            return "saisie ici avec le contrat"
        recue = f", reçue le {date_longue(self.suite.recu_le)}" if self.suite.recu_le else ""
        return f"envoyée par {SOURCES[self.suite.source]}{recue}"

    @property
    def cause(self) -> str | None:
        contrat = self.suite.contrat
        return CAUSES.get(contrat.cause_legale or "") if contrat else None

    @property
    def contestee(self) -> str | None:
        contrat = self.suite.contrat
        return CONTESTATIONS.get(contrat.contestation or "") if contrat else None

    @property
    def a_faire(self) -> AFaire:
        """What costs most to leave: an answer asked for, a first call, a step promised, a line of the checklist."""
        if self.a_confirmer:
            return AFaire("Un nouveau contrat a clos ce dossier. Est-ce exact ?", CONFIRMER)
        if self.clos:
            return AFaire("Ce dossier est clos : rien n’est à faire.")
        if self.presence_demandee:
            return AFaire("Le délai est dépassé. Ce jeune est-il toujours au CFA ?", PRESENCE)
        if self.ligne.derniere_demarche_le is None:
            return AFaire("Personne ne l’a encore contacté : appelez-le, puis notez l’appel.", NOTER)
        if self.ligne.prochaine_le is not None and self.ligne.prochaine_le <= self.jour:
            quand = date_longue(self.ligne.prochaine_le)
            return AFaire(f"Une étape était prévue le {quand} : notez ce qu’il en est.", NOTER)
        return self._ensuite()

    def _ensuite(self) -> AFaire:
        restantes = [ligne for ligne in self.checklist if ligne.faite_le is None]
        for ligne in sorted(restantes, key=lambda une: not une.passee):
            return AFaire(f"À cocher quand ce sera fait : {_suivi(ligne.libelle)}.", FORMALITES)
        if self.ligne.prochaine_le is None:
            return AFaire("Rien n’est prévu : notez une prochaine étape avec le jeune.", NOTER)
        return AFaire(f"Prochaine étape le {date_longue(self.ligne.prochaine_le)} : rien ne presse avant.")


def _suivi(mots: str) -> str:
    """A line of the checklist after a colon: in lower case, acronyms apart."""
    return mots if mots[:2].isupper() else f"{mots[0].lower()}{mots[1:]}"
