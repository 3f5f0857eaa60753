"""Each rule on a line that keeps it and on one that breaks it."""

import pytest

from tdba.sifa import regles
from tdba.sifa.regles import Gravite
from tests.sifa.aides import ligne

CASSEES = {
    "RESPONSABLE_INCONNU": {"NUMERO_UAI": ""},
    "RESPONSABLE_FAUX": {"NUMERO_UAI": "0440005A"},
    "NOM_VIDE": {"NOM": ""},
    "SITE_FAUX": {"SIT_FORM": "44"},
    "SITE_VIDE": {"SIT_FORM": ""},
    "NOM_SIGNES": {"NOM": "Lenôtre"},
    "PRENOM_VIDE": {"PRENOM1": ""},
    "PRENOM_SIGNES": {"PRENOM1": "Jean-Luc"},
    "NAISSANCE_VIDE": {"DATE_NAIS": ""},
    "NAISSANCE_FAUSSE": {"DATE_NAIS": "30022007"},
    "LIEU_NAISSANCE_VIDE": {"LIEU_NAIS": ""},
    "LIEU_NAISSANCE_FAUX": {"LIEU_NAIS": "Rennes"},
    "SEXE_INCONNU": {"SEXE": ""},
    "SEXE_FAUX": {"SEXE": "M"},
    "ADRESSE_VIDE": {"ADRESSE": ""},
    "CODE_POSTAL_VIDE": {"COD_POST": ""},
    "CODE_POSTAL_FAUX": {"COD_POST": "3500"},
    "RESIDENCE_VIDE": {"COM_RESID": ""},
    "RESIDENCE_FAUSSE": {"COM_RESID": "RENNES"},
    "SITUATION_VIDE": {"SIT_N_1": ""},
    "SITUATION_FAUSSE": {"SIT_N_1": "1"},
    "PRECEDENT_VIDE": {"ETAB_N_1": ""},
    "PRECEDENT_FAUX": {"ETAB_N_1": "35"},
    "TYPE_CFA_VIDE": {"TYPE_CFA": ""},
    "TYPE_CFA_FAUX": {"TYPE_CFA": "9"},
    "DUREE_THEORIQUE_VIDE": {"DUR_FORM_THEO": ""},
    "DUREE_THEORIQUE_FAUSSE": {"DUR_FORM_THEO": "2 ans"},
    "DUREE_REELLE_VIDE": {"DUR_FORM_REELLE": ""},
    "DUREE_REELLE_FAUSSE": {"DUR_FORM_REELLE": "0"},
    "FORMATION_VIDE": {"DIPLOME": ""},
    "DIPLOME_FAUX": {"DIPLOME": "123"},
    "RNCP_FAUX": {"DIPLOME": "", "RNCP": "37537"},
    "DEUX_CODES": {"RNCP": "RNCP37537"},
    "ANNEE_VIDE": {"AN_FORM": ""},
    "ANNEE_FAUSSE": {"AN_FORM": "2"},
    "CONTRAT_VIDE": {"DATE_DEB_CONT": ""},
    "CONTRAT_FAUX": {"DATE_DEB_CONT": "2025-09-01"},
    "RUPTURE_FAUSSE": {"DATE_RUPT_CONT": "31092026"},
    "RUPTURE_AVANT": {"DATE_RUPT_CONT": "31082025"},
    "AGE": {"DATE_NAIS": "04052020"},
    "INE_VIDE": {"INE": '=""'},
    "INE_INHABITUEL": {"INE": "12AB"},
    "SIRET_VIDE": {"SIRET_EMP": ""},
    "SIRET_FAUX": {"SIRET_EMP": "73282932000075"},
    "COMMUNE_EMPLOYEUR_VIDE": {"COM_ETAB": ""},
    "COMMUNE_EMPLOYEUR_FAUSSE": {"COM_ETAB": "Rennes"},
    "NAF_VIDE": {"NAF_ETAB": ""},
    "NAF_FAUX": {"NAF_ETAB": "10.71C"},
    "SALARIES_VIDE": {"NBSAL_EMP": ""},
    "SALARIES_FAUX": {"NBSAL_EMP": "douze"},
    "TYPE_EMPLOYEUR_VIDE": {"TYPE_EMP": ""},
    "TYPE_EMPLOYEUR_FAUX": {"TYPE_EMP": "1"},
    "NATIONALITE_VIDE": {"NATIO": ""},
    "NATIONALITE_FAUSSE": {"NATIO": "FR"},
    "REGIME_VIDE": {"REGIME_SCO": ""},
    "REGIME_FAUX": {"REGIME_SCO": "DP"},
    "AVANT_VIDE": {"SIT_AV_APP": ""},
    "AVANT_FAUX": {"SIT_AV_APP": "1"},
    "DIPLOME_OBTENU_VIDE": {"DIP_OBT": ""},
    "DIPLOME_OBTENU_FAUX": {"DIP_OBT": "4"},
    "PCS_VIDE": {"PCS": ""},
    "PCS_FAUSSE": {"PCS": "1"},
    "HANDICAP_FAUX": {"HANDI": "oui"},
    "TELEPHONE_FAUX": {"TEL_JEUNE": "628000000"},
    "STATUT_FAUX": {"STATUT": "SCO"},
    "SANS_OBJET": {"UAI_EPLE": ""},
}


def test_une_fiche_complete_ne_casse_aucune_regle() -> None:
    assert regles.fautes(ligne()) == []


def test_chaque_regle_a_son_exemple() -> None:
    assert set(CASSEES) == set(regles.PAR_CODE)


@pytest.mark.parametrize("code", sorted(CASSEES))
def test_chaque_regle_voit_ce_qui_la_casse(code: str) -> None:
    trouvees = [r.code for r in regles.fautes(ligne() | CASSEES[code])]
    assert code in trouvees


def test_ce_qui_manquait_dans_l_ancien_controle_manque_toujours() -> None:
    """The ten fields of domain.md §8, and the address."""
    colonnes = {
        r.colonne
        for r in regles.REGLES
        if r.gravite is not Gravite.ALERTE and r.code.endswith(("_VIDE", "_INCONNU"))
    }
    assert colonnes >= {
        "NOM", "PRENOM1", "DATE_NAIS", "LIEU_NAIS", "SEXE", "SIT_N_1", "ETAB_N_1", "TYPE_CFA",
        "DUR_FORM_REELLE", "DUR_FORM_THEO", "ADRESSE", "COD_POST",
    }  # fmt: skip


def test_seul_un_refus_sort_la_ligne_du_fichier() -> None:
    assert regles.refusee(regles.fautes(ligne() | {"NUMERO_UAI": ""}))
    assert not regles.refusee(regles.fautes(ligne() | {"SEXE": ""}))


def test_une_alerte_ne_rend_pas_une_fiche_incomplete() -> None:
    assert regles.complete(regles.fautes(ligne() | {"NATIO": ""}))
    assert not regles.complete(regles.fautes(ligne() | {"SEXE": ""}))
