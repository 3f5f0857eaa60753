"""What a correction will change for the files of ruptures to come and for youths without a contract."""

from datetime import date

from tdba.effectifs.effet import Situation
from tdba.effectifs.statuts import ContratDates, parcours
from tdba.ruptures.consequences import annoncer

JOUR, ENTREE, FIN = date(2026, 11, 18), date(2026, 9, 1), date(2027, 8, 31)


def situation(*contrats: ContratDates, exclusion: date | None = None) -> Situation:
    calcule = parcours(entree=ENTREE, fin=FIN, contrats=contrats, exclusion=exclusion)
    return Situation(calcule, contrats, ENTREE, FIN, exclusion)


def phrases(avant: Situation, apres: Situation) -> list[str]:
    return [p.replace("\xa0", " ") for p in annoncer(1, avant, apres, JOUR)]


def test_une_rupture_a_venir_ouvrira_un_dossier() -> None:
    sans, avec = situation(ContratDates(ENTREE, FIN)), situation(ContratDates(ENTREE, FIN, date(2027, 1, 5)))
    assert phrases(sans, avec) == ["Un dossier de rupture s’ouvrira le 5 janvier 2027."]
    assert phrases(avec, sans) == ["Le dossier de rupture prévu le 5 janvier 2027 ne s’ouvrira pas."]


def test_un_premier_contrat_sort_du_suivi_des_jeunes_sans_contrat() -> None:
    sans, avec = situation(), situation(ContratDates(date(2026, 11, 2), FIN))
    assert phrases(sans, avec) == ["Ce jeune ne sera plus suivi parmi ceux qui n’ont pas encore de contrat."]
    assert phrases(avec, sans) == ["Ce jeune sera suivi parmi ceux qui n’ont pas encore de contrat."]


def test_ce_que_dit_deja_l_effet_n_est_pas_repete() -> None:
    rompu = situation(ContratDates(ENTREE, FIN, date(2026, 10, 5)))
    assert phrases(situation(ContratDates(ENTREE, FIN)), rompu) == []


def test_un_terme_sans_suite_ouvrira_un_suivi() -> None:
    long, court = situation(ContratDates(ENTREE, FIN)), situation(ContratDates(ENTREE, date(2027, 2, 28)))
    assert phrases(long, court) == [
        "Un suivi s’ouvrira le 1er mars 2027, lendemain du terme, si aucun contrat ne commence avant."
    ]
    assert phrases(court, long) == ["Le suivi prévu le 1er mars 2027 ne s’ouvrira pas."]


def test_un_terme_deja_passe_fait_suivre_ce_jeune_aujourd_hui() -> None:
    long, passe = situation(ContratDates(ENTREE, FIN)), situation(ContratDates(ENTREE, date(2026, 11, 10)))
    assert phrases(long, passe) == [
        "Ce jeune sera suivi parmi ceux dont le contrat est arrivé à terme sans suite."
    ]
    assert phrases(passe, long) == [
        "Ce jeune ne sera plus suivi parmi ceux dont le contrat est arrivé à terme sans suite."
    ]
