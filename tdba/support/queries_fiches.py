"""Records as support sees them before a case opens them: masked. Names read here never leave this module."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from tdba import horloge, scope
from tdba.db import db
from tdba.effectifs.fautes import proche
from tdba.effectifs.models import Contrat, Correction, Effectif, Periode
from tdba.effectifs.queries_filtres import rang_du_jour
from tdba.effectifs.queries_proches import CANDIDATS, voisins
from tdba.effectifs.recherche import motif_like
from tdba.effectifs.statuts import Motif, Statut
from tdba.organismes.models import Organisme
from tdba.ruptures.models import Dossier
from tdba.scope import Droit
from tdba.support.masque import masquer
from tdba.support.models import OuvertureFiche
from tdba.support.recherche import Question

RESULTATS_MAX: Final = 25
EXACTES: Final = 1000
"""Rows that a search reads at most, to show the first of them."""


class FicheMasquee(NamedTuple):
    """What tells a record from another without saying who it is."""

    id: int
    masque: str
    naissance: int
    """The year alone."""
    organisme_id: int
    organisme: str
    formation: str | None
    annee_scolaire: str
    statut: str | None
    """Name of the status of the day; None before the first step, and without any."""
    motif: str | None
    sans_statut: bool


class Trouvees(NamedTuple):
    """What a search found."""

    fiches: list[FicheMasquee]
    suite: bool = False
    """There are more than shown."""
    approchees: bool = False
    """Nothing matched what was typed: these are near it."""


def _masquees(jour: date) -> Select[Any]:
    rang = rang_du_jour(jour)
    colonnes = (
        Effectif.id,
        Effectif.nom,
        Effectif.prenom,
        func.date_part("year", Effectif.date_naissance),
        Effectif.organisme_id,
        Organisme.nom,
        Effectif.formation,
        Effectif.annee_scolaire,
        Effectif.statuts[rang],
        Periode.motif,
        func.cardinality(Effectif.bornes) == 0,
    )
    periode = and_(Periode.effectif_id == Effectif.id, Periode.rang == rang - 1)
    return (
        scope.select_for(Effectif, Droit.SUPPORT, *colonnes)
        .join(Organisme, Organisme.id == Effectif.organisme_id)
        .outerjoin(Periode, periode)
    )


def _masquer(ligne: Any) -> FicheMasquee:
    cle, nom, prenom, naissance, organisme_id, organisme, formation, annee, statut, motif, sans = ligne
    return FicheMasquee(
        cle,
        masquer(nom, prenom),
        int(naissance),
        organisme_id,
        organisme,
        formation,
        annee,
        Statut(statut).name if statut else None,
        Motif(motif).name if motif else None,
        sans,
    )


def masquee(effectif_id: int) -> FicheMasquee | None:
    """One record, masked; None when it does not exist, or is in the bin."""
    requete = _masquees(horloge.aujourd_hui()).where(Effectif.id == effectif_id)
    ligne = db.session.execute(requete).one_or_none()
    return None if ligne is None else _masquer(ligne)


def chercher(question: Question) -> Trouvees:
    """Records that match all that was typed, masked; when none does, those whose name is one mistake away."""
    if not question.designe_des_fiches:
        return Trouvees([])
    exactes = _choisies(_conditions(question), EXACTES)
    if exactes.fiches or not question.approchable:
        return exactes
    naissances = [Effectif.date_naissance == jour for jour in question.naissances]
    proches = _choisies([*naissances, *voisins(question.mots, question.faute_min)], CANDIDATS, question.mots)
    return proches._replace(approchees=bool(proches.fiches))


def _choisies(conditions: Sequence[ColumnElement[bool]], limite: int, mots: Collection[str] = ()) -> Trouvees:
    """The first of the rows found, in the order of their names. `mots`: names must be near all of them.

    A frequent name matches thousands: the search stops at `limite` rows, unordered, before anything is joined to them.
    """
    requete = scope.select_for(Effectif, Droit.SUPPORT, Effectif.recherche, Effectif.id).where(*conditions)
    lues = db.session.execute(requete.limit(limite)).all()
    trouvees = sorted((nom, cle) for nom, cle in lues if proche(mots, nom))
    ids = [cle for _, cle in trouvees[:RESULTATS_MAX]]
    if not ids:
        return Trouvees([])
    lignes = db.session.execute(_masquees(horloge.aujourd_hui()).where(Effectif.id.in_(ids))).all()
    par_id = {ligne[0]: _masquer(ligne) for ligne in lignes}
    return Trouvees([par_id[cle] for cle in ids], len(trouvees) > RESULTATS_MAX)


def _conditions(question: Question) -> list[ColumnElement[bool]]:
    # One LIKE per word on the same column: PostgreSQL intersects them inside the trigram index.
    conditions: list[ColumnElement[bool]] = [
        Effectif.recherche.like(motif_like(mot), escape="\\") for mot in question.mots
    ]
    conditions += [Effectif.date_naissance == jour for jour in question.naissances]
    if question.numero is not None:
        conditions.append(or_(Effectif.ine == question.numero.upper(), Effectif.id_erp == question.numero))
    return conditions


def ouverte(demande_id: int, effectif_id: int) -> bool:
    """The record was opened under that case. Whether the case is still open is for the caller to know."""
    requete = select(OuvertureFiche.effectif_id).where(
        OuvertureFiche.demande_id == demande_id, OuvertureFiche.effectif_id == effectif_id
    )
    return db.session.execute(requete).one_or_none() is not None


def ouvertes(demande_id: int) -> list[tuple[FicheMasquee, str]]:
    """The records opened under a case, still masked here, with the reason of each."""
    requete = (
        _masquees(horloge.aujourd_hui())
        .add_columns(OuvertureFiche.motif)
        .join(OuvertureFiche, OuvertureFiche.effectif_id == Effectif.id)
        .where(OuvertureFiche.demande_id == demande_id)
        .order_by(OuvertureFiche.cree_le, Effectif.id)
    )
    return [(_masquer(ligne), motif) for *ligne, motif in db.session.execute(requete)]


PAR_CLE: Final[Mapping[str, type[Contrat | Correction | Dossier]]] = {
    "contrat_id": Contrat,
    "correction_id": Correction,
    "dossier_id": Dossier,
}
"""Names that our addresses give to the key of what hangs on a record."""


def fiche_de_la_page(cles: Mapping[str, Any]) -> tuple[int, int] | None:
    """(effectif, organisme) of the record that an address is about, when the person may read it by name."""
    requete: Select[Any] | None = None
    if "effectif_id" in cles:
        requete = scope.select_for(Effectif, Droit.VOIR_NOMINATIF, Effectif.id, Effectif.organisme_id)
        requete = requete.where(Effectif.id == cles["effectif_id"])
    for nom, modele in PAR_CLE.items():
        if nom in cles:
            colonnes = (modele.effectif_id, modele.organisme_id)
            requete = scope.select_for(modele, Droit.VOIR_NOMINATIF, *colonnes)
            requete = requete.where(modele.id == cles[nom])
    ligne = db.session.execute(requete).one_or_none() if requete is not None else None
    return None if ligne is None else (ligne[0], ligne[1])
