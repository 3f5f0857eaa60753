"""The template is made from the rules, and a list of errors from the file itself; both are read back by our own reader."""

import io
import zipfile
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from tdba.depots import descriptions, lecture, modele
from tdba.depots.cellules import lettres
from tdba.depots.codes_situation import situations
from tdba.depots.conversion import lire_ligne
from tdba.depots.correspondance import proposer
from tdba.depots.fichier_erreurs import A_CORRIGER, LigneFautive, ecrire_erreurs
from tdba.transmissions import normes
from tdba.transmissions.champs import FICHIER, OBLIGATOIRES
from tdba.transmissions.refus import Refus
from tests.depots.aides import PUBLIC, xlsx


@pytest.fixture(scope="module")
def classeur() -> CalamineWorkbook:
    return CalamineWorkbook.from_filelike(io.BytesIO(modele.ecrire_modele()))


def lignes(classeur: CalamineWorkbook, feuille: str) -> list[list[object]]:
    return [list(rangee) for rangee in classeur.get_sheet_by_name(feuille).iter_rows()]


def test_le_modele_a_quatre_feuilles_et_les_62_colonnes_de_a_a_bj(classeur: CalamineWorkbook) -> None:
    assert classeur.sheet_names == ["Modèle", "Description des données", "Codes", "Exemple rempli"]
    assert len(descriptions.CHAMPS_DU_MODELE) == 62
    assert lettres(61) == "BJ"
    assert len(lignes(classeur, "Modèle")[0]) == 62


def test_une_etoile_est_mise_exactement_la_ou_la_regle_exige(classeur: CalamineWorkbook) -> None:
    titres = [str(titre) for titre in lignes(classeur, "Modèle")[0]]
    etoiles = {titre.removesuffix(" *") for titre in titres if titre.endswith(" *")}
    assert etoiles == OBLIGATOIRES[FICHIER]
    assert "contrat_date_debut_2 **" in titres


def test_chaque_colonne_est_decrite_avec_un_exemple_que_la_regle_accepte(classeur: CalamineWorkbook) -> None:
    decrites = lignes(classeur, "Description des données")[1:]
    assert [ligne[1] for ligne in decrites] == lignes(classeur, "Modèle")[0]
    for champ, (_, _, exigence, sens, formats, exemple, utilite) in zip(
        descriptions.CHAMPS_DU_MODELE, decrites, strict=True
    ):
        assert all((sens, formats, utilite))
        assert (exigence == "Oui") is (FICHIER in champ.obligatoire)
        assert not exemple or not isinstance(champ.fichier(exemple), Refus)


def test_l_exemple_rempli_se_relit_sans_erreur(classeur: CalamineWorkbook) -> None:
    """Read with no known couple: the keys of its establishments are right by themselves."""
    titres, rangee = lignes(classeur, "Exemple rempli")
    feuille = lecture.ouvrir(xlsx(titres, rangee), "exemple.xlsx")
    proposition = proposer(feuille.entetes, [])
    [(_, cellules)] = feuille.lignes
    assert proposition.sans_question
    lue = lire_ligne(proposition.correspondance, cellules)
    assert lue.erreurs == lue.signalements == ()
    assert lue.valeurs["date_entree_formation"] == date(2025, 9, 1)
    # Every filled example of the description is in the row, and nothing else.
    assert lue.valeurs.keys() - {"id_erp_apprenant"} == {
        nom for nom, valeur in modele.exemple().items() if valeur
    }


def test_les_codes_sont_ceux_que_la_regle_accepte(classeur: CalamineWorkbook) -> None:
    for normaliseur, codes in (
        (normes.situation, situations()),
        (normes.type_cfa, descriptions.TYPES_CFA),
        (normes.sexe, descriptions.SEXES),
        (normes.annee_de_formation, descriptions.ANNEES_DE_FORMATION),
        (normes.booleen_de_cellule, descriptions.OUI_NON),
    ):
        assert all(type(normaliseur(code)) is not Refus for code, _ in codes)
    assert len(situations()) == 59
    titres, _, premiere = lignes(classeur, "Codes")[:3]
    assert titres[::3] == [
        "Sexe",
        "Situation de l’année précédente",
        "Type de CFA",
        "Année de formation",
        "Oui ou non",
    ]
    assert premiere[:2] == ["M", "Masculin"]


def test_le_modele_vide_depose_tel_quel_dit_qu_il_n_a_pas_de_ligne() -> None:
    with pytest.raises(lecture.FichierRefuse, match="SANS_LIGNE"):
        lecture.ouvrir(modele.ecrire_modele(), "modele.xlsx")


def test_le_modele_est_le_meme_a_chaque_fois() -> None:
    assert modele.ecrire_modele() == modele.ecrire_modele()


def test_les_erreurs_gardent_la_disposition_du_fichier_et_aucune_formule() -> None:
    entetes = ["Nom", "=1+1", "SIRET", "Né le", "Actif"]
    recues = ["=cmd|' /C calc'!A0", "@SOMME(A1)", 73282932000074, date(2006, 3, 14), True]
    autres = ["https://exemple.fr", "{=A1}", 0.5, "30/02/2006", None]
    contenu = ecrire_erreurs(
        entetes,
        [
            LigneFautive(recues, [("Nom", "Champ obligatoire"), ("", "Ligne refusée")]),
            LigneFautive(autres, [("Né le", "Date invalide")]),
        ],
    )
    feuille = lecture.ouvrir(contenu, "erreurs.xlsx")
    assert feuille.entetes == (A_CORRIGER, *entetes)
    assert list(feuille.lignes) == [
        (2, ["Nom : Champ obligatoire\nLigne refusée", *recues]),
        (3, ["Né le : Date invalide", *autres]),
    ]
    assert b"<f>" not in _feuille_xml(contenu)


def test_un_fichier_d_erreurs_corrige_revient_comme_le_fichier_d_origine() -> None:
    proposition = proposer(["Nom", "Prénom"], [])
    revenue = proposer([A_CORRIGER, "Nom", "Prénom"], [["Nom : Champ obligatoire", "A", "B"]])
    assert revenue.colonnes[1:] == proposition.colonnes
    assert revenue.colonnes[0].champ is None


def test_aucun_numero_de_securite_sociale_ne_ressort() -> None:
    contenu = ecrire_erreurs(
        ["Nom", "Note"],
        [LigneFautive(["A", "NIR 2 06 03 44 109 001 45"], []), LigneFautive(["B", 206034410900145], [])],
    )
    assert [cellules[2] for _, cellules in lecture.ouvrir(contenu, "e.xlsx").lignes] == [
        "NIR [NIR masqué]",
        "[NIR masqué]",
    ]


def _feuille_xml(contenu: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(contenu)) as archive:
        return archive.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("nom", ["modele-import-29012025.xlsx", "exemple.csv"])
def test_le_modele_du_service_existant_se_lit_sans_question(nom: str) -> None:
    """Its example has establishments whose keys are invented: they are taken as known."""
    chemin = PUBLIC / nom
    if not chemin.exists():
        pytest.skip(f"the public template ({nom}) is not beside the repository")
    feuille = lecture.ouvrir(chemin, nom)
    [(rang, cellules)] = feuille.lignes
    proposition = proposer(feuille.entetes, [cellules])
    assert rang == 2
    assert proposition.sans_question
    assert [c.champ for c in proposition.colonnes] == [champ.nom for champ in descriptions.CHAMPS_DU_MODELE]
    assert (
        lire_ligne(proposition.correspondance, cellules, couple_connu=lambda _uai, _siret: True).erreurs == ()
    )
