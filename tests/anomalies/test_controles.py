"""Each check has a record that it finds and one that it leaves alone (issue 5 part 4)."""

from datetime import date, timedelta
from typing import Any

import pytest

from tdba.anomalies.catalogue import CATALOGUE
from tdba.anomalies.controles import controler
from tdba.anomalies.dossier import ContratLu, Validite
from tdba.effectifs.statuts import Statut
from tests.anomalies.aides import ENTREE, FIN, JOUR, codes, un_contrat, un_dossier

VEILLE = timedelta(days=1)


def test_une_fiche_saine_n_a_aucune_anomalie() -> None:
    assert codes(un_dossier()) == []


FICHES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    # code, facts that are wrong, facts close to them that are right
    ("SANS_DATES_NI_HISTORIQUE", {"sans_parcours": frozenset({"SANS_DATES_NI_HISTORIQUE"})}, {}),
    ("ANNEES_INCONNUES", {"sans_parcours": frozenset({"ANNEES_INCONNUES"})}, {}),
    ("FIN_AVANT_ENTREE", {"sans_parcours": frozenset({"FIN_AVANT_ENTREE"})}, {}),
    ("ENTREE_MANQUANTE", {"date_entree": None}, {}),
    ("FIN_MANQUANTE", {"date_fin": None}, {}),
    ("ENTREE_AVANT_INSCRIPTION", {"date_inscription": ENTREE + VEILLE}, {"date_inscription": ENTREE}),
    (
        "SORTIE_AVANT_ENTREE",
        {"date_exclusion": ENTREE - VEILLE, "cause_exclusion": True},
        {"date_exclusion": ENTREE, "cause_exclusion": True},
    ),
    ("SORTIE_SANS_CAUSE", {"date_exclusion": JOUR}, {"date_exclusion": JOUR, "cause_exclusion": True}),
    ("FORMATION_TROP_LONGUE", {"date_fin": date(2030, 9, 1)}, {"date_fin": date(2030, 8, 31)}),
    ("CERTIFICATION_MANQUANTE", {"rncp": None, "cfd": None}, {"rncp": None, "validite_rncp": None}),
    ("RNCP_INCONNU", {"validite_rncp": Validite(False)}, {"validite_rncp": None}),
    ("CFD_INCONNU", {"validite_cfd": Validite(False)}, {"validite_cfd": None}),
    (
        "RNCP_INACTIF",
        {"validite_rncp": Validite(True, None, ENTREE - VEILLE)},
        {"validite_rncp": Validite(True, None, ENTREE)},
    ),
    (
        "CFD_FERME",
        {"validite_cfd": Validite(True, ENTREE + VEILLE)},
        {"validite_cfd": Validite(True, ENTREE)},
    ),
    ("NIVEAU_INCONNU", {"niveau": None}, {"niveau": 3}),
    ("DUREE_INUTILISABLE", {"duree_mois": None, "ecartes": frozenset({"duree_mois"})}, {"duree_mois": None}),
    ("ANNEE_AU_DELA_DE_LA_DUREE", {"annee_formation": 3}, {"annee_formation": 2}),
    ("SEXE_MANQUANT", {"sexe": None}, {"sexe": "M"}),
    ("INE_MANQUANT", {"ine": None}, {"ine": "0501020304A"}),
    ("INE_INCOMPLET", {"ine": "12089017"}, {"ine": "2503A01234B"}),
    ("ADRESSE_MANQUANTE", {"adresse": False}, {"adresse": True}),
    (
        "CODE_POSTAL_MANQUANT",
        {"code_postal": None, "code_insee": None},
        {"code_postal": None},
    ),
    (
        "CODE_POSTAL_INCONNU",
        {"code_postal_connu": False, "code_insee": None},
        {"code_postal_connu": None, "code_insee": None},
    ),
    ("COMMUNE_INCERTAINE", {"code_insee": None}, {"code_insee": "35238"}),
    ("INJOIGNABLE", {"telephone": None, "courriel": None}, {"telephone": None}),
    ("TELEPHONE_INUTILISABLE", {"telephone": "0600000000"}, {"telephone": "0600000120"}),
    (
        "TELEPHONE_INUTILISABLE",
        {"telephone": None, "ecartes": frozenset({"telephone"})},
        {"telephone": None},
    ),
    ("COURRIEL_INUTILISABLE", {"courriel": "noreply@cfa.fr"}, {"courriel": "noel@cfa.fr"}),
    ("COURRIEL_DU_CFA", {"courriel": "Contact@cfa.fr"}, {"courriel_cfa": None}),
]


@pytest.mark.parametrize(("code", "rouge", "verte"), FICHES)
def test_un_controle_trouve_ce_qui_ne_va_pas_et_rien_d_autre(
    code: str, rouge: dict[str, Any], verte: dict[str, Any]
) -> None:
    assert codes(un_dossier(**rouge)) == [code]
    assert codes(un_dossier(**verte)) == []


CONTRATS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("CONTRAT_SANS_DEBUT", {"debut": None}, {}),
    ("CONTRAT_FIN_AVANT_DEBUT", {"fin": ENTREE - VEILLE}, {"fin": ENTREE}),
    (
        "RUPTURE_AVANT_DEBUT",
        {"rupture": ENTREE - VEILLE, "cause_rupture": "x"},
        {"rupture": ENTREE, "cause_rupture": "x"},
    ),
    (
        "RUPTURE_APRES_TERME",
        {"fin": JOUR, "rupture": JOUR + VEILLE, "cause_rupture": "x"},
        {"fin": JOUR, "rupture": JOUR, "cause_rupture": "x"},
    ),
    (
        "CONTRAT_HORS_FORMATION",
        {"debut": date(2025, 9, 1), "fin": ENTREE - VEILLE},
        {"debut": date(2025, 9, 1), "fin": ENTREE},
    ),
    ("CONTRAT_DEPASSE_FORMATION", {"fin": date(2028, 11, 1)}, {"fin": date(2028, 10, 31)}),
    ("CONTRAT_LOINTAIN", {"debut": date(2027, 11, 19)}, {"debut": date(2027, 11, 18)}),
    ("EMPLOYEUR_MANQUANT", {"employeur_siret": None}, {}),
    ("SIRET_INVALIDE", {"employeur_siret": None, "siret_ecarte": True}, {}),
    ("EMPLOYEUR_INCONNU", {"employeur_inconnu": True}, {}),
    ("EMPLOYEUR_FERME", {"employeur_ferme_le": JOUR}, {"employeur_ferme_le": JOUR + VEILLE}),
    ("EMPLOYEUR_FERME", {"employeur_ferme_le": date.min}, {}),
    ("RUPTURE_SANS_CAUSE", {"rupture": JOUR}, {"rupture": JOUR, "cause_legale": "ACCORD"}),
    (
        "DEMISSION_SANS_MEDIATEUR",
        {"rupture": JOUR, "cause_legale": "DEMISSION", "mediateur_le": ENTREE},
        {"rupture": JOUR, "cause_legale": "DEMISSION", "mediateur_le": ENTREE, "employeur_informe_le": JOUR},
    ),
]


@pytest.mark.parametrize(("code", "rouge", "vert"), CONTRATS)
def test_un_controle_de_contrat_dit_lequel(code: str, rouge: dict[str, Any], vert: dict[str, Any]) -> None:
    (trouvee,) = controler(un_dossier(un_contrat(**rouge)), JOUR)
    assert (trouvee.code, trouvee.contrat_id) == (code, 7)
    assert codes(un_dossier(un_contrat(**vert))) == []


def test_une_formation_de_moins_de_deux_mois_est_a_verifier() -> None:
    courte = {"statut": Statut.APPRENTI, "date_entree": date(2026, 12, 31)}
    contrat = un_contrat(debut=date(2026, 12, 31), fin=date(2027, 2, 27))
    assert codes(un_dossier(contrat, date_fin=date(2027, 2, 26), **courte)) == ["FORMATION_TROP_COURTE"]
    assert codes(un_dossier(contrat, date_fin=date(2027, 2, 27), **courte)) == []


def test_un_contrat_qui_commence_apres_la_formation_est_hors_d_elle() -> None:
    tard = un_contrat(debut=date(2027, 9, 1), fin=date(2027, 9, 30))
    assert codes(un_dossier(tard, date_fin=date(2027, 8, 31))) == ["CONTRAT_HORS_FORMATION"]


def test_deux_contrats_ne_partagent_qu_un_jour() -> None:
    premier = un_contrat(id=1, fin=JOUR)
    assert codes(un_dossier(premier, un_contrat(id=2, debut=JOUR))) == []
    (trouvee,) = controler(un_dossier(premier, un_contrat(id=2, debut=JOUR - VEILLE)), JOUR)
    assert (trouvee.code, trouvee.contrat_id) == ("CONTRATS_SIMULTANES", 2)


def test_un_contrat_rompu_laisse_sa_place_le_jour_meme() -> None:
    rompu = un_contrat(id=1, rupture=JOUR, cause_rupture="x")
    assert codes(un_dossier(rompu, un_contrat(id=2, debut=JOUR))) == []
    assert codes(un_dossier(rompu, un_contrat(id=2, debut=JOUR - 2 * VEILLE))) == ["CONTRATS_SIMULTANES"]


def test_deux_ruptures_meritent_un_regard() -> None:
    premier = un_contrat(id=1, rupture=date(2026, 10, 1), cause_rupture="x")
    second = un_contrat(id=2, debut=date(2026, 10, 2), rupture=JOUR, cause_rupture="x")
    assert codes(un_dossier(premier, second)) == ["PLUSIEURS_RUPTURES"]


@pytest.mark.parametrize(
    ("naissance", "entree", "attendus"),
    [
        (date(2011, 9, 2), ENTREE, ["TROP_JEUNE"]),  # 15 years minus a day
        (date(2011, 9, 1), ENTREE, []),
        (date(2012, 2, 29), date(2027, 2, 28), ["TROP_JEUNE"]),  # 15 on 1 March
        (date(2012, 2, 29), date(2027, 3, 1), []),
        (date(1990, 9, 2), ENTREE, []),  # 36 years minus a day
        (date(1990, 9, 1), ENTREE, ["TROP_AGE"]),
    ],
)
def test_l_age_est_celui_du_jour_de_l_entree(naissance: date, entree: date, attendus: list[str]) -> None:
    dossier = un_dossier(un_contrat(debut=entree), date_naissance=naissance, date_entree=entree)
    assert codes(dossier, max(JOUR, entree)) == attendus


@pytest.mark.parametrize(("jours", "attendus"), [(59, []), (60, ["SANS_CONTRAT_60_JOURS"])])
def test_sans_contrat_le_soixantieme_jour(jours: int, attendus: list[str]) -> None:
    inscrit = un_dossier(contrats=(), statut=Statut.INSCRIT)
    assert codes(inscrit, ENTREE + timedelta(days=jours)) == attendus


def test_un_delai_depasse_attend_une_reponse_jusqu_a_la_fin_de_la_formation() -> None:
    depasse = un_dossier(contrats=(), statut=Statut.ABANDON, statut_depuis=JOUR)
    assert codes(depasse, JOUR) == ["DELAI_DEPASSE"]
    assert codes(depasse, FIN + VEILLE) == []
    sorti = un_dossier(contrats=(), statut=Statut.ABANDON, date_exclusion=JOUR, cause_exclusion=True)
    assert codes(sorti) == []


def test_un_rupturant_apres_la_fin_est_encore_compte_l_annee_de_ses_chiffres() -> None:
    reste = un_dossier(statut=Statut.RUPTURANT)
    assert codes(reste, FIN + VEILLE) == ["RUPTURANT_APRES_LA_FIN"]
    assert codes(reste, FIN) == []
    assert codes(un_dossier(statut=Statut.RUPTURANT, comptee=False), FIN + VEILLE) == []


def test_chaque_controle_du_catalogue_est_eprouve_ici() -> None:
    ici = {code for code, _, _ in (*FICHES, *CONTRATS)} | {
        "FORMATION_TROP_COURTE",
        "CONTRATS_SIMULTANES",
        "PLUSIEURS_RUPTURES",
        "TROP_JEUNE",
        "TROP_AGE",
        "SANS_CONTRAT_60_JOURS",
        "DELAI_DEPASSE",
        "RUPTURANT_APRES_LA_FIN",
    }
    assert CATALOGUE.keys() - ici == {"ETABLISSEMENT_NON_FIABLE"}  # of the establishment: see test_service


def test_un_dossier_sans_rien_ne_fait_pas_d_erreur() -> None:
    vide = un_dossier(
        ContratLu(id=1),
        **dict.fromkeys(
            ("sexe", "ine", "courriel", "telephone", "code_postal", "code_insee", "rncp", "cfd", "niveau"),
            None,
        ),
        **dict.fromkeys(("date_inscription", "date_entree", "date_fin", "statut", "duree_mois"), None),
    )
    assert set(codes(vide)) <= CATALOGUE.keys()
