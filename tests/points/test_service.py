"""Opening, closing, making again: one list whose rows are right whatever was run, and how many times (decision 5)."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tdba import horloge
from tdba.effectifs.models import Effectif
from tdba.organismes.models import Organisme
from tdba.points import genres, service
from tdba.transmissions.models import Silence
from tests import factories as f
from tests.conftest import MIDI
from tests.points.aides import ouverts, phrases
from tests.transmissions.aides_api import evenements, travailler, une_correction


@pytest.fixture
def cfa(session: Session) -> Organisme:
    f.les_territoires(session)
    return f.un_organisme(session, "CFA Rennes")


@pytest.fixture
def jeune(session: Session, cfa: Organisme) -> Effectif:
    return f.un_apprenti(session, cfa)


def test_un_point_pose_deux_fois_est_un_point(session: Session, cfa: Organisme) -> None:
    for n in (3, 4):
        service.poser("IMPORT_A_CONFIRMER", cfa.id, "7", details={"n": n, "depot": "x"})
    assert phrases(session) == [
        "Un fichier attend votre confirmation : 4 lignes sont lues, rien n’est encore écrit."
    ]


def test_un_point_clos_peut_se_rouvrir(session: Session, cfa: Organisme) -> None:
    service.poser("IMPORT_A_CONFIRMER", cfa.id, "7", details={"n": 1})
    service.clore("IMPORT_A_CONFIRMER", cfa.id, "7")
    session.commit()
    assert ouverts(session) == []
    service.poser("IMPORT_A_CONFIRMER", cfa.id, "7", details={"n": 1})
    session.commit()
    assert len(ouverts(session)) == 1


def test_refaire_ouvre_ce_qui_manque_et_ferme_ce_qui_n_est_plus(session: Session, jeune: Effectif) -> None:
    jeune.plus_transmis_depuis = MIDI.date()
    session.commit()
    assert service.refaire([jeune.organisme_id]) == (1, 0)
    session.commit()
    assert phrases(session) == [
        "L’ERP ne transmet plus cette fiche depuis le 18 novembre 2026. Elle est encore comptée."
    ]
    jeune.plus_transmis_depuis = None
    session.commit()
    assert service.refaire([jeune.organisme_id]) == (0, 1)
    session.commit()
    assert ouverts(session) == []


def test_refaire_deux_fois_ne_change_rien(session: Session, jeune: Effectif) -> None:
    jeune.plus_transmis_depuis = MIDI.date()
    session.commit()
    service.refaire([jeune.organisme_id])
    assert service.refaire([jeune.organisme_id]) == (0, 0)


def test_refaire_un_organisme_laisse_les_autres(session: Session, jeune: Effectif) -> None:
    voisin = f.un_organisme(session, "CFA Brest", departement="29")
    service.poser("SILENCE", voisin.id, details={"depuis": "2026-11-01", "jours": 1})
    service.refaire([jeune.organisme_id])
    session.commit()
    assert [p.organisme_id for p in ouverts(session)] == [voisin.id]


def test_la_nuit_remet_tout_d_accord_et_dit_ce_qu_elle_a_change(session: Session, jeune: Effectif) -> None:
    jeune.plus_transmis_depuis = MIDI.date()
    service.poser("SILENCE", jeune.organisme_id, details={"depuis": "2026-11-01", "jours": 1})
    session.commit()
    service.reconstruire(session.commit)
    session.commit()
    assert [p.genre for p in ouverts(session)] == ["PLUS_TRANSMIS"]
    service.reconstruire(session.commit)
    session.commit()
    bilans = evenements(session, "points.reconstruits")
    assert [(b["ouverts"], b["clos"]) for b in bilans] == [(1, 1), (0, 0)]


def test_un_silence_est_un_point(session: Session, cfa: Organisme) -> None:
    session.add(
        Silence(
            organisme_id=cfa.id,
            depuis=MIDI - timedelta(days=9),
            habitude_jours=2,
            signale_le=MIDI,
        )
    )
    session.commit()
    service.refaire([cfa.id])
    session.commit()
    assert phrases(session) == [
        "Rien n’a été reçu depuis le 9 novembre 2026, alors que d’habitude une transmission arrive tous les 2 jours."
    ]


@pytest.mark.parametrize(("champ", "consequence"), [("date_fin", 1), ("nom", 4), ("date_naissance", 4)])
def test_un_conflit_est_un_point_qui_compte_selon_le_champ(
    session: Session, jeune: Effectif, champ: str, consequence: int
) -> None:
    correction = une_correction(session, jeune, champ, "2027-06-30", etat="CONFLIT", valeur_conflit="x")
    service.suivre_les_corrections([jeune.id])
    session.commit()
    (point,) = ouverts(session)
    assert (point.genre, point.consequence, point.cle) == ("CONFLIT", consequence, str(correction.id))
    assert point.details == {"champ": champ}


def test_un_conflit_regle_n_est_plus_un_point(session: Session, jeune: Effectif) -> None:
    correction = une_correction(session, jeune, etat="CONFLIT", valeur_conflit="DURAND")
    service.suivre_les_corrections([jeune.id])
    correction.etat, correction.close_le = "ANNULEE", horloge.maintenant()
    session.commit()
    service.suivre_les_corrections([jeune.id])
    session.commit()
    assert ouverts(session) == []


def test_suivre_une_fiche_laisse_les_conflits_des_autres(
    session: Session, jeune: Effectif, cfa: Organisme
) -> None:
    autre = f.un_apprenti(session, cfa, nom="SERIN")
    une_correction(session, jeune, etat="CONFLIT", valeur_conflit="DURAND")
    service.suivre_les_corrections([jeune.id])
    service.suivre_les_corrections([autre.id])
    session.commit()
    assert [p.effectif_id for p in ouverts(session)] == [jeune.id]


def test_une_fiche_en_corbeille_n_a_plus_rien_a_regler(session: Session, jeune: Effectif) -> None:
    une_correction(session, jeune, etat="CONFLIT", valeur_conflit="DURAND")
    jeune.plus_transmis_depuis = MIDI.date()
    jeune.corbeille_le = MIDI
    session.commit()
    service.refaire([jeune.organisme_id])
    session.commit()
    assert ouverts(session) == []


def test_le_travail_de_la_nuit_tourne(session: Session, jeune: Effectif) -> None:
    from tdba.jobs import enqueue_after_commit

    jeune.plus_transmis_depuis = MIDI.date()
    enqueue_after_commit("points.reconstruire")
    travailler(session)
    assert len(ouverts(session)) == 1


def test_un_genre_sans_lien_ne_demarre_pas(monkeypatch: pytest.MonkeyPatch) -> None:
    genres.verifier()
    monkeypatch.delitem(genres._PROPRIETAIRES, "SILENCE")
    with pytest.raises(genres.GenreSansLien, match="SILENCE"):
        genres.verifier()
