"""What the table does not say by itself: which views stand apart from the rule of their right, and why."""

from datetime import date
from typing import Any

# Arguments that do not name an object of somebody: any of these values will do.
VALEURS: dict[str, tuple[Any, ...]] = {
    "champ": ("nom",),
    "filename": ("app.css",),
    "jeton": ("x" * 43,),
    "genre": ("revue_relance",),
    "signature": ("x" * 43,),
    "le": (date(2026, 11, 2),),
    "groupe": ("adresse",),
    "annee": (2026,),
    "extension": ("csv",),
    "cle": ("x" * 43,),
    "quoi": ("appels",),
    "jalon": (30,),
}
# The same, where the name of the argument is that of an object elsewhere.
DE_LA_VUE: dict[str, dict[str, Any]] = {
    "anomalies.taire": {"code": "SEXE_MANQUANT"},
    "anomalies.lever": {"code": "SEXE_MANQUANT"},
    "ruptures.formalite": {"code": "ENTRETIEN"},
    "ruptures.affectation": {"genre": "RUPTURE"},
    "ruptures.confier": {"genre": "FIN_DE_CONTRAT"},
    "ruptures.ouvrir": {"genre": "SANS_CONTRAT"},
}
# What a form must say for its view to look at anything: one of another gesture is not there.
SAISIES: dict[str, dict[str, str]] = {
    "effectifs.groupee_preparer": {"nature": "RETRAIT"},
    "vigilance.regler": {"regle": "FIN_PROCHE", "active": "non"},
    "devenirs.repondre": {"etat": "EMPLOI"},
}

# What only an administrator of the organisation in use may open, and who settles requests for access.
EQUIPE = frozenset(
    {
        "habilitations.inviter",
        "habilitations.inviter_en_nombre",
        "habilitations.revue",
        "habilitations.changer",
        "habilitations.retirer",
        "habilitations.renvoyer_invitation",
        "habilitations.retirer_invitation",
        "habilitations.partager_suivi",
        "habilitations.ne_plus_partager_suivi",
    }
)
DECISIONS = frozenset(
    {
        "habilitations.demandes",
        "habilitations.demande",
        "habilitations.accepter_demande",
        "habilitations.refuser_demande",
    }
)

# Also for somebody who waits for a right, or has none left: the page that says so, and the ways to ask for one.
POUR_ENTRER = frozenset(
    {
        "comptes.sans_acces",
        "comptes.organisation",
        "habilitations.acces_cfa",
        "habilitations.acces_autre",
        "habilitations.suivi_demande",
        "habilitations.annuler_demande",
        "habilitations.envoyer_lien",
        "habilitations.lien_acces",
        "habilitations.entrer_par_cle",
        "habilitations.entrer_par_certification",
        "habilitations.invitation",
        "habilitations.accepter_invitation",
        "depots.essai",
        "depots.essayer",
    }
)

# Configuring what sends is for an administrator of the CFA, once the establishment is theirs: another's is not there.
# So are the rules of its watch list, which hold for all its sites.
ADMINISTRER = (
    "cles.creer",
    "cles.revoquer",
    "delegations.donner",
    "delegations.arreter",
    "appairages.",
    "vigilance.regler",
)

GROUPEES = ("groupee", "groupee_annuler", "groupee_confirmer", "groupee_preparer", "groupees_recentes")
DE_LA_LISTE = (
    "choisir_colonnes",
    "employeurs",
    "enregistrer_vue",
    "modifier_vue",
    "pourquoi_ce_nombre",
    "supprimer_vue",
    "vues",
)
D_UN_ETABLISSEMENT = (
    "a_completer",
    "commencer",
    "completer",
    "comptes",
    "controler",
    "deposee",
    "etablissement",
    "fichier",
    "repondre",
    "telecharger",
)
# Views that refuse whoever holds the right of support, and why.
REFUS_A_L_ASSISTANCE: dict[str, tuple[str, str]] = {
    "effectifs.liste": ("403", "support searches from its own desk, names masked"),
    "ruptures.*": ("403", "a CFA's follow-up is the CFA's own (decision 26)"),
    **dict.fromkeys(
        ("vigilance.*", "offres.*", "liaisons.*", "devenirs.*", "recaps.*"),
        ("403", "a CFA's follow-up is the CFA's own (decision 26)"),
    ),
    "devenirs.sur_le_territoire": ("entre", "counts of outcomes, and nobody's name"),
    "devenirs.territoire_csv": ("entre", "counts of outcomes, and nobody's name"),
    "habilitations.partager_suivi": ("403", "a CFA's choice, which nobody makes for it"),
    "habilitations.ne_plus_partager_suivi": ("403", "a CFA's choice, which nobody makes for it"),
    "habilitations.ce_que_voient": ("403", "shows a CFA what others see of it"),
    "habilitations.qui_voit": ("404", "support names the CFA it asks about"),
    "effectifs.chercher": ("403", "support searches from its own desk, names masked"),
    "appairages.*": ("403", "a software is let in by the CFA that it sends for"),
    "cles.creer": ("403", "support closes keys and makes none"),
    "delegations.donner": ("403", "a CFA says itself who sends for it"),
    "delegations.arreter": ("403", "a CFA says itself who sends for it"),
    "transmissions.refusees": ("403", "lines are names (decision 24)"),
    "points.*": ("403", "what is left to settle is the CFA's own (decision 26)"),
    "depots.*": ("404", "the lines of a file are names: seen only by seeing as the person (decision 24)"),
    "depots.liste": ("entre", "an empty list, and nothing to choose"),
    "depots.modele": ("entre", "the template is nobody's"),
    "depots.deposer": ("entre", "refused: no establishment of its own"),
    "effectifs.corbeille": ("403", "a list of names (decision 24)"),
    "doublons.liste": ("403", "a list of names (decision 24)"),
    "rapprochements.absent": ("403", "support searches from its own desk, names masked"),
    "rapprochements.chercher_absent": ("403", "support searches from its own desk, names masked"),
    "exports.*": ("403", "names never leave by support (decision 24)"),
    **dict.fromkeys(
        (f"effectifs.{vue}" for vue in GROUPEES),
        ("403", "support repairs one record at a time (decision 24)"),
    ),
    **dict.fromkeys((f"effectifs.{vue}" for vue in DE_LA_LISTE), ("403", "the list is not for support")),
    "sifa.campagne": ("entre", "no establishment of its own"),
    **dict.fromkeys(
        (f"sifa.{vue}" for vue in D_UN_ETABLISSEMENT), ("404", "no establishment is support's (decision 24)")
    ),
    "rapprochements.regler": ("403", "support looks, and touches nothing"),
    "rapprochements.refaire": ("403", "support looks, and touches nothing"),
}

# "Voir comme": what support still does as itself, and the pages of one person, never shown to another (decision 24).
EN_SON_NOM = frozenset(
    {
        "support.arreter_voir_comme",
        "comptes.second_facteur",
        "comptes.presenter_cle",
        "comptes.defi_de_preuve",
        "comptes.verrouiller",
        "comptes.prolonger",
        "comptes.saisie_gardee",
        "comptes.oublier_saisie",
    }
)
JAMAIS_MONTRES = ("comptes.", "support.", "habilitations.demande", "exports.", "effectifs.mon_activite")
MONTRES = frozenset({"comptes.accueil", "support.passages"})

SANS_CHERCHER = frozenset({"support.lever_pause"})
"""Answers the same whether there was something to lift or not."""
SEULEMENT: dict[str, frozenset[str]] = {
    "ruptures.dossier_sans_contrat": frozenset({"INSCRIT", "ABANDON", "A_VENIR"}),
    "ruptures.noter_sans_contrat": frozenset({"INSCRIT", "ABANDON", "A_VENIR"}),
    "ruptures.ouvrir": frozenset({"INSCRIT", "ABANDON", "A_VENIR"}),
    "offres.poste": frozenset({"RUPTURANT"}),
    "offres.regler_poste": frozenset({"RUPTURANT"}),
    "vigilance.personne": frozenset({"APPRENTI"}),
    "vigilance.vu": frozenset({"APPRENTI"}),
    "effectifs.rupture_contester": frozenset({"RUPTURANT"}),
    "sifa.completer": frozenset({"APPRENTI", "RUPTURANT"}),
}
"""Views about youths who never had a contract, a contract that was broken, who is in the third month of one, who is
counted on 31 December: for any other there is nothing there, which answers 404."""
EN_ETAT: dict[str, str] = {
    "quarantaines.une": "ATTEND",
    "quarantaines.reconnaitre": "ATTEND",
    "quarantaines.ecarter": "ATTEND",
    "quarantaines.rouvrir": "RESOLUE",
    "effectifs.en_corbeille": "CORBEILLE",
    "ruptures.dossier_fin_de_contrat": "A_TERME",
    "ruptures.noter_fin_de_contrat": "A_TERME",
}
"""Views about what stands there alone: the unknown that waits is decided, the one that was recognised is opened again. A contract
that reached its term alone has such a file."""
RESTENT: dict[str, frozenset[str]] = {
    "CORBEILLE": frozenset({"effectifs.en_corbeille", "effectifs.fiche", "effectifs.retirer"}),
    "FUSIONNE": frozenset({"doublons.comparer", "doublons.fusionner"}),
}
"""What still opens on a record in the bin, on a pair that was merged: nothing else is there, as if it were not."""
AVEC: dict[str, str] = {
    "transmissions.refusees": "VOIR_TRANSMISSIONS",
    "effectifs.coordonnees": "VOIR_COORDONNEES",
    "effectifs.corriger_groupe": "VOIR_COORDONNEES",
    "sifa.telecharger": "VOIR_COORDONNEES",
}
"""A second right that the object must be within reach of."""

SUIVI = ("ruptures.", "vigilance.", "offres.", "liaisons.", "devenirs.", "recaps.")
"""Views on what a CFA follows: a network reads the part that CFA share (decision 26)."""
SANS_SUIVI = frozenset({"ruptures.declaree", "devenirs.sur_le_territoire", "devenirs.territoire_csv"})
"""Among them, those that follow nobody: the way back to a record, counts of outcomes."""

ACCORDE = frozenset({200, 204, 302, 303, 400, 409, 422})
"""Answers of a view that let the person in: a page, a redirection, or a refusal of what was typed."""

CHAQUE_FICHE = frozenset({"effectifs.fiche", "effectifs.en_corbeille"})
"""Views asked about the record of every status; the others about one record of each establishment."""

AVANT_LA_VUE = frozenset({"connexion", "acces", "403"})
"""Answers given before the view, most often, whatever the method."""
