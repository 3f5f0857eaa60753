"""A youth who entered another CFA: the former one's file closes, and nothing of it, or of the other, is told."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tdba import horloge, scope
from tdba.comptes.models import Habilitation
from tdba.effectifs.models import Effectif
from tdba.errors import ErreurMetier
from tdba.indicateurs import service as indicateurs
from tdba.organismes.models import Organisme
from tdba.ruptures import departs
from tdba.scope import Droit, Portee, RoleSql, Scope
from tests.factories import un_effectif, un_organisme, une_relation
from tests.ruptures.aides_dossiers import changer, dossier_de, dossiers

OCTOBRE, NOVEMBRE, FIN = date(2026, 10, 1), date(2026, 11, 2), date(2027, 8, 31)
ARRIVEE, JOUR = date(2026, 11, 9), date(2026, 11, 18)
INE = "123456789HB"
OUVERT = ("RUPTURE", NOVEMBRE, date(2027, 9, 1), "FIN_DE_FORMATION")
PARTI = ("RUPTURE", NOVEMBRE, ARRIVEE, "PARTI")


@pytest.fixture
def rompu(session: Session, cfa: Organisme) -> Effectif:
    return un_effectif(session, cfa, contrats=[(OCTOBRE, FIN, NOVEMBRE)], ine=INE)


def arrive(session: Session, ou: Organisme, **colonnes: Any) -> Effectif:
    return un_effectif(session, ou, **({"ine": INE, "entree": ARRIVEE} | colonnes))


def constater(session: Session) -> int:
    session.flush()
    return departs.constater(session.commit, JOUR)


def test_entre_dans_un_cfa_d_une_autre_famille_le_dossier_se_clot_ce_jour_la(
    session: Session, rompu: Effectif, voisin: Organisme
) -> None:
    arrive(session, voisin)
    assert constater(session) == 1
    assert dossiers(rompu) == [PARTI]
    assert constater(session) == 0


def test_les_chiffres_suivent_un_depart_constate_annule_declare(
    session: Session, cfa: Organisme, rompu: Effectif, voisin: Organisme
) -> None:
    """Figures count the days of the files: whatever closes or opens one tells them (decision 29)."""
    dossier_id = dossier_de(rompu, "RUPTURE").id
    arrive(session, voisin)
    indicateurs.reconstruire([cfa.id])
    constater(session)
    assert indicateurs.verifier([cfa.id]) == []
    departs.annuler_depart(dossier_id, maintenant=horloge.maintenant())
    assert indicateurs.verifier([cfa.id]) == []
    departs.declarer_depart(dossier_id, ARRIVEE, jour=JOUR)
    assert (dossiers(rompu), indicateurs.verifier([cfa.id])) == ([PARTI], [])


def test_dans_la_famille_rien_ne_se_clot(session: Session, cfa: Organisme, rompu: Effectif) -> None:
    """A transfer moves the record with its follow-up: responsable, formateur, one legal unit, one responsable for both."""
    responsable, formateur, frere = (un_organisme(session, nom) for nom in ("CFA A", "CFA B", "CFA C"))
    une_relation(session, responsable, cfa)
    une_relation(session, cfa, formateur)
    une_relation(session, responsable, frere)
    for ou in (responsable, formateur, frere, un_organisme(session, "CFA D", siren=cfa.siren)):
        arrive(session, ou)
    assert constater(session) == 0
    assert dossiers(rompu) == [OUVERT]


@pytest.mark.parametrize(
    "colonnes",
    [
        {"ine": "987654321HB"},
        {"ine": None},
        {"naissance": date(2006, 1, 1)},
        {"entree": date(2026, 8, 31)},
        {"entree": JOUR + timedelta(days=1)},
        {"entree": JOUR + timedelta(days=1), "contrats": [(JOUR, FIN, None)]},
        {"exclusion": ARRIVEE},
        {"fin": date(2026, 11, 15)},
        {"corbeille_le": datetime(2026, 11, 17, tzinfo=horloge.PARIS)},
    ],
    ids=[
        "autre INE",
        "sans INE",
        "autre naissance",
        "entré avant",
        "à venir",
        "en contrat avant",
        "exclu",
        "fini",
        "corbeille",
    ],
)
def test_il_faut_la_meme_personne_entree_plus_tard_et_toujours_la_bas(
    session: Session, rompu: Effectif, voisin: Organisme, colonnes: dict[str, Any]
) -> None:
    arrive(session, voisin, **colonnes)
    assert constater(session) == 0
    assert dossiers(rompu) == [OUVERT]


def test_un_depart_vaut_pour_tous_les_genres_et_n_est_jamais_avant_l_ouverture(
    session: Session, cfa: Organisme, voisin: Organisme
) -> None:
    a_terme = un_effectif(session, cfa, contrats=[(OCTOBRE, date(2026, 11, 12), None)], ine=INE)
    arrive(session, voisin)
    assert constater(session) == 1
    assert dossiers(a_terme) == [("FIN_DE_CONTRAT", date(2026, 11, 13), date(2026, 11, 13), "PARTI")]


def test_un_nouveau_contrat_d_avant_le_depart_reste_la_cause(
    session: Session, rompu: Effectif, voisin: Organisme
) -> None:
    arrive(session, voisin)
    constater(session)
    changer(session, rompu, (OCTOBRE, FIN, NOVEMBRE), (date(2026, 11, 5), FIN, None))
    assert dossiers(rompu) == [("RUPTURE", NOVEMBRE, date(2026, 11, 5), "NOUVEAU_CONTRAT")]


def sous(session: Session, cfa: Organisme, direction: Habilitation) -> Any:
    """Act as the director of that CFA, under both locks."""
    session.commit()
    portee = Portee(organismes=frozenset({cfa.id}))
    droits = {Droit.CORRIGER: portee, Droit.VOIR_NOMINATIF: portee}
    return scope.sous(Scope(droits=droits, role=RoleSql.FAMILLE, personne_id=direction.personne_id))


def test_ecarte_par_le_cfa_le_meme_depart_n_est_plus_dit_un_nouveau_si(
    session: Session, cfa: Organisme, rompu: Effectif, voisin: Organisme, direction: Habilitation
) -> None:
    """The record known when it was put aside never closes the file again; one received later may."""
    arrive(session, voisin)
    constater(session)
    dossier_id = dossier_de(rompu, "RUPTURE").id
    with sous(session, cfa, direction):
        departs.annuler_depart(dossier_id, maintenant=horloge.maintenant())
        session.commit()
    assert dossiers(rompu) == [OUVERT]
    assert constater(session) == 0
    with horloge.regler(horloge.maintenant() + timedelta(hours=1)):
        arrive(session, un_organisme(session, "CFA Quimper", departement="29"))
        assert constater(session) == 1


def test_declare_par_le_cfa(
    session: Session, cfa: Organisme, rompu: Effectif, direction: Habilitation
) -> None:
    dossier_id = dossier_de(rompu, "RUPTURE").id
    with sous(session, cfa, direction):
        for jour, mot in ((JOUR + timedelta(days=1), "à venir"), (date(2026, 11, 1), "commence le")):
            with pytest.raises(ErreurMetier, match=mot):
                departs.declarer_depart(dossier_id, jour, jour=JOUR)
        dossier = departs.declarer_depart(dossier_id, ARRIVEE, jour=JOUR)
        assert (dossier.clos_du, dossier.cause_cloture, dossier.version) == (ARRIVEE, "PARTI", 2)
        session.commit()
    assert dossiers(rompu) == [PARTI]


def test_un_autre_cfa_n_y_peut_rien(
    session: Session, cfa: Organisme, voisin: Organisme, direction: Habilitation
) -> None:
    ailleurs = un_effectif(session, voisin, contrats=[(OCTOBRE, FIN, NOVEMBRE)])
    dossier_id = dossier_de(ailleurs, "RUPTURE").id
    with sous(session, cfa, direction):
        with pytest.raises(scope.Introuvable):
            departs.declarer_depart(dossier_id, ARRIVEE, jour=JOUR)
        with pytest.raises(scope.Introuvable):
            departs.annuler_depart(dossier_id, maintenant=horloge.maintenant())
        session.rollback()
