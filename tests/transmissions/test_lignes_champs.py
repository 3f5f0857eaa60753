"""One row a rule of domain.md §4.2: what is received on one field, what is kept, or the sentence of the refusal."""

from datetime import date
from typing import Any

import pytest

from tests.transmissions.lignes_exemples import lire_erp, messages

TROP_LONG = "Texte trop long (255 caractères maximum)"
NIR = "Ce texte ressemble à un numéro de sécurité sociale (NIR), qui ne doit pas être transmis"
ANNEE = (
    "Format invalide (format attendu : 2023-2024). "
    "Les années doivent être consécutives ou identiques (ex : 2023-2024 ou 2023-2023)"
)
SIRET = "Siret invalide. Format attendu : 14 chiffres"
POSTAL = "Le code postal doit faire 5 caractères numériques exactement"
SITUATION = "Code de situation inconnu de la nomenclature SIFA"
TYPE_CFA = "Valeurs possibles : 01 à 10"
STATUT = "Valeurs possibles: 0,2,3"

ACCEPTES: list[tuple[str, Any, Any]] = [
    ("nom_apprenant", "  Lenôtre ", "LENÔTRE"),
    ("prenom_apprenant", " Éloïse-Anne ", "Éloïse-Anne"),
    ("id_erp_apprenant", 1234, "1234"),
    ("id_erp_apprenant", 1234.0, "1234"),
    ("id_erp_apprenant", 0, "0"),
    ("id_erp_apprenant", " AB/12 ", "AB/12"),
    ("annee_scolaire", "2024-2025", "2024-2025"),
    ("annee_scolaire", "2024/2025", "2024-2025"),
    ("annee_scolaire", " 2024 - 2025 ", "2024-2025"),
    ("annee_scolaire", "2024-2024", "2024-2024"),
    ("etablissement_formateur_uai", " 0440005s ", "0440005S"),
    ("etablissement_formateur_siret", "732 829 320 000.74", "73282932000074"),
    ("etablissement_formateur_siret", "732-829-320-00074", "73282932000074"),
    ("etablissement_formateur_siret", 73282932000074, "73282932000074"),
    ("etablissement_formateur_siret", 73282932000074.0, "73282932000074"),
    ("statut_apprenant", 0, 0),
    ("statut_apprenant", "3", 3),
    ("statut_apprenant", 2.0, 2),
    ("ine_apprenant", " 1234567890a ", "1234567890A"),
    ("ine_apprenant", 12345, "12345"),
    ("sexe_apprenant", "M", "M"),
    ("sexe_apprenant", "H", "M"),
    ("sexe_apprenant", "1", "M"),
    ("sexe_apprenant", 1, "M"),
    ("sexe_apprenant", "F", "F"),
    ("sexe_apprenant", 2, "F"),
    ("email_contact", " gaston.o'neil+cfa@sous.exemple.fr ", "gaston.o'neil+cfa@sous.exemple.fr"),
    ("adresse_apprenant", " 64 bis, route de Paris ", "64 bis, route de Paris"),
    ("adresse_apprenant", "a" * 500, "a" * 500),
    ("code_postal_apprenant", " 1000 ", "01000"),
    ("code_postal_apprenant", 1000, "01000"),
    ("code_postal_apprenant", "75001", "75001"),
    ("code_commune_insee_apprenant", "2A004", "2A004"),
    ("code_commune_insee_apprenant", "2B033", "2B033"),
    ("code_commune_insee_apprenant", 75056, "75056"),
    ("code_commune_insee_de_naissance_apprenant", "99134", "99134"),
    ("rqth_apprenant", True, True),
    ("obtention_diplome_formation", False, False),
    ("formation_presentielle", False, False),
    ("date_exclusion_formation", "2026-01-15", date(2026, 1, 15)),
    ("cause_exclusion_formation", " absences ", "absences"),
    ("custom_statut_apprenant", 12, "12"),
    ("libelle_court_formation", " CAP PATISSIER ", "CAP PATISSIER"),
    ("annee_formation", 0, 0),
    ("annee_formation", "5", 5),
    ("annee_formation", " 2.0 ", 2),
    ("formation_rncp", "RNCP35316", "RNCP35316"),
    ("formation_rncp", "rncp 35.316", "RNCP35316"),
    ("formation_rncp", "35316", "RNCP35316"),
    ("formation_rncp", 35316, "RNCP35316"),
    ("formation_cfd", "5002214a", "5002214A"),
    ("formation_cfd", 50022141, "50022141"),
    ("duree_theorique_formation", 4, 4),
    ("duree_theorique_formation_mois", "48", 48),
    ("siret_employeur", "123 456 789 01234", "12345678901234"),  # key not checked on an employer
    ("etablissement_lieu_de_formation_uai", "0440005a", "0440005A"),  # nor on a place
    ("etablissement_lieu_de_formation_siret", 12345678901234.0, "12345678901234"),
    ("etablissement_lieu_de_formation_adresse", "b" * 500, "b" * 500),
    ("etablissement_lieu_de_formation_code_postal", "1000", "01000"),
    ("derniere_situation", "4101", 4101),
    ("derniere_situation", 9999, 9999),
    ("dernier_organisme_uai", "0440005s", "0440005S"),
    ("dernier_organisme_uai", "044", "044"),
    ("dernier_organisme_uai", "02A", "02A"),
    ("dernier_organisme_uai", 995, "995"),
    ("type_cfa", 9, "09"),
    ("type_cfa", "10", "10"),
]

REFUSES: list[tuple[str, Any, str]] = [
    ("nom_apprenant", "   ", "Champ obligatoire"),
    ("nom_apprenant", 12, "Texte attendu"),
    ("nom_apprenant", "a" * 256, TROP_LONG),
    ("nom_apprenant", "ß" * 200, TROP_LONG),  # 400 letters once in upper case
    ("nom_apprenant", "a\x00b", "Caractère interdit dans le texte"),
    ("prenom_apprenant", "a\ud800", "Caractère interdit dans le texte"),
    ("prenom_apprenant", ["Gaston"], "Texte attendu"),
    ("id_erp_apprenant", "", "Champ obligatoire"),
    ("id_erp_apprenant", True, "Texte attendu"),
    ("id_erp_apprenant", 10**30, "Texte attendu"),
    ("id_erp_apprenant", float("nan"), "Texte attendu"),
    ("annee_scolaire", "2024", ANNEE),
    ("annee_scolaire", "2024-2026", ANNEE),
    ("annee_scolaire", "2025-2024", ANNEE),
    ("annee_scolaire", "3024-3025", ANNEE),
    ("annee_scolaire", "2024-2025\n2", ANNEE),
    ("annee_scolaire", {}, "Texte attendu"),
    ("etablissement_formateur_uai", "044005S", "UAI invalide"),
    ("etablissement_formateur_uai", "0440005ı", "UAI invalide"),  # its upper case is I
    ("etablissement_formateur_uai", 4400058, "Texte attendu"),
    ("etablissement_formateur_siret", "7328293200007", SIRET),
    ("etablissement_formateur_siret", " 7328293200007", SIRET),
    ("etablissement_formateur_siret", "7328293200007A", SIRET),
    ("etablissement_formateur_siret", "٧٣٢٨٢٩٣٢٠٠٠٠٧٤", SIRET),
    ("etablissement_formateur_siret", "", SIRET),
    ("statut_apprenant", 1, STATUT),
    ("statut_apprenant", "apprenti", STATUT),
    ("statut_apprenant", 2.5, STATUT),
    ("statut_apprenant", True, STATUT),
    ("sexe_apprenant", "m", "M, H ou F attendu"),
    ("sexe_apprenant", 3, "M, H ou F attendu"),
    ("email_contact", "", "Email non valide"),
    ("email_contact", "gaston@exemple", "Email non valide"),
    ("email_contact", "gaston..b@exemple.fr", "Email non valide"),
    ("email_contact", ".gaston@exemple.fr", "Email non valide"),
    ("email_contact", "gaston@exemple.fr, b@exemple.fr", "Email non valide"),
    ("email_contact", 12, "Texte attendu"),
    ("email_contact", "a" * 250 + "@ex.fr", TROP_LONG),
    ("responsable_apprenant_mail1", "parent", "Email non valide"),
    ("responsable_apprenant_mail2", "parent", "Email non valide"),
    ("email_referent_handicap_formation", "referent", "Email non valide"),
    ("adresse_apprenant", "a" * 501, "Texte trop long (500 caractères maximum)"),
    ("code_postal_apprenant", "750011", POSTAL),
    ("code_postal_apprenant", "2A000", POSTAL),
    ("code_postal_apprenant", "", POSTAL),
    ("code_postal_apprenant", [], POSTAL),
    ("etablissement_lieu_de_formation_code_postal", "abc", POSTAL),
    ("code_commune_insee_apprenant", "2C004", "Format invalide"),
    ("code_commune_insee_apprenant", "1004", "Format invalide"),
    ("code_commune_insee_de_naissance_apprenant", "", "Format invalide"),
    ("rqth_apprenant", "oui", "Booléen attendu"),
    ("obtention_diplome_formation", 1, "Booléen attendu"),
    ("formation_presentielle", "true", "Booléen attendu"),
    ("date_rqth_apprenant", "", "Date invalide"),
    ("contrat_date_debut", 20250901, "Date invalide"),
    ("cause_rupture_contrat", 31, "Texte attendu"),
    ("libelle_court_formation", "C", "Texte trop court (2 caractères minimum)"),
    ("libelle_court_formation", "", "Texte trop court (2 caractères minimum)"),
    ("annee_formation", 6, "Le chiffre doit être inférieur ou égal à 5"),
    ("annee_formation", -1, "Le chiffre doit être supérieur ou égal à 0"),
    ("annee_formation", "deux", "Nombre attendu"),
    ("annee_formation", True, "Nombre attendu"),
    ("annee_formation", 1.5, "Nombre entier attendu"),
    ("formation_rncp", "RNCP1", "Code RNCP invalide"),
    ("formation_rncp", "RS5000", "Code RNCP invalide"),
    ("formation_rncp", "", "Code RNCP invalide"),
    ("formation_cfd", "5002214", "Code CFD invalide"),
    ("formation_cfd", "5002214é", "Code CFD invalide"),
    ("etablissement_lieu_de_formation_uai", "044", "UAI invalide"),
    ("derniere_situation", 4002, SITUATION),
    ("derniere_situation", "BTS", SITUATION),
    ("dernier_organisme_uai", "1", "UAI ou département"),
    ("dernier_organisme_uai", "992", "UAI ou département"),
    ("type_cfa", "11", TYPE_CFA),
    ("type_cfa", "0", TYPE_CFA),
    ("type_cfa", [], TYPE_CFA),
]

VIDES = [
    ("adresse_apprenant", "  "),
    ("cause_rupture_contrat", ""),
    ("custom_statut_apprenant", ""),
    ("ine_apprenant", " "),
    ("tel_apprenant", ""),
    ("derniere_situation", 0),
    ("siret_employeur", ""),
    ("code_postal_de_naissance_apprenant", " "),
    ("duree_theorique_formation_mois", ""),
    ("formation_cfd", None),
]

MIS_DE_COTE: list[tuple[str, Any, Any]] = [
    ("siret_employeur", "1234", "1234"),
    ("siret_employeur_4", {"siret": 1}, "[objet]"),
    ("etablissement_lieu_de_formation_siret", "inconnu", "inconnu"),
    ("code_postal_de_naissance_apprenant", "ALGER", "ALGER"),
    ("duree_theorique_formation", 5, 5),
    ("duree_theorique_formation_mois", "deux ans", "deux ans"),
    ("duree_theorique_formation_mois", 0, 0),
    ("duree_theorique_formation_mois", True, True),
]


@pytest.mark.parametrize(("champ", "recu", "attendu"), ACCEPTES)
def test_ce_qui_est_recu_est_normalise(champ: str, recu: Any, attendu: Any) -> None:
    lue = lire_erp(**{champ: recu})
    assert lue.erreurs == ()
    assert lue.valeurs[champ] == attendu
    assert type(lue.valeurs[champ]) is type(attendu)


@pytest.mark.parametrize(("champ", "recu", "phrase"), REFUSES)
def test_ce_qui_est_faux_est_refuse_avec_la_phrase_de_la_regle(champ: str, recu: Any, phrase: str) -> None:
    lue = lire_erp(**{champ: recu})
    assert messages(lue) == {champ: phrase}
    assert champ not in lue.valeurs


@pytest.mark.parametrize(("champ", "recu"), VIDES)
def test_un_champ_facultatif_vide_est_un_champ_non_envoye(champ: str, recu: Any) -> None:
    lue = lire_erp(**{champ: recu})
    assert (lue.erreurs, lue.signalements) == ((), ())
    assert champ not in lue.valeurs


@pytest.mark.parametrize(("champ", "recu", "garde"), MIS_DE_COTE)
def test_un_champ_mis_de_cote_est_garde_tel_que_recu_sans_refuser_la_ligne(
    champ: str, recu: Any, garde: Any
) -> None:
    lue = lire_erp(**{champ: recu})
    assert lue.valide
    assert lue.signalements == ((champ, garde),)
    assert champ not in lue.valeurs


@pytest.mark.parametrize(
    "champ",
    [
        "nom_apprenant",
        "adresse_apprenant",
        "cause_rupture_contrat",
        "libelle_court_formation",
        "custom_statut_apprenant",
    ],
)
@pytest.mark.parametrize(
    "nir",
    [
        "1051075123456",
        "105107512345629",
        "2 05 10 2A 123 456",
        "1 05 10 75 123 456 29",
        "né: 1.05.10.75.123.456",
    ],
)
def test_un_texte_qui_ressemble_a_un_nir_est_refuse_sans_etre_repete(champ: str, nir: str) -> None:
    lue = lire_erp(contrat_date_debut="2025-09-02", **{champ: nir})
    assert messages(lue) == {champ: NIR}
    assert "105" not in repr(lue.erreurs)


@pytest.mark.parametrize(
    "texte",
    [
        "06 12 05 10 75 - 06 33 44 55 66",
        "12 rue du 8 mai 1945, 44000",
        "1234567890123456",
        "0612345678 0102030405",
    ],
)
def test_des_numeros_ordinaires_dans_un_texte_ne_sont_pas_pris_pour_un_nir(texte: str) -> None:
    assert lire_erp(custom_statut_apprenant=texte).valide
