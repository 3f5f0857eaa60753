"""Wrong lines, one kind for each way the intake refuses (domain.md §4.2, §4.4; decisions 12, 13, 16). Pure.

Each function takes a good line and returns it spoilt. The last two are well written: only the référentiel and the
rights of the sender refuse them.
"""

from collections.abc import Callable
from typing import Any, Final

from tdba.local.demo_identifiants import siret, uai
from tdba.local.demo_organismes import PAR_CODE

Contenu = dict[str, Any]


def _sans_nom(ligne: Contenu) -> Contenu:
    return {champ: valeur for champ, valeur in ligne.items() if champ != "nom_apprenant"}


def _trente_fevrier(ligne: Contenu) -> Contenu:
    return ligne | {"date_de_naissance_apprenant": "2008-02-30"}


def _siret_trop_court(ligne: Contenu) -> Contenu:
    return ligne | {"etablissement_formateur_siret": ligne["etablissement_formateur_siret"][:13]}


def _cle_de_siret_fausse(ligne: Contenu) -> Contenu:
    dernier = int(ligne["etablissement_formateur_siret"][-1])
    return ligne | {
        "etablissement_formateur_siret": ligne["etablissement_formateur_siret"][:-1] + str((dernier + 1) % 10)
    }


def _lettre_d_uai_fausse(ligne: Contenu) -> Contenu:
    code = ligne["etablissement_formateur_uai"]
    return ligne | {"etablissement_formateur_uai": code[:7] + ("A" if code[7] != "A" else "B")}


def _rupture_sans_contrat(ligne: Contenu) -> Contenu:
    garde = {champ: valeur for champ, valeur in ligne.items() if not champ.startswith("contrat_date_debut")}
    return garde | {
        "contrat_date_rupture": ligne["date_entree_formation"],
        "cause_rupture_contrat": "démission",
    }


def _fin_avant_entree(ligne: Contenu) -> Contenu:
    return ligne | {"date_fin_formation": "2001-07-01"}


def _telephone_tronque(ligne: Contenu) -> Contenu:
    return ligne | {"tel_apprenant": "01 99 00 1"}


def _telephone_surtaxe(ligne: Contenu) -> Contenu:
    return ligne | {"tel_apprenant": "08 99 00 00 00"}


def _nir_dans_un_texte(ligne: Contenu) -> Contenu:
    # Month 55 is a pseudo-month: shaped like a social-security number, given to nobody.
    return ligne | {"cause_exclusion_formation": "dossier sécu 2 08 55 35 999 999 à revoir"}


def _statut_inconnu(ligne: Contenu) -> Contenu:
    return ligne | {"statut_apprenant": 7}


def _pas_un_objet(_ligne: Contenu) -> str:
    return "export interrompu"


def _courriel_faux(ligne: Contenu) -> Contenu:
    return ligne | {"email_contact": "voir secretariat"}


def _annee_scolaire_seule(ligne: Contenu) -> Contenu:
    return ligne | {"annee_scolaire": ligne["annee_scolaire"][:4]}


def _code_postal_faux(ligne: Contenu) -> Contenu:
    return ligne | {"code_postal_apprenant": "2A 004"}


def _plusieurs_erreurs(ligne: Contenu) -> Contenu:
    return _courriel_faux(_statut_inconnu(_trente_fevrier(_sans_nom(ligne))))


def _couple_inconnu(ligne: Contenu) -> Contenu:
    return ligne | {
        "etablissement_formateur_uai": uai("23", 998),
        "etablissement_formateur_siret": siret(9_998),
    }


def _cfa_d_un_autre(ligne: Contenu) -> Contenu:
    """For a CFA that delegated nothing to the sender."""
    autre = PAR_CODE["CAR" if ligne["etablissement_formateur_uai"] != PAR_CODE["CAR"].uai else "GEA"]
    return ligne | {
        "etablissement_responsable_uai": autre.uai,
        "etablissement_responsable_siret": autre.siret,
        "etablissement_formateur_uai": autre.uai,
        "etablissement_formateur_siret": autre.siret,
    }


REFUS: Final[tuple[tuple[str, Callable[[Contenu], Any]], ...]] = (
    ("nom manquant", _sans_nom),
    ("date impossible", _trente_fevrier),
    ("couple inconnu du référentiel", _couple_inconnu),
    ("rupture sans début de contrat", _rupture_sans_contrat),
    ("SIRET trop court", _siret_trop_court),
    ("CFA d’un autre", _cfa_d_un_autre),
    ("téléphone tronqué", _telephone_tronque),
    ("fin avant l’entrée", _fin_avant_entree),
    ("pas un objet", _pas_un_objet),
    ("NIR dans un texte", _nir_dans_un_texte),
    ("clé de SIRET fausse", _cle_de_siret_fausse),
    ("statut inconnu", _statut_inconnu),
    ("lettre d’UAI fausse", _lettre_d_uai_fausse),
    ("courriel faux", _courriel_faux),
    ("année scolaire incomplète", _annee_scolaire_seule),
    ("téléphone surtaxé", _telephone_surtaxe),
    ("code postal faux", _code_postal_faux),
    ("plusieurs erreurs", _plusieurs_erreurs),
)
REFUS_DU_REFERENTIEL: Final = frozenset({"couple inconnu du référentiel", "CFA d’un autre"})
"""Kinds that a line alone cannot tell."""
