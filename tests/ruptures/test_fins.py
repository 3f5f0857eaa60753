"""Files of contracts that reached their term: exactly what the statuses say (decisions 9 and 31). No database."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tdba.effectifs.statuts import ContratDates, Motif, Parcours, Statut, parcours
from tdba.ruptures.fins import fins_voulues
from tdba.ruptures.regles import DossierVoulu, dossiers_voulus

ENTREE, FIN = date(2026, 9, 1), date(2027, 8, 31)
OCTOBRE, TERME, LENDEMAIN = date(2026, 10, 1), date(2027, 2, 28), date(2027, 3, 1)
REGLAGES = settings(derandomize=True, deadline=None, database=None, max_examples=300)


def voulus(*contrats: ContratDates, fin: date = FIN, exclusion: date | None = None) -> list[DossierVoulu]:
    return fins_voulues(entree=ENTREE, fin=fin, contrats=contrats, exclusion=exclusion)


def test_un_contrat_arrive_a_terme_ouvre_un_dossier_le_lendemain() -> None:
    """Closed by the last day, which the statuses call FIN_DE_FORMATION after a natural end."""
    assert voulus(ContratDates(OCTOBRE, TERME)) == [DossierVoulu(OCTOBRE, LENDEMAIN, FIN, "FIN_DE_FORMATION")]


def test_a_soixante_jours_de_la_fin_le_terme_est_une_fin_de_formation() -> None:
    """Sixty days from the day after the term to the day after the end, both those of the statuses."""
    assert voulus(ContratDates(OCTOBRE, FIN - timedelta(days=60))) == []
    assert len(voulus(ContratDates(OCTOBRE, FIN - timedelta(days=61)))) == 1


def test_le_contrat_suivant_clot_et_s_il_est_retire_le_dossier_rouvre() -> None:
    premier, suivant = ContratDates(OCTOBRE, TERME), ContratDates(date(2027, 4, 1), FIN)
    assert voulus(premier, suivant) == [DossierVoulu(OCTOBRE, LENDEMAIN, date(2027, 4, 1), "NOUVEAU_CONTRAT")]
    assert voulus(premier)[0].clos_du == FIN


def test_le_contrat_suivant_enchaine_n_ouvre_rien() -> None:
    assert voulus(ContratDates(OCTOBRE, TERME), ContratDates(LENDEMAIN, FIN)) == []


def test_une_rupture_ne_s_appelle_jamais_un_terme() -> None:
    assert voulus(ContratDates(OCTOBRE, FIN, TERME)) == []


def test_chaque_terme_sans_suite_a_son_dossier() -> None:
    second = ContratDates(date(2027, 4, 1), date(2027, 5, 31))
    assert [d.contrat_debut for d in voulus(ContratDates(OCTOBRE, TERME), second)] == [
        OCTOBRE,
        date(2027, 4, 1),
    ]


def test_une_exclusion_apres_le_delai_depasse_clot_encore() -> None:
    """The exclusion makes no step once the delay has made one: its day closes all the same."""
    fin, tard = date(2028, 8, 31), date(2027, 12, 1)
    assert voulus(ContratDates(OCTOBRE, TERME), fin=fin, exclusion=tard)[0][2:] == (tard, "EXCLUSION")


def test_deux_contrats_a_la_fois_le_dernier_commence_dit_si_c_est_une_rupture() -> None:
    """Decision 31 puts them in the rupture list, or not: one file in either case."""
    long, court = ContratDates(OCTOBRE, TERME), ContratDates(date(2026, 11, 2), FIN, date(2026, 12, 1))
    assert voulus(long, court) == []
    rompu, acheve = (
        ContratDates(OCTOBRE, FIN, TERME),
        ContratDates(date(2026, 11, 2), date(2026, 12, 1)),
    )
    assert dossiers_voulus(fin=FIN, contrats=[rompu, acheve]) == []
    assert [d[:2] for d in voulus(rompu, acheve)] == [(date(2026, 11, 2), TERME)]


def test_un_29_fevrier_est_un_jour_comme_un_autre() -> None:
    fin = date(2028, 8, 31)
    assert voulus(ContratDates(OCTOBRE, date(2028, 2, 28)), fin=fin)[0].ouvert_du == date(2028, 2, 29)
    assert voulus(ContratDates(OCTOBRE, date(2028, 2, 29)), fin=fin)[0].ouvert_du == date(2028, 3, 1)


def test_une_fin_ecrite_au_bout_du_calendrier_ne_clot_jamais() -> None:
    assert voulus(ContratDates(OCTOBRE, TERME), fin=date.max)[0].ouvert_du == LENDEMAIN


# Against the statuses, read day by day ---------------------------------------------------------------------------

ECARTS = st.sampled_from([0, 1, 59, 60, 61, 62, 89, 90, 91, 179, 180, 181]) | st.integers(0, 420)
JOURS = ECARTS.map(lambda n: ENTREE + timedelta(days=n - 60))


@st.composite
def contrats_quelconques(draw: st.DrawFn) -> ContratDates:
    debut = draw(JOURS)
    ecart = st.none() | ECARTS.map(lambda n: debut + timedelta(days=n - 5))
    return ContratDates(debut, draw(ecart), draw(ecart))


@st.composite
def contrats_enchaines(draw: st.DrawFn) -> list[ContratDates]:
    """One after the other, each with days of its own: what a CFA sends when nothing is wrong."""
    contrats, jour = [], ENTREE
    for attente, duree, rompu in draw(st.lists(st.tuples(ECARTS, ECARTS, st.booleans()), max_size=4)):
        debut = jour + timedelta(days=attente)
        fin = debut + timedelta(days=duree + 1)
        contrats.append(ContratDates(debut, fin, fin if rompu else None))
        jour = fin + timedelta(days=1)
    return contrats


def ouverts(dossiers: list[DossierVoulu], jour: date) -> list[DossierVoulu]:
    return [d for d in dossiers if d.ouvert_du <= jour and (d.clos_du is None or jour < d.clos_du)]


def attend(calcule: Parcours, jour: date, fin: date, exclusion: date | None) -> Motif | None:
    """The motif of the wait of that day; None for a youth who waits for no next contract."""
    if jour > fin or (exclusion and jour >= exclusion):
        return None
    passees = [e for e in calcule.etapes if e.du <= jour]
    if not passees:
        return None
    if passees[-1].statut is Statut.ABANDON and len(passees) > 1:
        passees.pop()
    return passees[-1].motif if passees[-1].statut is Statut.RUPTURANT else None


@REGLAGES
@given(ECARTS, st.lists(contrats_quelconques(), max_size=4), st.none() | JOURS)
def test_qui_attend_un_contrat_a_un_dossier_et_un_seul(
    ecart: int, contrats: list[ContratDates], exclusion: date | None
) -> None:
    """Whatever overlaps: RUPTURANT, or ABANDON by delay after it, is one file; a term is one on no other day."""
    fin = ENTREE + timedelta(days=ecart)
    calcule = parcours(entree=ENTREE, fin=fin, contrats=contrats, exclusion=exclusion)
    rompus = dossiers_voulus(fin=fin, contrats=contrats, exclusion=exclusion)
    termes = fins_voulues(entree=ENTREE, fin=fin, contrats=contrats, exclusion=exclusion)
    assert len({d.contrat_debut for d in termes}) == len(termes)
    for n in range(-62, ecart + 3):
        jour = ENTREE + timedelta(days=n)
        a_terme = ouverts(termes, jour)
        if attend(calcule, jour, fin, exclusion) is None:
            assert a_terme == []
        else:
            assert len(a_terme) + len(ouverts(rompus, jour)) == 1


@REGLAGES
@given(ECARTS, contrats_enchaines(), st.none() | JOURS)
def test_contrats_enchaines_le_genre_du_dossier_est_le_motif_du_statut(
    ecart: int, contrats: list[ContratDates], exclusion: date | None
) -> None:
    """RUPTURE for the files of ruptures, FIN_DE_CONTRAT for the others, each on exactly its days (decision 9)."""
    fin = ENTREE + timedelta(days=ecart)
    contrats = [contrat for contrat in contrats if contrat.debut and contrat.debut <= fin]
    calcule = parcours(entree=ENTREE, fin=fin, contrats=contrats, exclusion=exclusion)
    rompus = dossiers_voulus(fin=fin, contrats=contrats, exclusion=exclusion)
    termes = fins_voulues(entree=ENTREE, fin=fin, contrats=contrats, exclusion=exclusion)
    for n in range(-62, ecart + 3):
        jour = ENTREE + timedelta(days=n)
        motif = attend(calcule, jour, fin, exclusion)
        assert bool(ouverts(termes, jour)) == (motif is Motif.FIN_DE_CONTRAT)
        assert bool(ouverts(rompus, jour)) == (motif is Motif.RUPTURE)
