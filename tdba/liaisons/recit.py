"""What this slice tells of a record: dossiers de liaison sent, opened, answered, withdrawn (decision 26)."""

from tdba import scope
from tdba.effectifs.ajouts import Fait
from tdba.liaisons import queries
from tdba.liaisons.donnees import REPONSES, en_mots
from tdba.liaisons.etats import Envoi
from tdba.scope import Droit


def liaisons(effectif_id: int) -> list[Fait]:
    """The sendings of a record; nothing for support: a CFA's follow-up is the CFA's."""
    if scope.courant().a(Droit.SUPPORT):
        return []
    return [fait for envoi in queries.histoire(effectif_id) for fait in _faits(envoi)]


def _faits(envoi: Envoi) -> list[Fait]:
    quoi = f"Dossier de liaison envoyé à {envoi.destinataire}\u00a0: {en_mots(envoi.donnees)}."
    faits = [Fait(envoi.cree_le, "SUIVI", quoi, envoi.auteur)]
    if envoi.ouverte_le is not None:
        faits.append(Fait(envoi.ouverte_le, "SUIVI", f"Dossier de liaison ouvert par {envoi.destinataire}."))
    if envoi.repondu_le is not None and envoi.reponse is not None:
        reponse = f"Réponse de {envoi.destinataire}\u00a0: {REPONSES[envoi.reponse]}."
        faits.append(Fait(envoi.repondu_le, "SUIVI", reponse))
    if envoi.revoquee_le is not None:
        faits.append(Fait(envoi.revoquee_le, "SUIVI", "Lien du dossier de liaison retiré."))
    return faits
