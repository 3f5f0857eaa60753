"""Every night: who no longer sends, against its habit; its administrators are told once (issue 4, "silence alerts")."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from tdba import courriels, formats, horloge, journal
from tdba.points import service as points
from tdba.transmissions import queries_cles, queries_silences, service_avis, silences
from tdba.transmissions.mots import rythme

GENRE: Final = "silence"
CONSEILS: Final = (
    "Ouvrez votre logiciel : vérifiez que l’envoi automatique est actif, et que sa clé d’API n’a ni expiré ni été révoquée.",
    "Si vous avez changé de logiciel, ou si vous déposez des fichiers, transmettez une fois pour reprendre le suivi.",
    "En attendant, vos listes et vos chiffres restent ceux de la dernière réception.",
)


class Muet(NamedTuple):
    """An establishment found silent tonight."""

    organisme_id: int
    nom: str
    depuis: datetime
    habitude: int


def veiller(maintenant: datetime) -> None:
    """Close the silences that ended, open the new ones, tell the administrators of these. May run twice."""
    finis = list(queries_silences.clore_finis())
    for organisme_id in finis:
        journal.consigner("silence.clos", organisme_id=organisme_id)
    muets = [muet for muet in _muets(maintenant) if _ouvrir(muet, maintenant)]
    points.remplacer("SILENCE", {*finis, *(muet.organisme_id for muet in muets)})
    _prevenir(muets, maintenant)


def _muets(maintenant: datetime) -> list[Muet]:
    jour = horloge.jour_de_paris(maintenant)
    trouves = []
    for vue in queries_silences.habitudes(maintenant - silences.FENETRE, silences.JOURS_MIN):
        # A sending of which all was refused says that somebody is there: it is no silence.
        recus = {*vue.jours, horloge.jour_de_paris(vue.derniere)}
        if (silence := silences.silence(recus, jour)) is not None:
            trouves.append(Muet(vue.organisme_id, vue.nom, vue.derniere, silence.habitude))
    return trouves


def _ouvrir(muet: Muet, maintenant: datetime) -> bool:
    ouvert = queries_silences.ouvrir(
        muet.organisme_id, depuis=muet.depuis, habitude=muet.habitude, le=maintenant
    )
    if ouvert:
        journal.consigner("silence.signale", organisme_id=muet.organisme_id, habitude=muet.habitude)
    return ouvert


def _prevenir(muets: Sequence[Muet], maintenant: datetime) -> None:
    """One mail to each administrator, whatever the number of their establishments that no longer send."""
    jour = horloge.jour_de_paris(maintenant)
    siens: dict[int, list[Muet]] = {}
    adresses: dict[int, str] = {}
    for muet in muets:
        for personne in queries_cles.administrateurs(muet.organisme_id, jour):
            siens.setdefault(personne.id, []).append(muet)
            adresses[personne.id] = personne.courriel
    for personne_id, les_siens in siens.items():
        courriels.ecrire(
            GENRE,
            adresses[personne_id],
            _sujet(les_siens),
            [*(phrase(muet, maintenant) for muet in les_siens), *CONSEILS],
            lien=("Voir ce qui a été reçu", service_avis.adresse("/transmissions")),
            personne_id=personne_id,
        )


def _sujet(muets: Sequence[Muet]) -> str:
    if len(muets) == 1:
        return f"Nous ne recevons plus rien de votre logiciel pour {muets[0].nom}"
    return f"Nous ne recevons plus rien de votre logiciel pour {len(muets)} établissements"


def phrase(muet: Muet, maintenant: datetime) -> str:
    """What happened, since when, and what was usual."""
    quoi = rythme(muet.depuis, muet.habitude, horloge.jour_de_paris(maintenant))
    return f"{muet.nom} : {quoi}. Dernière réception le {formats.date_longue(muet.depuis)}."
