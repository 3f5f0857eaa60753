"""What the visit of the CFA des Dunes shows of a record: gestures made by the services, under the right person."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from tdba import horloge, scope
from tdba.config import Configuration
from tdba.effectifs import a_part
from tdba.local import demo_envoi
from tdba.local.demo_cas import id_erp_de
from tdba.local.demo_doublons import DOUBLES
from tdba.local.demo_entreprises import EMPLOYEURS, FERME, INCONNU
from tdba.local.demo_personnages import PERSONNAGES
from tdba.sifa import reception
from tdba.transmissions.identifiants import siret_valide
from tests.conftest import isolement
from tests.local.aides_demo import DEMANDE, SECRET, Demo, monter

AUTOMNE = datetime(2026, 11, 18, 11, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def demo(app: Flask, configuration: Configuration) -> Iterator[Demo]:
    """One for the whole file: nothing here writes."""
    a_part.confier(reception.garder)
    try:
        with isolement(app, configuration), horloge.regler(AUTOMNE), scope.systeme("test"):
            yield monter(app, AUTOMNE.date())
    finally:
        a_part.reprendre(reception.garder)


def _lire(requete: str, **parametres: Any) -> list[Any]:
    lues = scope.connexion("démonstration").exec_driver_sql(requete, parametres).all()
    return [ligne[0] if len(ligne) == 1 else tuple(ligne) for ligne in lues]


def test_aucun_geste_n_est_refuse(demo: Demo) -> None:
    assert demo.dits == []


def test_les_employeurs_sont_nommes_l_un_est_ferme_un_autre_inconnu(demo: Demo) -> None:
    assert all(siret_valide(numero) for numero in (*(e.siret for e in EMPLOYEURS), FERME.siret, INCONNU))
    signes = set(_lire("SELECT DISTINCT employeur_siret FROM contrat WHERE employeur_siret IS NOT NULL"))
    connus = dict(_lire("SELECT siret, coalesce(nom, '') FROM entreprise"))
    assert signes <= set(connus)
    assert _lire("SELECT siret FROM entreprise WHERE inconnue") == [INCONNU]
    assert _lire("SELECT siret FROM entreprise WHERE fermee_le IS NOT NULL") == [FERME.siret]
    assert sum(map(bool, connus.values())) == len(EMPLOYEURS) + 1


def test_les_corrections_ont_leurs_raisons_et_leurs_auteurs(demo: Demo) -> None:
    faites = set(
        _lire(
            "SELECT c.champ, c.motif, c.etat, p.nom FROM correction c JOIN personne p ON p.id = c.personne_id"
        )
    )
    assert {
        ("telephone", "COORDONNEES", "ACTIVE", "Le Goff"),
        ("adresse", "COORDONNEES", "ACTIVE", "Le Goff"),
        ("fin", "PIECE_VUE", "CONFLIT", "Le Goff"),
        ("date_naissance", "ERREUR_DE_SAISIE", "ACTIVE", "Le Goff"),
        ("prenom", "ERREUR_DE_SAISIE", "ACTIVE", "Mansouri"),
        ("contestation", "DECISION", "ACTIVE", "Le Goff"),
        ("rupture", "PIECE_VUE", "ACTIVE", "Le Goff"),
        ("cause_legale", "PIECE_VUE", "ACTIVE", "Le Goff"),
        ("mediateur_le", "PIECE_VUE", "ACTIVE", "Le Goff"),
        ("contrat", "PIECE_VUE", "ACTIVE", "Le Goff"),
    } <= faites
    assert _lire("SELECT champ FROM correction WHERE reportee_le IS NOT NULL") == ["date_naissance"]
    assert len(_lire("SELECT id FROM correction WHERE demande_id IS NOT NULL")) == 1


def test_deux_fiches_sont_a_la_corbeille_l_une_est_encore_transmise(demo: Demo) -> None:
    retirees = _lire("SELECT id_erp FROM effectif WHERE corbeille_le IS NOT NULL ORDER BY id_erp")
    assert retirees == sorted(map(id_erp_de, ("corbeille_retenue", "corbeille")))
    retenues = _lire("SELECT id_erp FROM ligne WHERE etat = 'RETENUE' ORDER BY id_erp")
    assert retenues == sorted(map(id_erp_de, ("corbeille_retenue", "transferee")))


def test_une_fiche_est_transferee_a_lannion(demo: Demo) -> None:
    [(numero, nom)] = _lire(
        "SELECT e.id_erp, o.nom FROM transfert t JOIN effectif e ON e.id = t.effectif_id "
        "JOIN organisme o ON o.id = e.organisme_id"
    )
    assert numero == id_erp_de("transferee")
    assert nom == "CFA des Dunes, site de Lannion"


def test_les_doublons_sont_trouves_et_les_jumelles_ecartees(demo: Demo) -> None:
    paires = {
        frozenset((a, b)): etat
        for a, b, etat in _lire(
            "SELECT a.id_erp, b.id_erp, d.etat FROM doublon d JOIN effectif a ON a.id = d.effectif_id "
            "JOIN effectif b ON b.id = d.autre_id"
        )
    }
    for double in DOUBLES:
        attendu = "ECARTE" if double.personnage == "jumelle" else "OUVERT"
        assert paires[frozenset((id_erp_de(double.personnage), double.id_erp))] == attendu, double.personnage


def test_a_regler_montre_chaque_consequence_et_un_point_est_tu(demo: Demo) -> None:
    points = _lire("SELECT genre, consequence, details ->> 'code' FROM point WHERE clos_le IS NULL")
    assert {consequence for _, consequence, _ in points} == {1, 2, 3, 4}
    assert {"ANOMALIE", "DOUBLON", "CONFLIT", "A_REPORTER"} <= {genre for genre, _, _ in points}
    codes = {code for _, _, code in points}
    assert {"RUPTURE_APRES_TERME", "CONTRAT_FIN_AVANT_DEBUT", "EMPLOYEUR_FERME", "EMPLOYEUR_INCONNU"} <= codes
    assert _lire("SELECT code FROM anomalie_tue") == ["CONTRAT_DEPASSE_FORMATION"]


def test_la_campagne_sifa_est_entamee_et_des_rqth_sont_recues(demo: Demo) -> None:
    remplies = _lire("SELECT saisies FROM sifa_fiche WHERE saisies <> '{}'")
    assert len(remplies) >= 5
    assert all("rqth" not in saisies for saisies in remplies)
    assert _lire("SELECT count(*) > 0 FROM sifa_fiche WHERE recues::text LIKE '%%true%%'") == [True]


def test_une_vue_est_a_soi_une_autre_est_partagee_et_un_export_est_demande(demo: Demo) -> None:
    assert sorted(_lire("SELECT organisation_id IS NOT NULL FROM vue")) == [False, True]
    assert _lire("SELECT liste, finalite, format FROM export") == [("EFFECTIFS", "REUNION", "XLSX")]


def test_refaire_ne_change_rien(demo: Demo) -> None:
    avant = _lire("SELECT count(*) FROM correction")
    demo_envoi.faire_vivre(DEMANDE, AUTOMNE.date(), lambda *_: pytest.fail("sent"), SECRET, pytest.fail)
    assert _lire("SELECT count(*) FROM correction") == avant


def test_chacun_de_la_visite_a_un_nom_bien_a_lui() -> None:
    assert len({p.nom for p in PERSONNAGES.values()}) == len(PERSONNAGES)
