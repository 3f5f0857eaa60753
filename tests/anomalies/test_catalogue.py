"""What the catalogue says: whole sentences, without a value of a person (decisions 5 and 34)."""

import re
from datetime import date

import pytest

from tdba.anomalies import catalogue
from tdba.anomalies.catalogue import CATALOGUE
from tdba.anomalies.controles import controler
from tdba.effectifs.statuts import AnomalieParcours
from tdba.points.genres import CONSEQUENCES, DELAI, NON_COMPTE, SIFA
from tests.anomalies.aides import JOUR, un_contrat, un_dossier


def test_le_catalogue_tient_au_moins_vingt_cinq_controles() -> None:
    assert len(CATALOGUE) >= 25
    assert {a.consequence for a in CATALOGUE.values()} == CONSEQUENCES.keys()


@pytest.mark.parametrize("code", CATALOGUE)
def test_chaque_controle_dit_ce_qui_ne_va_pas_ce_qu_il_faut_faire_et_qui_agit(code: str) -> None:
    anomalie = CATALOGUE[code]
    assert anomalie.phrase[0].isupper()
    assert anomalie.phrase.endswith((".", "?"))
    assert anomalie.libelle
    assert anomalie.geste
    assert anomalie.acteur.startswith("Vous")
    assert not re.search(r"[^\u00a0][:;?!](\s|$)", anomalie.phrase), "no-break space before : ; ? !"


def test_le_parcours_impossible_a_toujours_ses_mots() -> None:
    for anomalie in AnomalieParcours:
        assert CATALOGUE[anomalie.name].ecarte


def test_ce_qui_est_garde_n_a_ni_nom_ni_naissance() -> None:
    dossier = un_dossier(un_contrat(rupture=JOUR), date_naissance=date(2015, 5, 4), courriel="noreply@cfa.fr")
    trouvees = controler(dossier, JOUR)
    assert len(trouvees) == 3
    gardes = [catalogue.details(*t) for t in trouvees]
    assert "2015-05-04" not in str(gardes)
    assert "noreply" not in str(gardes)
    assert {
        "code": "RUPTURE_SANS_CAUSE",
        "champ": "cause_legale",
        "contrat": 7,
        "rupture": "2026-11-18",
    } in gardes


def test_la_phrase_ecrit_les_dates_au_long() -> None:
    details = {"code": "RUPTURE_SANS_CAUSE", "champ": "cause_legale", "contrat": 7, "rupture": "2026-11-01"}
    phrase = " ".join(catalogue.traduire(details)["phrase"].split())
    assert phrase == "La rupture du 1er novembre 2026 n’a pas de cause."


def test_ce_qui_fausse_les_chiffres_ne_se_tait_pas() -> None:
    assert {CATALOGUE[code].consequence for code in CATALOGUE if catalogue.se_tait(code)} == {DELAI, SIFA, 4}
    assert not any(catalogue.se_tait(code) for code, a in CATALOGUE.items() if a.consequence == NON_COMPTE)


def test_toute_anomalie_trouvee_a_les_dates_que_sa_phrase_ecrit() -> None:
    from tests.anomalies.test_controles import CONTRATS, FICHES

    dossiers = [un_dossier(**rouge) for _, rouge, _ in FICHES]
    dossiers += [un_dossier(un_contrat(**rouge)) for _, rouge, _ in CONTRATS]
    for dossier in dossiers:
        for trouvee in controler(dossier, JOUR):
            assert "{" not in catalogue.phrase(catalogue.details(*trouvee))
