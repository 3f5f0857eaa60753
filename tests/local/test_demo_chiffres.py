"""The invented country follows the published figures (DEPP SIFA 2023-2024, Dares 2022 to 2024), on 20,000 records."""

from collections import Counter
from datetime import date, timedelta
from functools import cache

import pytest

from tdba.effectifs.statuts import ContratDates, Statut, parcours
from tdba.local.demo_certifications import GROUPES, PARTS_PAR_GROUPE, groupe
from tdba.local.demo_jeunes import Jeune, fiches
from tdba.local.demo_organismes import ORGANISMES, quotas
from tdba.local.demo_parcours import NEUF_MOIS

JOUR = date(2026, 10, 31)
ANNEE = 2026


@cache
def _fiches() -> list[tuple[Jeune, int]]:
    return [
        fiche
        for o in ORGANISMES
        for fiche in fiches(o.etablissement, quotas(20_000).get(o.code, 0), 42, JOUR, (ANNEE - 1, ANNEE))
    ]


@cache
def _de_l_an_passe() -> list[Jeune]:
    """The youths who entered a year ago: all of them are still sent, whatever became of them."""
    return list({id(j): j for j, _ in _fiches() if j.scolarite.cohorte == ANNEE - 1}.values())


def _statut(jeune: Jeune) -> Statut | None:
    scolarite = jeune.scolarite
    return parcours(
        entree=scolarite.entree,
        fin=scolarite.fin,
        contrats=[ContratDates(c.debut, c.fin, c.rupture) for c in scolarite.contrats],
        exclusion=scolarite.exclusion or scolarite.sortie,
    ).au(JOUR)


def test_autant_de_fiches_que_demande_sur_deux_annees() -> None:
    assert len(_fiches()) == 20_000
    parts = Counter(annee for _, annee in _fiches())
    assert parts[ANNEE] / 20_000 == pytest.approx(0.5, abs=0.05)


def test_les_niveaux_se_partagent_comme_dans_sifa() -> None:
    niveaux = Counter(groupe(jeune.certification.niveau) for jeune, _ in _fiches())
    for niveau in GROUPES:
        assert niveaux[niveau] / 20_000 == pytest.approx(PARTS_PAR_GROUPE[niveau], abs=0.015)


def test_quatre_apprentis_sur_dix_sont_des_filles() -> None:
    assert sum(j.identite.sexe == "F" for j, _ in _fiches()) / 20_000 == pytest.approx(0.426, abs=0.015)


def test_la_moitie_des_contrats_commence_en_septembre() -> None:
    premiers = [j.scolarite.contrats[0].debut for j in _de_l_an_passe() if j.scolarite.contrats]
    assert sum(debut.month == 9 for debut in premiers) / len(premiers) == pytest.approx(0.51, abs=0.03)


def _rompus_en_neuf_mois(jeunes: list[Jeune]) -> float:
    observables = [
        c for j in jeunes for c in j.scolarite.contrats[:1] if c.debut <= JOUR - timedelta(days=NEUF_MOIS)
    ]
    rompus = sum(c.rupture is not None and (c.rupture - c.debut).days <= NEUF_MOIS for c in observables)
    return rompus / len(observables)


def test_un_contrat_sur_cinq_est_rompu_dans_les_neuf_mois() -> None:
    assert _rompus_en_neuf_mois(_de_l_an_passe()) == pytest.approx(0.21, abs=0.02)


@pytest.mark.parametrize(("niveau", "taux"), [(3, 0.293), (5, 0.262), (6, 0.137)])
def test_les_ruptures_suivent_le_niveau(niveau: int, taux: float) -> None:
    jeunes = [j for j in _de_l_an_passe() if groupe(j.certification.niveau) == niveau]
    assert _rompus_en_neuf_mois(jeunes) == pytest.approx(taux, abs=0.035)


def test_peu_retrouvent_un_contrat_apres_une_rupture() -> None:
    """6 % within two months, 2 % more within six."""
    ecarts = []
    for jeune in _de_l_an_passe():
        contrats = jeune.scolarite.contrats
        for contrat, suivant in zip(contrats, (*contrats[1:], None), strict=False):
            if contrat.rupture and contrat.rupture < JOUR - timedelta(days=180):
                ecarts.append((suivant.debut - contrat.rupture).days if suivant else 9_999)
    assert sum(e <= 61 for e in ecarts) / len(ecarts) == pytest.approx(0.06, abs=0.025)
    assert sum(e <= 183 for e in ecarts) / len(ecarts) == pytest.approx(0.08, abs=0.03)


def test_fin_octobre_un_jeune_sur_treize_attend_son_premier_contrat() -> None:
    de_l_annee = [j for j, annee in _fiches() if annee == ANNEE]
    statuts = Counter(_statut(j) for j in de_l_annee)
    assert 0.06 <= statuts[Statut.INSCRIT] / len(de_l_annee) <= 0.095
    assert 0.03 <= statuts[Statut.RUPTURANT] / len(de_l_annee) <= 0.09
    assert statuts[Statut.APPRENTI] / len(de_l_annee) > 0.75
    assert 0 < statuts[None] / len(de_l_annee) < 0.03


def test_les_plus_jeunes_sont_en_cap() -> None:
    """15 to 18 for most of those who enter a CAP, nobody under 18 in a master."""

    def ages(niveau: int) -> list[int]:
        return [
            (j.scolarite.entree - j.identite.naissance).days // 365
            for j, _ in _fiches()
            if j.certification.niveau == niveau
        ]

    assert sum(15 <= age <= 18 for age in ages(3)) / len(ages(3)) > 0.7
    assert min(ages(3)) >= 15
    assert min(ages(7)) >= 18


def test_certains_contrats_arrivent_a_leur_terme_et_certains_sont_exclus() -> None:
    jeunes = [j.scolarite for j, _ in _fiches()]
    assert any(len(s.contrats) > 1 and s.contrats[0].rupture is None for s in jeunes)
    assert 0.002 < sum(s.exclusion is not None for s in jeunes) / len(jeunes) < 0.02
    assert any(s.civile for s in jeunes)
    assert any(s.entree > JOUR for s in jeunes)
