"""Every act of the sequences, prepared from what the record is now: None when it has nothing to act on."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from tdba.effectifs.models import Effectif
from tests.invariants import gestes_aide as aide
from tests.invariants import gestes_fiches as fiches
from tests.invariants import gestes_suivi as suivi
from tests.invariants import gestes_valeurs as valeurs
from tests.invariants.aides import Acte, Monde

Geste = Callable[[Monde, Effectif, Any], Acte | None]

DES_SOURCES: Final[tuple[Geste, ...]] = (valeurs.envoyer, valeurs.deposer)
DES_PERSONNES: Final[tuple[Geste, ...]] = (
    valeurs.corriger,
    valeurs.corriger_le_groupe,
    valeurs.corriger_le_contrat,
    valeurs.rompre,
    valeurs.annuler_la_rupture,
    valeurs.contester,
    valeurs.ajouter_un_contrat,
    valeurs.annuler_une_correction,
    valeurs.garder_la_sienne,
    valeurs.accepter_la_leur,
    *(fiches.retirer, fiches.restaurer, fiches.transferer, fiches.annuler_le_transfert),
    *(fiches.fusionner, fiches.annuler_la_fusion, fiches.ecarter),
)
DU_SUIVI: Final[Mapping[Geste, str]] = {
    suivi.noter: "dossier.demarche_notee",
    suivi.noter_sans_dossier: "dossier.demarche_notee",
    suivi.retirer_une_demarche: "",
    suivi.confier: "dossier.",
    suivi.confier_en_masse: "dossiers.confies",
    suivi.dire_present: "",
    suivi.sortir: "dossier.presence_dite",
    suivi.dire_les_circonstances: "dossier.circonstances_notees",
    suivi.cocher: "dossier.formalite_cochee",
    suivi.confirmer: "",
    suivi.declarer_le_depart: "dossier.depart_",
    suivi.annuler_le_depart: "dossier.depart_annule",
    suivi.s_opposer: "opposition.recue",
    suivi.lever_l_opposition: "opposition.levee",
    aide.envoyer_une_lettre: "liaison.envoyee",
    aide.retirer_la_lettre: "liaison.revoquee",
    aide.regler_le_poste: "poste.regle",
    aide.marquer_vu: "vigilance.vu",
    aide.remettre: "vigilance.remis",
    aide.repondre_du_devenir: "devenir.repondu",
    aide.repondre_trop_tot: "devenir.repondu",
    aide.annuler_le_devenir: "devenir.annule",
}
"""Act of the follow-up → the event that it leaves once it has done something; "": said twice, it is done once."""
SANS_PERSONNE: Final[tuple[Geste, ...]] = (
    *(aide.ouvrir_la_lettre, aide.repondre_a_la_lettre, aide.travailler, aide.passer_la_nuit),
)
"""Readers of letters, and jobs: what they change may leave no event at once."""
GESTES: Final[tuple[Geste, ...]] = (
    valeurs.envoyer,
    valeurs.envoyer,
    *DES_SOURCES,
    valeurs.corriger,
    valeurs.corriger_le_contrat,
    *DES_PERSONNES,
    *DU_SUIVI,
    *SANS_PERSONNE,
)
"""The likeliest ones are there more than once."""
D_UN_DOSSIER: Final[tuple[Geste, ...]] = (
    *(
        suivi.noter,
        aide.envoyer_une_lettre,
        aide.ouvrir_la_lettre,
        aide.repondre_a_la_lettre,
        aide.travailler,
    ),
    *(suivi.dire_les_circonstances, suivi.confier, fiches.fusionner, suivi.retirer_une_demarche),
    *DU_SUIVI,
    *(fiches.transferer, suivi.confier, suivi.noter, suivi.s_opposer, suivi.noter, suivi.cocher),
    *(aide.regler_le_poste, aide.repondre_du_devenir, suivi.lever_l_opposition),
    *(valeurs.rompre, valeurs.annuler_la_rupture, fiches.annuler_la_fusion),
    *SANS_PERSONNE,
)
"""What happens to files, each act at least once; in this order, it is a story."""
MUETS: Final = frozenset(g.__name__ for g in (*DES_SOURCES, *SANS_PERSONNE))
EVENEMENTS: Final = {geste.__name__: evenement for geste, evenement in DU_SUIVI.items()}
