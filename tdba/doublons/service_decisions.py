"""Saying that two records are two persons, and taking it back. Callers commit."""

from datetime import datetime

from tdba import journal, scope
from tdba.db import db
from tdba.doublons import queries, service
from tdba.doublons.alignement import DISPARU, ECARTE, OUVERT
from tdba.doublons.models import Doublon
from tdba.effectifs.motifs import COMMENTAIRE_MAX
from tdba.errors import ErreurMetier
from tdba.points import service as points
from tdba.textes import refus_de_texte_libre


def ecarter(doublon_id: int, *, commentaire: str | None, maintenant: datetime) -> Doublon:
    """« Ce n'est pas la même personne »: the pair is shown no more, unless names, birth dates or INE change.

    Already said: nothing is written. Raises Introuvable, ErreurMetier.
    """
    texte = (commentaire or "").strip()
    refus = refus_de_texte_libre(texte, COMMENTAIRE_MAX)
    if refus is not None:
        raise ErreurMetier(refus, champ="commentaire")
    doublon = queries.paire(doublon_id, verrou=True)
    if doublon.etat == ECARTE:
        return doublon
    if doublon.etat != OUVERT:
        raise ErreurMetier("Ces deux fiches ne sont plus à comparer : elles ont changé depuis.")
    doublon.etat, doublon.commentaire, doublon.maj_le = ECARTE, texte or None, maintenant
    doublon.personne_id = scope.courant().personne_id
    db.session.flush()
    points.clore(service.GENRE, doublon.organisme_id, str(doublon.id))
    _consigner("doublon.ecarte", doublon)
    return doublon


def rouvrir(doublon_id: int, *, maintenant: datetime) -> Doublon:
    """Take back « ce n'est pas la même personne »: the pair is compared again, as the records are now."""
    doublon = queries.paire(doublon_id, verrou=True)
    if doublon.etat != ECARTE:
        return doublon
    doublon.etat, doublon.commentaire, doublon.maj_le = DISPARU, None, maintenant
    doublon.personne_id = None
    db.session.flush()
    _consigner("doublon.rouvert", doublon)
    service.comparer_fiches([doublon.effectif_id, doublon.autre_id])
    db.session.refresh(doublon)
    return doublon


def _consigner(evenement: str, doublon: Doublon) -> None:
    journal.consigner(
        evenement,
        organisme_id=doublon.organisme_id,
        objet=("effectif", doublon.effectif_id),
        doublon_id=doublon.id,
        autre_id=doublon.autre_id,
    )
