"""What the visit of the CFA des Dunes shows of the follow-up (issue 6): one of each thing a screen must show."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from tdba import horloge, scope
from tdba.config import Configuration
from tdba.liaisons.etats import DUREE
from tdba.local.demo_cas import id_erp_de
from tdba.local.demo_certifications import CERTIFICATIONS
from tdba.local.demo_metiers import ROMES, ROMES_DE
from tdba.local.demo_personnages import EMPLOYEUR_AUX_RUPTURES
from tests.conftest import isolement
from tests.local.aides_demo import Demo, monter

MATIN = datetime(2026, 11, 18, 11, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def demo(app: Flask, configuration: Configuration) -> Iterator[Demo]:
    """One for the whole file: nothing here writes."""
    with isolement(app, configuration), horloge.regler(MATIN), scope.systeme("test"):
        yield monter(app, MATIN.date())


def _lire(requete: str, **parametres: Any) -> list[Any]:
    lues = scope.connexion("démonstration").exec_driver_sql(requete, parametres).all()
    return [ligne[0] if len(ligne) == 1 else tuple(ligne) for ligne in lues]


def _dossier(personnage: str) -> tuple[Any, ...]:
    """Closing of the last rupture file of somebody of the visit: day, cause, confirmation."""
    [ligne] = _lire(
        "SELECT d.clos_du, d.cause_cloture, d.confirmee_le IS NOT NULL FROM dossier d "
        "JOIN effectif e ON e.id = d.effectif_id WHERE e.id_erp = %(erp)s AND d.genre = 'RUPTURE' "
        "ORDER BY e.id DESC, d.ouvert_du DESC LIMIT 1",
        erp=id_erp_de(personnage),
    )
    return tuple(ligne)


def test_aucun_geste_n_est_refuse(demo: Demo) -> None:
    assert demo.dits == []


def test_trois_personnes_suivent_des_dossiers_et_d_autres_attendent(demo: Demo) -> None:
    suivis = set(_lire("SELECT DISTINCT p.nom FROM dossier d JOIN personne p ON p.id = d.referent_id"))
    assert suivis == {"Le Goff", "Kervella", "Prigent"}
    assert _lire(
        "SELECT count(*) > 5 FROM dossier WHERE referent_id IS NULL AND clos_du > %(jour)s", jour=MATIN.date()
    ) == [True]


def test_les_demarches_sont_de_toutes_sortes_datees_et_l_une_des_prochaines_est_passee(demo: Demo) -> None:
    natures = set(_lire("SELECT DISTINCT nature FROM demarche"))
    assert natures >= {
        "APPEL", "MESSAGE", "ENTRETIEN", "OFFRES_ENVOYEES", "CANDIDATURE", "REPONSE", "MEDIATION", "MISSION_LOCALE",
        "FRANCE_TRAVAIL", "EMPLOYEUR_TROUVE", "AUTRE_CFA", "RDV_FORMATION", "RELAIS",
    }  # fmt: skip
    assert _lire("SELECT bool_and(note_jusqu_au IS NOT NULL) FROM demarche WHERE note IS NOT NULL") == [True]
    assert _lire("SELECT count(DISTINCT le::date) > 5 FROM demarche") == [True]
    assert _lire(
        "SELECT bool_or(prochaine_le < %(jour)s), bool_or(prochaine_le > %(jour)s) FROM dossier "
        "WHERE clos_du > %(jour)s",
        jour=MATIN.date(),
    ) == [(True, True)]


def test_des_dossiers_sont_clos_par_un_contrat_l_un_attend_sa_confirmation(demo: Demo) -> None:
    assert _dossier("reprise_a_confirmer")[1:] == ("NOUVEAU_CONTRAT", False)
    assert _dossier("reprise_confirmee")[1:] == ("NOUVEAU_CONTRAT", True)
    assert _dossier("parti")[1] == "PARTI"
    assert _dossier("rouvert")[0] > MATIN.date()
    assert _dossier("deux_ruptures")[0] > MATIN.date()


def test_les_postes_sont_dans_tous_leurs_etats(demo: Demo) -> None:
    assert sorted(_lire("SELECT etat FROM poste")) == ["DEPOSE", "POURVU", "PROPOSE", "RETIRE"]


def test_une_lettre_attend_une_a_sa_reponse_une_a_expire(demo: Demo) -> None:
    lettres = _lire(
        "SELECT reponse, expire_le > %(le)s, mission_locale_id FROM liaison ORDER BY cree_le", le=MATIN
    )
    assert [lettre[:2] for lettre in lettres] == [(None, False), ("RENDEZ_VOUS", True), (None, True)]
    assert DUREE.days == 15
    liens = _lire("SELECT texte FROM courriel WHERE sujet LIKE 'Un dossier de liaison%%'")
    assert len(liens) == 3
    assert all("/liaison/" in texte for texte in liens)


def test_la_liste_de_vigilance_nomme_un_employeur_une_regle_est_eteinte(demo: Demo) -> None:
    [(ruptures, contrats)] = _lire(
        "SELECT count(*) FILTER (WHERE c.rupture IS NOT NULL), count(*) FROM contrat c "
        "JOIN entreprise x ON x.siret = c.employeur_siret WHERE x.nom = %(nom)s",
        nom=EMPLOYEUR_AUX_RUPTURES,
    )
    assert ruptures >= 3
    assert ruptures * 3 >= contrats > ruptures
    assert _lire("SELECT regle FROM vigilance_reglage WHERE NOT active") == ["NEUF_A_DOUZE"]
    assert _lire("SELECT count(DISTINCT effectif_id) FROM vigilance_geste") == [2]


def test_des_devenirs_sont_calcules_et_d_autres_repondus(demo: Demo) -> None:
    sources = dict(_lire("SELECT source, count(*) FROM devenir GROUP BY source"))
    assert sources["REPONSE"] == 6
    assert sources["DONNEES"] > 20
    assert _lire("SELECT count(*) > 0 FROM bilan_devenir") == [True]


def test_une_personne_s_oppose_une_autre_est_encore_la(demo: Demo) -> None:
    assert _lire("SELECT e.id_erp FROM opposition o JOIN effectif e ON e.id = o.effectif_id") == [
        id_erp_de("opposition")
    ]
    assert set(_lire("SELECT presence FROM dossier WHERE presence IS NOT NULL")) == {"OUI", "NON"}


def test_un_recapitulatif_est_dans_la_boite(demo: Demo) -> None:
    assert sorted(_lire("SELECT rythme FROM recap_reglage")) == ["JAMAIS", "JOUR"]
    recus = _lire("SELECT destinataire FROM courriel WHERE texte LIKE '%%/recapitulatif/%%'")
    assert recus == ["directrice-dunes@demo.invalid"]


def test_les_missions_locales_et_les_metiers_sont_connus(demo: Demo) -> None:
    connues = set(_lire("SELECT code_insee FROM mission_locale_commune"))
    assert {"35288", "22113", "29039"} <= connues
    assert "35360" not in connues
    assert _lire("SELECT count(*) FROM rome") == [len(ROMES)]


def test_chaque_metier_est_celui_d_une_certification_de_la_demo() -> None:
    assert set(ROMES_DE) <= {c.rncp for c in CERTIFICATIONS}
    assert {code for codes in ROMES_DE.values() for code in codes} == set(ROMES)
