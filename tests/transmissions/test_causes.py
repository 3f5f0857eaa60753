"""Every reason to refuse a line has its cause, in words of the field, and how to correct it (issue 4, part 3)."""

from typing import Any

import pytest

from tdba.transmissions import catalogue_causes, causes, refus, refusees_csv, service
from tdba.transmissions.catalogue_causes import AUTRE, Acteur
from tdba.transmissions.causes import Groupe
from tdba.transmissions.champs import NOMS
from tdba.transmissions.libelles import LIBELLES, libelle
from tdba.transmissions.queries_detail import Faute
from tdba.transmissions.refus import Refus

CONSTANTES = sorted(valeur for valeur in vars(refus).values() if isinstance(valeur, Refus))
FABRIQUES = [
    refus.texte_trop_long(255),
    refus.contrat_sans_debut(["contrat_date_fin"], "contrat_date_debut"),
    refus.debut_manquant(["contrat_date_fin_2"], "contrat_date_debut_2"),
]
DU_SERVICE = [*service.NON_TROUVE.values(), service.NON_AUTORISE]


def erreur(message: str, champ: str = "") -> dict[str, Any]:
    return {"message": message, "path": [champ] if champ else []}


@pytest.mark.parametrize("message", [*(r.message for r in [*CONSTANTES, *FABRIQUES]), *DU_SERVICE])
def test_chaque_phrase_de_refus_a_sa_cause_et_comment_corriger(message: str) -> None:
    trouvee = causes.cause(message)
    assert trouvee is not AUTRE
    assert trouvee.comment.endswith(".")
    assert causes.ACTEURS[trouvee.acteur]


def test_une_phrase_encore_inconnue_est_montree_quand_meme() -> None:
    (comptee,) = causes.regrouper([Groupe([erreur("Règle de demain", "ine_apprenant")], 3, [4])])
    assert (comptee.cause, comptee.champs, comptee.nombre) == (AUTRE, ["INE"], 3)


def test_les_codes_ne_se_confondent_pas() -> None:
    connues = [
        *catalogue_causes.PAR_MESSAGE.values(),
        catalogue_causes.LONG,
        catalogue_causes.CONTRAT,
        catalogue_causes.NON_AUTORISE,
        *catalogue_causes.INCONNU.values(),
    ]
    par_code: dict[str, set[str]] = {}
    for cause in connues:
        par_code.setdefault(cause.code, set()).add(cause.libelle)
    assert [code for code, libelles in par_code.items() if len(libelles) > 1] == []


def test_chaque_champ_a_ses_mots() -> None:
    assert set(LIBELLES) == set(NOMS)
    assert libelle("contrat_date_fin_2") == "fin du contrat n° 2"
    assert libelle("") == "toute la ligne"


def test_un_etablissement_inconnu_est_une_cause_et_non_deux() -> None:
    """The UAI and the SIRET of a couple are refused together: one line, one gesture."""
    message = service.NON_TROUVE["formateur"]
    erreurs = [
        erreur(message, "etablissement_formateur_uai"),
        erreur(message, "etablissement_formateur_siret"),
    ]
    (comptee,) = causes.regrouper([Groupe(erreurs, 35, [3, 1, 2])])
    assert (comptee.cle, comptee.nombre, comptee.rangs) == ("FORMATEUR_INCONNU", 35, [1, 2, 3])
    assert comptee.champs == ["UAI de l’établissement formateur", "SIRET de l’établissement formateur"]


def test_ce_qui_depend_du_champ_est_compte_par_champ_et_la_plus_frequente_vient_d_abord() -> None:
    manque = refus.CHAMP_OBLIGATOIRE.message
    groupes = [
        Groupe([erreur(manque, "nom_apprenant")], 2, [9]),
        Groupe([erreur(manque, "nom_apprenant"), erreur(manque, "annee_scolaire")], 1, [4]),
        Groupe([erreur(refus.BOOLEEN_ATTENDU.message, "formation_presentielle")], 7, [5]),
    ]
    comptees = causes.regrouper(groupes)
    assert [(c.cle, c.nombre, c.rangs) for c in comptees] == [
        ("FORMAT-formation_presentielle", 7, [5]),
        ("OBLIGATOIRE-nom_apprenant", 3, [4, 9]),
        ("OBLIGATOIRE-annee_scolaire", 1, [4]),
    ]
    assert comptees[0].cause.acteur is Acteur.ERP
    assert causes.de_cette_cause(groupes, "OBLIGATOIRE-nom_apprenant") == [
        groupes[0].erreurs,
        groupes[1].erreurs,
    ]


def test_les_exemples_sont_ceux_du_dernier_envoi() -> None:
    date = [erreur(refus.DATE_INVALIDE.message, "date_fin_formation")]
    deux = [*date, erreur(refus.SEXE_INVALIDE.message, "sexe_apprenant")]
    comptees = causes.regrouper([Groupe(date, 1, [8], "récent"), Groupe(deux, 2, [1, 2], "ancien")])
    assert [(c.cle, c.nombre, c.rangs, c.derniere) for c in comptees] == [
        ("DATE-date_fin_formation", 3, [8], "récent"),
        ("SEXE-sexe_apprenant", 2, [1, 2], "ancien"),
    ]


# --- The file of refused lines ----------------------------------------------------------------------------------


@pytest.mark.parametrize("piege", ["=cmd|' /C calc'!A0", "+33", "-1", "@SUM(A1)", "\t=1", "  =1"])
def test_aucune_cellule_n_est_une_formule(piege: str) -> None:
    lignes = refusees_csv.ecrire(
        [Faute(1, 3, piege, "nom_apprenant", piege, refus.TEXTE_ATTENDU.message)]
    ).decode("utf-8-sig")
    cellules = lignes.split("\r\n")[1].split(";")
    assert [c.strip('"')[0] for c in (cellules[1], cellules[4])] == ["'", "'"]


def test_le_fichier_s_ouvre_dans_un_tableur_francais() -> None:
    octets = refusees_csv.ecrire([Faute(1, 3, None, "", None, refus.LIGNE_INATTENDUE.message)])
    assert octets.startswith(b"\xef\xbb\xbfLigne;")
    assert octets.endswith(b"\r\n")
    assert "3;;toute la ligne;;;" in octets.decode()
