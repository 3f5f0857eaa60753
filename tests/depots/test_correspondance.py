"""Which field each column means: proposed from names and cells, remembered, never asked for our template (issue 4)."""

from typing import Any

import pytest

from tdba.depots import descriptions, modele
from tdba.depots.conversion import lire_ligne
from tdba.depots.correspondance import (
    Colonne,
    Confiance,
    Proposition,
    Raison,
    champs_manquants,
    copies_proposees,
    memoire,
    proposer,
    signature,
)
from tdba.depots.noms_usuels import CIBLES, NOM_ET_PRENOM, PRENOM_ET_NOM, champ_usuel, est_un_nir
from tdba.transmissions.champs import FICHIER, NOMS, OBLIGATOIRES
from tests.depots.aides import ENTETES_EXTRAIT, RANGEE_EXTRAIT

# (name of column, field), as seen or as plausible in extracts of management software.
USUELS: list[tuple[str, str | None]] = [
    ("Nom", "nom_apprenant"), ("NOM DE NAISSANCE", "nom_apprenant"), ("Nom d'usage", "nom_apprenant"),
    ("Nom de l’apprenti", "nom_apprenant"), ("Prénom", "prenom_apprenant"), ("PRENOM_APPRENANT", "prenom_apprenant"),
    ("Prénom de l'alternant(e)", "prenom_apprenant"), ("Nom Prénom", NOM_ET_PRENOM), ("Nom et prénom de l'apprenant", NOM_ET_PRENOM),
    ("Prénom NOM", PRENOM_ET_NOM), ("Né(e) le", "date_de_naissance_apprenant"), ("Date naiss.", "date_de_naissance_apprenant"),
    ("Date de naissance", "date_de_naissance_apprenant"), ("DDN", "date_de_naissance_apprenant"), ("DT_NAISS", "date_de_naissance_apprenant"),
    ("Matricule", "id_erp_apprenant"), ("Identifiant", "id_erp_apprenant"), ("N° dossier", "id_erp_apprenant"),
    ("Sexe", "sexe_apprenant"), ("Civilité", "sexe_apprenant"), ("Mail", "email_contact"), ("E-mail", "email_contact"),
    ("Courriel de l'apprenant", "email_contact"), ("Adresse e-mail", "email_contact"), ("Portable", "tel_apprenant"),
    ("Tél. portable", "tel_apprenant"), ("Téléphone", "tel_apprenant"), ("N° de téléphone mobile", "tel_apprenant"),
    ("Adresse", "adresse_apprenant"), ("Adresse 1", "adresse_apprenant"), ("CP", "code_postal_apprenant"),
    ("Code postal", "code_postal_apprenant"), ("Code postal de naissance", "code_postal_de_naissance_apprenant"),
    ("INE", "ine_apprenant"), ("N° INE", "ine_apprenant"), ("RQTH", "rqth_apprenant"), ("Date RQTH", "date_rqth_apprenant"),
    ("Mail responsable légal 1", "responsable_apprenant_mail1"), ("Courriel parent 2", "responsable_apprenant_mail2"),
    ("UAI", "etablissement_formateur_uai"), ("Code UAI site", "etablissement_formateur_uai"), ("UAI CFA", "etablissement_responsable_uai"),
    ("N° UAI établissement responsable", "etablissement_responsable_uai"), ("SIRET CFA", "etablissement_responsable_siret"),
    ("SIRET site de formation", "etablissement_formateur_siret"), ("Année scolaire", "annee_scolaire"), ("Année", "annee_formation"),
    ("Année de formation", "annee_formation"), ("Code RNCP", "formation_rncp"), ("RNCP du diplôme", "formation_rncp"),
    ("Code diplôme (CFD)", "formation_cfd"), ("Diplôme préparé", "libelle_court_formation"), ("Formation", "libelle_court_formation"),
    ("Intitulé de la formation", "libelle_court_formation"), ("Date d'inscription", "date_inscription_formation"),
    ("Date d'entrée en formation", "date_entree_formation"), ("Début formation", "date_entree_formation"),
    ("Date fin de formation", "date_fin_formation"), ("Date de fin prévue", "date_fin_formation"),
    ("Date de sortie", "date_exclusion_formation"), ("Date d'abandon", "date_exclusion_formation"),
    ("Motif de sortie", "cause_exclusion_formation"), ("Début contrat", "contrat_date_debut"), ("DT_DEB_CONTRAT", "contrat_date_debut"),
    ("Date de début du contrat", "contrat_date_debut"), ("Contrat 2 - date de début", "contrat_date_debut_2"),
    ("Date début contrat 3", "contrat_date_debut_3"), ("2ème contrat – date de fin", "contrat_date_fin_2"),
    ("Fin contrat", "contrat_date_fin"), ("Date de rupture", "contrat_date_rupture"), ("Date de résiliation du contrat", "contrat_date_rupture"),
    ("Motif de rupture", "cause_rupture_contrat"), ("SIRET entreprise", "siret_employeur"), ("N° SIRET employeur", "siret_employeur"),
    ("SIRET de l'établissement employeur", "siret_employeur"), ("Ville", None), ("Statut", None), ("Nom entreprise", None),
    ("Code postal entreprise", None), ("Mail tuteur", None), ("Nom du maître d'apprentissage", None), ("Commentaire", None), ("", None),
]  # fmt: skip


def par_entete(proposition: Proposition) -> dict[str, Colonne]:
    return {colonne.entete: colonne for colonne in proposition.colonnes}


def champs(entetes: list[str], *rangees: list[Any], **options: Any) -> list[str | None]:
    return [colonne.champ for colonne in proposer(entetes, rangees, **options).colonnes]


@pytest.mark.parametrize(("entete", "champ"), USUELS)
def test_un_nom_usuel_de_colonne_dit_son_champ(entete: str, champ: str | None) -> None:
    assert champ_usuel(entete) == champ
    assert champ_usuel(entete.upper()) == champ


def test_les_noms_de_l_api_se_reconnaissent_avec_ou_sans_etoiles() -> None:
    for nom in NOMS:
        assert champ_usuel(nom) == champ_usuel(f"{nom.upper()} **") == champ_usuel(f" {nom}*") == nom


def test_le_modele_se_lit_sans_aucune_question() -> None:
    entetes = [modele.entete(champ) for champ in descriptions.CHAMPS_DU_MODELE]
    proposition = proposer(entetes, [])
    assert proposition.sans_question
    assert proposition.manquants == ()
    assert [c.champ for c in proposition.colonnes] == [champ.nom for champ in descriptions.CHAMPS_DU_MODELE]
    assert {c.raison for c in proposition.colonnes} == {Raison.MODELE}


def test_un_extrait_d_erp_se_lit_presque_seul() -> None:
    """Issue 4: on a first morning, a list appears from any extract; only what the file has not is asked."""
    proposition = proposer(ENTETES_EXTRAIT, [RANGEE_EXTRAIT])
    assert [c.entete for c in proposition.colonnes if c.champ is None] == ["Ville"]
    assert proposition.manquants == ()
    assert not proposition.sans_question
    lue = lire_ligne(proposition.correspondance, RANGEE_EXTRAIT)
    assert lue.erreurs == ()
    assert lue.valeurs["id_erp_apprenant"] == "A-1042"
    assert (
        lue.valeurs["etablissement_responsable_uai"]
        == lue.valeurs["etablissement_formateur_uai"]
        == "0440010X"
    )


def test_ce_qui_manque_est_dit_dans_l_ordre_du_modele() -> None:
    assert proposer(["Ville"], []).manquants == tuple(n for n in NOMS if n in OBLIGATOIRES[FICHIER])
    assert "nom_apprenant" not in champs_manquants([NOM_ET_PRENOM])
    assert "prenom_apprenant" not in champs_manquants([PRENOM_ET_NOM])


def test_un_etablissement_dit_une_fois_est_responsable_et_formateur() -> None:
    assert copies_proposees(["etablissement_formateur_uai", "etablissement_formateur_siret"]) == {
        "etablissement_responsable_uai": "etablissement_formateur_uai",
        "etablissement_responsable_siret": "etablissement_formateur_siret",
    }
    assert copies_proposees(["etablissement_responsable_siret"]) == {
        "etablissement_formateur_siret": "etablissement_responsable_siret"
    }
    assert copies_proposees(["etablissement_formateur_uai", "etablissement_responsable_uai"]) == {}


@pytest.mark.parametrize(
    ("exemples", "champ"),
    [
        (["lea@exemple.fr", "sacha@exemple.fr"], "email_contact"),
        (["RNCP35316", "RNCP38363"], "formation_rncp"),
        (["06 28 00 00 00", "+33612345678"], "tel_apprenant"),
        (["0440005S", "0440010X"], "etablissement_formateur_uai"),
        (["2025-2026", "2025-2026"], "annee_scolaire"),
        (["Mme", "M."], "sexe_apprenant"),
        (["0123456789A", "012345678AB"], "ine_apprenant"),
        (["73282932000074"] * 6, "etablissement_formateur_siret"),
        ([f"732829320000{n}" for n in range(10, 20)], "siret_employeur"),
        (["x", "y"], None),
        (["lea@exemple.fr"], None),
    ],
)
def test_sans_nom_connu_les_cellules_disent_le_champ_a_confirmer(
    exemples: list[str], champ: str | None
) -> None:
    colonne = proposer(["Colonne 7"], [[exemple] for exemple in exemples]).colonnes[0]
    assert colonne.champ == champ
    attendu = (Confiance.PROBABLE, Raison.CONTENU) if champ else (Confiance.AUCUNE, Raison.INCONNUE)
    assert (colonne.confiance, colonne.raison) == attendu


def test_les_cellules_d_un_autre_que_l_apprenant_ne_sont_pas_les_siennes() -> None:
    mails = [["a@exemple.fr"], ["b@exemple.fr"]]
    assert champs(["Contact du tuteur"], *mails) == champs(["Contact entreprise"], *mails) == [None]
    assert champs(["Entreprise d'accueil : n°"], ["73282932000074"], ["73282932000074"]) == [
        "siret_employeur"
    ]


def test_un_siret_sans_precision_est_celui_de_l_employeur_quand_il_change_a_chaque_ligne() -> None:
    varies = [[f"732829320000{n}"] for n in range(10, 20)]
    assert champs(["SIRET"], *varies) == ["siret_employeur"]
    assert champs(["SIRET"], *[["73282932000074"]] * 10) == ["etablissement_formateur_siret"]


def test_des_cellules_qui_contredisent_le_nom_font_douter() -> None:
    colonne = proposer(["Date de rupture"], [["non"], ["non"], ["oui"]]).colonnes[0]
    assert (colonne.champ, colonne.confiance, colonne.raison) == (
        "contrat_date_rupture", Confiance.PROBABLE, Raison.NOM_CONTREDIT,
    )  # fmt: skip
    assert champs(["Téléphone"], ["lea@exemple.fr"], ["sacha@exemple.fr"]) == ["email_contact"]


def test_un_champ_n_est_propose_qu_une_fois_a_la_meilleure_colonne() -> None:
    proposition = proposer(
        ["Téléphone fixe", "Tél", "Portable"], [[None, None, "0628000000"], [None, None, "0628000001"]]
    )
    assert [c.champ for c in proposition.colonnes] == [None, None, "tel_apprenant"]
    assert par_entete(proposition)["Tél"].raison is Raison.CHAMP_DEJA_PRIS
    assert champs(["Nom d'usage", "Nom"], ["A", "B"]) == [None, "nom_apprenant"]
    assert champs(["Civilité", "Sexe"], ["M.", "M"]) == ["sexe_apprenant", None]


def test_le_nom_entier_cede_a_deux_colonnes_separees() -> None:
    assert champs(["Nom Prénom", "Nom", "Prénom"], ["A B", "A", "B"]) == [
        None,
        "nom_apprenant",
        "prenom_apprenant",
    ]
    assert champs(["Nom Prénom", "Ville"], ["A B", "Nantes"]) == [NOM_ET_PRENOM, None]


def test_une_colonne_en_double_n_est_lue_qu_une_fois() -> None:
    proposition = proposer(["Nom", "NOM "], [["A", "B"]])
    assert [c.raison for c in proposition.colonnes] == [Raison.NOM, Raison.DOUBLON]


@pytest.mark.parametrize(
    "entete", ["NIR", "N° de sécurité sociale", "Numéro sécu", "NSS", "N° SS", "NIR apprenant"]
)
def test_un_numero_de_securite_sociale_n_est_jamais_propose(entete: str) -> None:
    assert est_un_nir(entete)
    colonne = proposer([entete], [["x"]], {"nir": "ine_apprenant", "n ss": "ine_apprenant"}).colonnes[0]
    assert (colonne.champ, colonne.raison) == (None, Raison.INTERDITE)
    assert proposer(["INE"], [["[NIR masqué]"]]).colonnes[0].raison is Raison.INTERDITE


def test_une_disposition_confirmee_ne_demande_plus_rien() -> None:
    """Remembered by the CFA: by the names of columns, whatever their order, those it ignores included."""
    proposition = proposer(ENTETES_EXTRAIT, [RANGEE_EXTRAIT])
    choisie = proposition.correspondance._replace(
        colonnes=tuple(
            "cause_rupture_contrat" if c == "contrat_date_rupture" else c
            for c in proposition.correspondance.colonnes
        )
    )
    retenue = memoire(ENTETES_EXTRAIT, choisie)
    revenue = proposer(list(reversed(ENTETES_EXTRAIT)), [RANGEE_EXTRAIT[::-1]], retenue)
    assert revenue.sans_question
    assert revenue.correspondance.colonnes == choisie.colonnes[::-1]
    assert par_entete(revenue)["Ville"].raison is Raison.IGNOREE
    assert par_entete(proposer([*ENTETES_EXTRAIT, "Prénom 2"], [], retenue))["Prénom 2"].raison is Raison.VIDE


def test_la_signature_est_celle_de_la_disposition() -> None:
    assert signature(["Nom", "Prénom"]) == signature(["PRENOM *", "nom", ""])
    assert signature(["Nom", "Prénom"]) == signature(["À corriger", "Nom", "Prénom"])
    assert signature(["Nom", "Prénom"]) != signature(["Nom", "Prénom", "Ville"])


def test_toute_cible_retenue_doit_exister() -> None:
    assert champs(["X"], retenue={"x": "champ_disparu"}) == [None]
    assert set(NOMS) < set(CIBLES)
