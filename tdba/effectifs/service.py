"""What the sheet of an apprentice shows: values for templates, no words (ux.md, "Sheet of a person")."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from tdba import scope
from tdba.effectifs import (
    ajouts,
    causes,
    encarts,
    frise,
    motifs,
    queries,
    queries_fiche,
    raisons,
    sources,
    vue_fiche,
)
from tdba.effectifs.models import Effectif
from tdba.effectifs.queries_fiche import ContratLu, CorrectionVue
from tdba.effectifs.source_json import charger
from tdba.effectifs.valeurs import depuis_texte
from tdba.effectifs.vue_fiche import ContratVu, Fiche, LigneHistorique, libelle
from tdba.scope import Droit, Introuvable

MAJORITE: Final = 18
CONTACT: Final = vue_fiche.CONTACT
CODES: Final[Mapping[str, Mapping[Any, str]]] = {
    "cause_legale": causes.CAUSES,
    "contestation": motifs.CONTESTATIONS,
    "sexe": {"M": "masculin", "F": "féminin"},
}
"""Fields whose values are codes, in words."""


def fiche(effectif_id: int, jour: date) -> Fiche:
    """Read the sheet in one statement, plus those of what other slices add. Raises Introuvable when it is not theirs."""
    lue = queries_fiche.fiche(effectif_id)
    corriges = _corriges(lue.corrections)
    cotes = sources.mises_de_cote(lue.valeurs_source)
    return Fiche(
        lue=lue,
        etape=raisons.etape_du_jour(lue.etapes, jour),
        suivante=raisons.etape_suivante(lue.etapes, jour),
        dessin=frise.dessiner(lue.etapes, fin=lue.effectif.date_fin, jour=jour),
        contrats=_contrats(lue.contrats, lue.valeurs_source, corriges, cotes),
        historique=_historique(lue.corrections, lue.contrats),
        corriges=corriges.get(None, {}),
        mises_de_cote=cotes,
        mineur=_mineur(lue.effectif.date_naissance, jour),
        contact=joignable(lue.effectif),
        encarts=encarts.encarts_de(effectif_id),
        annotations=[vue_fiche.ancrer(a) for a in ajouts.annotations_de(effectif_id)],
        gestes=ajouts.gestes_de(lue.effectif),
    )


def coordonnees(effectif_id: int, jour: date) -> Fiche:
    """The sheet for who may also see how to reach the youth. Raises Introuvable for anybody else."""
    vue = fiche(effectif_id, jour)
    if not vue.contact:
        raise Introuvable
    return vue


def joignable(effectif: Effectif) -> bool:
    """How to reach this youth is within the reach of VOIR_COORDONNEES."""
    portee = scope.courant().portee(Droit.VOIR_COORDONNEES)
    ici = portee.organismes is None or effectif.organisme_id in portee.organismes
    return ici and portee.statuts is None


def lue(champ: str, texte: str | None) -> Any:
    """A value of a correction: typed as its field, its code in words."""
    valeur = depuis_texte(champ, texte)
    return CODES.get(champ, {}).get(valeur, valeur)


def _mineur(naissance: date, jour: date) -> bool:
    return jour.year - naissance.year - ((jour.month, jour.day) < (naissance.month, naissance.day)) < MAJORITE


def _corriges(corrections: Sequence[CorrectionVue]) -> dict[int | None, dict[str, datetime]]:
    """Contract (None: the record) → field → instant of the correction in force."""
    par_contrat: dict[int | None, dict[str, datetime]] = {}
    for c in corrections:
        if c.etat in queries.EN_VIGUEUR:
            par_contrat.setdefault(c.contrat_id, {})[c.champ] = c.cree_le
    return par_contrat


def _contrats(
    contrats: Sequence[ContratLu],
    valeurs_source: Mapping[str, Any] | None,
    corriges: Mapping[int | None, Mapping[str, datetime]],
    cotes: Mapping[str, str],
) -> list[ContratVu]:
    dits = sources.contrats_dits(charger(valeurs_source)) if valeurs_source else []
    vus = []
    for rang, contrat in enumerate(contrats, start=1):
        dit = sources.contrat_dit(dits, rang=contrat.rang, debut_source=contrat.debut_source)
        siret = cotes.get(f"siret_employeur{dit.suffixe}") if dit else None
        estimee = causes.estimee(contrat.cause_legale, contrat.debut, contrat.rupture)
        cause = causes.CAUSES[contrat.cause_legale] if contrat.cause_legale else None
        conteste = motifs.CONTESTATIONS[contrat.contestation] if contrat.contestation else ""
        contestee = conteste[:1].lower() + conteste[1:] or None
        vus.append(ContratVu(contrat, rang, corriges.get(contrat.id, {}), siret, cause, estimee, contestee))
    return vus


def _historique(corrections: Sequence[CorrectionVue], contrats: Sequence[ContratLu]) -> list[LigneHistorique]:
    rangs = {contrat.id: rang for rang, contrat in enumerate(contrats, start=1)}
    return [
        LigneHistorique(
            id=c.id,
            champ=c.champ,
            contrat_id=c.contrat_id,
            rang=rangs.get(c.contrat_id) if c.contrat_id else None,
            libelle=libelle(c.champ),
            avant=lue(c.champ, c.valeur_avant),
            valeur=lue(c.champ, c.valeur),
            conflit=lue(c.champ, c.valeur_conflit),
            motif=motifs.TOUS.get(c.motif, ""),
            commentaire=c.commentaire,
            auteur=c.auteur,
            demande_id=c.demande_id,
            etat=c.etat,
            le=c.cree_le,
            close_le=c.close_le,
            en_vigueur=c.etat in queries.EN_VIGUEUR,
        )
        for c in corrections
    ]
