"""What duplicates add to the sheet of a record, and to its story."""

from collections.abc import Sequence

from flask import url_for

from tdba import horloge
from tdba.doublons import queries
from tdba.doublons.queries import Auteur
from tdba.effectifs.ajouts import Fait
from tdba.effectifs.encarts import Encart
from tdba.formats import INSECABLE, date_longue, quantite


def encart(effectif_id: int) -> Encart | None:
    """« Cette fiche ressemble à une autre », for who reaches both."""
    paires = queries.de_la_fiche(effectif_id)
    if not paires:
        return None
    if len(paires) == 1:
        phrase = f"La même personne est peut-être comptée deux fois ({paires[0].score} sur 100)."
    else:
        phrase = f"Elle ressemble à {quantite(len(paires), 'autre fiche', 'autres fiches')}{INSECABLE}: la même personne est peut-être comptée plusieurs fois."
    adresse = url_for("doublons.comparer", doublon_id=paires[0].id)
    return Encart("Cette fiche ressemble à une autre", phrase, adresse, "Comparer les deux fiches")


def recit(effectif_id: int) -> Sequence[Fait]:
    """The merges of a record, undone ones included, and the answers « ce n'est pas la même personne »."""
    faits = []
    for fusion, auteur in queries.fusions_de(effectif_id):
        gardee = fusion.effectif_id == effectif_id
        phrase = (
            "Fusionnée avec une autre fiche de la même personne, mise de côté."
            if gardee
            else "Fusionnée avec une autre fiche de la même personne, qui est gardée."
        )
        adresse = url_for("doublons.fusion", fusion_id=fusion.id)
        faits.append(Fait(fusion.cree_le, "FUSION", phrase, _nom(auteur), adresse))
        if fusion.annulee_le is not None:
            faits.append(Fait(fusion.annulee_le, "FUSION", "Fusion annulée.", url=adresse))
    for doublon, auteur in queries.decisions_de(effectif_id):
        adresse = url_for("doublons.comparer", doublon_id=doublon.id)
        phrase = "Une fiche ressemblante est celle d’une autre personne."
        faits.append(Fait(doublon.maj_le, "FUSION", phrase, _nom(auteur), adresse))
    return faits


def devenue(effectif_id: int) -> Encart | None:
    """Where a record put aside by a merge went: what a page about it says instead of « introuvable »."""
    fusions = [
        f for f, _ in queries.fusions_de(effectif_id) if f.absorbe_id == effectif_id and not f.annulee_le
    ]
    if not fusions:
        return None
    fusion = fusions[-1]
    phrase = f"Elle a été fusionnée le {date_longue(horloge.jour_de_paris(fusion.cree_le))} avec une autre fiche de la même personne."
    adresse = url_for("doublons.fusion", fusion_id=fusion.id)
    return Encart("Cette fiche a été fusionnée", phrase, adresse, "Voir la fusion")


def _nom(auteur: Auteur) -> str:
    return f"{auteur.prenom} {auteur.nom}"
