"""What an ERP takes back: the corrections of the organismes its key may write for (issue 4, part 1)."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import true
from sqlalchemy.orm import Session

from tdba import horloge, scope
from tdba.effectifs.models import Correction, Effectif
from tdba.organismes.models import Organisme
from tdba.transmissions import api_corrections
from tdba.transmissions.api_corrections import Curseur
from tdba.transmissions.models import Delegation
from tests import factories as f
from tests.conftest import MIDI
from tests.effectifs.aides import contrat_de
from tests.transmissions.aides_api import (
    Logiciel,
    effectifs,
    evenements,
    travailler,
    une_correction,
    une_ligne,
)

CHEMIN = "/api/v3/corrections"


Corriger = Callable[..., Correction]


@pytest.fixture
def corriger(session: Session) -> Iterator[Corriger]:
    """Corrections, each one a second after the other; the clock then stands an hour later."""
    suite = iter(range(1000))

    def une(effectif: Effectif, *quoi: Any, **colonnes: Any) -> Correction:
        le = {"maj_le": MIDI + timedelta(seconds=next(suite))}
        return une_correction(session, effectif, *quoi, **(le | colonnes))

    with horloge.regler(MIDI + timedelta(hours=1)):
        yield une


def champs(page: Any) -> list[str]:
    return [c["champ"] for c in page["corrections"]]


def test_une_correction_porte_les_noms_de_l_api(
    session: Session, dunes: Organisme, logiciel: Logiciel, corriger: Corriger
) -> None:
    alix = f.un_effectif(session, dunes, id_erp="A-1")
    corriger(alix)
    (correction,) = logiciel.lire(CHEMIN)["corrections"]
    assert correction == {
        "id_erp_apprenant": "A-1",
        "annee_scolaire": "2026-2027",
        "etablissement_formateur_uai": dunes.uai,
        "etablissement_formateur_siret": dunes.siret,
        "champ": "nom_apprenant",
        "valeur": "DUPOND",
        "valeur_source": "CANARI",
        "motif": "PIECE_VUE",
        "corrigee_le": "2026-11-18T11:00:00+00:00",
        "etat": "ACTIVE",
        "changee_le": "2026-11-18T11:00:00+00:00",
    }


def test_les_contrats_portent_le_suffixe_de_leur_rang(
    session: Session, dunes: Organisme, logiciel: Logiciel, corriger: Corriger
) -> None:
    dates = [(date(2026, 9, 1), date(2026, 10, 1), None), (date(2026, 11, 1), None, None)]
    alix = f.un_effectif(session, dunes, contrats=dates)
    for rang, champ in ((0, "debut"), (1, "fin"), (1, "rupture")):
        corriger(alix, champ, "2026-11-02", contrat=contrat_de(session, alix, rang))
    corriger(alix, "date_exclusion", None)
    assert champs(logiciel.lire(CHEMIN)) == [
        "contrat_date_debut", "contrat_date_fin_2", "contrat_date_rupture_2", "date_exclusion_formation",
    ]  # fmt: skip


def test_l_erp_reprend_ou_il_en_etait(
    session: Session, dunes: Organisme, logiciel: Logiciel, corriger: Corriger
) -> None:
    alix = f.un_effectif(session, dunes)
    for champ in ("nom", "prenom", "ine"):
        corriger(alix, champ)
    premiere = logiciel.lire(f"{CHEMIN}?limite=2")
    assert (champs(premiere), premiere["encore"]) == (["nom_apprenant", "prenom_apprenant"], True)
    suite = logiciel.lire(f"{CHEMIN}?limite=2&depuis={premiere['suivant']}")
    assert (champs(suite), suite["encore"]) == (["ine_apprenant"], False)
    fin = logiciel.lire(f"{CHEMIN}?depuis={suite['suivant']}")
    assert fin == {"corrections": [], "suivant": suite["suivant"], "encore": False}


def test_une_correction_annulee_revient_avec_son_etat(
    session: Session, dunes: Organisme, logiciel: Logiciel, corriger: Corriger
) -> None:
    alix = f.un_effectif(session, dunes)
    correction = corriger(alix)
    suivant = logiciel.lire(CHEMIN)["suivant"]
    correction.etat, correction.close_le = "ANNULEE", horloge.maintenant()
    session.commit()
    with horloge.regler(MIDI + timedelta(hours=2)):
        page = logiciel.lire(f"{CHEMIN}?depuis={suivant}")
    assert [(c["champ"], c["etat"]) for c in page["corrections"]] == [("nom_apprenant", "ANNULEE")]


def test_ce_que_l_erp_renvoie_fait_revenir_la_correction_si_son_etat_change(
    session: Session, dunes: Organisme, logiciel: Logiciel, corriger: Corriger
) -> None:
    """Repeated, it stays as it was; joined, or contradicted, it comes again (decision 17)."""
    logiciel.envoyer([une_ligne(dunes, "A-1")])
    travailler(session)
    corriger(effectifs(session)["A-1"])
    suivant, etats = logiciel.lire(CHEMIN)["suivant"], []
    envois = ({"prenom_apprenant": "Sacha"}, {"nom_apprenant": "TIERS"}, {"nom_apprenant": "DUPOND"})
    for heure, champs_ in enumerate(envois, start=2):
        with horloge.regler(MIDI + timedelta(hours=heure)):
            logiciel.envoyer([une_ligne(dunes, "A-1", **champs_)])
            travailler(session)
        with horloge.regler(MIDI + timedelta(hours=heure, minutes=2)):
            page = logiciel.lire(f"{CHEMIN}?depuis={suivant}")
        suivant = page["suivant"]
        etats.append([c["etat"] for c in page["corrections"]])
    assert etats == [[], ["CONFLIT"], ["REJOINTE"]]


def test_la_derniere_minute_attend_l_appel_suivant(
    session: Session, dunes: Organisme, logiciel: Logiciel, corriger: Corriger
) -> None:
    """Somebody's transaction may still be writing with an older clock: a cursor must not pass it."""
    alix = f.un_effectif(session, dunes)
    corriger(alix, maj_le=MIDI + timedelta(minutes=59, seconds=1))
    assert logiciel.lire(CHEMIN)["corrections"] == []
    with horloge.regler(MIDI + timedelta(hours=1, seconds=1)):
        assert len(logiciel.lire(CHEMIN)["corrections"]) == 1


def test_chacun_lit_celles_des_organismes_pour_lesquels_il_envoie(
    app: Flask, session: Session, dunes: Organisme, logiciel: Logiciel, corriger: Corriger
) -> None:
    """Itself, those it is fully responsible for, those that delegated to it; by the two locks (decision 22)."""
    noms = ("Siège", "Partiel", "Délégué", "Échu", "Bois")
    siege, partiel, delegue, echu, bois = (f.un_organisme(session, nom) for nom in noms)
    f.une_relation(session, siege, dunes)
    f.une_relation(session, partiel, dunes, partielle=True)
    for autre, fin in ((delegue, None), (echu, date(2026, 11, 18))):
        session.add(Delegation(organisme_id=dunes.id, delegue_id=autre.id, debut=date(2026, 1, 1), fin=fin))
    corriger(f.un_effectif(session, dunes))
    corriger(f.un_effectif(session, bois), "prenom")
    lues = {
        o.nom: champs(Logiciel(app, session, o).lire(CHEMIN)) for o in (siege, partiel, delegue, echu, bois)
    }
    assert champs(logiciel.lire(CHEMIN)) == ["nom_apprenant"]
    assert lues == {
        "Siège": ["nom_apprenant"], "Partiel": [], "Délégué": ["nom_apprenant"], "Échu": [],
        "Bois": ["prenom_apprenant"],
    }  # fmt: skip


def test_la_seconde_serrure_tient_seule(
    app: Flask, session: Session, dunes: Organisme, corriger: Corriger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row-level security alone hides another CFA's corrections when the first lock is off."""
    corriger(f.un_effectif(session, dunes))
    autre = Logiciel(app, session, f.un_organisme(session, "Bois"))
    monkeypatch.setattr(scope, "predicat", lambda *_, **__: true())
    assert autre.lire(CHEMIN)["corrections"] == []


def test_une_fiche_a_la_corbeille_n_est_plus_dite(
    session: Session, dunes: Organisme, logiciel: Logiciel, corriger: Corriger
) -> None:
    corriger(f.un_effectif(session, dunes, corbeille_le=MIDI))
    assert logiciel.lire(CHEMIN)["corrections"] == []


def test_la_lecture_des_noms_est_consignee_avec_des_numeros_seulement(
    session: Session, dunes: Organisme, logiciel: Logiciel, corriger: Corriger
) -> None:
    alix = f.un_effectif(session, dunes)
    corriger(alix)
    logiciel.lire(CHEMIN)
    assert evenements(session, "effectif.consulte") == [{"ecran": "api_corrections", "ids": [alix.id]}]


def test_sans_journal_rien_ne_part(
    session: Session, dunes: Organisme, logiciel: Logiciel, corriger: Corriger
) -> None:
    corriger(f.un_effectif(session, dunes))
    session.connection().exec_driver_sql("RESET ROLE; REVOKE INSERT ON journal FROM tdba_famille")
    reponse = logiciel.demander("GET", CHEMIN)
    assert (reponse.status_code, reponse.headers["Retry-After"]) == (503, "30")
    assert "DUPOND" not in reponse.text


@pytest.mark.parametrize("depuis", ["hier", "2026-02-30", "2026-11-18T10:00:00", "MTIz", "0" * 300, "é"])
def test_un_depuis_illisible_est_refuse(logiciel: Logiciel, depuis: str) -> None:
    reponse = logiciel.demander("GET", CHEMIN, query_string={"depuis": depuis})
    assert reponse.status_code == 400
    assert reponse.json is not None
    assert reponse.json["details"] == {"parametre": "depuis"}


@pytest.mark.parametrize(
    ("depuis", "instant"),
    [
        ("2026-11-18", datetime(2026, 11, 17, 23, tzinfo=UTC)),
        ("2026-11-18T12:00:00Z", datetime(2026, 11, 18, 12, tzinfo=UTC)),
        ("2026-11-18T12:00:00.5+01:00", datetime(2026, 11, 18, 11, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-11-18T12:00:00 01:00", datetime(2026, 11, 18, 11, tzinfo=UTC)),
    ],
)
def test_depuis_se_donne_par_un_jour_ou_un_instant(depuis: str, instant: datetime) -> None:
    assert api_corrections.lire_depuis(depuis) == Curseur(instant)


def test_un_curseur_se_relit_a_la_microseconde() -> None:
    curseur = Curseur(MIDI + timedelta(microseconds=123_457), 42)
    assert api_corrections.lire_depuis(str(curseur)) == curseur
