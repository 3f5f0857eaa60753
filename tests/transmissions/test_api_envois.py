"""Complete sendings (decision 14): what one no longer holds is flagged, never deleted; sent again, it is no longer."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tdba import horloge
from tdba.organismes.models import Organisme
from tdba.transmissions.api_envois import Absents
from tests import factories as f
from tests.conftest import MIDI
from tests.transmissions.aides_api import Logiciel, effectifs, evenements, travailler, une_ligne

JOUR = date(2026, 11, 18)


@pytest.fixture
def attendre(session: Session) -> Iterator[Callable[[float], None]]:
    """Let hours pass, once what was sent is applied."""
    passe, reglages = [0.0], []

    def avancer(heures: float) -> None:
        travailler(session)
        passe[0] += heures
        reglage = horloge.regler(MIDI + timedelta(hours=passe[0]))
        reglage.__enter__()
        reglages.append(reglage)

    yield avancer
    for reglage in reversed(reglages):
        reglage.__exit__(None, None, None)


def partis(session: Session) -> dict[str, date]:
    """Records that are no longer sent, and since when."""
    travailler(session)
    return {
        id_erp: e.plus_transmis_depuis for id_erp, e in effectifs(session).items() if e.plus_transmis_depuis
    }


def lignes(organisme: Organisme, noms: str, **champs: Any) -> list[dict[str, Any]]:
    return [une_ligne(organisme, nom, **champs) for nom in noms.split()]


def test_ce_qu_un_envoi_complet_ne_contient_plus_est_marque(
    session: Session, dunes: Organisme, logiciel: Logiciel, attendre: Callable[[float], None]
) -> None:
    logiciel.envoyer(lignes(dunes, "A B C"))
    attendre(1)
    envoi = logiciel.envoyer(lignes(dunes, "A B"), "?complet=1")
    assert partis(session) == {"C": JOUR}
    assert logiciel.suivre(envoi)["cloture"] == {"plus_transmis": 1, "retenu": []}
    (evenement,) = evenements(session, "transmission.envoi_clos")
    assert (evenement["plus_transmis"], evenement["retenu"]) == (1, 0)


def test_un_envoi_ordinaire_ne_marque_rien(
    session: Session, dunes: Organisme, logiciel: Logiciel, attendre: Callable[[float], None]
) -> None:
    logiciel.envoyer(lignes(dunes, "A B C"))
    attendre(1)
    logiciel.envoyer(lignes(dunes, "A"))
    assert partis(session) == {}


@pytest.mark.parametrize("champs", [{}, {"prenom_apprenant": "Sacha"}], ids=["inchangée", "modifiée"])
def test_la_marque_part_des_que_la_fiche_revient(
    session: Session,
    dunes: Organisme,
    logiciel: Logiciel,
    attendre: Callable[[float], None],
    champs: dict[str, str],
) -> None:
    logiciel.envoyer(lignes(dunes, "A B"))
    attendre(1)
    logiciel.envoyer(lignes(dunes, "A"), "?complet=1")
    attendre(1)
    assert partis(session) == {"B": JOUR}
    logiciel.envoyer(lignes(dunes, "B", **champs))
    assert partis(session) == {}


def test_la_marque_garde_son_premier_jour(
    session: Session, dunes: Organisme, logiciel: Logiciel, attendre: Callable[[float], None]
) -> None:
    logiciel.envoyer(lignes(dunes, "A B"))
    for _ in range(2):
        attendre(24)
        logiciel.envoyer(lignes(dunes, "A"), "?complet=1")
    assert partis(session) == {"B": JOUR + timedelta(days=1)}


def test_le_jour_est_celui_de_paris(
    session: Session, dunes: Organisme, logiciel: Logiciel, attendre: Callable[[float], None]
) -> None:
    logiciel.envoyer(lignes(dunes, "A B"))
    attendre(12.5)  # 23:30 UTC, past midnight in Paris
    logiciel.envoyer(lignes(dunes, "A"), "?complet=1")
    assert partis(session) == {"B": JOUR + timedelta(days=1)}


@pytest.mark.parametrize(
    "faux",
    [
        {"nom_apprenant": 3},
        {"annee_scolaire": "x"},
        {"etablissement_formateur_siret": "x"},
        {"etablissement_formateur_uai": "0000000A"},
    ],
    ids=["champ faux", "année illisible", "SIRET illisible", "établissement inconnu"],
)
def test_une_ligne_refusee_tient_sa_fiche(
    session: Session,
    dunes: Organisme,
    logiciel: Logiciel,
    attendre: Callable[[float], None],
    faux: dict[str, Any],
) -> None:
    logiciel.envoyer([*lignes(dunes, "A B"), une_ligne(dunes, 17)])
    attendre(1)
    logiciel.envoyer([une_ligne(dunes, "A"), une_ligne(dunes, " 17 ", **faux)], "?complet=1")
    assert partis(session) == {"B": JOUR}


def test_seuls_les_organismes_et_les_annees_nommes_sont_touches(
    session: Session, dunes: Organisme, logiciel: Logiciel, attendre: Callable[[float], None]
) -> None:
    annexe = f.un_organisme(session, "Annexe")
    f.une_relation(session, dunes, annexe)
    passee = lignes(dunes, "P", annee_scolaire="2025-2026")
    logiciel.envoyer(lignes(dunes, "A B") + lignes(annexe, "X") + passee)
    attendre(1)
    logiciel.envoyer(lignes(dunes, "A"), "?complet=1")
    assert partis(session) == {"B": JOUR}


def test_les_fiches_d_un_autre_emetteur_ne_manquent_pas(
    app: Flask, session: Session, dunes: Organisme, logiciel: Logiciel, attendre: Callable[[float], None]
) -> None:
    siege = f.un_organisme(session, "Siège")
    f.une_relation(session, siege, dunes)
    Logiciel(app, session, siege).envoyer(lignes(dunes, "S"))
    logiciel.envoyer(lignes(dunes, "A B"))
    attendre(1)
    logiciel.envoyer(lignes(dunes, "A"), "?complet=1")
    assert partis(session) == {"B": JOUR}


def test_la_corbeille_n_est_pas_touchee(
    session: Session, dunes: Organisme, logiciel: Logiciel, attendre: Callable[[float], None]
) -> None:
    logiciel.envoyer(lignes(dunes, "A B"))
    attendre(1)
    effectifs(session)["B"].corbeille_le = MIDI
    session.commit()
    logiciel.envoyer(lignes(dunes, "A"), "?complet=1")
    assert partis(session) == {}


def test_ce_qui_est_envoye_apres_n_est_pas_marque(
    session: Session, dunes: Organisme, logiciel: Logiciel, attendre: Callable[[float], None]
) -> None:
    """The job that closes may come late: what other calls sent meanwhile, changed or not, is being sent."""
    logiciel.envoyer(lignes(dunes, "A B C"))
    attendre(1)
    logiciel.envoyer(lignes(dunes, "A"), "?complet=1")
    logiciel.envoyer(lignes(dunes, "B N"))
    assert partis(session) == {"C": JOUR}


# --- Several calls -----------------------------------------------------------------------------------------------


def une_partie(partie: int, parties: int = 3, envoi: str = "2026-11-18") -> str:
    return f"?envoi={envoi}&partie={partie}&parties={parties}"


def test_les_parties_viennent_dans_n_importe_quel_ordre(
    session: Session, dunes: Organisme, logiciel: Logiciel, attendre: Callable[[float], None]
) -> None:
    logiciel.envoyer(lignes(dunes, "A B C D"))
    attendre(1)
    for partie, noms in ((3, "C"), (1, "A")):
        logiciel.envoyer(lignes(dunes, noms), une_partie(partie))
        assert partis(session) == {}
    envoi = logiciel.envoyer(lignes(dunes, "B"), une_partie(2))
    assert partis(session) == {"D": JOUR}
    assert logiciel.suivre(envoi)["envoi"] == {"nom": "2026-11-18", "partie": 2, "parties": 3}


def test_une_partie_renvoyee_remplace_la_premiere(
    session: Session, dunes: Organisme, logiciel: Logiciel, attendre: Callable[[float], None]
) -> None:
    logiciel.envoyer(lignes(dunes, "A B C"))
    attendre(1)
    logiciel.envoyer(lignes(dunes, "A C"), une_partie(1, 2))
    logiciel.envoyer(lignes(dunes, "A"), une_partie(1, 2))
    logiciel.envoyer(lignes(dunes, "B"), une_partie(2, 2))
    assert partis(session) == {"C": JOUR}


def test_une_partie_toute_refusee_clot_aussi(
    session: Session, dunes: Organisme, logiciel: Logiciel, attendre: Callable[[float], None]
) -> None:
    logiciel.envoyer(lignes(dunes, "A B C"))
    attendre(1)
    logiciel.envoyer(lignes(dunes, "A"), une_partie(1, 2))
    attendre(0)
    logiciel.envoyer(lignes(dunes, "B", nom_apprenant=3), une_partie(2, 2))
    assert partis(session) == {"C": JOUR}


def test_le_meme_nom_un_autre_jour_est_un_autre_envoi(
    session: Session, dunes: Organisme, logiciel: Logiciel, attendre: Callable[[float], None]
) -> None:
    logiciel.envoyer(lignes(dunes, "A B C"))
    attendre(1)
    logiciel.envoyer(lignes(dunes, "A B"), une_partie(1, 2))
    logiciel.envoyer(lignes(dunes, "C"), une_partie(2, 2))
    attendre(48)
    logiciel.envoyer(lignes(dunes, "A"), une_partie(1, 2))
    assert partis(session) == {}


def test_clore_deux_fois_ne_change_rien(
    session: Session, dunes: Organisme, logiciel: Logiciel, attendre: Callable[[float], None]
) -> None:
    logiciel.envoyer(lignes(dunes, "A B C"))
    attendre(1)
    for partie, noms in ((1, "A"), (2, "B")):
        logiciel.envoyer(lignes(dunes, noms), une_partie(partie, 2))
    attendre(1)
    avant = partis(session)
    logiciel.envoyer(lignes(dunes, "B"), une_partie(2, 2))
    assert partis(session) == avant == {"C": JOUR}


# --- Safety ------------------------------------------------------------------------------------------------------


def test_un_envoi_complet_qui_perdrait_trop_de_fiches_n_en_marque_aucune(
    session: Session, dunes: Organisme, logiciel: Logiciel, attendre: Callable[[float], None]
) -> None:
    logiciel.envoyer([une_ligne(dunes, n) for n in range(41)])
    attendre(1)
    envoi = logiciel.envoyer([une_ligne(dunes, n) for n in range(20)], "?complet=1")
    assert partis(session) == {}
    assert logiciel.suivre(envoi)["cloture"] == {
        "plus_transmis": 0,
        "retenu": [{"annee_scolaire": "2026-2027", "absents": 21, "total": 41}],
    }
    attendre(1)
    logiciel.envoyer([une_ligne(dunes, n) for n in range(21)], "?complet=1")
    assert len(partis(session)) == 20


@pytest.mark.parametrize(
    ("absents", "total", "de_trop"),
    [(20, 20, False), (21, 42, False), (21, 41, True), (500, 1000, False), (501, 1000, True)],
)
def test_de_trop_veut_dire_plus_de_la_moitie_et_plus_de_vingt(
    absents: int, total: int, de_trop: bool
) -> None:
    assert Absents(1, "2026-2027", absents, total).de_trop is de_trop
