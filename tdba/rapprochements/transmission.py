"""What an ERP announces by what it sent: its last complete transmission and what came since, else thirty days of lines."""

from collections.abc import Mapping
from typing import Any

from tdba import horloge
from tdba.effectifs import annees
from tdba.errors import ErreurMetier
from tdba.rapprochements import annonces, queries_fiches, queries_lignes
from tdba.rapprochements.annonces import Annonce
from tdba.rapprochements.demandes import Demande, Liste
from tdba.rapprochements.queries_fiches import Tenue
from tdba.rapprochements.queries_lignes import LigneAnnoncee


def lire(demande: Demande) -> Liste:
    """The people that the ERP sent, in the years counted. Raises ErreurMetier when nothing was received lately."""
    envoi = queries_lignes.envoi(demande.organisme_id, horloge.maintenant())
    if not envoi.transmissions or envoi.le is None:
        raise ErreurMetier(
            "Aucune transmission n’a été reçue pour cet établissement depuis 30 jours : donnez la liste de votre ERP.",
            champ="avec",
        )
    lignes = queries_lignes.annoncees(demande.organisme_id, envoi)
    if len(lignes) > queries_lignes.LIGNES_MAX:
        raise ErreurMetier(
            "Cette transmission est trop longue pour être comparée ici : donnez la liste de votre ERP.",
            champ="avec",
        )
    comptees = annees.comptees(demande.jour)
    retenues = [ligne for ligne in lignes if ligne.annee is None or ligne.annee in comptees]
    # A record that nobody corrected has the status of its line: only the others are read again.
    tenues = {t.id: t for t in queries_fiches.tenues(demande.organisme_id, demande.jour) if not t.corrige}
    a_lire = [ligne.id for ligne in retenues if not (ligne.acceptee and ligne.effectif_id in tenues)]
    contenus = queries_lignes.contenus(demande.organisme_id, a_lire)
    precisions = {"complet": envoi.complet, "recue_le": envoi.le.isoformat()}
    dites = [_annonce(demande, ligne, tenues, contenus.get(ligne.id)) for ligne in retenues]
    return Liste(dites, "TRANSMISSION", precisions, envoi.transmissions[-1])


def _annonce(
    demande: Demande, ligne: LigneAnnoncee, tenues: Mapping[int, Tenue], contenu: tuple[Any, str] | None
) -> Annonce:
    """One line, with the status of its record, or the one that its own dates make."""
    if contenu is not None:
        dite = annonces.de_la_ligne(contenu[0], source=contenu[1], annee=ligne.annee, jour=demande.jour)
    else:
        statut = tenues[ligne.effectif_id or 0].statut
        dite = Annonce(id_erp=ligne.id_erp, statut=statut, absente=statut is None)
    return dite._replace(ligne=ligne.rang, source=ligne.id)
