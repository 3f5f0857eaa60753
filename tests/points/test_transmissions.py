"""What a transmission leaves to settle: refused lines by cause, records held, records no longer sent (decision 5)."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tdba import horloge
from tdba.organismes.models import Organisme
from tdba.points import service
from tdba.transmissions.models import Silence
from tests import factories as f
from tests.conftest import MIDI
from tests.points.aides import ouverts, phrases
from tests.transmissions.aides_api import Logiciel, effectifs, travailler, une_ligne


@pytest.fixture
def cfa(session: Session) -> Organisme:
    f.les_territoires(session)
    return f.un_organisme(session, "CFA Rennes")


@pytest.fixture
def logiciel(app: Flask, session: Session, cfa: Organisme) -> Logiciel:
    return Logiciel(app, session, cfa)


def envoyer(session: Session, logiciel: Logiciel, *lignes: object) -> str:
    """Send, let the jobs run, give the uuid."""
    reponse = logiciel.envoyer(list(lignes))
    assert reponse.json is not None, reponse.text
    travailler(session)
    return str(reponse.json["transmission"]["id"])


def refusee(organisme: Organisme, id_erp: str = "A-1", **champs: object) -> dict[str, object]:
    return une_ligne(organisme, id_erp, **({"date_inscription_formation": "hier"} | champs))


def test_les_lignes_refusees_sont_un_point_par_cause(
    session: Session, logiciel: Logiciel, cfa: Organisme
) -> None:
    uuid = envoyer(
        session,
        logiciel,
        une_ligne(cfa, "A-0"),
        refusee(cfa, "A-1"),
        refusee(cfa, "A-2"),
        une_ligne(cfa, "A-3", nom_apprenant=""),
    )
    assert phrases(session, "LIGNES_REFUSEES") == [
        "2 fiches ne sont pas comptées : date impossible (date d’inscription).",
        "1 fiche n’est pas comptée : information obligatoire absente (nom).",
    ]
    assert {p.details["transmission"] for p in ouverts(session)} == {uuid}


def test_un_envoi_tout_refuse_est_un_point_aussi(
    session: Session, logiciel: Logiciel, cfa: Organisme
) -> None:
    envoyer(session, logiciel, refusee(cfa))
    assert len(ouverts(session, "LIGNES_REFUSEES")) == 1


def test_la_meme_fiche_refusee_chaque_nuit_compte_une_fois(
    session: Session, logiciel: Logiciel, cfa: Organisme
) -> None:
    for _ in range(3):
        envoyer(session, logiciel, refusee(cfa))
    (point,) = ouverts(session, "LIGNES_REFUSEES")
    assert point.details["n"] == 1


def test_la_fiche_renvoyee_juste_ferme_le_point(session: Session, logiciel: Logiciel, cfa: Organisme) -> None:
    envoyer(session, logiciel, refusee(cfa, "A-1"), refusee(cfa, "A-2"))
    envoyer(session, logiciel, une_ligne(cfa, "A-1"))
    (point,) = ouverts(session, "LIGNES_REFUSEES")
    assert point.details["n"] == 1
    envoyer(session, logiciel, une_ligne(cfa, "A-2"))
    assert ouverts(session) == []


def test_une_fiche_inchangee_ferme_aussi_le_point(
    session: Session, logiciel: Logiciel, cfa: Organisme
) -> None:
    """Right, then wrong, then right as at first: the last line is recognised as unchanged, and accepted."""
    envoyer(session, logiciel, une_ligne(cfa))
    envoyer(session, logiciel, refusee(cfa))
    assert len(ouverts(session)) == 1
    envoyer(session, logiciel, une_ligne(cfa))
    assert ouverts(session) == []


def test_une_autre_annee_ne_repare_rien(session: Session, logiciel: Logiciel, cfa: Organisme) -> None:
    envoyer(session, logiciel, refusee(cfa))
    envoyer(session, logiciel, une_ligne(cfa, annee_scolaire="2025-2026"))
    assert len(ouverts(session)) == 1


def test_une_ligne_sans_identifiant_ne_compte_que_dans_le_dernier_jour(
    session: Session, logiciel: Logiciel, cfa: Organisme
) -> None:
    with horloge.regler(MIDI - timedelta(days=1)):
        envoyer(session, logiciel, une_ligne(cfa, None), une_ligne(cfa, ""))
    assert sum(p.details["n"] for p in ouverts(session)) == 2
    envoyer(session, logiciel, une_ligne(cfa, "A-1"))
    assert ouverts(session) == []


def test_apres_trente_jours_le_point_se_ferme(session: Session, logiciel: Logiciel, cfa: Organisme) -> None:
    envoyer(session, logiciel, refusee(cfa))
    with horloge.regler(MIDI + timedelta(days=31)):
        service.reconstruire(session.commit)
        session.commit()
    assert ouverts(session) == []


def test_chaque_organisme_a_ses_points(session: Session, app: Flask, cfa: Organisme) -> None:
    formateur = f.un_organisme(session, "CFA Saint-Malo")
    f.une_relation(session, cfa, formateur)
    logiciel = Logiciel(app, session, cfa)
    envoyer(session, logiciel, refusee(cfa, "A-1"), refusee(formateur, "B-1"), refusee(formateur, "B-2"))
    points = {p.organisme_id: p.details["n"] for p in ouverts(session)}
    assert points == {cfa.id: 1, formateur.id: 2}


def test_une_fiche_en_corbeille_encore_transmise_est_un_point(
    session: Session, logiciel: Logiciel, cfa: Organisme
) -> None:
    envoyer(session, logiciel, une_ligne(cfa))
    effectifs(session)["A-1"].corbeille_le = MIDI
    session.commit()
    uuid = envoyer(session, logiciel, une_ligne(cfa, nom_apprenant="SERIN"))
    (point,) = ouverts(session)
    assert (point.genre, point.details) == ("RETENUE", {"le": "2026-11-18", "transmission": uuid})
    effectifs(session)["A-1"].corbeille_le = None
    session.commit()
    service.refaire([cfa.id])
    assert ouverts(session) == []


def test_ce_qu_un_envoi_complet_ne_contient_plus_est_un_point(
    session: Session, logiciel: Logiciel, cfa: Organisme
) -> None:
    with horloge.regler(MIDI - timedelta(hours=1)):
        envoyer(session, logiciel, une_ligne(cfa, "A-1"), une_ligne(cfa, "A-2"))
    logiciel.envoyer([une_ligne(cfa, "A-2")], "?complet=1")
    travailler(session)
    (point,) = ouverts(session)
    assert (point.genre, point.effectif_id) == ("PLUS_TRANSMIS", effectifs(session)["A-1"].id)
    assert date.fromisoformat(point.details["depuis"]) == MIDI.date()
    envoyer(session, logiciel, une_ligne(cfa, "A-1"))
    assert ouverts(session) == []


def test_un_silence_se_ferme_des_qu_un_envoi_arrive(
    session: Session, logiciel: Logiciel, cfa: Organisme
) -> None:
    session.add(
        Silence(organisme_id=cfa.id, depuis=MIDI - timedelta(days=9), habitude_jours=2, signale_le=MIDI)
    )
    session.commit()
    service.refaire([cfa.id])
    assert [p.genre for p in ouverts(session)] == ["SILENCE"]
    envoyer(session, logiciel, une_ligne(cfa))
    assert ouverts(session) == []


def test_refaire_la_nuit_ne_change_rien_a_ce_que_le_jour_a_fait(
    session: Session, logiciel: Logiciel, cfa: Organisme
) -> None:
    envoyer(session, logiciel, une_ligne(cfa, "A-0"), refusee(cfa, "A-1"), refusee(cfa, "A-2"))
    assert service.refaire([cfa.id]) == (0, 0)


def test_un_point_ne_garde_aucune_valeur_de_personne(
    session: Session, logiciel: Logiciel, cfa: Organisme
) -> None:
    envoyer(session, logiciel, refusee(cfa, "SECRET-1", nom_apprenant="CANARI", prenom_apprenant="Alix"))
    (point,) = ouverts(session)
    dit = f"{point.cle} {point.details}"
    assert not any(valeur in dit for valeur in ("SECRET", "CANARI", "Alix", "hier"))
