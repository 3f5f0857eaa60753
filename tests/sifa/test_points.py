"""Points of "À régler": one point per establishment while the campaign is open, and none otherwise."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from tdba import horloge
from tdba.organismes.models import Organisme
from tdba.sifa import a_regler, service
from tests.pages import Navigateur, liens
from tests.points.aides import ouverts, phrases
from tests.sifa.aides import chemin, un_compte

INCOMPLETE = {"type_cfa": "09"}


def test_un_point_par_etablissement_pas_par_fiche(session: Session, dunes: Organisme, sifa: None) -> None:
    for _ in range(3):
        un_compte(session, dunes, source=INCOMPLETE)
    a_regler.faire_le_point(dunes.id)
    assert phrases(session, "SIFA") == [
        "3 fiches restent à compléter pour l’enquête SIFA de 2026, à rendre avant le 15 février 2027."
    ]
    (point,) = ouverts(session, "SIFA")
    assert (point.consequence, point.effectif_id) == (3, None)


def test_le_point_mene_a_la_liste_de_travail(
    session: Session, directrice: Navigateur, dunes: Organisme
) -> None:
    un_compte(session, dunes, source=INCOMPLETE)
    a_regler.faire_le_point(dunes.id)
    session.commit()
    assert chemin(dunes, "/a-completer") in liens(directrice.get("/a-regler"))


def test_le_point_se_ferme_quand_tout_est_complet(session: Session, dunes: Organisme, sifa: None) -> None:
    effectif = un_compte(session, dunes, source=INCOMPLETE)
    a_regler.faire_le_point(dunes.id)
    reponses = {"derniere_situation": "3003", "dernier_organisme": "035", "commune_naissance": "35238"}
    service.repondre(effectif.id, reponses, 0, horloge.maintenant())
    a_regler.faire_le_point(dunes.id)
    assert ouverts(session, "SIFA") == []


def test_le_point_se_ferme_une_fois_l_enquete_deposee(session: Session, dunes: Organisme, sifa: None) -> None:
    un_compte(session, dunes, source=INCOMPLETE)
    a_regler.faire_le_point(dunes.id)
    service.dire_deposee(dunes.id, 2026, deposee=True, maintenant=horloge.maintenant())
    a_regler.faire_le_point(dunes.id)
    assert ouverts(session, "SIFA") == []


@pytest.mark.parametrize(
    "jour", [datetime(2027, 2, 16, 11, tzinfo=UTC), datetime(2027, 9, 1, 11, tzinfo=UTC)]
)
def test_la_nuit_ferme_les_points_d_une_campagne_close(
    session: Session, dunes: Organisme, sifa: None, jour: datetime
) -> None:
    un_compte(session, dunes, source=INCOMPLETE)
    a_regler.reconstruire(session.commit)
    assert len(ouverts(session, "SIFA")) == 1
    with horloge.regler(jour):
        a_regler.reconstruire(session.commit)
    assert ouverts(session, "SIFA") == []


def test_sans_tdba_sifa_aucun_point(session: Session, dunes: Organisme, sans_sifa: None) -> None:
    un_compte(session, dunes, source=INCOMPLETE)
    a_regler.faire_le_point(dunes.id)
    a_regler.reconstruire(session.commit)
    assert ouverts(session, "SIFA") == []
