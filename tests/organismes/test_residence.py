"""Commune and département from the codes sent (domain.md §4.4 step 6)."""

import pytest

from tdba.organismes.residence import Commune, Communes

COMMUNES = Communes(
    [
        Commune("14118", "14", ("14000",)),
        Commune("14366", "14", ("14100",), ("14999",)),
        Commune("14001", "14", ("14200",)),
        Commune("14002", "14", ("14200",)),
        Commune("61001", "61", ("61000", "14300")),
        Commune("14003", "14", ("14300",)),
        Commune("75056", "75", ("75001", "75011")),
        Commune("75111", "75", ("75011",)),
        Commune("2A004", "2A", ("20000",)),
        Commune("2B033", "2B", ("20200",)),
        Commune("97411", "974", ("97400",)),
    ],
    ["14", "61", "75", "2A", "2B", "974"],
)


@pytest.mark.parametrize(
    ("insee", "postal", "commune", "departement"),
    [
        ("14118", "14100", "14118", "14"),
        ("14999", None, "14366", "14"),
        (None, "14000", "14118", "14"),
        (None, "14200", None, "14"),
        (None, "14300", None, None),
        (None, "75011", "75111", "75"),
        (None, "75001", "75056", "75"),
        (None, "14054", None, "14"),
        (None, "20193", None, "2A"),
        (None, "20600", None, "2B"),
        (None, "97490", None, "974"),
        (None, "99999", None, None),
        (None, None, None, None),
        ("99352", "14000", "14118", "14"),
        ("99352", "14200", "99352", "14"),
        ("99352", None, "99352", None),
    ],
    ids=[
        "the INSEE code comes first",
        "a former commune stands for the one that absorbed it",
        "a postal code of one commune gives it",
        "a postal code of several communes gives none, and their département",
        "communes of two départements give neither",
        "an arrondissement is preferred to its city",
        "a city whose arrondissement is not known",
        "a CEDEX code gives its département",
        "Corse-du-Sud",
        "Haute-Corse",
        "overseas",
        "a département that does not exist",
        "nothing sent",
        "an unknown INSEE code gives way to the postal code",
        "and stays when the postal code does not tell",
        "and stays alone",
    ],
)
def test_une_adresse_donne_au_plus_une_commune(
    insee: str | None, postal: str | None, commune: str | None, departement: str | None
) -> None:
    assert COMMUNES.situer(insee, postal) == (commune, departement)


def test_sans_table_de_communes_ce_qui_est_recu_reste() -> None:
    assert Communes([], []).situer("14118", "14000") == ("14118", None)
