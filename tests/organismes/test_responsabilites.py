"""Partial responsibility: another legal unit, and more than one responsable (domain.md §1)."""

import pytest

from tdba.organismes.responsabilites import Lien, partielle, responsabilites

A, B, F = "100000001", "100000002", "100000009"


@pytest.mark.parametrize(
    ("responsable", "responsables", "attendu"),
    [
        (A, {A}, False),  # the only responsable
        (A, {A, B}, True),
        (B, {A, B}, True),
        (F, {F}, False),  # same legal unit
        (F, {A, F}, False),  # same legal unit, whoever else there is
        (A, {A, F}, True),  # the formateur also answers to its own legal unit
    ],
)
def test_table_de_verite(responsable: str, responsables: set[str], attendu: bool) -> None:
    assert partielle(responsable, F, frozenset(responsables)) is attendu


def lien(
    responsable: int, formateur: int = 9, *, siren: str | None = None, partielle: bool | None = None
) -> Lien:
    return Lien(responsable, siren or f"10000000{responsable}", formateur, F, partielle)


def partages(du_fichier: list[Lien], connues: list[Lien]) -> tuple[dict[int, object], dict[int, object]]:
    nouvelles, voisines = responsabilites(du_fichier, connues)
    return (
        {r["responsable_id"]: r["partielle"] for r in nouvelles},
        {r["responsable_id"]: r["partielle"] for r in voisines},
    )


def test_deux_etablissements_d_une_meme_entite_ne_se_partagent_pas_un_formateur() -> None:
    assert partages([lien(1, siren=A), lien(2, siren=A)], []) == ({1: False, 2: False}, {})


def test_un_nouveau_responsable_rend_partielle_la_relation_deja_connue() -> None:
    assert partages([lien(2)], [lien(1, partielle=False)]) == ({2: True}, {1: True})


def test_une_relation_avec_soi_meme_compte_sans_etre_gardee() -> None:
    assert partages([lien(1), lien(9, siren=F)], []) == ({1: True}, {})


def test_un_fichier_court_n_ouvre_jamais_les_noms() -> None:
    assert partages([lien(1)], [lien(1, partielle=True)]) == ({1: True}, {})


def test_la_colonne_partielle_l_emporte_sur_la_regle() -> None:
    assert partages([lien(1, partielle=False), lien(2)], []) == ({1: False, 2: True}, {})
