"""What the sheet of an apprentice shows, and what a correction would change: values for templates, no words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from tdba import scope
from tdba.effectifs import consequence, encarts, frise, parcours, queries, raisons, sources
from tdba.effectifs.consequence import Consequence
from tdba.effectifs.correction import Changement
from tdba.effectifs.encarts import Encart
from tdba.effectifs.frise import Frise
from tdba.effectifs.models import Contrat, Effectif
from tdba.effectifs.queries import CorrectionLue, FicheLue, Ouvert
from tdba.effectifs.raisons import EtapeLue
from tdba.effectifs.source_json import charger
from tdba.effectifs.valeurs import depuis_texte
from tdba.scope import Droit

MAJORITE = 18


class ContratVu(NamedTuple):
    """A contract of the sheet. `corriges`: field → instant of its correction in force."""

    contrat: Contrat
    rang: int
    corriges: Mapping[str, datetime]
    siret_recu: str | None
    """Employer's number received and not used (decision 13)."""


class LigneHistorique(NamedTuple):
    """One correction as the history tells it; values typed as their field."""

    id: int
    champ: str
    contrat_debut: date | None
    rang: int | None
    avant: Any
    valeur: Any
    conflit: Any
    motif: str
    commentaire: str | None
    auteur: str
    demande_id: int | None
    etat: str
    le: datetime
    close_le: datetime | None
    en_vigueur: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Fiche:
    """The sheet of one apprentice."""

    lue: FicheLue
    etapes: Sequence[EtapeLue]
    etape: EtapeLue | None
    """The step of the day; None before the first one, or without any."""
    suivante: EtapeLue | None
    dessin: Frise | None
    contrats: Sequence[ContratVu]
    historique: Sequence[LigneHistorique]
    corriges: Mapping[str, datetime]
    mises_de_cote: Mapping[str, str]
    mineur: bool
    contact: bool
    """How to reach the youth is shown: a right of its own (VOIR_COORDONNEES, decision 21)."""
    encarts: Sequence[Encart]

    @property
    def effectif(self) -> Effectif:
        return self.lue.effectif


def fiche(effectif_id: int, jour: date) -> Fiche:
    """Read the sheet in four statements, plus one for each insert. Raises Introuvable when it is not theirs."""
    lue = queries.fiche(effectif_id)
    etapes = queries.etapes_de(effectif_id)
    contrats = queries.contrats_de(effectif_id)
    corrections = queries.corrections_de(effectif_id)
    corriges = _corriges(corrections)
    cotes = sources.mises_de_cote(lue.valeurs_source)
    return Fiche(
        lue=lue,
        etapes=etapes,
        etape=raisons.etape_du_jour(etapes, jour),
        suivante=raisons.etape_suivante(etapes, jour),
        dessin=frise.dessiner(etapes, fin=lue.effectif.date_fin, jour=jour),
        contrats=_contrats(contrats, lue.valeurs_source, corriges, cotes),
        historique=_historique(corrections, contrats),
        corriges=corriges.get(None, {}),
        mises_de_cote=cotes,
        mineur=_mineur(lue.effectif.date_naissance, jour),
        contact=_joignable(lue.effectif),
        encarts=encarts.encarts_de(effectif_id),
    )


def _joignable(effectif: Effectif) -> bool:
    portee = scope.courant().portee(Droit.VOIR_COORDONNEES)
    ici = portee.organismes is None or effectif.organisme_id in portee.organismes
    return ici and portee.statuts is None


def effet(ouvert: Ouvert, changements: Sequence[Changement], jour: date) -> Consequence:
    """Compute the parcours as it is and as it would be, by the rules themselves (domain.md §3), writing nothing."""
    lu = parcours.lire([ouvert.effectif.id])[0]
    voulu = lu
    rangs = {contrat.id: rang for rang, contrat in enumerate(ouvert.contrats)}
    for champ, contrat, valeur in changements:
        if contrat is not None:
            dates = list(getattr(voulu, f"{champ}s") or ())
            dates[rangs[contrat.id]] = valeur
            colonnes: dict[str, Any] = {f"{champ}s": dates}
            voulu = voulu._replace(**colonnes)
    return consequence.comparer(
        parcours.calculer(lu), parcours.calculer(voulu), fin=ouvert.effectif.date_fin, jour=jour
    )


def _mineur(naissance: date, jour: date) -> bool:
    return jour.year - naissance.year - ((jour.month, jour.day) < (naissance.month, naissance.day)) < MAJORITE


def _corriges(corrections: Sequence[CorrectionLue]) -> dict[int | None, dict[str, datetime]]:
    """Contract (None: the record) → field → instant of the correction in force."""
    par_contrat: dict[int | None, dict[str, datetime]] = {}
    for lue in corrections:
        c = lue.correction
        if c.etat in queries.EN_VIGUEUR:
            par_contrat.setdefault(c.contrat_id, {})[c.champ] = c.cree_le
    return par_contrat


def _contrats(
    contrats: Sequence[Contrat],
    valeurs_source: Mapping[str, Any] | None,
    corriges: Mapping[int | None, Mapping[str, datetime]],
    cotes: Mapping[str, str],
) -> list[ContratVu]:
    dits = sources.contrats_dits(charger(valeurs_source)) if valeurs_source else []
    vus = []
    for rang, contrat in enumerate(contrats, start=1):
        dit = sources.contrat_dit(dits, rang=contrat.rang, debut_source=contrat.debut_source)
        siret = cotes.get(f"siret_employeur{dit.suffixe}") if dit else None
        vus.append(ContratVu(contrat, rang, corriges.get(contrat.id, {}), siret))
    return vus


def _historique(corrections: Sequence[CorrectionLue], contrats: Sequence[Contrat]) -> list[LigneHistorique]:
    rangs = {contrat.id: (rang, contrat.debut) for rang, contrat in enumerate(contrats, start=1)}
    lignes = []
    for c, prenom, nom in corrections:
        rang, debut = rangs.get(c.contrat_id, (None, None)) if c.contrat_id else (None, None)
        avant, valeur, conflit = (
            depuis_texte(c.champ, texte) for texte in (c.valeur_avant, c.valeur, c.valeur_conflit)
        )
        lignes.append(
            LigneHistorique(
                id=c.id,
                champ=c.champ,
                contrat_debut=debut,
                rang=rang,
                avant=avant,
                valeur=valeur,
                conflit=conflit,
                motif=c.motif,
                commentaire=c.commentaire,
                auteur=f"{prenom} {nom}",
                demande_id=c.demande_id,
                etat=c.etat,
                le=c.cree_le,
                close_le=c.close_le,
                en_vigueur=c.etat in queries.EN_VIGUEUR,
            )
        )
    return lignes
