"""Who a rule names, and until which day: the dates alone (issue 6 part 4). No database."""

from datetime import date, timedelta

import pytest

from tdba.effectifs.statuts import Statut
from tdba.vigilance import mots, regles
from tdba.vigilance.regles import Constat, Faits, Regle, constats

DEBUT = date(2026, 9, 1)
APPRENTI = Faits(
    statut=Statut.APPRENTI,
    entree=DEBUT,
    fin_formation=date(2027, 8, 31),
    debut=DEBUT,
    terme=date(2027, 8, 31),
)
INSCRIT = Faits(statut=Statut.INSCRIT, entree=DEBUT, fin_formation=date(2027, 8, 31))


def nommees(faits: Faits, jour: date) -> list[Regle]:
    return [c.regle for c in constats(faits, jour)]


def seule(faits: Faits, jour: date) -> Constat:
    (constat,) = constats(faits, jour)
    return constat


def phrase(faits: Faits, jour: date) -> str:
    return mots.phrase(seule(faits, jour), faits, jour).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("jour", "attendu"),
    [
        (date(2026, 8, 31), []),
        (DEBUT, [Regle.PREMIERS_JOURS]),
        (date(2026, 10, 15), [Regle.PREMIERS_JOURS]),
        (date(2026, 10, 16), []),
        (date(2026, 10, 31), []),
        (date(2026, 11, 1), [Regle.TROISIEME_MOIS]),
        (date(2026, 11, 30), [Regle.TROISIEME_MOIS]),
        (date(2026, 12, 1), []),
        (date(2027, 4, 30), []),
        (date(2027, 5, 1), [Regle.NEUF_A_DOUZE]),
        (date(2027, 8, 30), [Regle.NEUF_A_DOUZE]),
        (date(2027, 9, 1), []),
    ],
)
def test_les_mois_d_un_contrat_se_comptent_de_date_a_date(jour: date, attendu: list[Regle]) -> None:
    assert nommees(APPRENTI, jour) == attendu


def test_un_contrat_du_31_decembre_a_son_troisieme_mois_a_partir_du_dernier_jour_de_fevrier() -> None:
    faits = APPRENTI._replace(debut=date(2026, 12, 31), fin_formation=date(2028, 8, 31), terme=None)
    assert nommees(faits, date(2027, 2, 27)) == []
    assert seule(faits, date(2027, 2, 28)) == Constat(
        Regle.TROISIEME_MOIS, date(2027, 2, 28), date(2027, 3, 30)
    )


def test_un_terme_dans_60_jours_nomme_quand_la_formation_continue_plus_de_60_jours_apres() -> None:
    terme = date(2027, 3, 1)
    faits = APPRENTI._replace(terme=terme)
    assert nommees(faits, terme - timedelta(days=61)) == []
    assert seule(faits, terme - timedelta(days=60)) == Constat(
        Regle.FIN_PROCHE, terme - timedelta(days=60), terme
    )
    assert nommees(faits, terme) == [Regle.FIN_PROCHE]
    pres_de_la_fin = faits._replace(fin_formation=terme + timedelta(days=60))
    assert nommees(pres_de_la_fin, terme) == []
    assert nommees(faits._replace(fin_formation=terme + timedelta(days=61)), terme) == [Regle.FIN_PROCHE]


@pytest.mark.parametrize("autre", [{"suivi": True}, {"rompu": True}, {"terme": None}])
def test_un_contrat_suivi_d_un_autre_deja_rompu_ou_sans_terme_ne_finit_pas_bientot(
    autre: dict[str, object],
) -> None:
    faits = APPRENTI._replace(terme=date(2027, 3, 1))._replace(**autre)  # type: ignore[arg-type]
    assert nommees(faits, date(2027, 2, 20)) == []


def test_sans_contrat_a_partir_du_45e_jour_et_les_trois_mois_de_date_a_date() -> None:
    assert nommees(INSCRIT, DEBUT + timedelta(days=44)) == []
    assert seule(INSCRIT, DEBUT + timedelta(days=45)) == Constat(
        Regle.SANS_CONTRAT_45, date(2026, 10, 16), date(2026, 12, 1)
    )


def test_deux_ruptures_avant_ce_contrat_et_pas_une() -> None:
    jour = date(2027, 1, 15)
    assert nommees(APPRENTI._replace(ruptures=1), jour) == []
    assert nommees(APPRENTI._replace(ruptures=2), jour) == [Regle.DEUX_RUPTURES]
    assert nommees(INSCRIT._replace(ruptures=2), DEBUT) == []


@pytest.mark.parametrize(
    ("ruptures", "contrats", "nomme"), [(2, 2, False), (3, 9, True), (3, 10, False), (4, 10, True)]
)
def test_l_employeur_est_nomme_a_trois_ruptures_et_un_tiers_de_ses_contrats(
    ruptures: int, contrats: int, nomme: bool
) -> None:
    faits = APPRENTI._replace(
        employeur_ruptures=ruptures, employeur_contrats=contrats, employeur_derniere=date(2026, 5, 4)
    )
    assert (Regle.EMPLOYEUR in nommees(faits, date(2027, 1, 15))) is nomme


def test_une_regle_eteinte_ne_nomme_personne() -> None:
    assert constats(APPRENTI, DEBUT, ignorees={"PREMIERS_JOURS"}) == []


def test_chaque_regle_dit_en_une_phrase_pourquoi() -> None:
    jour = date(2026, 9, 10)
    assert phrase(APPRENTI, jour) == (
        "10e jour du contrat commencé le 1er septembre 2026 : il peut être rompu sans motif jusqu’au "
        "15 octobre 2026 au moins."
    )
    assert phrase(APPRENTI._replace(terme=date(2027, 3, 1)), date(2027, 2, 19)) == (
        "Contrat à terme le 1er mars 2027, dans 10 jours : la formation continue jusqu’au 31 août 2027 et aucun "
        "contrat ne suit."
    )
    assert (
        phrase(INSCRIT, date(2026, 11, 1))
        == "Sans contrat depuis 61 jours : trois mois le 1er décembre 2026."
    )
    employeur = APPRENTI._replace(
        employeur_siret="11000001500013",
        employeur_ruptures=4,
        employeur_contrats=9,
        employeur_derniere=date(2026, 9, 4),
    )
    jour = date(2027, 1, 15)
    assert phrase(employeur, jour) == (
        "Employeur 110 000 015 00013 : 4 contrats rompus sur 9 dans cet établissement depuis le 15 janvier 2025."
    )
    assert phrase(employeur._replace(employeur_nom="Le Fournil"), jour).startswith("Le Fournil : 4 contrats")
    assert phrase(APPRENTI._replace(ruptures=2), jour) == (
        "2 contrats déjà rompus avant celui du 1er septembre 2026."
    )


def test_toute_regle_a_son_explication_sa_source_et_sa_phrase() -> None:
    assert set(mots.EXPLICATIONS) == set(mots._PHRASES) == set(regles._REGLES) == set(Regle)
    assert len(mots.PAR_CLE) == len(Regle)


def test_on_revoit_au_lendemain_de_la_regle_ou_dans_trente_jours() -> None:
    jour = date(2026, 9, 10)
    premiers, autre = seule(APPRENTI, jour), Constat(Regle.DEUX_RUPTURES, jour, None)
    assert regles.revoir_le([premiers], jour) == date(2026, 10, 16)
    assert regles.revoir_le([premiers, autre], jour) == date(2026, 10, 10)
