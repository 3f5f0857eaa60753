"""Why a row is where it is in a worklist, said in the order of its criteria (issue 6, part 1)."""

from datetime import date
from typing import NamedTuple

import pytest

from tdba.ruptures import priorites
from tdba.ruptures.priorites import Fait
from tdba.ruptures.regles import RUPTURE, Situation, situation

JOUR = date(2026, 8, 20)


class Jeune(NamedTuple):
    situation: Situation
    date_naissance: date = date(2005, 1, 1)
    sexe: str | None = "F"
    derniere_demarche_le: object | None = None
    presence: str | None = None
    presence_jour: date | None = None


def place(jeune: Jeune, jour: date) -> str:
    return priorites.place(jeune, jour).replace("\u00a0", " ")


def rompue(le: date, **faits: object) -> Jeune:
    return Jeune(situation(RUPTURE, le, JOUR), **faits)  # type: ignore[arg-type]


def test_la_phrase_dit_le_delai_puis_les_demarches_puis_la_minorite() -> None:
    mineure = rompue(date(2026, 3, 3), date_naissance=date(2009, 1, 1))
    assert place(mineure, JOUR) == "délai le 3 septembre 2026, aucune démarche, mineure"
    garcon = mineure._replace(sexe="M")
    assert place(garcon, JOUR).endswith(", mineur")


def test_qui_a_eu_une_demarche_vient_apres_et_compte_ses_jours() -> None:
    suivie = rompue(date(2026, 3, 3), derniere_demarche_le=object())
    assert place(suivie, JOUR) == "délai le 3 septembre 2026, déjà suivie, dossier de 170 jours"


@pytest.mark.parametrize(
    ("echeance", "attendu"),
    [
        (date(2026, 8, 21), Fait.ECHEANCE),
        (JOUR, Fait.ECHEANCE_DU_JOUR),
        (date(2026, 8, 19), Fait.ECHEANCE_PASSEE),
    ],
)
def test_le_delai_court_jusqu_a_son_dernier_jour_compris(echeance: date, attendu: Fait) -> None:
    assert priorites.faits(echeance=echeance, jour=JOUR, demarche=False, majeur=True)[0] is attendu


def test_on_est_mineur_jusqu_a_la_veille_de_ses_dix_huit_ans() -> None:
    veille, le_jour = date(2008, 8, 21), date(2008, 8, 20)
    assert "mineure" in place(rompue(date(2026, 3, 3), date_naissance=veille), JOUR)
    assert "mineure" not in place(rompue(date(2026, 3, 3), date_naissance=le_jour), JOUR)


def test_un_delai_passe_dit_qu_il_vient_apres_les_autres() -> None:
    """Without its date: the sentence of the file says the one day that counts."""
    assert place(rompue(date(2026, 1, 5)), JOUR) == "après ceux dont le délai court encore, aucune démarche"


def test_toujours_au_cfa_se_demande_une_fois_le_delai_passe_et_trente_jours_apres_un_oui() -> None:
    passee = rompue(date(2026, 1, 5))
    assert priorites.demander_la_presence(passee, JOUR)
    assert not priorites.demander_la_presence(rompue(date(2026, 3, 3)), JOUR)
    recente = passee._replace(presence="OUI", presence_jour=date(2026, 7, 22))
    assert not priorites.demander_la_presence(recente, JOUR)
    assert priorites.demander_la_presence(recente._replace(presence_jour=date(2026, 7, 21)), JOUR)
