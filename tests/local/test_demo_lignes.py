"""The lines that the demo sends: good ones pass the intake, wrong ones are refused for their planned reason."""

from collections import Counter
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest

from tdba.effectifs.statuts import ContratDates, Motif, Parcours, Statut, parcours
from tdba.local.demo_jeunes import fiches
from tdba.local.demo_lignes import Ligne, jour_connu, lignes
from tdba.local.demo_noms import DIFFICILES
from tdba.local.demo_organismes import JOURS_DE_SILENCE, N_ENVOIE_PLUS, ORGANISMES, PAR_CODE, quotas
from tdba.local.demo_refus import REFUS, REFUS_DU_REFERENTIEL
from tdba.transmissions.lignes import ERP, contrats, lire

JOUR = date(2026, 11, 18)
EFFECTIFS = 4_000
COUPLES = {(o.uai, o.siret) for o in ORGANISMES}
DUNES = ("DUN", "DU2", "DU3")


def _lire(ligne: Ligne) -> Any:
    return lire(ligne.contenu, source=ERP, couple_connu=lambda uai, siret: (uai, siret) in COUPLES)


@cache
def _toutes() -> list[tuple[str, Ligne]]:
    return [
        (o.code, ligne)
        for o in ORGANISMES
        if o.code in quotas(EFFECTIFS)
        for ligne in lignes(o, effectifs=EFFECTIFS, graine=42, aujourd_hui=JOUR)
    ]


@cache
def _dunes(jour: date) -> list[dict[str, Any]]:
    """Valid values of the records of the CFA des Dunes, as the intake reads them."""
    recues = [
        ligne
        for code in DUNES
        for ligne in lignes(PAR_CODE[code], effectifs=20_000, graine=42, aujourd_hui=jour)
    ]
    return [_lire(ligne).valeurs for ligne in recues if ligne.refus is None]


def _parcours(valeurs: dict[str, Any]) -> Parcours:
    return parcours(
        entree=valeurs["date_entree_formation"],
        fin=valeurs["date_fin_formation"],
        contrats=[ContratDates(c.debut, c.fin, c.rupture) for c in contrats(valeurs)],
        exclusion=valeurs.get("date_exclusion_formation"),
    )


def test_meme_graine_memes_lignes_et_autre_graine_autres_lignes() -> None:
    def tirer(graine: int) -> list[Ligne]:
        return list(lignes(PAR_CODE["FAL"], effectifs=EFFECTIFS, graine=graine, aujourd_hui=JOUR))

    assert tirer(42) == tirer(42)
    assert tirer(42) != tirer(43)


def test_ce_qu_un_cfa_envoie_ne_depend_pas_des_autres() -> None:
    etablissement = PAR_CODE["GEA"].etablissement
    courte = list(fiches(etablissement, 20, 42, JOUR, (2025, 2026)))
    assert list(fiches(etablissement, 60, 42, JOUR, (2025, 2026)))[:20] == courte


def test_toutes_les_lignes_sont_acceptees_sauf_celles_qui_sont_fausses_expres() -> None:
    assert len(_toutes()) > EFFECTIFS
    for code, ligne in _toutes():
        attendue = ligne.refus is None or ligne.refus in REFUS_DU_REFERENTIEL
        assert _lire(ligne).valide is attendue, (code, ligne.refus, _lire(ligne).erreurs)


def test_une_ligne_sur_cent_est_fausse_et_chaque_refus_est_montre() -> None:
    fausses = Counter(ligne.refus for _, ligne in _toutes() if ligne.refus)
    assert set(fausses) == {nom for nom, _ in REFUS}
    grand = list(lignes(PAR_CODE["CAR"], effectifs=20_000, graine=42, aujourd_hui=JOUR))
    assert sum(1 for ligne in grand if ligne.refus) == len(grand) // 100


def test_les_dunes_montrent_tous_les_refus() -> None:
    recues = lignes(PAR_CODE["DUN"], effectifs=20_000, graine=42, aujourd_hui=JOUR)
    assert {ligne.refus for ligne in recues} == {None, *(nom for nom, _ in REFUS)}


def test_un_dossier_n_est_envoye_qu_une_fois_par_annee() -> None:
    cles = Counter(
        (code, ligne.contenu["annee_scolaire"], ligne.contenu["id_erp_apprenant"])
        for code, ligne in _toutes()
        if ligne.refus is None
    )
    assert max(cles.values()) == 1


def test_tous_les_noms_difficiles_sont_chez_les_dunes() -> None:
    noms = {(v["nom_apprenant"], v["prenom_apprenant"]) for v in _dunes(JOUR)}
    assert noms >= {(nom.upper(), prenom) for nom, prenom, _ in DIFFICILES}


@pytest.mark.parametrize("jour", [date(2026, 8, 3), date(2026, 11, 18), date(2027, 2, 1), date(2027, 6, 28)])
def test_chaque_segment_a_du_monde_quel_que_soit_le_jour_ou_la_demo_demarre(jour: date) -> None:
    """Decision 31: 0-44, 45-89, 90-179, 180 and more after a rupture; 0-44, 45-74, 75-90, beyond without contract."""
    ruptures: Counter[int] = Counter()
    attentes: Counter[int] = Counter()
    for valeurs in _dunes(jour):
        siens = contrats(valeurs)
        commences = [c for c in siens if c.debut <= jour]
        etape = _parcours(valeurs).etape_au(jour)
        if etape is None:
            continue
        if commences and (rompu := commences[-1].rupture) and rompu <= jour:
            ruptures[sum((jour - rompu).days >= borne for borne in (0, 45, 90, 180))] += 1
        elif not siens and etape.statut in (Statut.INSCRIT, Statut.ABANDON):
            attente = (jour - valeurs["date_entree_formation"]).days
            attentes[sum(attente >= borne for borne in (0, 45, 75, 91))] += 1
    assert min(ruptures[segment] for segment in (1, 2, 3, 4)) >= 2
    assert min(attentes[segment] for segment in (1, 2, 3, 4)) >= 1


def test_les_dunes_ont_chaque_statut_chaque_motif_et_des_mineurs() -> None:
    etapes = [_parcours(valeurs).etape_au(JOUR) for valeurs in _dunes(JOUR)]
    assert {etape.statut if etape else None for etape in etapes} == {None, *Statut}
    assert {etape.motif for etape in etapes if etape} == {None, *Motif}
    dix_huit_ans = JOUR - timedelta(days=18 * 366)
    assert sum(v["date_de_naissance_apprenant"] > dix_huit_ans for v in _dunes(JOUR)) > 40


def test_le_cfa_qui_n_envoie_plus_parle_du_jour_ou_il_s_est_tu() -> None:
    silence = PAR_CODE[N_ENVOIE_PLUS]
    assert jour_connu(silence, JOUR) == JOUR - timedelta(days=JOURS_DE_SILENCE)
    ruptures = [
        c.rupture
        for ligne in lignes(silence, effectifs=20_000, graine=42, aujourd_hui=JOUR)
        for c in contrats(_lire(ligne).valeurs)
        if ligne.refus is None and c.rupture
    ]
    assert max(ruptures) <= JOUR - timedelta(days=JOURS_DE_SILENCE - 20)


def test_trois_logiciels_ecrivent_la_meme_date_de_trois_facons() -> None:
    ecritures = {
        next(iter(lignes(PAR_CODE[code], effectifs=EFFECTIFS, graine=42, aujourd_hui=JOUR))).contenu[
            "date_entree_formation"
        ][10:]
        for code in ("EST", "BAI", "AJO")
    }
    assert ecritures in ({"", "T00:00:00.000Z", "T22:00:00.000Z"}, {"", "T00:00:00.000Z", "T23:00:00.000Z"})
