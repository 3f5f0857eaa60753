"""Cut in the middle: a job that dies between two batches is run again and right; a change and its file are one commit."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from tdba import horloge
from tdba.db import db
from tdba.devenirs import calcul
from tdba.effectifs.models import Effectif
from tdba.organismes.models import Organisme
from tdba.recaps import service as recaps
from tdba.ruptures import ouverture
from tests import factories as f
from tests.devenirs.aides import bilan, devenirs, vider
from tests.effectifs.aides import contrat_de
from tests.pages import Navigateur
from tests.recaps.aides import LUNDI, quelqu_un, recus
from tests.ruptures.aides import JOUR, dossier_de, envoyer, jours, le_dossier, sans_dossier


class Coupure(Exception):
    """The process dies here."""


def mourir_apres(lots: int) -> Callable[[], None]:
    """What a long job calls between two batches: commits, then dies at that one."""
    restants = iter(range(lots))

    def renouveler() -> None:
        db.session.commit()
        if next(restants, None) is None:
            raise Coupure

    return renouveler


@pytest.fixture
def quatre(session: Session, cfa: Organisme) -> list[Effectif]:
    return [sans_dossier(session, f.un_sans_contrat(session, cfa, depuis=50)) for _ in range(4)]


def test_l_ouverture_du_jour_coupee_en_route_se_reprend(
    session: Session, quatre: list[Effectif], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ouverture, "LOT", 1)
    with pytest.raises(Coupure):
        ouverture.ouvrir_du_jour(mourir_apres(1), JOUR)
    session.rollback()
    assert [dossier_de(e) is not None for e in quatre] == [True, True, False, False]
    assert ouverture.ouvrir_du_jour(session.commit, JOUR) == 2
    assert ouverture.ouvrir_du_jour(session.commit, JOUR) == 0
    assert {le_dossier(e).ouvert_du for e in quatre} == {JOUR - timedelta(days=50)}


def test_les_devenirs_coupes_en_route_se_reprennent(session: Session, cfa: Organisme) -> None:
    jeunes = [f.une_rupture(session, cfa, depuis=100) for _ in range(3)]
    vider()
    with pytest.raises(Coupure):
        calcul.calculer_tout(mourir_apres(1), taille=1)
    session.rollback()
    assert [len(devenirs(e)) for e in jeunes] == [2, 2, 0]
    assert calcul.calculer_tout(session.commit, taille=1) == 2
    session.commit()
    assert [devenirs(e) for e in jeunes] == [{30: "INCONNU", 90: "INCONNU"}] * 3
    assert sorted(bilan().values()) == [3, 3]


def test_le_recapitulatif_coupe_en_route_n_ecrit_a_personne_deux_fois(
    session: Session, cfa: Organisme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recaps, "LOT", 1)
    f.une_rupture(session, cfa)
    equipe = [quelqu_un(session, prenom, cfa) for prenom in ("Anne", "Bob", "Chloé")]
    session.commit()
    with horloge.regler(LUNDI):
        with pytest.raises(Coupure):
            recaps.envoyer(mourir_apres(1), LUNDI)
        session.rollback()
        assert sum(len(recus(session, qui)) for qui in equipe) == 2
        assert recaps.envoyer(session.commit, LUNDI) == 1
    assert [len(recus(session, qui)) for qui in equipe] == [1, 1, 1]


def test_une_rupture_declaree_et_son_dossier_sont_un_seul_commit(
    session: Session, directeur: Navigateur, cfa: Organisme, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What comes after the file fails: neither the correction nor the file is there; then both are."""
    effectif = f.un_apprenti(session, cfa)
    adresse = f"/contrats/{contrat_de(session, effectif).id}/rompre"
    saisie = {"rupture": jours(-3), "motif": "PIECE_VUE", "cause_legale": "", "action": "enregistrer"}
    with monkeypatch.context() as coupe:
        coupe.setattr(calcul, "_ecrire", lambda *_: (_ for _ in ()).throw(Coupure))
        assert envoyer(directeur, adresse, **saisie).status_code == 500
    assert (contrat_de(session, effectif).rupture, dossier_de(effectif)) == (None, None)
    assert envoyer(directeur, adresse, **saisie).status_code == 303
    assert contrat_de(session, effectif).rupture == JOUR - timedelta(days=3)
    assert le_dossier(effectif).ouvert_du == date.fromisoformat(jours(-3))
