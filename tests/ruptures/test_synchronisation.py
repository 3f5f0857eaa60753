"""Files follow the contracts, in the transaction that changes them (decisions 18 and 31)."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, event
from sqlalchemy.orm import Session

from tdba import scope
from tdba.db import db
from tdba.effectifs.models import Contrat, Effectif
from tdba.organismes.models import Organisme
from tdba.ruptures.models import Dossier
from tdba.ruptures.synchronisation import synchroniser
from tdba.scope import Droit, Portee, RoleSql, Scope
from tests.factories import les_territoires, un_effectif, un_organisme, une_rupture

OCTOBRE, DECEMBRE, FEVRIER = date(2026, 10, 1), date(2026, 12, 1), date(2027, 2, 1)
FIN = date(2027, 8, 31)


@pytest.fixture
def cfa(session: Session) -> Organisme:
    les_territoires(session)
    return un_organisme(session, "CFA Rennes")


def dossiers(effectif: Effectif) -> list[tuple[Any, ...]]:
    requete = scope.select_for(
        Dossier,
        Droit.CORRIGER,
        Dossier.contrat_debut,
        Dossier.ouvert_du,
        Dossier.clos_du,
        Dossier.cause_cloture,
    )
    lignes = db.session.execute(requete.where(Dossier.effectif_id == effectif.id).order_by(Dossier.id))
    return [tuple(ligne) for ligne in lignes]


def contrat_de(effectif: Effectif, rang: int = 0) -> Contrat:
    requete = scope.select_for(Contrat, Droit.CORRIGER).where(
        Contrat.effectif_id == effectif.id, Contrat.rang == rang
    )
    contrat: Contrat = db.session.execute(requete).scalar_one()
    return contrat


def corriger(effectif: Effectif, **dates: date | None) -> None:
    contrat = contrat_de(effectif)
    for champ, valeur in dates.items():
        setattr(contrat, champ, valeur)
    db.session.flush()
    synchroniser([effectif.id])


def test_une_rupture_recue_ouvre_son_dossier_meme_a_venir(session: Session, cfa: Organisme) -> None:
    rompu = un_effectif(session, cfa, contrats=[(OCTOBRE, FIN, DECEMBRE)])
    assert dossiers(rompu) == [(OCTOBRE, DECEMBRE, date(2027, 9, 1), "FIN_DE_FORMATION")]


def test_un_apprenti_n_a_pas_de_dossier(session: Session, cfa: Organisme) -> None:
    assert dossiers(un_effectif(session, cfa, contrats=[(OCTOBRE, FIN, None)])) == []


def test_une_date_de_rupture_corrigee_deplace_le_dossier(session: Session, cfa: Organisme) -> None:
    rompu = un_effectif(session, cfa, contrats=[(OCTOBRE, FIN, DECEMBRE)])
    corriger(rompu, rupture=FEVRIER)
    assert [d[:2] for d in dossiers(rompu)] == [(OCTOBRE, FEVRIER)]


def test_un_debut_de_contrat_corrige_garde_le_meme_dossier_et_ses_demarches(
    session: Session, cfa: Organisme
) -> None:
    rompu = un_effectif(session, cfa, contrats=[(OCTOBRE, FIN, DECEMBRE)])
    corriger(rompu, debut=date(2026, 9, 28))
    assert [d[:2] for d in dossiers(rompu)] == [(date(2026, 9, 28), DECEMBRE)]


def test_une_rupture_retiree_ferme_le_dossier_le_jour_ou_il_s_ouvrait(
    session: Session, cfa: Organisme
) -> None:
    rompu = un_effectif(session, cfa, contrats=[(OCTOBRE, FIN, DECEMBRE)])
    corriger(rompu, rupture=None)
    assert dossiers(rompu) == [(OCTOBRE, DECEMBRE, DECEMBRE, "RUPTURE_ANNULEE")]
    corriger(rompu, rupture=DECEMBRE)
    assert dossiers(rompu) == [(OCTOBRE, DECEMBRE, date(2027, 9, 1), "FIN_DE_FORMATION")]


def test_sans_les_dates_de_la_formation_la_rupture_se_lit_dans_l_historique(
    session: Session, cfa: Organisme
) -> None:
    """As the statuses do (domain.md §3.5): a 3 opens a contract, the next 2 breaks it."""
    ancien = un_effectif(
        session, cfa, entree=None, fin=None, historique=[[3, "2026-09-06"], [2, "2026-11-03"]]
    )
    assert dossiers(ancien) == [(date(2026, 9, 6), date(2026, 11, 3), date(2027, 8, 1), "FIN_DE_FORMATION")]


def test_relancer_n_ecrit_rien(session: Session, cfa: Organisme, connexion: Connection) -> None:
    rompus = [une_rupture(session, cfa, depuis=d) for d in (0, 30, 200)]
    rompus.append(un_effectif(session, cfa, contrats=[(OCTOBRE, FIN, DECEMBRE)]))
    corriger(rompus[-1], rupture=None)
    avant = [dossiers(e) for e in rompus]
    ordres: list[str] = []

    def noter(_lien: Any, _curseur: Any, ordre: str, *_: Any) -> None:
        ordres.append(ordre.split(maxsplit=1)[0])

    event.listen(connexion, "before_cursor_execute", noter)
    try:
        synchroniser([e.id for e in rompus])
    finally:
        event.remove(connexion, "before_cursor_execute", noter)
    assert ordres == ["WITH", "SELECT"]  # those that read
    assert [dossiers(e) for e in rompus] == avant


def test_la_correction_d_un_cfa_suffit_a_ecrire_ses_dossiers(session: Session, cfa: Organisme) -> None:
    """Under `tdba_famille`, which may not delete a file (second lock)."""
    rompu = un_effectif(session, cfa, contrats=[(OCTOBRE, FIN, DECEMBRE)])
    contrat_de(rompu).rupture = None
    session.commit()
    portee = Portee(organismes=frozenset({cfa.id}))
    with scope.sous(
        Scope(droits={Droit.CORRIGER: portee, Droit.VOIR_NOMINATIF: portee}, role=RoleSql.FAMILLE)
    ):
        synchroniser([rompu.id])
        session.commit()
    assert dossiers(rompu)[0][3] == "RUPTURE_ANNULEE"


def test_un_autre_cfa_n_y_peut_rien(session: Session, cfa: Organisme) -> None:
    rompu = un_effectif(session, cfa, contrats=[(OCTOBRE, FIN, DECEMBRE)])
    voisin = un_organisme(session, "CFA Brest", departement="29")
    contrat_de(rompu).rupture = None
    session.commit()
    portee = Portee(organismes=frozenset({voisin.id}))
    with scope.sous(
        Scope(droits={Droit.CORRIGER: portee, Droit.VOIR_NOMINATIF: portee}, role=RoleSql.FAMILLE)
    ):
        synchroniser([rompu.id])
        session.commit()
    assert dossiers(rompu)[0][3] == "FIN_DE_FORMATION"
