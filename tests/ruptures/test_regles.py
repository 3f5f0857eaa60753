"""Files that contracts open and close, and the delays that run on them (decision 31, domain.md §3.2 and §3.3)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tdba.effectifs.annees import comptees
from tdba.effectifs.statuts import ContratDates, Statut, parcours
from tdba.ruptures.regles import (
    RUPTURE,
    SANS_CONTRAT,
    DossierVoulu,
    Fenetre,
    SegmentRupture,
    SegmentSansContrat,
    ajouter_mois,
    dossiers_voulus,
    echeance_rupture,
    echeance_sans_contrat,
    fenetre_sans_contrat,
    ne_au_plus_tard,
    segment_rupture,
    segment_sans_contrat,
    semaine_de,
    situation,
)

ENTREE, FIN = date(2026, 9, 1), date(2027, 8, 31)
OCTOBRE, DECEMBRE, FEVRIER = date(2026, 10, 1), date(2026, 12, 1), date(2027, 2, 1)
LENDEMAIN = date(2027, 9, 1)


def voulus(
    *contrats: ContratDates, fin: date | None = FIN, exclusion: date | None = None
) -> list[DossierVoulu]:
    return dossiers_voulus(fin=fin, contrats=contrats, exclusion=exclusion)


# A rupture opens a file ------------------------------------------------------------------------------------------


def test_un_contrat_rompu_ouvre_un_dossier_le_jour_de_la_rupture_jusqu_a_la_fin_de_la_formation() -> None:
    assert voulus(ContratDates(OCTOBRE, FIN, DECEMBRE)) == [
        DossierVoulu(OCTOBRE, DECEMBRE, LENDEMAIN, "FIN_DE_FORMATION")
    ]


def test_un_contrat_en_cours_ou_arrive_a_terme_n_ouvre_rien() -> None:
    assert voulus(ContratDates(OCTOBRE, FIN)) == []
    assert voulus(ContratDates(OCTOBRE, DECEMBRE)) == []
    assert voulus() == []


@pytest.mark.parametrize("ecart", [-30, 0])
def test_une_rupture_le_jour_du_debut_ou_avant_n_est_pas_une_rupture(ecart: int) -> None:
    assert voulus(ContratDates(OCTOBRE, FIN, OCTOBRE + timedelta(days=ecart))) == []


def test_une_rupture_a_venir_ecrit_deja_son_dossier() -> None:
    a_venir = date(2027, 6, 15)
    assert voulus(ContratDates(OCTOBRE, FIN, a_venir))[0].ouvert_du == a_venir


def test_une_rupture_apres_la_fin_de_la_formation_n_ouvre_rien() -> None:
    assert voulus(ContratDates(OCTOBRE, None, LENDEMAIN)) == []


def test_sans_fin_connue_le_dossier_reste_ouvert() -> None:
    assert voulus(ContratDates(OCTOBRE, None, DECEMBRE), fin=None) == [
        DossierVoulu(OCTOBRE, DECEMBRE, None, None)
    ]


def test_une_fin_ecrite_au_dernier_jour_du_calendrier_ne_casse_rien() -> None:
    assert voulus(ContratDates(OCTOBRE, None, DECEMBRE), fin=date.max)[0].clos_du is None


# What closes it ---------------------------------------------------------------------------------------------------


def test_le_contrat_suivant_clot_le_dossier_le_jour_ou_il_commence() -> None:
    trouves = voulus(ContratDates(OCTOBRE, FIN, DECEMBRE), ContratDates(FEVRIER, FIN))
    assert trouves == [DossierVoulu(OCTOBRE, DECEMBRE, FEVRIER, "NOUVEAU_CONTRAT")]


def test_deux_ruptures_font_deux_dossiers() -> None:
    avril = date(2027, 4, 1)
    trouves = voulus(ContratDates(OCTOBRE, FIN, DECEMBRE), ContratDates(FEVRIER, FIN, avril))
    assert trouves == [
        DossierVoulu(OCTOBRE, DECEMBRE, FEVRIER, "NOUVEAU_CONTRAT"),
        DossierVoulu(FEVRIER, avril, LENDEMAIN, "FIN_DE_FORMATION"),
    ]


def test_un_contrat_commence_avant_la_rupture_ou_le_meme_jour_laisse_sans_dossier() -> None:
    rompu = ContratDates(OCTOBRE, FIN, DECEMBRE)
    assert voulus(rompu, ContratDates(DECEMBRE, FIN)) == []
    assert voulus(rompu, ContratDates(date(2026, 11, 1), FIN)) == []


def test_une_exclusion_clot_le_dossier_et_empeche_d_en_ouvrir_un() -> None:
    rompu = ContratDates(OCTOBRE, FIN, DECEMBRE)
    assert voulus(rompu, exclusion=FEVRIER)[0][2:] == (FEVRIER, "EXCLUSION")
    assert voulus(rompu, exclusion=DECEMBRE) == []


def test_exclu_le_jour_du_nouveau_contrat_le_dossier_est_clos_par_l_exclusion() -> None:
    trouves = voulus(ContratDates(OCTOBRE, FIN, DECEMBRE), ContratDates(FEVRIER, FIN), exclusion=FEVRIER)
    assert trouves[0].cause_cloture == "EXCLUSION"


def test_un_contrat_qui_n_a_jamais_couru_ne_clot_rien() -> None:
    rompu = ContratDates(OCTOBRE, FIN, DECEMBRE)
    assert voulus(rompu, ContratDates(FEVRIER, FIN, FEVRIER))[0].clos_du == LENDEMAIN
    assert voulus(rompu, ContratDates(FEVRIER, OCTOBRE))[0].clos_du == LENDEMAIN


def test_de_deux_contrats_commences_le_meme_jour_le_dernier_de_la_liste_reste() -> None:
    rompu, garde = ContratDates(OCTOBRE, FIN, DECEMBRE), ContratDates(OCTOBRE, FIN)
    assert voulus(rompu, garde) == []
    assert len(voulus(garde, rompu)) == 1


# Against the sentence of decision 31, read day by day -----------------------------------------------------------


def en_rupture(jour: date, fin: date | None, contrats: list[ContratDates], exclusion: date | None) -> bool:
    """The sentence as it is written, without a thought for speed."""
    if (fin and jour > fin) or (exclusion and jour >= exclusion):
        return False
    gardes = {c.debut: c for c in contrats}.values()
    courus = [
        c for c in gardes if c.debut and (c.rupture > c.debut if c.rupture else not c.fin or c.fin >= c.debut)
    ]
    commences = [c for c in courus if c.debut and c.debut <= jour]
    if not commences:
        return False
    dernier = max(commences, key=lambda c: c.debut or date.min)
    return dernier.rupture is not None and dernier.rupture <= jour


JOUR_0 = date(2026, 9, 1)
jours = st.integers(0, 30).map(lambda n: JOUR_0 + timedelta(days=n))
contrats_possibles = st.lists(
    st.builds(ContratDates, jours, st.none() | jours, st.none() | jours), max_size=4
)


@given(st.none() | jours, contrats_possibles, st.none() | jours)
def test_un_dossier_est_ouvert_exactement_les_jours_ou_la_decision_31_met_dans_la_liste(
    fin: date | None, contrats: list[ContratDates], exclusion: date | None
) -> None:
    dossiers = dossiers_voulus(fin=fin, contrats=contrats, exclusion=exclusion)
    for n in range(-1, 34):
        jour = JOUR_0 + timedelta(days=n)
        ouverts = [d for d in dossiers if d.ouvert_du <= jour and (d.clos_du is None or jour < d.clos_du)]
        assert [True] * len(ouverts) == [True] * en_rupture(jour, fin, contrats, exclusion)


@given(jours, contrats_possibles, st.none() | jours)
def test_sans_contrat_est_ouvert_exactement_tant_que_le_statut_est_inscrit_ou_depasse(
    fin: date, contrats: list[ContratDates], exclusion: date | None
) -> None:
    """Thirty days never exceed the delay: the file is open on the days of INSCRIT, and on the last one of all."""
    fenetre = fenetre_sans_contrat(entree=JOUR_0, fin=fin, contrats=contrats, exclusion=exclusion)
    calcule = parcours(entree=JOUR_0, fin=fin, contrats=contrats, exclusion=exclusion)
    for n in range((fin - JOUR_0).days):
        jour = JOUR_0 + timedelta(days=n)
        ouvert = (
            fenetre is not None
            and fenetre.ouvert_du <= jour
            and (not fenetre.clos_du or jour < fenetre.clos_du)
        )
        if calcule.au(jour) is Statut.INSCRIT:
            assert ouvert
        elif calcule.au(jour) in (Statut.APPRENTI, Statut.RUPTURANT):
            assert not ouvert


def test_sans_contrat_depuis_l_entree_jusqu_au_premier_contrat() -> None:
    fenetre = fenetre_sans_contrat(entree=ENTREE, fin=FIN, contrats=[ContratDates(DECEMBRE, FIN)])
    assert fenetre == Fenetre(ENTREE, DECEMBRE, "NOUVEAU_CONTRAT")


def test_qui_avait_un_contrat_des_l_entree_n_a_jamais_ete_sans() -> None:
    assert fenetre_sans_contrat(entree=ENTREE, fin=FIN, contrats=[ContratDates(ENTREE, FIN)]) is None


# Delays -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("jours_ecoules", "segment"),
    [
        (0, SegmentRupture.RECENTE),
        (44, SegmentRupture.RECENTE),
        (45, SegmentRupture.INSTALLEE),
        (89, SegmentRupture.INSTALLEE),
        (90, SegmentRupture.LONGUE),
        (179, SegmentRupture.LONGUE),
        (180, SegmentRupture.DELAI_DEPASSE),
        (900, SegmentRupture.DELAI_DEPASSE),
    ],
)
def test_segments_d_une_rupture(jours_ecoules: int, segment: SegmentRupture) -> None:
    assert segment_rupture(jours_ecoules) is segment


@pytest.mark.parametrize(
    ("jours_ecoules", "segment"),
    [
        (0, SegmentSansContrat.RECENT),
        (44, SegmentSansContrat.RECENT),
        (45, SegmentSansContrat.INSTALLE),
        (74, SegmentSansContrat.INSTALLE),
        (75, SegmentSansContrat.PRES_DU_TERME),
        (90, SegmentSansContrat.PRES_DU_TERME),
        (91, SegmentSansContrat.TERME_DEPASSE),
    ],
)
def test_segments_sans_contrat(jours_ecoules: int, segment: SegmentSansContrat) -> None:
    assert segment_sans_contrat(jours_ecoules) is segment


def test_le_maintien_court_six_mois_de_date_a_date() -> None:
    assert echeance_rupture(date(2026, 3, 3)) == date(2026, 9, 3)
    assert echeance_rupture(date(2026, 8, 31)) == date(2027, 2, 28)
    assert echeance_rupture(date(2027, 8, 31)) == date(2028, 2, 29)


def test_les_trois_mois_courent_de_date_a_date() -> None:
    assert echeance_sans_contrat(date(2026, 9, 1)) == date(2026, 12, 1)
    assert echeance_sans_contrat(date(2026, 11, 30)) == date(2027, 2, 28)
    assert echeance_sans_contrat(date(2028, 2, 29)) == date(2028, 5, 29)


@given(st.dates(), st.integers(-24, 24))
def test_ajouter_des_mois_garde_le_quantieme_ou_prend_le_dernier_du_mois(jour: date, mois: int) -> None:
    if not date(3, 1, 1) <= jour <= date(9990, 1, 1):
        return
    trouve = ajouter_mois(jour, mois)
    assert (trouve.year * 12 + trouve.month) - (jour.year * 12 + jour.month) == mois
    assert trouve.day == jour.day or (trouve.day < jour.day and (trouve + timedelta(days=1)).day == 1)


def test_le_delai_depasse_est_celui_des_statuts() -> None:
    """`depasse_le` is the first day of ABANDON, for both kinds of files."""
    rompu = parcours(entree=ENTREE, fin=FIN, contrats=[ContratDates(ENTREE, FIN, DECEMBRE)])
    abandon = rompu.etapes[-1]
    assert abandon.statut is Statut.ABANDON
    assert situation(RUPTURE, DECEMBRE, abandon.du).depasse_le == abandon.du
    assert situation(RUPTURE, DECEMBRE, abandon.du - timedelta(days=1)).depasse_le is None
    sans = parcours(entree=ENTREE, fin=FIN, contrats=[])
    assert situation(SANS_CONTRAT, ENTREE, date(2026, 12, 24)).depasse_le == sans.etapes[-1].du


def test_l_echeance_n_est_passee_que_le_lendemain() -> None:
    assert not situation(RUPTURE, date(2026, 3, 3), date(2026, 9, 3)).echeance_passee
    assert situation(RUPTURE, date(2026, 3, 3), date(2026, 9, 4)).echeance_passee


def test_une_rupture_a_venir_n_a_pas_encore_de_segment() -> None:
    assert situation(RUPTURE, date(2026, 12, 3), date(2026, 12, 1))[:2] == (-2, None)


# Days and years -----------------------------------------------------------------------------------------------------


def test_ne_un_29_fevrier_on_est_majeur_le_1er_mars() -> None:
    assert ne_au_plus_tard(date(2026, 2, 28), 18) == date(2008, 2, 28)
    assert ne_au_plus_tard(date(2026, 3, 1), 18) == date(2008, 3, 1)
    assert ne_au_plus_tard(date(2028, 2, 29), 18) == date(2010, 2, 28)


def test_la_semaine_va_jusqu_a_dimanche() -> None:
    mercredi = semaine_de(date(2026, 11, 18))
    assert mercredi.dernier_jour == date(2026, 11, 22)
    assert semaine_de(date(2026, 11, 22)).dernier_jour == date(2026, 11, 22)
    assert mercredi.horizon == date(2026, 12, 2)


def test_l_annee_scolaire_change_le_premier_aout() -> None:
    assert comptees(date(2024, 3, 10)) == ("2024-2024", "2023-2024")
    assert comptees(date(2024, 8, 1)) == ("2024-2024", "2024-2025")
