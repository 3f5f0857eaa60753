"""Each column by example (domain.md §8), and the faults of the former export that ours has not."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tdba.sifa import regles
from tdba.sifa.colonnes import NOMS, SANS_INE, Contrat, Employeur, Personne, nettoyer, rangee
from tests.sifa.aides import ligne, personne


@pytest.mark.parametrize(
    ("colonne", "changes", "valeur"),
    [
        ("INE", {}, "123456789AB"),
        ("INE", {"ine": None}, SANS_INE),
        ("NUMERO_UAI", {}, "0440005S"),
        ("NUMERO_UAI", {"uai_responsable": None}, ""),
        ("TYPE_CFA", {"reponses": {"type_cfa": "9"}}, "09"),
        ("SIT_FORM", {}, "0440010X"),
        ("UAI_EPLE", {}, "NC"),
        ("NAT_STR_JUR", {}, "NC"),
        ("STATUT", {}, "APP"),
        ("DIPLOME", {}, "50022141"),
        ("RNCP", {}, ""),
        ("RNCP", {"cfd": None}, "RNCP37537"),
        ("DUR_FORM_THEO", {}, "24"),
        ("DUR_FORM_REELLE", {}, "24"),
        ("DUR_FORM_REELLE", {"reponses": {"duree_reelle": "20"}}, "20"),
        ("DUR_FORM_REELLE", {"date_fin": None}, ""),
        ("AN_FORM", {}, "2A"),
        ("NOM", {"nom": "Le Nôtre-d’Œuvre 2"}, "Le Notre dOEuvre 2"),
        ("NOM", {"nom": "X" * 150}, "X" * 100),
        ("NOM2", {}, ""),
        ("PRENOM1", {"prenom": "Élé-Anne"}, "Ele Anne"),
        ("PRENOM2", {}, ""),
        ("PRENOM3", {}, ""),
        ("ADRESSE", {"adresse": '=64; "rue"\nbasse'}, "64 rue basse"),
        ("ADRESSE", {"adresse": "r" * 250}, "r" * 200),
        ("COD_POST", {}, "35000"),
        ("COM_RESID", {}, "35238"),
        ("TEL_JEUNE", {}, "0628000000"),
        ("TEL_JEUNE", {"telephone": "06 28 00 00 00"}, "0628000000"),
        ("TEL_JEUNE", {"telephone": "+491711234567"}, "00491711234567"),
        ("TEL_RESP1_PERSO", {"reponses": {"representant_telephone": "+33612345678"}}, "0612345678"),
        ("TEL_RESP1_PRO", {"reponses": {"representant_telephone": "+33612345678"}}, "0612345678"),
        ("TEL_RESP2_PERSO", {}, ""),
        ("TEL_RESP2_PRO", {}, ""),
        ("MAIL_JEUNE", {}, "gaston@exemple.fr"),
        ("MAIL_RESP1", {"reponses": {"representant_courriel": "parent@exemple.fr"}}, "parent@exemple.fr"),
        ("MAIL_RESP2", {}, ""),
        ("DATE_NAIS", {}, "04052007"),
        ("LIEU_NAIS", {}, "35238"),
        ("SEXE", {}, "1"),
        ("SEXE", {"sexe": "F"}, "2"),
        ("REGIME_SCO", {}, "D"),
        ("PCS", {}, "61"),
        ("HANDI", {}, "0"),
        ("HANDI", {"reponses": {"rqth": "oui"}}, "1"),
        ("HANDI", {"reponses": {"rqth": "non"}}, "0"),
        ("NATIO", {}, "1"),
        ("SIT_AV_APP", {}, "31"),
        ("DIP_OBT", {"reponses": {"dernier_diplome": "4"}}, "04"),
        ("SIT_N_1", {}, "3003"),
        ("ETAB_N_1", {"reponses": {"dernier_organisme": "95"}}, "095"),
        ("ETAB_N_1", {"reponses": {"dernier_organisme": "0440012Z"}}, "0440012Z"),
        ("TYPE_EMP", {}, "12"),
        ("DATE_ENTREE_CFA", {}, ""),
        ("DATE_DEB_CONT", {}, "01092025"),
        ("DATE_RUPT_CONT", {}, ""),
        ("DATE_RUPT_CONT", {"contrat": Contrat(date(2025, 9, 1), None, date(2026, 11, 3))}, "03112026"),
        ("NAF_ETAB", {}, "1071C"),
        ("NAF_ETAB", {"reponses": {"naf": "4711F"}}, "4711F"),
        ("NBSAL_EMP", {}, "12"),
        ("SIRET_EMP", {}, "73282932000074"),
    ],
)
def test_chaque_colonne_s_ecrit_comme_l_enquete_le_demande(
    colonne: str, changes: dict[str, Any], valeur: str
) -> None:
    assert ligne(**changes)[colonne] == valeur


def test_un_sexe_inconnu_n_est_pas_feminin_et_se_dit() -> None:
    rendue = ligne(sexe=None)
    assert rendue["SEXE"] == ""
    assert "SEXE_INCONNU" in [r.code for r in regles.fautes(rendue)]


def test_com_etab_est_une_commune_et_jamais_un_code_postal() -> None:
    assert ligne(employeur=Employeur("1071C", "35238"))["COM_ETAB"] == "35238"
    assert ligne(employeur=Employeur("1071C", None))["COM_ETAB"] == ""
    assert ligne(reponses={"commune_employeur": "35047"})["COM_ETAB"] == "35047"


def test_une_rupture_apres_le_31_decembre_n_est_pas_encore_connue() -> None:
    """The same file, made in January or in March."""
    assert ligne(contrat=Contrat(date(2025, 9, 1), None, date(2027, 1, 8)))["DATE_RUPT_CONT"] == ""


def test_un_nom_garde_sa_casse_et_perd_ses_signes() -> None:
    assert nettoyer("  d’Ârc–Łódź, (Jean)  ") == "dArc Lodz Jean"


TEXTES = st.none() | st.text(max_size=40)
JOURS = st.none() | st.dates()


@given(
    st.builds(
        Personne,
        ine=TEXTES,
        nom=TEXTES,
        prenom=TEXTES,
        sexe=TEXTES,
        date_naissance=JOURS,
        adresse=TEXTES,
        code_postal=TEXTES,
        code_insee=TEXTES,
        telephone=TEXTES,
        courriel=TEXTES,
        rncp=TEXTES,
        cfd=TEXTES,
        duree_mois=st.none() | st.integers(-5, 99),
        annee_formation=st.none() | st.integers(0, 9),
        date_entree=JOURS,
        date_fin=JOURS,
        uai_responsable=TEXTES,
        uai_formateur=TEXTES,
        reponses=st.dictionaries(st.sampled_from(sorted(personne().reponses)), st.text(max_size=12)),
        contrat=st.builds(Contrat, JOURS, JOURS, JOURS, TEXTES),
        employeur=st.builds(Employeur, TEXTES, TEXTES),
        reference=st.dates(),
    )
)
def test_toute_fiche_donne_47_colonnes_et_se_juge(p: Personne) -> None:
    rendue = rangee(p)
    assert tuple(rendue) == NOMS
    assert len(NOMS) == 47
    regles.fautes(rendue)
