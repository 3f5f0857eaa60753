"""Which values a person may write in each field, and how they are kept."""

from datetime import date

import pytest

from tdba.effectifs import champs_corriges
from tdba.effectifs.champs_corriges import FICHE, ValeurRefusee
from tdba.effectifs.motifs import MOTIFS, MOTIFS_DU_SERVICE

JOUR = date(2026, 11, 18)
DATES = {
    "date_naissance": date(2007, 5, 4),
    "date_inscription": date(2026, 9, 1),
    "date_entree": date(2026, 9, 1),
    "date_fin": date(2027, 8, 31),
    "date_exclusion": None,
}


@pytest.mark.parametrize(
    ("champ", "texte", "valeur"),
    [
        ("nom", " le  goff ", "LE GOFF"),
        ("prenom", "Zoé-Lou", "Zoé-Lou"),
        ("ine", "0123 456789a", "0123456789A"),
        ("date_naissance", "04/05/2007", date(2007, 5, 4)),
        ("rncp", "37 537", "RNCP37537"),
        ("cfd", "50022137", "50022137"),
        ("annee_formation", "2", 2),
        ("duree_mois", "24", 24),
        ("telephone", "06.12.34.56.78", "0612345678"),
        ("telephone", "0692 12 34 56", "+262692123456"),
        ("telephone", "+33 6 12 34 56 78", "0612345678"),
        ("courriel", "alix.canari@exemple.fr", "alix.canari@exemple.fr"),
        ("code_postal", "1000", "01000"),
        ("code_insee", "2a004", "2A004"),
        ("adresse", "12  rue des Lices", "12 rue des Lices"),
        ("sexe", "F", "F"),
        ("courriel", "", None),
        ("date_exclusion", "  ", None),
    ],
)
def test_une_valeur_est_gardee_comme_l_ecrirait_l_erp(champ: str, texte: str, valeur: object) -> None:
    assert champs_corriges.lire(champ, texte, actuelle="avant") == valeur


@pytest.mark.parametrize(
    ("champ", "texte"),
    [
        ("nom", "1234"),
        ("ine", "12"),
        ("date_naissance", "30/02/2007"),
        ("rncp", "RNCP"),
        ("cfd", "123"),
        ("annee_formation", "9"),
        ("duree_mois", "0"),
        ("telephone", "06 12 34"),
        ("telephone", "bonjour"),
        ("courriel", "alix@"),
        ("code_postal", "35"),
        ("adresse", "2 07 05 35 238 001 42"),
        ("sexe", "X"),
        ("prenom", ""),
        ("date_fin", ""),
    ],
)
def test_une_valeur_impossible_est_refusee_avec_une_phrase(champ: str, texte: str) -> None:
    with pytest.raises(ValeurRefusee, match=r"\w+"):
        champs_corriges.lire(champ, texte, actuelle="avant")


def test_ce_qui_manquait_deja_peut_manquer_encore() -> None:
    assert champs_corriges.lire("date_entree", "", actuelle=None) is None


@pytest.mark.parametrize(
    ("changes", "refuse"),
    [
        ({"date_fin": date(2026, 8, 31)}, "date_fin"),
        ({"date_entree": date(2027, 9, 1)}, "date_entree"),
        ({"date_exclusion": date(2026, 8, 1)}, "date_exclusion"),
        ({"date_naissance": date(2020, 1, 1)}, "date_naissance"),
        ({"date_fin": date(2050, 1, 1)}, "date_fin"),
        ({"date_exclusion": date(2026, 10, 1)}, None),
        ({"date_inscription": date(2026, 6, 1)}, None),
    ],
)
def test_les_dates_d_une_fiche_tiennent_ensemble(changes: dict[str, date], refuse: str | None) -> None:
    refus = champs_corriges.refus_de_dates(DATES | changes, changes=set(changes), jour=JOUR)
    assert (refus.champ if refus else None) == refuse


def test_des_dates_deja_fausses_n_empechent_pas_de_corriger_autre_chose() -> None:
    fausses = DATES | {"date_fin": date(2026, 1, 1)}
    assert champs_corriges.refus_de_dates(fausses, changes={"date_naissance"}, jour=JOUR) is None


def test_un_siret_mal_recopie_est_refuse() -> None:
    assert champs_corriges.siret("356 000 000 00048") == "35600000000048"
    for faux in ("35600000000049", "73282932000075", "123"):
        with pytest.raises(ValeurRefusee):
            champs_corriges.siret(faux)


def test_seul_ce_qui_est_sensible_demande_une_raison() -> None:
    sensibles = {champ for champ in FICHE if champs_corriges.sensibles((champ,))}
    assert {"nom", "date_naissance", "date_fin", "rncp"} <= sensibles
    assert sensibles.isdisjoint({"telephone", "courriel", "adresse", "code_postal", "code_insee"})


def test_les_raisons_du_service_ne_se_choisissent_pas() -> None:
    assert MOTIFS.keys().isdisjoint(MOTIFS_DU_SERVICE)
