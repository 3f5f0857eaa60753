"""Undoing a merge: everything is put back as it was, and what was changed since is left and named (issue 5).

Callers commit.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from tdba import abonnes, journal, scope
from tdba.db import db
from tdba.doublons import queries, service, suivi
from tdba.doublons.alignement import DISPARU
from tdba.doublons.models import Fusion
from tdba.effectifs import corbeille, correction, valeurs
from tdba.effectifs import queries as fiches
from tdba.effectifs.models import Correction, Effectif
from tdba.effectifs.queries import Ouvert
from tdba.errors import ErreurMetier
from tdba.scope import Droit, Introuvable


class Annulation(NamedTuple):
    """What undoing did. `laissees`: fields corrected again since the merge, whose newer value stays."""

    fusion: Fusion
    laissees: list[str]
    suivi_laisse: bool


def annuler(fusion_id: int, *, maintenant: datetime) -> Annulation:
    """Undo a merge; already done, nothing is written. Raises Introuvable, ErreurMetier."""
    fusion = queries.fusion(fusion_id)
    garde = _ouvrir(fusion)
    fusion = queries.fusion(fusion_id, verrou=True)
    if fusion.annulee_le is not None:
        return Annulation(fusion, [], suivi_laisse=False)
    suivi.exiger(fusion.organisme_id, fusion.absorbe_organisme_id)
    fusion.annulee_le = maintenant
    db.session.flush()  # the bin asks whether a merge holds the record
    intact = suivi.replacer(fusion.deplace)
    defaites = correction.annuler(garde, fusion.correction_ids, maintenant=maintenant)
    rouvertes = _rouvrir(garde, fusion.deplace.get("closes", ()), maintenant)
    laissees = _laissees(fusion, {*defaites, *rouvertes})
    corbeille.restaurer(fusion.retrait_id, maintenant=maintenant)
    _comparer_a_nouveau(fusion, maintenant)
    journal.consigner(
        "doublon.fusion_annulee",
        organisme_id=fusion.organisme_id,
        objet=("effectif", fusion.effectif_id),
        fusion_id=fusion.id,
        absorbe_id=fusion.absorbe_id,
        laissees=laissees,
    )
    return Annulation(fusion, laissees, suivi_laisse=not intact)


def _ouvrir(fusion: Fusion) -> Ouvert:
    """Lock both records, in the order of their ids, and open the one kept."""
    garde = None
    for effectif_id in sorted((fusion.effectif_id, fusion.absorbe_id)):
        if effectif_id == fusion.effectif_id:
            try:
                garde = fiches.a_corriger(effectif_id, verrou=True)
            except Introuvable:
                raise ErreurMetier(
                    "La fiche gardée est maintenant à la corbeille : restaurez-la, puis annulez la fusion."
                ) from None
        else:
            scope.get_or_404(Effectif, effectif_id, Droit.CORRIGER, verrou=True, avec_corbeille=True)
    assert garde is not None  # noqa: S101 - one of the two ids is its own
    return garde


def _rouvrir(garde: Ouvert, ids: Sequence[int], maintenant: datetime) -> list[int]:
    """Put back in force the corrections that the merge closed by taking the value that the source says."""
    ouvertes: list[int] = []
    for une in _corrections(ids):
        contrat = next((c for c in garde.contrats if c.id == une.contrat_id), None)
        prise = une.contrat_id is not None and contrat is None
        if une.etat != "ANNULEE" or prise or correction.en_vigueur(garde, une.champ, contrat) is not None:
            continue
        if not ouvertes:
            abonnes.annoncer("avant_parcours", [garde.effectif.id])
        une.etat, une.close_le = "ACTIVE", None
        setattr(contrat or garde.effectif, une.champ, valeurs.depuis_texte(une.champ, une.valeur))
        garde.corrections.append(une)
        db.session.flush()
        ouvertes.append(une.id)
        correction.actualiser(garde, {une.champ}, maintenant)
    return ouvertes


def _laissees(fusion: Fusion, faites: set[int]) -> list[str]:
    """The fields whose correction could not be undone: another one replaced it, or their contract was corrected."""
    ids = [*fusion.correction_ids, *fusion.deplace.get("closes", ())]
    restees = [c for c in _corrections(ids) if c.id not in faites and c.etat != "ANNULEE"]
    closes = set(fusion.deplace.get("closes", ()))
    restees += [c for c in _corrections(list(closes - faites)) if c.etat == "ANNULEE"]
    return sorted({c.champ for c in restees})


def _corrections(ids: Sequence[int]) -> list[Any]:
    requete = (
        scope.select_for(Correction, Droit.CORRIGER).where(Correction.id.in_(ids)).order_by(Correction.id)
    )
    return list(db.session.execute(requete).scalars()) if ids else []


def _comparer_a_nouveau(fusion: Fusion, maintenant: datetime) -> None:
    """The pair is looked at again, as the two records are now."""
    doublon = queries.paire(fusion.doublon_id, verrou=True)
    doublon.etat, doublon.personne_id, doublon.maj_le = DISPARU, None, maintenant
    db.session.flush()
    service.comparer_fiches([fusion.effectif_id, fusion.absorbe_id])
