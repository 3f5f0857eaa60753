"""How a cell is read: what registers write, and what a spreadsheet did to it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tdba.organismes import champs
from tdba.organismes.champs import ValeurRefusee
from tdba.organismes.models import NATURES


@pytest.mark.parametrize(
    ("lecteur", "brut", "attendu"),
    [
        (champs.siret, "824 092 688 00012", "82409268800012"),
        (champs.uai, "0694442d", "0694442D"),
        (champs.uai, "", None),
        (champs.rncp, "34670", "RNCP34670"),
        (champs.rncp, "rncp 07", "RNCP7"),
        (champs.rncp, "NR", None),
        (champs.cfd, "1023456", "01023456"),
        (champs.cfd, "0102345a", "0102345A"),
        (champs.niveau, "Niveau 5", 5),
        (champs.niveau, "03", 3),
        (champs.niveau, "NR", None),
        (champs.jour, "21/03/2022", date(2022, 3, 21)),
        (champs.jour, "2022-03-21", date(2022, 3, 21)),
        (champs.jour, "", None),
        (champs.nature, "", "inconnue"),
        (champs.nature, "Responsable formateur", "responsable_formateur"),
        (champs.ferme, "actif", False),
        (champs.ferme, "fermé", True),
        (champs.ferme, "", None),
        (champs.departement, "1", "01"),
        (champs.departement, "2a", "2A"),
        (champs.liste, "cfa_ec| cma |", ("cfa_ec", "cma")),
    ],
)
def test_une_cellule_est_lue(lecteur: Callable[[str], Any], brut: str, attendu: object) -> None:
    assert lecteur(brut) == attendu


@pytest.mark.parametrize(
    ("lecteur", "brut", "raison"),
    [
        (champs.siret, "", "absent"),
        (champs.siret, "8240926880001", "tableur"),
        (champs.siret, "8,24093E+13", "tableur"),
        (champs.siret, "8240926880001X", "14 chiffres"),
        (champs.uai, "014000", "7 chiffres et une lettre"),
        (champs.rncp, "RNCP", "mal formé"),
        (champs.cfd, "123", "mal formé"),
        (champs.niveau, "99", "hors de 3 à 8"),
        (champs.jour, "30/02/2022", "impossible"),
        (champs.jour, "hier", "impossible"),
        (champs.booleen, "peut-être", "oui ou non"),
        (champs.nature, "licorne", "nature"),
        (champs.texte_obligatoire, "", "absente"),
    ],
)
def test_une_cellule_refusee_dit_pourquoi(lecteur: Callable[[str], Any], brut: str, raison: str) -> None:
    with pytest.raises(ValeurRefusee, match=raison):
        lecteur(brut)


def test_une_citation_est_courte_et_sans_caractere_de_commande() -> None:
    assert champs.citer("a\x1b[31mb") == "« a�[31mb »"
    assert len(champs.citer("x" * 500)) < 50


def test_les_natures_lues_sont_celles_de_la_base() -> None:
    assert frozenset(NATURES) == champs.NATURES
