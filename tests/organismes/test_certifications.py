"""The rules of a certification (domain.md §4.5), and the two examples that it works out."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from tdba.organismes.certifications import (
    Certifications,
    Code,
    Couple,
    Formation,
    Session,
    descendances,
    session,
    valide_cfd,
    valide_rncp,
)
from tdba.organismes.reponse_api import lire_fichier
from tests.organismes.exemples import REPONSES

JOURS = st.dates(date(2015, 1, 1), date(2030, 12, 31))
BORNES = st.none() | JOURS
ENTREE_2021 = Session(date(2021, 9, 1), date(2023, 8, 31))


def coiffure() -> Certifications:
    """What the public API says of hairdressing, CAP and its former codes."""
    lues, refus = lire_fichier(REPONSES.read_bytes())
    assert not refus
    codes = {
        c["code"]: Code(c["ouverture"], c["fermeture"], tuple(c["continuite"])) for r in lues for c in r.codes
    }
    noms = ("rncp", "cfd", "intitule", "niveau", "ouverture", "echeance", "active")
    return Certifications((Couple(*(r.couple[nom] for nom in noms)) for r in lues), codes)


def test_premier_exemple_un_rncp_ancien_sans_cfd_donne_celui_qui_le_continue_et_son_cfd() -> None:
    trouvee = coiffure().resoudre("RNCP5364", None, ENTREE_2021)
    assert trouvee == Formation("RNCP34670", "50033616", "METIERS DE LA COIFFURE (CAP)", 3, ("RNCP5364",))


def test_second_exemple_un_cfd_inconnu_garde_les_codes_recus_et_prend_titre_et_niveau_du_rncp() -> None:
    trouvee = coiffure().resoudre("RNCP5364", "1234ABCD", ENTREE_2021)
    assert (trouvee.rncp, trouvee.cfd, trouvee.niveau) == ("RNCP5364", "1234ABCD", 3)
    assert trouvee.intitule == "Coiffure"
    assert trouvee.remplaces == ()
    assert trouvee.inconnus == ("1234ABCD",)


def test_un_cfd_valable_au_debut_mais_ferme_avant_la_fin_est_continue() -> None:
    a_cheval = Session(date(2019, 9, 1), date(2021, 8, 31))
    trouvee = coiffure().resoudre("RNCP34670", "50033610", a_cheval)
    assert (trouvee.rncp, trouvee.cfd, trouvee.remplaces) == ("RNCP34670", "50033616", ("50033610",))


def test_un_cfd_valable_de_bout_en_bout_reste() -> None:
    avant = Session(date(2018, 9, 1), date(2020, 6, 30))
    trouvee = coiffure().resoudre("RNCP34670", "50033610", avant)
    assert (trouvee.rncp, trouvee.cfd, trouvee.remplaces) == ("RNCP34670", "50033610", ())


def test_le_rncp_ne_regarde_que_le_debut_de_la_session() -> None:
    code = Code(date(2020, 1, 1), date(2021, 12, 31))
    assert valide_rncp(ENTREE_2021, code)
    assert not valide_cfd(ENTREE_2021, code)


def test_une_session_sans_bornes_ne_refuse_rien() -> None:
    code = Code(date(2020, 1, 1), date(2020, 1, 1))
    assert valide_rncp(Session(None, None), code)
    assert valide_cfd(Session(None, None), code)


def test_la_session_est_celle_des_dates_sinon_des_annees_de_la_periode() -> None:
    assert session(date(2021, 9, 1), None, (2020, 2022)) == Session(date(2021, 9, 1), None)
    assert session(None, None, (2020, 2022)) == Session(date(2020, 1, 1), date(2022, 12, 31))
    assert session(None, date(2022, 6, 30), (2020, 2022)) == Session(date(2020, 1, 1), date(2022, 6, 30))
    assert session(None, date(2022, 6, 30)) == Session(None, date(2022, 6, 30))


def test_un_cfd_est_complete_a_huit_caracteres_et_un_rncp_de_son_prefixe() -> None:
    connues = Certifications([Couple("RNCP7", "01023456", "MENTION (MC)", 4)], {})
    assert connues.resoudre("7", "1023456", ENTREE_2021)[:4] == ("RNCP7", "01023456", "MENTION (MC)", 4)


def suite(*fermetures: date | None) -> Certifications:
    """An old CFD, closed, and one code for each end given; each has its couple."""
    codes = {f"5000000{i}": Code(None, fin) for i, fin in enumerate(fermetures)}
    couples = [Couple(None, code, f"TITRE {code}", 3) for code in codes]
    ancien = Code(None, date(2000, 1, 1), tuple(codes))
    return Certifications([*couples, Couple(None, "49000000", "ANCIEN", 4)], codes | {"49000000": ancien})


def test_aucun_successeur_valable_garde_le_code() -> None:
    trouvee = suite(date(2010, 1, 1)).resoudre(None, "49000000", ENTREE_2021)
    assert trouvee == Formation(None, "49000000", "ANCIEN", 4)


def test_un_seul_successeur_valable_remplace_le_code() -> None:
    trouvee = suite(date(2010, 1, 1), None).resoudre(None, "49000000", ENTREE_2021)
    assert trouvee == Formation(None, "50000001", "TITRE 50000001", 3, ("49000000",))


def test_deux_successeurs_valables_gardent_le_code() -> None:
    trouvee = suite(None, None).resoudre(None, "49000000", ENTREE_2021)
    assert trouvee == Formation(None, "49000000", "ANCIEN", 4)


def test_le_titre_vient_du_cfd_et_le_niveau_du_rncp_quand_le_cfd_n_en_a_pas() -> None:
    connues = Certifications(
        [Couple(None, "50000000", "DU CFD", None), Couple("RNCP1", "40000000", "DU RNCP", 5)], {}
    )
    assert connues.resoudre("RNCP1", "50000000", ENTREE_2021)[:4] == ("RNCP1", "50000000", "DU CFD", 5)


def test_entre_deux_certifications_du_code_seul_le_couple_passe_avant_et_le_premier_qui_finit() -> None:
    couples = [
        Couple(None, "50000000", "SEUL", 3),
        Couple("RNCP2", "50000000", "SUIVANT", 3, fermeture=date(2030, 1, 1)),
        Couple("RNCP1", "50000000", "D’ALORS", 3, fermeture=date(2022, 1, 1)),
    ]
    connues = Certifications(couples, {})
    assert connues.resoudre(None, "50000000", ENTREE_2021).rncp == "RNCP1"
    assert connues.resoudre(None, "50000000", Session(date(2024, 9, 1), None)).rncp == "RNCP2"
    assert connues.resoudre(None, "50000000", Session(date(2034, 9, 1), None)).intitule == "SEUL"


def test_un_couple_passe_avant_le_code_seul_meme_s_il_finit_plus_tard() -> None:
    couples = [
        Couple(None, "50000000", "SEUL", 3, fermeture=date(2022, 1, 1)),
        Couple("RNCP1", "50000000", "COUPLE", 3, fermeture=date(2030, 1, 1)),
    ]
    assert Certifications(couples, {}).resoudre(None, "50000000", ENTREE_2021).intitule == "COUPLE"


def test_la_descendance_ne_compte_pas_les_freres() -> None:
    liens = [("A", "C"), ("B", "C"), ("C", "D")]
    assert descendances(liens) == {
        "A": ("C", "D"),
        "B": ("C", "D"),
        "C": ("A", "B", "D"),
        "D": ("A", "B", "C"),
    }


def test_une_boucle_de_la_nomenclature_n_arrete_rien() -> None:
    assert descendances([("A", "B"), ("B", "A")]) == {"A": ("B",), "B": ("A",)}


@st.composite
def referentiels(tirage: st.DrawFn) -> tuple[Certifications, dict[str, Code]]:
    noms = [*(f"5000000{i}" for i in range(4)), *(f"RNCP{i}" for i in range(1, 5))]
    codes = {}
    for nom in tirage(st.sets(st.sampled_from(noms))):
        genre = [n for n in noms if n.startswith("RNCP") == nom.startswith("RNCP")]
        codes[nom] = Code(
            tirage(BORNES), tirage(BORNES), tuple(tirage(st.lists(st.sampled_from(genre), max_size=4)))
        )
    cles = tirage(st.sets(st.tuples(st.sampled_from([None, *noms[4:]]), st.sampled_from([None, *noms[:4]]))))
    couples = [Couple(r, c, f"{r} {c}", 3, tirage(BORNES), tirage(BORNES)) for r, c in cles if r or c]
    return Certifications(couples, codes), codes


@given(
    referentiels(),
    st.none() | st.sampled_from(["RNCP1", "RNCP2", "RNCP9"]),
    st.none() | st.sampled_from(["50000000", "50000001", "59999999"]),
    st.builds(Session, BORNES, BORNES),
)
def test_un_code_remplace_l_est_par_un_code_valable_et_la_reponse_ne_change_pas(
    referentiel: tuple[Certifications, dict[str, Code]], rncp: str | None, cfd: str | None, quand: Session
) -> None:
    connues, codes = referentiel
    trouvee = connues.resoudre(rncp, cfd, quand)
    assert connues.resoudre(rncp, cfd, quand) is trouvee
    for recu, tenu, valide in ((rncp, trouvee.rncp, valide_rncp), (cfd, trouvee.cfd, valide_cfd)):
        assert tenu is not None or recu is None
        if recu is not None and tenu != recu:
            assert recu in trouvee.remplaces
            assert not valide(quand, codes[recu])
            assert tenu in codes[recu].continuite
            assert sum(valide(quand, codes[c]) for c in set(codes[recu].continuite) & codes.keys()) == 1


@given(referentiels(), st.builds(Session, BORNES, BORNES))
def test_un_code_que_rien_ne_borne_n_est_jamais_remplace(
    referentiel: tuple[Certifications, dict[str, Code]], quand: Session
) -> None:
    connues, codes = referentiel
    for code in ("50000002", "50000003"):
        if code not in codes or valide_cfd(quand, codes[code]):
            assert connues.resoudre(None, code, quand).cfd == code
