"""Support sees what waits and gives a failed job another chance, with or without Redis."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba import horloge, jobs
from tdba.jobs import ESSAIS_MAX, Tache, Travail
from tests.pages import Navigateur, arbre, tableau, texte
from tests.support.conftest import Equipe, evenements

NOM = "transmissions.appliquer"


def une_tache(session: Session, **colonnes: object) -> Tache:
    maintenant = horloge.maintenant()
    reglees = {"nom": NOM, "cle": '{"organisme_id":12}', "essais": ESSAIS_MAX, "derniere_erreur": "KeyError"}
    tache = Tache(
        **(reglees | {"cree_le": maintenant - timedelta(hours=3), "pas_avant": maintenant} | colonnes)
    )
    session.add(tache)
    session.commit()
    return tache


@pytest.fixture
def pousses(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, str]]:
    """The hints pushed to the workers."""
    vus: list[tuple[str, str, str]] = []
    monkeypatch.setattr(jobs, "_pousser", [lambda file, nom, cle: vus.append((file, nom, cle))])
    return vus


def test_une_tache_arretee_se_voit_avec_ses_cles_et_son_erreur(session: Session, alix: Navigateur) -> None:
    une_tache(session)
    page = alix.get("/support/travaux")
    (ligne,) = tableau(page, "taches")
    assert ligne["Tâche"] == NOM
    assert ligne["Sur"] == "organisme_id = 12"
    assert (ligne["Essais"], ligne["Dernière erreur"]) == ("5", "KeyError")
    assert ligne["État"] == "arrêtée après trop d’échecs"
    assert ligne["Depuis"].replace("\xa0", " ") == "3 heures"
    assert "1 tâche attend, la plus ancienne depuis 3 heures ; 1 a échoué" in texte(arbre(page)).replace(
        "\xa0", " "
    )


def test_relancer_remet_a_zero_consigne_et_previent_les_ouvriers(
    session: Session, equipe: Equipe, pousses: list[tuple[str, str, str]]
) -> None:
    tache = une_tache(session)
    assert equipe.alix.post(f"/support/taches/{tache.id}/relancer").status_code == 303
    session.refresh(tache)
    assert (tache.essais, tache.pas_avant, tache.derniere_erreur) == (0, horloge.maintenant(), "KeyError")
    assert pousses == [("courant", NOM, '{"organisme_id":12}')]
    (relance,) = evenements(session, "travail.relance")
    assert (relance.details, relance.personne_id) == ({"tache_id": tache.id}, equipe.alix_id)


def test_sans_redis_la_page_s_ouvre_et_la_relance_est_gardee(
    session: Session, alix: Navigateur, monkeypatch: pytest.MonkeyPatch
) -> None:
    def en_panne(file: str, nom: str, cle: str) -> None:
        raise ConnectionError

    monkeypatch.setattr(jobs, "_pousser", [en_panne])
    tache = une_tache(session)
    assert alix.post(f"/support/taches/{tache.id}/relancer").status_code == 303
    session.refresh(tache)
    assert tache.essais == 0
    assert alix.get("/support/travaux").status_code == 200


@pytest.mark.parametrize(
    ("colonnes", "phrase"),
    [
        ({"bail_jusqu_a": timedelta(minutes=1)}, "est en cours"),
        ({"nom": "ancien.travail"}, "ne connaît plus ce travail"),
    ],
)
def test_ce_qui_ne_peut_pas_etre_relance_le_dit(
    session: Session,
    alix: Navigateur,
    pousses: list[tuple[str, str, str]],
    colonnes: dict[str, object],
    phrase: str,
) -> None:
    reglees = {
        nom: horloge.maintenant() + v if isinstance(v, timedelta) else v for nom, v in colonnes.items()
    }
    tache = une_tache(session, **reglees)
    alix.post(f"/support/taches/{tache.id}/relancer")
    page = alix.get("/support/travaux")
    assert phrase in texte(arbre(page).find(".//div[@id='annonces']"))
    assert "Relancer" not in tableau(page, "taches")[0]["Relancer"]
    session.refresh(tache)
    assert tache.essais == ESSAIS_MAX
    assert pousses == []
    assert evenements(session, "travail.relance") == []


def test_une_tache_finie_entre_temps_n_est_plus_la(alix: Navigateur) -> None:
    assert alix.post("/support/taches/123456/relancer").status_code == 404


def test_les_travaux_et_ce_qui_se_fait_tout_seul_sont_listes(session: Session, equipe: Equipe) -> None:
    travail = Travail(
        genre="parcours.recalculer",
        personne_id=equipe.alix_id,
        etat="EN_COURS",
        fait=1500,
        total=4000,
        cree_le=horloge.maintenant(),
    )
    session.add(travail)
    session.commit()
    page = equipe.alix.get("/support/travaux")
    (ligne,) = tableau(page, "travaux")
    assert (ligne["Demandé par"], ligne["État"]) == ("Alix Testeur", "en cours")
    periodes = {p["Tâche"]: p["Tous les"].replace("\xa0", " ") for p in tableau(page, "periodiques")}
    assert periodes["journal.sceller"] == "1 minute"
    assert periodes["entretien.purger"] == "1 jour"
    assert session.execute(select(Tache)).first() is None
