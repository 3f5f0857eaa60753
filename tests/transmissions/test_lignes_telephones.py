"""Phone numbers of domain.md §4.2, and the short way compared with the library."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tdba.transmissions import telephones
from tdba.transmissions.telephones import telephone
from tests.transmissions.lignes_exemples import lire_erp, messages

REGLAGES = settings(derandomize=True, deadline=None, max_examples=500, database=None)

FRANCAIS = [
    ("0628000000", "0628000000"),
    ("06 28 00 00 00", "0628000000"),
    ("06.28.00.00-00", "0628000000"),
    ("(06)/28/00/00/00", "0628000000"),
    ("06\u00a028\u202f00 00 00", "0628000000"),
    ("+33628000000", "0628000000"),
    ("0033628000000", "0628000000"),
    ("33628000000", "0628000000"),
    (628000000, "0628000000"),
    (628000000.0, "0628000000"),
    ("01 42 34 56 78", "0142345678"),
    ("0800000000", "0800000000"),
]

OUTRE_MER_ET_ETRANGER = [
    ("0690001234", "+590690001234"),
    ("0691221234", "+590691221234"),
    ("0590201234", "+590590201234"),
    ("0694201234", "+594694201234"),
    ("0594301234", "+594594301234"),
    ("0696201234", "+596696201234"),
    ("0697201234", "+596697201234"),
    ("0596301234", "+596596301234"),
    ("0692123456", "+262692123456"),
    ("0693123456", "+262693123456"),
    ("0262201234", "+262262201234"),
    ("0639011234", "+262639011234"),
    ("0269601234", "+262269601234"),
    ("0709001234", "+590709001234"),
    ("+33 596 30 12 34", "+596596301234"),
    (692123456, "+262692123456"),
    ("+262 692 12 34 56", "+262692123456"),
    ("+32 470 12 34 56", "+32470123456"),
]

REFUSES = [
    ("12", "Format invalide"),
    ("pas de téléphone", "Format invalide"),
    ("06 28 00 00 00 / 06 28 00 00 01", "Format invalide"),
    ("06 28 00 00 00 poste 12", "Format invalide"),
    ("-", "Format invalide"),
    ("٠٦٢٨٠٠٠٠٠٠", "Format invalide"),
    ("0" * 100_000, "Format invalide"),
    (["0628000000"], "Format invalide"),
    (True, "Format invalide"),
    ("0000000000", "Numéro de téléphone invalide"),
    ("+33692123456", "Numéro de téléphone invalide"),
    ("0899701234", "Le numéro de téléphone est un numéro spécial"),
    ("0810123456", "Le numéro de téléphone est un numéro spécial"),
]


@pytest.mark.parametrize(("recu", "garde"), FRANCAIS)
def test_un_numero_de_metropole_est_garde_sur_dix_chiffres(recu: object, garde: str) -> None:
    assert lire_erp(tel_apprenant=recu).valeurs["tel_apprenant"] == garde


@pytest.mark.parametrize(("recu", "garde"), OUTRE_MER_ET_ETRANGER)
def test_un_numero_d_outre_mer_ou_etranger_est_garde_avec_son_indicatif(recu: object, garde: str) -> None:
    assert lire_erp(tel_apprenant=recu).valeurs["tel_apprenant"] == garde


@pytest.mark.parametrize(("recu", "phrase"), REFUSES)
def test_un_numero_faux_ou_special_est_refuse(recu: object, phrase: str) -> None:
    assert messages(lire_erp(tel_apprenant=recu)) == {"tel_apprenant": phrase}


@REGLAGES
@example("0628000000")
@example("0692123456")
@example("+33142345678")
@given(
    st.builds(
        str.__add__, st.sampled_from(["0", "+33", "33", "0033", ""]), st.integers(10**7, 10**10).map(str)
    )
)
def test_la_voie_courte_dit_comme_la_bibliotheque(numero: str) -> None:
    assert telephone(numero) == telephones._selon_la_bibliotheque(numero)


@REGLAGES
@given(st.builds(str.__add__, st.sampled_from(["0", "+33"]), st.integers(10**8, 8 * 10**8).map(str)))
def test_un_numero_garde_se_relit_a_l_identique(numero: str) -> None:
    garde = telephone(numero)
    if isinstance(garde, str):
        assert telephone(garde) == garde


def test_la_voie_courte_reconnait_les_numeros_ordinaires() -> None:
    """Otherwise every number would silently take the slow way."""
    assert all(
        telephones._ORDINAIRE.fullmatch(numero) for numero in ("0628000000", "+33628000000", "0142345678")
    )
    assert telephones._ORDINAIRE.fullmatch("0692123456") is None
