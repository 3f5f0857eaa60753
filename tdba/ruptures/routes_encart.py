"""What the sheet of an apprentice says of the follow-up, with the way to it (decision 26: for the CFA alone)."""

from typing import Final

from flask import get_template_attribute, url_for

from tdba import horloge, scope
from tdba.effectifs.encarts import Encart
from tdba.ruptures import queries_fiche
from tdba.ruptures.regles import RUPTURE
from tdba.scope import Droit

TITRES: Final = {True: "Suivi de la rupture", False: "Suivi sans contrat"}


def encart(effectif_id: int) -> Encart | None:
    """The insert of one sheet; None without any file, and for support."""
    if scope.courant().a(Droit.SUPPORT):
        return None
    jour = horloge.aujourd_hui()
    ligne = queries_fiche.ligne_de_la_fiche(effectif_id, jour)
    if ligne is None:
        return None
    rupture = ligne.genre == RUPTURE
    phrase = get_template_attribute("ruptures/_mots.html", "phrase")(ligne, jour).striptags()
    url = (
        url_for("ruptures.dossier", dossier_id=ligne.dossier_id)
        if rupture
        else url_for("ruptures.dossier_sans_contrat", effectif_id=effectif_id)
    )
    return Encart(TITRES[rupture], phrase, url, "Ouvrir le suivi")
