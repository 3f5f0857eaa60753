"""Reading a list that somebody gives: identifiers alone, or a table of any layout."""

from datetime import date
from typing import Any

import pytest

from tdba.effectifs.statuts import Statut
from tdba.errors import ErreurMetier
from tdba.rapprochements import liste, service_liste
from tdba.rapprochements.annonces import Annonce, depuis_json
from tdba.rapprochements.liste import SansColonne
from tests.depots.aides import xlsx

ANNEES = ("2026-2026", "2026-2027")


def lue(entetes: list[str], *rangees: list[Any]) -> list[Annonce]:
    return liste.tableau(entetes, list(enumerate(rangees, start=2)), ANNEES).annonces


def test_un_identifiant_par_ligne() -> None:
    trouvee = liste.identifiants("A-1\n\n A-2 \n0042\n")
    assert trouvee is not None
    assert [a.id_erp for a in trouvee.annonces] == ["A-1", "A-2", "0042"]
    assert [a.ligne for a in trouvee.annonces] == [1, 3, 4]


def test_le_titre_de_la_colonne_n_est_personne() -> None:
    trouvee = liste.identifiants("Matricule\nA-1")
    assert trouvee is not None
    assert [a.id_erp for a in trouvee.annonces] == ["A-1"]


def test_un_tableau_n_est_pas_une_liste_d_identifiants() -> None:
    assert liste.identifiants("Nom;Prénom\nMARTIN;Léa") is None
    assert liste.identifiants("Nom et prénom\nMARTIN Léa") is None


def test_les_colonnes_se_reconnaissent_dans_tous_les_ordres() -> None:
    (annonce,) = lue(
        ["Statut", "Prénom", "Nom de naissance", "Né(e) le", "Matricule", "Année scolaire"],
        ["En rupture", "Léa", "Martin", "04/05/2007", 42, "2026/2027"],
    )
    assert annonce == Annonce("42", "MARTIN", "Léa", date(2007, 5, 4), Statut.RUPTURANT, ligne=2)


@pytest.mark.parametrize(
    ("dit", "statut"),
    [
        ("Apprenti", Statut.APPRENTI),
        ("3", Statut.APPRENTI),
        (0, Statut.ABANDON),
        ("inconnu", None),
        (None, None),
    ],
)
def test_le_statut_se_dit_en_mots_ou_en_code(dit: object, statut: Statut | None) -> None:
    (annonce,) = lue(["Matricule", "Statut"], ["A", dit])
    assert annonce.statut == statut


def test_un_statut_inconnu_compte() -> None:
    assert Annonce("A", statut=None).compte("APPRENTIS")
    assert Annonce("A", statut=Statut.RUPTURANT).compte("APPRENANTS")
    assert not Annonce("A", statut=Statut.RUPTURANT).compte("APPRENTIS")
    assert Annonce("A", statut=Statut.FIN_DE_FORMATION).compte("APPRENTIS")


def test_une_autre_annee_est_ecartee_et_une_ligne_sans_personne_se_dit() -> None:
    trouvee = liste.tableau(
        ["Matricule", "Nom", "Année scolaire"],
        [(2, ["A", "MARTIN", "2025-2026"]), (3, [None, "MARTIN", "2026-2027"]), (4, ["B", None, None])],
        ANNEES,
    )
    assert [a.id_erp for a in trouvee.annonces] == ["B"]
    assert (trouvee.ecartees, trouvee.illisibles) == (1, 1)


def test_sans_identifiant_ni_nom_rien_ne_se_compare() -> None:
    with pytest.raises(SansColonne):
        lue(["Ville", "Diplôme"], ["Rennes", "CAP"])


def test_ce_qui_est_garde_se_relit() -> None:
    dite = Annonce("42", "MARTIN", "Léa", date(2007, 5, 4), Statut.RUPTURANT, ligne=2)
    assert depuis_json(dite.json()) == dite
    assert Annonce("42").json() == {"id_erp": "42"}


def test_un_classeur_se_lit_dans_son_propre_processus() -> None:
    contenu = xlsx(["Matricule", "Nom", "Prénom"], ["A", "MARTIN", "Léa"], ["B", "DURAND", "Zoé"])
    trouvee = service_liste.fichier([contenu], "liste.xlsx", ANNEES)
    assert [(a.id_erp, a.nom) for a in trouvee.annonces] == [("A", "MARTIN"), ("B", "DURAND")]


def test_un_tableau_colle_se_lit_comme_un_fichier() -> None:
    trouvee = service_liste.collee("Nom\tPrénom\nMARTIN\tLéa\nDURAND\tZoé", ANNEES)
    assert [a.nom for a in trouvee.annonces] == ["MARTIN", "DURAND"]


@pytest.mark.parametrize(
    ("texte", "dit"),
    [
        ("", "Collez la liste"),
        ("A\n" * 3001, "plus de 3 000 lignes"),
        ("Ville;Diplôme\nRennes;CAP", "Aucune colonne"),
    ],
)
def test_ce_qui_ne_peut_pas_etre_lu_se_dit(texte: str, dit: str) -> None:
    with pytest.raises(ErreurMetier, match=dit):
        service_liste.collee(texte, ANNEES)


def test_un_fichier_trop_gros_ou_absent_se_refuse() -> None:
    with pytest.raises(ErreurMetier, match="5 Mo"):
        service_liste.fichier([b"x" * 1_000_000] * 6, "liste.csv", ANNEES)
    with pytest.raises(ErreurMetier, match="Choisissez"):
        service_liste.fichier([], "", ANNEES)
