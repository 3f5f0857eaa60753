"""Whoever is left on one side is one row with one reason; once the rows are settled, the counts are equal."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tdba.rapprochements.comparaison import (
    COTE_ERP,
    EN_TROP,
    Ailleurs,
    Comptes,
    Dit,
    Ecart,
    Fiche,
    Raison,
    Recue,
    apparier,
    apres,
    expliquer,
)

NE = date(2007, 5, 4)
AUTRE_JOUR = date(2008, 1, 2)


def fiche(id_: int, id_erp: str = "A", nom: str = "MARTIN LEA", **autres: Any) -> Fiche:
    return Fiche(
        **({"id": id_, "id_erp": id_erp, "recherche": nom, "naissance": NE, "compte": True} | autres)
    )


def dit(rang: int = 1, id_erp: str | None = "A", nom: str | None = "MARTIN LEA", **autres: Any) -> Dit:
    return Dit(**({"rang": rang, "id_erp": id_erp, "recherche": nom, "naissance": NE} | autres))


def ailleurs(id_: int = 9, id_erp: str = "A", *, ici: bool, compte: bool = True, **autres: Any) -> Ailleurs:
    return Ailleurs(
        **({"id": id_, "id_erp": id_erp, "recherche": "MARTIN LEA", "naissance": NE} | autres),
        ici=ici,
        compte=compte,
    )


def ecarts(dits: list[Dit], fiches: list[Fiche], **autres: Any) -> list[Ecart]:
    return expliquer(apparier(dits, fiches), dits, fiches, **autres)


def raisons(dits: list[Dit], fiches: list[Fiche], **autres: Any) -> list[Raison]:
    return [e.raison for e in ecarts(dits, fiches, **autres)]


@pytest.mark.parametrize(
    "annonce",
    [
        dit(),
        dit(nom=None, naissance=None),
        dit(id_erp=None),
        dit(id_erp="autre"),
        dit(id_erp=None, naissance=None),
        dit(nom="MARTIN LEA MARIE"),
    ],
)
def test_la_meme_personne_se_reconnait(annonce: Dit) -> None:
    assert raisons([annonce], [fiche(7)]) == []


def test_un_nom_seul_ne_choisit_pas_entre_deux_personnes() -> None:
    dits = [dit(id_erp=None, naissance=None)]
    fiches = [fiche(7), fiche(8, "B", naissance=AUTRE_JOUR)]
    assert raisons(dits, fiches) == [Raison.JAMAIS, Raison.ABSENTE, Raison.ABSENTE]


def test_l_identifiant_passe_avant_le_nom() -> None:
    dits = [dit(1, "B"), dit(2, "A")]
    assert apparier(dits, [fiche(7, "A"), fiche(8, "B")]).paires == {1: 8, 2: 7}


def test_annoncee_deux_fois() -> None:
    assert ecarts([dit(1), dit(2)], [fiche(7)]) == [Ecart(Raison.DOUBLE_LISTE, 2, 7)]
    assert raisons([dit(1, "A"), dit(2, "B")], [fiche(7)]) == [Raison.DOUBLE_LISTE]
    assert raisons([dit(1), dit(2)], []) == [Raison.JAMAIS, Raison.DOUBLE_LISTE]


def test_un_autre_statut_ici() -> None:
    assert ecarts([dit()], [fiche(7, compte=False)]) == [Ecart(Raison.AUTRE_STATUT, 1, 7)]


def test_dans_la_corbeille() -> None:
    assert ecarts([dit()], [fiche(7, compte=False, corbeille=True)]) == [Ecart(Raison.CORBEILLE, 1, 7)]


def test_la_fiche_tenue_explique_mieux_que_celle_de_la_corbeille() -> None:
    tenues = [fiche(7, compte=False, corbeille=True), fiche(8, compte=False)]
    assert ecarts([dit()], tenues) == [Ecart(Raison.AUTRE_STATUT, 1, 8)]


def test_une_ligne_refusee_explique_avant_une_autre_annee() -> None:
    recue = Recue(50, "A", "MARTIN LEA", None, Raison.REFUSEE)
    trouves = ecarts([dit()], [], recues=[recue], ailleurs=[ailleurs(ici=True)])
    assert trouves == [Ecart(Raison.REFUSEE, 1, None, 50)]


@pytest.mark.parametrize("raison", [Raison.EN_ATTENTE, Raison.INCONNU])
def test_une_ligne_en_attente(raison: Raison) -> None:
    assert raisons([dit()], [], recues=[Recue(50, "A", None, None, raison)]) == [raison]


def test_une_ligne_refusee_sans_identifiant_se_reconnait_au_nom() -> None:
    assert raisons([dit()], [], recues=[Recue(50, None, "MARTIN LEA", NE, Raison.REFUSEE)]) == [
        Raison.REFUSEE
    ]


def test_un_autre_etablissement_ou_une_autre_annee() -> None:
    assert raisons([dit()], [], ailleurs=[ailleurs(ici=True)]) == [Raison.AUTRE_ANNEE]
    assert raisons([dit()], [], ailleurs=[ailleurs(ici=False)]) == [Raison.AUTRE_SITE]
    deux = [ailleurs(8, ici=True), ailleurs(9, ici=False)]
    assert ecarts([dit()], [], ailleurs=deux) == [Ecart(Raison.AUTRE_SITE, 1, 9)]
    pas_compte = [ailleurs(8, ici=True), ailleurs(9, ici=False, compte=False)]
    assert ecarts([dit()], [], ailleurs=pas_compte) == [Ecart(Raison.AUTRE_ANNEE, 1, 8)]


def test_le_meme_identifiant_ailleurs_pour_quelqu_un_d_autre_n_explique_rien() -> None:
    autre = ailleurs(ici=False, recherche="DURAND ZOE", naissance=AUTRE_JOUR)
    assert raisons([dit()], [], ailleurs=[autre]) == [Raison.JAMAIS]


def test_annoncee_sous_un_statut_qui_ne_compte_pas() -> None:
    assert ecarts([dit(3, compte=False)], [fiche(7)]) == [Ecart(Raison.STATUT_COMPTE, 3, 7)]


def test_annoncee_une_fois_autrement_elle_explique_une_fiche() -> None:
    fiches = [fiche(7), fiche(8, "B")]
    assert ecarts([dit(3, compte=False)], fiches) == [
        Ecart(Raison.STATUT_COMPTE, 3, 7),
        Ecart(Raison.DOUBLON, None, 8, 7),
    ]


def test_une_fiche_en_double_ici_et_la_liste_en_nomme_une() -> None:
    fiches = [fiche(7, "ancien"), fiche(8, "A")]
    assert ecarts([dit()], fiches) == [Ecart(Raison.DOUBLON, None, 7, 8)]


def test_deux_fiches_que_la_liste_ne_nomme_pas_sont_une_absente_et_son_double() -> None:
    assert raisons([], [fiche(7, "x"), fiche(8, "y")]) == [Raison.ABSENTE, Raison.DOUBLON]


def test_comptee_aussi_ailleurs() -> None:
    jumelle = ailleurs(9, "Z", ici=False)
    assert ecarts([], [fiche(7)], ailleurs=[jumelle]) == [Ecart(Raison.DOUBLON_AILLEURS, None, 7, 9)]


def test_plus_transmise() -> None:
    assert raisons([], [fiche(7, plus_transmise=True)]) == [Raison.PLUS_TRANSMISE]


def test_chaque_raison_a_un_sens() -> None:
    assert len(EN_TROP) == 5
    assert not EN_TROP & COTE_ERP


IDS = st.sampled_from("ABCDEF")
NOMS = st.sampled_from(["MARTIN LEA", "DURAND ZOE", "LE GOFF YANN"])
JOURS = st.sampled_from([NE, AUTRE_JOUR])
DITS = st.lists(
    st.builds(
        Dit,
        rang=st.just(0),
        id_erp=st.none() | IDS,
        recherche=st.none() | NOMS,
        naissance=st.none() | JOURS,
        compte=st.booleans(),
    ),
    max_size=12,
).map(lambda dits: [d._replace(rang=rang) for rang, d in enumerate(dits, start=1)])
FICHES = st.lists(
    st.builds(
        Fiche,
        id=st.just(0),
        id_erp=IDS,
        recherche=NOMS,
        naissance=JOURS,
        compte=st.booleans(),
        corbeille=st.booleans(),
        plus_transmise=st.booleans(),
    ),
    max_size=12,
).map(
    lambda fiches: [
        f._replace(id=n, compte=f.compte and not f.corbeille) for n, f in enumerate(fiches, start=100)
    ]
)
AILLEURS = st.lists(
    st.builds(
        Ailleurs,
        id=st.integers(200, 299),
        id_erp=IDS,
        recherche=NOMS,
        naissance=JOURS,
        ici=st.booleans(),
        compte=st.booleans(),
    ),
    max_size=4,
)
RECUES = st.lists(
    st.builds(
        Recue,
        id=st.integers(300, 399),
        id_erp=st.none() | IDS,
        recherche=st.none() | NOMS,
        naissance=st.none() | JOURS,
        raison=st.sampled_from([Raison.REFUSEE, Raison.EN_ATTENTE, Raison.INCONNU]),
    ),
    max_size=4,
)


@given(DITS, FICHES, AILLEURS, RECUES)
def test_chaque_unite_de_la_difference_a_exactement_une_ligne(
    dits: list[Dit], fiches: list[Fiche], autres: list[Ailleurs], recues: list[Recue]
) -> None:
    paires = apparier(dits, fiches)
    trouves = expliquer(paires, dits, fiches, autres, recues)
    manquent = [e for e in trouves if e.raison not in EN_TROP]
    de_trop = [e for e in trouves if e.raison in EN_TROP]
    # ours + missing − in excess = theirs
    assert paires.comptes + len(manquent) - len(de_trop) == paires.annonces
    assert sorted(e.dit for e in manquent if e.dit) == [d.rang for d in paires.manquants]
    nommes = [e.dit for e in trouves if e.dit]
    assert len(nommes) == len(set(nommes))
    assert sorted(e.effectif_id for e in de_trop if e.effectif_id) == sorted(f.id for f in paires.en_trop)


@given(DITS, FICHES, AILLEURS, RECUES)
def test_apres_ces_gestes_les_comptes_sont_egaux(
    dits: list[Dit], fiches: list[Fiche], autres: list[Ailleurs], recues: list[Recue]
) -> None:
    paires = apparier(dits, fiches)
    trouves = expliquer(paires, dits, fiches, autres, recues)
    fin = apres(Comptes(paires.annonces, paires.comptes), [e.raison for e in trouves])
    assert fin.annonces == fin.comptes


@given(DITS, FICHES)
def test_une_fiche_n_est_rencontree_qu_une_fois(dits: list[Dit], fiches: list[Fiche]) -> None:
    rencontrees = list(apparier(dits, fiches).paires.values())
    assert len(rencontrees) == len(set(rencontrees))


def test_une_ligne_recue_sans_personne_reconnaissable_n_est_pas_jamais_recue() -> None:
    """What was sent is the list: a line without name nor identifier was received, and refused."""
    [ecart] = ecarts([Dit(1, ligne=77)], [])
    assert (ecart.raison, ecart.lie) == (Raison.REFUSEE, 77)
