"""What the source says of a field, from what it sent, or else from what the last correction heard."""

from datetime import date

from tdba.effectifs import sources
from tdba.effectifs.sources import ContratDit, CorrectionConnue

SEPTEMBRE, JANVIER = date(2026, 9, 1), date(2027, 1, 4)
ENVOYES = {
    "contrat_date_debut": SEPTEMBRE,
    "contrat_date_rupture": date(2026, 12, 1),
    "contrat_date_debut_3": JANVIER,
    "contrat_date_fin_3": date(2027, 8, 31),
}


def test_un_contrat_existe_quand_son_debut_est_envoye() -> None:
    dits = sources.contrats_dits(ENVOYES | {"contrat_date_fin_2": JANVIER})
    assert [(d.suffixe, d.debut) for d in dits] == [("", SEPTEMBRE), ("_3", JANVIER)]


def test_un_contrat_est_reconnu_a_son_debut_meme_si_son_rang_a_change() -> None:
    dits = sources.contrats_dits(ENVOYES)
    trouve = sources.contrat_dit(dits, rang=0, debut_source=JANVIER)
    assert trouve is not None
    assert trouve.suffixe == "_3"


def test_un_contrat_ajoute_a_la_main_ou_disparu_n_est_dit_par_personne() -> None:
    dits = sources.contrats_dits(ENVOYES)
    assert sources.contrat_dit(dits, rang=0, debut_source=None) is None
    assert sources.contrat_dit(dits, rang=0, debut_source=date(2020, 1, 1)) is None


def test_la_source_prime_puis_la_derniere_correction_puis_la_fiche() -> None:
    dit = ContratDit("", SEPTEMBRE, None, None)
    ancienne = CorrectionConnue("ACTIVE", "2026-10-01", None)
    assert sources.dite_contrat("debut", dit, ancienne, JANVIER) == "2026-09-01"
    assert sources.dite_contrat("fin", dit, ancienne, JANVIER) is None
    assert sources.dite_contrat("debut", None, ancienne, JANVIER) == "2026-10-01"
    assert sources.dite_contrat("debut", None, None, JANVIER) == "2027-01-04"


def test_une_correction_en_conflit_retient_ce_que_la_source_dit_desormais() -> None:
    conflit = CorrectionConnue("CONFLIT", "2026-10-01", "2026-11-01")
    assert sources.dite_contrat("debut", None, conflit, JANVIER) == "2026-11-01"


def test_une_valeur_mise_de_cote_se_lit_a_cote_de_sa_colonne() -> None:
    cotes = sources.mises_de_cote(
        {"_mis_de_cote": {"duree_theorique_formation_mois": 99, "siret_employeur_3": "1"}}
    )
    assert cotes == {"duree_mois": "99", "siret_employeur_3": "1"}
    assert sources.mises_de_cote(None) == {}


def test_la_source_dit_aussi_ce_qu_elle_n_envoie_qu_en_d_autres_mots() -> None:
    dits = {"statut_apprenant": 0, "date_metier_mise_a_jour_statut": JANVIER, "duree_theorique_formation": 2}
    assert sources.dite_effectif("date_exclusion", dits, None, None) == "2027-01-04"
    assert sources.dite_effectif("duree_mois", dits, None, None) == "24"


def test_aucune_source_ne_dit_la_cause_legale_d_une_rupture() -> None:
    ancienne = CorrectionConnue("ACTIVE", None, None)
    assert (
        sources.dite_contrat("cause_legale", ContratDit("", SEPTEMBRE, None, None), ancienne, "ACCORD")
        is None
    )
