"""What became of a youth on the day of a milestone, line by line of the table of rules."""

from datetime import date, timedelta

import pytest

from tdba.devenirs.etats import (
    DONNEES,
    REPONSE,
    Etat,
    Faits,
    Parcours,
    compte,
    deduire,
    etats,
    jalon_a_demander,
)
from tdba.effectifs.statuts import Statut

RUPTURE = date(2026, 3, 2)
J30 = RUPTURE + timedelta(days=30)


def parcours(*etapes: tuple[date, Statut]) -> Parcours:
    return Parcours([jour for jour, _ in etapes], [int(statut) for _, statut in etapes])


SANS = parcours((date(2025, 9, 1), Statut.APPRENTI), (RUPTURE, Statut.RUPTURANT))
REPRIS = parcours(
    (date(2025, 9, 1), Statut.APPRENTI),
    (RUPTURE, Statut.RUPTURANT),
    (RUPTURE + timedelta(days=80), Statut.APPRENTI),
)
FINI = parcours((date(2025, 9, 1), Statut.APPRENTI), (RUPTURE, Statut.FIN_DE_FORMATION))


@pytest.mark.parametrize(
    ("faits", "etat"),
    [
        (Faits([SANS]), "INCONNU"),
        (Faits([REPRIS]), "INCONNU"),
        (Faits([SANS, parcours((J30, Statut.APPRENTI))]), "CONTRAT"),
        (Faits([SANS], ecole_le=J30), "ECOLE"),
        (Faits([SANS], ecole_le=J30 + timedelta(days=1)), "INCONNU"),
        (Faits([SANS, parcours((J30, Statut.APPRENTI))], ecole_le=RUPTURE), "CONTRAT"),
        (Faits([SANS], parti_le=J30), "AUTRE"),
        (Faits([SANS], parti_le=J30, ecole_le=J30), "ECOLE"),
        (Faits([SANS], parti_le=J30 + timedelta(days=1)), "INCONNU"),
        (Faits([SANS], fin=J30 - timedelta(days=1)), "AUTRE"),
        (Faits([SANS], fin=J30), "INCONNU"),
        (Faits([FINI]), "AUTRE"),
        (Faits([SANS], present_le=J30), "AUTRE"),
        (Faits([SANS], present_le=J30 - timedelta(days=1)), "INCONNU"),
        (Faits([]), "INCONNU"),
    ],
)
def test_la_premiere_regle_qui_tient_donne_l_etat(faits: Faits, etat: str) -> None:
    assert deduire(faits, J30) == etat


def test_un_emploi_ne_se_deduit_jamais() -> None:
    tous = [
        Faits([p], e, f, g, h)
        for p in (SANS, REPRIS, FINI)
        for e in (None, J30)
        for f in (None, J30)
        for g in (None, J30)
        for h in (None, J30)
    ]
    assert "EMPLOI" not in {deduire(faits, J30) for faits in tous}


def test_un_jalon_a_venir_n_a_pas_d_etat() -> None:
    jour = RUPTURE + timedelta(days=90)
    assert list(etats(RUPTURE, Faits([SANS]), jour - timedelta(days=1))) == [30]
    assert list(etats(RUPTURE, Faits([SANS]), jour)) == [30, 90]
    assert etats(RUPTURE, Faits([SANS]), RUPTURE + timedelta(days=29)) == {}


def test_une_reponse_l_emporte_sauf_sur_un_contrat_connu_depuis() -> None:
    jour = RUPTURE + timedelta(days=200)
    trouves = etats(RUPTURE, Faits([REPRIS], fin=RUPTURE), jour, {30: "EMPLOI", 90: "ECOLE", 180: "INCONNU"})
    assert trouves == {
        30: Etat("EMPLOI", REPONSE),
        90: Etat("CONTRAT", DONNEES),
        180: Etat("CONTRAT", DONNEES),
    }


def test_la_question_porte_sur_le_dernier_jalon_passe_et_cesse_au_bout_d_un_an() -> None:
    jours = {
        n: jalon_a_demander(RUPTURE, RUPTURE + timedelta(days=n)) for n in (29, 30, 89, 90, 180, 365, 366)
    }
    assert jours == {29: None, 30: 30, 89: 30, 90: 90, 180: 180, 365: 180, 366: None}


def test_une_rupture_annulee_n_a_pas_de_devenir() -> None:
    assert compte(RUPTURE, None, None)
    assert compte(RUPTURE, J30, "NOUVEAU_CONTRAT")
    assert not compte(RUPTURE, RUPTURE, "RUPTURE_ANNULEE")
    assert not compte(RUPTURE, J30, "SANS_OBJET")
