"""`flask demo semer`: the plan of a country, and rows that are those the intake would have written."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from tdba.effectifs import valeurs
from tdba.local import demo_semis_base
from tdba.local.demo_certifications import PARTS_DES_PROFILS
from tdba.local.demo_lignes import ligne
from tdba.local.demo_semis_lignes import COLONNES_CONTRAT, COLONNES_EFFECTIF, rangees
from tdba.local.demo_semis_partie import charger_lot, preparer
from tdba.local.demo_semis_plan import PLUS_GRAND, Commande, planifier
from tdba.local.demo_territoires import REGIONS
from tdba.local.demo_tirage import generateur
from tdba.transmissions.identifiants import siret_valide, uai_valide
from tdba.transmissions.lignes import ERP, lire

JOUR = date(2026, 11, 18)
PETITE = Commande(3_000, 42, JOUR)
PAYS = Commande(1_000_000, 42, JOUR)


def test_le_plan_du_pays_a_trois_mille_cinq_cents_organismes_dans_toutes_les_regions() -> None:
    plan = planifier(PAYS)
    assert len(plan.organismes) == pytest.approx(3_509, abs=1)
    assert {s.organisme.etablissement.region for s in plan.organismes} == {code for code, _ in REGIONS}
    assert all(siret_valide(s.organisme.siret) for s in plan.organismes)
    assert all(uai_valide(s.organisme.uai or "") for s in plan.organismes)
    assert len({(s.organisme.uai, s.organisme.siret) for s in plan.organismes}) == len(plan.organismes)


def test_les_tailles_sont_inegales_exactes_et_bornees() -> None:
    tailles = sorted(s.effectifs for s in planifier(PAYS).organismes)
    assert sum(tailles) == 1_000_000
    assert tailles[-1] == PLUS_GRAND
    assert tailles[len(tailles) // 2] < 200
    parts = Counter[str]()
    for seme in planifier(PAYS).organismes:
        parts[seme.organisme.etablissement.profil] += seme.effectifs
    for profil, part in PARTS_DES_PROFILS.items():
        assert parts[profil] / 1_000_000 == pytest.approx(part, abs=0.005)


def test_le_plan_a_des_familles_des_sites_et_des_responsabilites_partielles() -> None:
    plan = planifier(PAYS)
    sirens = Counter(s.organisme.siren for s in plan.organismes)
    assert max(sirens.values()) >= 4
    assert any(lien.partielle for lien in plan.liens)
    assert any(not lien.partielle for lien in plan.liens)
    assert len(plan.reseaux) == 30


def test_les_identifiants_d_effectifs_se_suivent_sans_trou() -> None:
    suivant = 1
    for seme in planifier(PETITE).organismes:
        assert seme.premier_id == suivant
        suivant += seme.effectifs
    assert suivant == PETITE.effectifs + 1


def _rangees(commande: Commande) -> list[Any]:
    return [r for seme in planifier(commande).organismes for r in rangees(seme, commande)]


def test_meme_commande_memes_rangees() -> None:
    premieres = _rangees(PETITE)
    planifier.cache_clear()
    assert _rangees(PETITE) == premieres
    assert _rangees(PETITE._replace(graine=43)) != premieres


def test_une_annee_ou_deux() -> None:
    place = COLONNES_EFFECTIF.index("annee_scolaire")
    une = {effectif[place] for effectif, _, _ in _rangees(PETITE)}
    deux = {effectif[place] for effectif, _, _ in _rangees(PETITE._replace(nombre_d_annees=2))}
    assert "2026-2027" in une
    assert "2025-2026" not in une
    assert {"2025-2026", "2026-2027"} <= deux


def test_les_colonnes_sont_celles_que_la_reception_aurait_ecrites() -> None:
    """The same youth, once through the API's rules and once by COPY, gives the same effective values."""
    from tdba.local.demo_jeunes import fiches

    seme = planifier(PETITE).organismes[0]
    alea = generateur(0, "test")
    tirees = fiches(seme.organisme.etablissement, seme.effectifs, 42, JOUR, PETITE.annees)
    for (jeune, annee), (rangee, _, _) in zip(tirees, rangees(seme, PETITE), strict=True):
        contenu = ligne(alea, seme.organisme, seme.organisme, jeune, annee, JOUR)
        lues = lire(contenu, source=ERP).valeurs
        ecrites = dict(zip(COLONNES_EFFECTIF, rangee, strict=True))
        for colonne, champ in valeurs.CHAMPS.items():
            if colonne in ecrites:
                assert ecrites[colonne] == lues.get(champ), colonne


@pytest.fixture
def proprietaire(urls: dict[str, str]) -> Iterator[psycopg.Connection[Any]]:
    """The owner's connection; everything is undone at the end."""
    url = make_url(urls["proprietaire"]).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url) as connexion:
        yield connexion
        connexion.rollback()


def test_le_proprietaire_remplit_la_base_malgre_la_securite_des_lignes(
    proprietaire: psycopg.Connection[Any],
) -> None:
    commande = Commande(600, 42, JOUR, sources=True)
    plan = planifier(commande)
    demo_semis_base.ecrire(
        proprietaire, commande, plan, emetteur="http://127.0.0.1:5001", secret="un secret de test"
    )
    preparer(proprietaire)
    assert charger_lot(proprietaire, commande, plan.organismes) == 600

    def compter(requete: str) -> int:
        ligne_ = proprietaire.execute(requete).fetchone()
        assert ligne_ is not None
        return int(ligne_[0])

    attendus = sum(len(contrats) for _, contrats, _ in _rangees(commande))
    assert compter("SELECT count(*) FROM effectif") == 600
    assert compter("SELECT count(*) FROM contrat") == attendus
    assert compter("SELECT count(*) FROM effectif_source") == 600
    assert compter("SELECT count(*) FROM effectif WHERE empreinte_parcours IS NULL AND bornes = '{}'") == 600
    assert compter("SELECT count(*) FROM personne WHERE sub LIKE 'bench-dreets-%%'") == 18
    assert compter("SELECT count(*) FROM cle_api") == len(plan.organismes)
    forcees = "SELECT count(*) FROM pg_class WHERE relname IN ('effectif', 'contrat') AND relforcerowsecurity"
    assert compter(forcees) == 2


def test_les_contrats_gardent_leur_place_quel_que_soit_le_nombre_de_processus() -> None:
    places = [COLONNES_CONTRAT.index(nom) for nom in ("id", "effectif_id", "rang")]
    for _, contrats, _ in _rangees(PETITE):
        for contrat in contrats:
            cle, effectif_id, rang = (contrat[place] for place in places)
            assert cle == (effectif_id - 1) * 4 + rang + 1
