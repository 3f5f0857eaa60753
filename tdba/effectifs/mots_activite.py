"""What a person did, in words, from the events of the journal. Pure.

Each event that a person may cause has its sentence, in the second person of politeness. What the service does by itself
(jobs, ERP) has none: it is nobody's act.
"""

from collections.abc import Mapping
from typing import Any, Final

from tdba.formats import INSECABLE, quantite

Details = Mapping[str, Any]

PHRASES: Final[Mapping[str, str]] = {
    "compte.connecte": "Vous vous êtes connecté.",
    "compte.refuse": "Une connexion à votre compte a été refusée.",
    "compte.niveau_eleve": "Vous avez confirmé votre identité auprès de ProConnect.",
    "compte.deconnecte": "Vous vous êtes déconnecté.",
    "compte.modifie": "Votre identité a changé chez votre fournisseur d’identité.",
    "compte.organisation_choisie": "Vous avez choisi pour quelle organisation agir.",
    "compte.session_fermee": "Vous avez fermé d’autres sessions.",
    "facteur.ajoute": "Vous avez ajouté un second facteur.",
    "facteur.retire": "Vous avez retiré un second facteur.",
    "facteur.verifie": "Vous avez présenté votre second facteur.",
    "facteur.refuse": "Un second facteur présenté pour votre compte a été refusé.",
    "facteur.codes_crees": "Vous avez demandé de nouveaux codes de secours.",
    "facteur.remise_demandee": "Vous avez demandé la remise des seconds facteurs d’une personne.",
    "facteur.remis": "Vous avez remis les seconds facteurs d’une personne.",
    "facteur.remise_ecartee": "Vous avez écarté une demande de remise de seconds facteurs.",
    "habilitation.accordee": "Vous avez accordé un droit.",
    "habilitation.changee": "Vous avez changé un droit.",
    "habilitation.retiree": "Vous avez retiré un droit.",
    "habilitation.validee": "Vous avez validé un droit accordé par une autre personne.",
    "invitation.envoyee": "Vous avez invité une personne.",
    "invitation.renvoyee": "Vous avez renvoyé une invitation.",
    "invitation.retiree": "Vous avez retiré une invitation.",
    "invitation.acceptee": "Vous avez accepté une invitation.",
    "invitation.refusee": "Une invitation n’a pas pu être acceptée.",
    "revue.ouverte": "Une revue des droits a été ouverte.",
    "revue.repondue": "Vous avez répondu à une revue des droits.",
    "engagement.accepte": "Vous avez accepté l’engagement de confidentialité.",
    "partage_suivi.ouvert": "Vous avez partagé votre suivi avec votre réseau.",
    "partage_suivi.ferme": "Vous avez cessé de partager votre suivi avec votre réseau.",
    "acces.demande": "Vous avez demandé un accès.",
    "acces.annule": "Vous avez annulé votre demande d’accès.",
    "acces.lien_envoye": "Vous avez demandé un lien d’accès.",
    "acces.lien_refuse": "Un lien d’accès a été refusé.",
    "acces.cle_refusee": "Une clé donnée comme preuve a été refusée.",
    "acces.accorde": "Vous avez accordé un accès.",
    "acces.refuse": "Vous avez refusé une demande d’accès.",
    "effectif.consulte": "Vous avez lu des noms.",
    "alerte.lectures": "Vous avez lu plus de noms que d’habitude.",
    "lectures.en_pause": "Vos lectures de noms ont été mises en pause.",
    "lectures.reprises": "Vous avez levé la pause des lectures d’une personne.",
    "effectif.corrige": "Vous avez corrigé une fiche.",
    "effectif.correction_annulee": "Vous avez annulé une correction.",
    "effectif.correction_reportee": "Vous avez noté une correction comme reportée dans l’ERP.",
    "effectif.mis_a_la_corbeille": "Vous avez mis une fiche à la corbeille.",
    "effectif.restaure": "Vous avez restauré une fiche.",
    "effectif.transfere": "Vous avez transféré une fiche vers un autre établissement.",
    "effectif.transfert_annule": "Vous avez annulé un transfert.",
    "effectif.action_groupee": "Vous avez agi sur plusieurs fiches à la fois.",
    "effectif.action_groupee_annulee": "Vous avez annulé une action sur plusieurs fiches.",
    "effectif.ouvert_par_support": "Vous avez ouvert une fiche sous une demande.",
    "anomalie.tue": "Vous avez demandé de ne plus signaler un point sur une fiche.",
    "anomalie.relevee": "Vous avez demandé de signaler de nouveau un point sur une fiche.",
    "doublon.ecarte": "Vous avez dit que deux fiches ne sont pas la même personne.",
    "doublon.rouvert": "Vous avez rouvert une paire de fiches à comparer.",
    "doublon.fusionne": "Vous avez fusionné deux fiches.",
    "doublon.fusion_annulee": "Vous avez annulé une fusion.",
    "dossier.demarche_notee": "Vous avez noté une démarche.",
    "demande.ouverte": "Vous avez écrit au support.",
    "demande.repondue": "Vous avez répondu à une demande.",
    "demande.close": "Vous avez clos une demande.",
    "appelant.code_montre": "Vous avez affiché votre code d’appelant.",
    "appelant.verifie": "Vous avez vérifié le code d’un appelant.",
    "appelant.refuse": "Le code d’un appelant a été refusé.",
    "support.voir_comme": "Vous avez regardé les écrans d’une personne.",
    "support.voir_comme_arrete": "Vous avez cessé de regarder les écrans d’une personne.",
    "transmission.consultee": "Vous avez lu des lignes d’une transmission.",
    "transmission.exportee": "Vous avez exporté des lignes d’une transmission.",
    "transmission.annulee": "Vous avez annulé une transmission.",
    "transmission.confirmee": "Vous avez confirmé une transmission.",
    "transmission.rejeu_demande": "Vous avez demandé de rejouer des lignes.",
    "transmission.essayee": "Vous avez essayé une transmission.",
    "quarantaine.resolue": "Vous avez dit à quel établissement des lignes reviennent.",
    "quarantaine.rouverte": "Vous avez rouvert une décision sur un établissement inconnu.",
    "quarantaine.ecartee": "Vous avez écarté les lignes d’un établissement inconnu.",
    "guide.ecrit": "Vous avez écrit un guide.",
    "guide.retire": "Vous avez retiré un guide.",
    "depot.recu": "Vous avez déposé un fichier.",
    "depot.illisible": "Un fichier que vous avez déposé n’a pas pu être lu.",
    "depot.apparie": "Vous avez relié les colonnes d’un fichier.",
    "depot.ligne_corrigee": "Vous avez corrigé une ligne d’un fichier déposé.",
    "depot.valeur_remplacee": "Vous avez remplacé une valeur dans un fichier déposé.",
    "depot.confirme": "Vous avez confirmé un fichier déposé.",
    "depot.annulation_demandee": "Vous avez demandé d’annuler un fichier déposé.",
    "depot.abandonne": "Vous avez abandonné un fichier déposé.",
    "depot.fiche_saisie": "Vous avez saisi une fiche.",
    "depot.essai": "Vous avez essayé un fichier.",
    "rapprochement.fait": "Vous avez rapproché votre effectif de ce que votre ERP annonce.",
    "rapprochement.ligne_reglee": "Vous avez réglé une ligne d’un rapprochement.",
    "cle_api.creee": "Vous avez créé une clé d’API.",
    "cle_api.revoquee": "Vous avez révoqué une clé d’API.",
    "appairage.demande": "Un logiciel a demandé à se connecter.",
    "appairage.code_refuse": "Le code d’un logiciel a été refusé.",
    "appairage.accorde": "Vous avez autorisé un logiciel à transmettre.",
    "appairage.refuse": "Vous avez refusé un logiciel.",
    "delegation.donnee": "Vous avez autorisé un autre organisme à transmettre pour vous.",
    "delegation.arretee": "Vous avez arrêté une autorisation de transmettre.",
    "travail.relance": "Vous avez relancé un traitement.",
    "vue.enregistree": "Vous avez enregistré une vue de la liste.",
    "vue.modifiee": "Vous avez changé une vue de la liste.",
    "vue.supprimee": "Vous avez supprimé une vue de la liste.",
    "export.demande": "Vous avez demandé un export.",
    "export.fait": "Un export que vous avez demandé est prêt.",
    "export.refuse": "Un export que vous avez demandé n’a pas pu être fait.",
    "export.telecharge": "Vous avez téléchargé un export.",
    "sifa.fiche_remplie": "Vous avez complété une fiche pour SIFA.",
    "sifa.reponses": "Vous avez répondu aux questions de l’enquête SIFA.",
    "sifa.fichier_fait": "Vous avez préparé le fichier SIFA.",
    "sifa.deposee": "Vous avez dit où en est le dépôt du fichier SIFA.",
    "sifa.fichier_controle": "Vous avez contrôlé un fichier SIFA.",
    "liste.colonnes_choisies": "Vous avez choisi les colonnes de la liste.",
}

ECRANS: Final[Mapping[str, str]] = {
    "effectifs.fiche": "Vous avez ouvert une fiche.",
    "effectifs.coordonnees": "Vous avez affiché les coordonnées d’une personne.",
    "effectifs.histoire": "Vous avez lu l’histoire d’une fiche.",
    "effectifs.imprimer": "Vous avez préparé une fiche à imprimer.",
    "effectifs.correction": "Vous avez ouvert une correction.",
    "effectifs.activite": "Vous avez relu votre activité.",
    "effectifs.transfert": "Vous avez préparé un transfert.",
    "anomalies.de_la_fiche": "Vous avez lu les points à régler d’une fiche.",
    "anomalies.taire": "Vous avez ouvert un point à régler d’une fiche.",
    "doublons.comparer": "Vous avez comparé deux fiches.",
    "doublons.fusion": "Vous avez ouvert une fusion.",
    "sifa.completer": "Vous avez ouvert une fiche à compléter pour SIFA.",
    "sifa.fiche": "Vous avez ouvert une fiche pour SIFA.",
    "sifa.telecharge": "Vous avez téléchargé un fichier SIFA.",
    "dossier": "Vous avez ouvert un suivi.",
    "demarche": "Vous avez ouvert le suivi d’une personne pour y noter une démarche.",
}
"""Readings that have their own words, by screen; the others are lists."""

AUTRE: Final = "Vous avez fait une action que cette page ne sait pas encore nommer."


def phrase(evenement: str, details: Details, libelle: str | None = None) -> str:
    r"""The sentence of one event. `libelle`: the name of the corrected field, when it has one.

    >>> phrase("effectif.corrige", {"champ": "nom"}, "Nom")
    'Vous avez corrigé une fiche\xa0: Nom.'
    """
    if evenement == "effectif.consulte":
        nombre = len(details.get("ids", ()))
        liste = f"Vous avez lu une liste de {quantite(nombre, 'nom')}."
        return ECRANS.get(str(details.get("ecran")), liste)
    dite = PHRASES.get(evenement, AUTRE)
    return f"{dite.removesuffix('.')}{INSECABLE}: {libelle}." if libelle else dite
