"""Points follow records: at once for a few, by a job for many, every night for all; and say the same (decision 5)."""

import random
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tdba import abonnes, horloge, scope
from tdba.anomalies import service
from tdba.effectifs.models import Effectif
from tdba.jobs import Tache, executer
from tdba.organismes.models import Certification, CodeCertification, Entreprise, Organisme
from tdba.points import queries
from tdba.points.models import Point
from tdba.scope import Droit
from tests import factories as f
from tests.anomalies.aides_base import changer, codes_ouverts, un_employeur, une_fiche_saine
from tests.conftest import MIDI
from tests.effectifs.aides import contrat_de, une_source
from tests.points.aides import ouverts, phrases
from tests.transmissions.aides_api import evenements


@pytest.fixture
def cfa(session: Session) -> Organisme:
    f.les_territoires(session)
    return f.un_organisme(session, "CFA Rennes")


@pytest.fixture
def fiche(session: Session, cfa: Organisme) -> Effectif:
    return une_fiche_saine(session, cfa)


def test_une_fiche_saine_n_a_rien_a_regler(session: Session, fiche: Effectif) -> None:
    assert codes_ouverts(session) == []


def test_la_cause_ajoutee_puis_retiree_ne_laisse_aucun_point(session: Session, fiche: Effectif) -> None:
    changer(session, fiche, sexe=None, ine=None)
    assert codes_ouverts(session) == ["INE_MANQUANT", "SEXE_MANQUANT"]
    changer(session, fiche, sexe="F", ine="120890177HB")
    assert codes_ouverts(session) == []


def test_un_point_garde_des_codes_des_ids_et_des_dates(session: Session, fiche: Effectif) -> None:
    un_employeur(session, fiche, None)
    (point,) = ouverts(session, "ANOMALIE")
    contrat = contrat_de(session, fiche)
    assert (point.cle, point.consequence) == (f"{fiche.id}:EMPLOYEUR_MANQUANT:{contrat.id}", 3)
    assert point.details == {
        "code": "EMPLOYEUR_MANQUANT",
        "champ": "employeur_siret",
        "contrat": contrat.id,
        "debut": "2026-09-01",
    }
    assert phrases(session, "ANOMALIE") == ["Le contrat du 1er septembre 2026 n’a pas de SIRET d’employeur."]


def test_refaire_ne_change_rien_a_ce_que_chaque_geste_a_fait(session: Session, cfa: Organisme) -> None:
    """Incremental equals rebuilt: after random changes, the night finds nothing to do."""
    hasard = random.Random(5)  # noqa: S311 - a reproducible sequence of a test
    fiches = [une_fiche_saine(session, cfa, nom=f"CANARI {n}") for n in range(4)]
    choix: dict[str, list[object]] = {
        "sexe": [None, "F", "M"],
        "ine": [None, "123", "120890177HB"],
        "date_exclusion": [None, date(2026, 8, 1), date(2026, 10, 1)],
        "cause_exclusion": [None, "x"],
        "date_fin": [date(2026, 9, 20), date(2027, 8, 31), date(2032, 1, 1)],
        "telephone": [None, "0600000000", "0612457809"],
        "courriel": [None, "noreply@cfa.fr", "alix.canari@famille.fr"],
        "corbeille_le": [None, None, MIDI],
        "annee_scolaire": ["2026-2027", "2026-2027", "2023-2024"],
    }
    for _ in range(25):
        nom = hasard.choice(sorted(choix))
        changer(session, hasard.choice(fiches), **{nom: hasard.choice(choix[nom])})
    assert codes_ouverts(session)
    assert service.refaire([cfa.id])[1:] == (0, 0)


def test_refaire_retrouve_tout_et_une_seule_fois(session: Session, fiche: Effectif, cfa: Organisme) -> None:
    fiche.sexe = None
    session.commit()
    assert service.refaire([cfa.id]) == (1, 1, 0)
    assert service.refaire([cfa.id]) == (1, 0, 0)
    assert codes_ouverts(session) == ["SEXE_MANQUANT"]


@pytest.mark.parametrize("colonne", [{"corbeille_le": MIDI}, {"annee_scolaire": "2023-2024"}])
def test_une_fiche_en_corbeille_ou_d_une_annee_passee_n_a_plus_de_point(
    session: Session, fiche: Effectif, colonne: dict[str, object]
) -> None:
    changer(session, fiche, sexe=None)
    changer(session, fiche, **colonne)
    assert codes_ouverts(session) == []
    fiche.sexe = "F"
    assert service.refaire([fiche.organisme_id])[1:] == (0, 0)


def test_plus_de_cinquante_fiches_attendent_un_travail_par_organisme(
    session: Session, fiche: Effectif
) -> None:
    fiche.sexe = None
    session.commit()
    abonnes.annoncer("apres_parcours", [fiche.id, *range(900_000, 900_050)])
    abonnes.annoncer("apres_parcours", [fiche.id, *range(900_000, 900_050)])
    assert codes_ouverts(session) == []
    taches = session.execute(select(Tache).where(Tache.nom == "anomalies.refaire")).scalars().all()
    assert {t.cle for t in taches} == {f'{{"organisme_id":{fiche.organisme_id}}}'}
    assert {t.pas_avant for t in taches} == {MIDI + timedelta(seconds=20)}
    with horloge.regler(MIDI + timedelta(seconds=30)):
        assert executer("anomalies.refaire", taches[0].cle)
    assert codes_ouverts(session) == ["SEXE_MANQUANT"]
    assert (
        session.execute(
            select(func.count()).select_from(Tache).where(Tache.nom == "anomalies.refaire")
        ).scalar_one()
        == 0
    )


def test_une_refonte_des_parcours_demande_les_memes_travaux(session: Session, cfa: Organisme) -> None:
    abonnes.annoncer_refonte([cfa.id], [])
    taches = session.execute(select(Tache.cle).where(Tache.nom == "anomalies.refaire")).scalars().all()
    assert taches == [f'{{"organisme_id":{cfa.id}}}']


def test_la_nuit_dit_ce_qu_elle_a_change(session: Session, fiche: Effectif) -> None:
    fiche.sexe = None
    session.commit()
    service.reconstruire(session.commit)
    service.reconstruire(session.commit)
    session.commit()
    assert evenements(session, "anomalies.reconstruites") == [
        {"lus": 1, "ouverts": 1, "clos": 0},
        {"lus": 1, "ouverts": 0, "clos": 0},
    ]


def test_les_jours_seuls_font_courir_et_finir_un_delai(session: Session, cfa: Organisme) -> None:
    une_fiche_saine(session, cfa, contrats=[], entree=date(2026, 9, 20))
    assert codes_ouverts(session) == []  # 59 days
    with horloge.regler(MIDI + timedelta(days=1)):
        service.refaire([cfa.id])
        assert codes_ouverts(session) == ["SANS_CONTRAT_60_JOURS"]
    with horloge.regler(MIDI + timedelta(days=40)):
        service.refaire([cfa.id])
        assert codes_ouverts(session) == ["DELAI_DEPASSE"]


def test_un_etablissement_non_fiable_est_un_seul_point(session: Session, cfa: Organisme) -> None:
    for n in range(3):
        une_fiche_saine(session, cfa, nom=f"CANARI {n}")
    cfa.fiable = False
    session.commit()
    service.refaire([cfa.id])
    (point,) = ouverts(session, "ANOMALIE")
    assert (point.effectif_id, point.cle) == (None, "etablissement:ETABLISSEMENT_NON_FIABLE")
    cfa.fiable = True
    session.commit()
    service.refaire([cfa.id])
    assert codes_ouverts(session) == []


def test_une_fiche_sans_statut_est_une_fiche_qui_n_est_pas_comptee(session: Session, cfa: Organisme) -> None:
    une_fiche_saine(session, cfa, entree=None, contrats=[])
    assert codes_ouverts(session) == ["SANS_DATES_NI_HISTORIQUE"]
    assert queries.resume() == (1, 1, 1)


def test_le_referentiel_dit_les_codes_inconnus_ou_inactifs(session: Session, cfa: Organisme) -> None:
    session.add(Certification(rncp="RNCP38322", cfd=None, intitule="CAP Boulanger", niveau=3))
    session.add(CodeCertification(code="RNCP38322", ouverture=date(2026, 10, 1), fermeture=None))
    session.flush()
    une_fiche_saine(session, cfa)
    une_fiche_saine(session, cfa, rncp="RNCP99999")
    assert codes_ouverts(session) == ["RNCP_INACTIF", "RNCP_INCONNU"]


def test_le_repertoire_dit_l_employeur_ferme(session: Session, fiche: Effectif) -> None:
    session.add(Entreprise(siret="11000001500013", fermee_le=date(2026, 11, 1)))
    session.flush()
    changer(session, fiche)
    assert codes_ouverts(session) == ["EMPLOYEUR_FERME"]


def test_un_siret_recu_et_ecarte_n_est_pas_un_employeur_manquant(session: Session, cfa: Organisme) -> None:
    fiche = une_fiche_saine(session, cfa)
    un_employeur(session, fiche, None)
    une_source(
        session,
        fiche,
        contrat_date_debut="2026-09-01",
        contrat_date_fin="2027-08-31",
        _mis_de_cote={"siret_employeur": "123"},
    )
    changer(session, fiche)
    assert codes_ouverts(session) == ["SIRET_INVALIDE"]


def test_une_fiche_retiree_de_la_base_emporte_ses_points(session: Session, fiche: Effectif) -> None:
    changer(session, fiche, sexe=None)
    session.delete(contrat_de(session, fiche))
    session.delete(fiche)
    session.commit()
    requete = scope.autorisee(select(func.count()).select_from(Point), Droit.CORRIGER)
    assert session.execute(requete).scalar_one() == 0


def test_un_contrat_disparu_ferme_ses_points(session: Session, fiche: Effectif) -> None:
    un_employeur(session, fiche, None)
    assert codes_ouverts(session) == ["EMPLOYEUR_MANQUANT"]
    session.delete(contrat_de(session, fiche))
    changer(session, fiche)
    assert "EMPLOYEUR_MANQUANT" not in codes_ouverts(session)
