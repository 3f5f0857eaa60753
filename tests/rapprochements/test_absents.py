"""The exact reason why a youth is not seen, wherever the record or the line is hidden (issue 5, part 3)."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tdba import horloge
from tdba.effectifs import corbeille, recherche
from tdba.organismes.models import Organisme
from tdba.rapprochements import absents, service_absents
from tdba.rapprochements.absents import Trouvee
from tdba.rapprochements.annonces import Annonce
from tests import factories as f
from tests.pages import Navigateur, liens
from tests.points.aides import direction
from tests.rapprochements.aides import phrase
from tests.transmissions.aides_api import Logiciel, evenements, travailler, une_ligne

PAGE = "/effectifs/je-ne-vois-pas"
JOUR = date(2026, 11, 18)


@pytest.fixture
def dunes(session: Session) -> Organisme:
    f.les_territoires(session)
    return f.un_organisme(session, "Dunes")


@pytest.fixture
def directrice(session: Session, navigateur: Navigateur, dunes: Organisme) -> Navigateur:
    return direction(session, navigateur, dunes)


def demander(navigateur: Navigateur, texte: str) -> str:
    envoi = navigateur.post(PAGE, {"q": texte})
    assert texte not in str(envoi.location)
    return phrase(navigateur.get(str(envoi.location)))


def trouvee(**autres: Any) -> Trouvee:
    connue: dict[str, Any] = {
        "id": 1, "nom": "CANARI", "prenom": "Alix", "organisme": "Dunes", "annee": "2026-2027", "corbeille": None,
        "plus_transmise": None, "statut": "APPRENTI", "motif": None, "du": date(2026, 9, 1),
        "premier_jour": date(2026, 9, 1), "transferee": None,
    }  # fmt: skip
    return Trouvee(**(connue | autres))


@pytest.mark.parametrize(
    ("autres", "dit"),
    [
        ({"corbeille": date(2026, 11, 3)}, "dans la corbeille depuis le 3 novembre 2026"),
        ({"premier_jour": None, "statut": None}, "ses dates ne donnent aucun statut"),
        ({"premier_jour": date(2027, 1, 4), "statut": None}, "entrée est à venir, le 4 janvier 2027"),
        ({"annee": "2023-2024"}, "de l’année 2023-2024"),
        ({"statut": "FIN_DE_FORMATION", "du": date(2026, 7, 1)}, "terminée depuis le 1er juillet 2026"),
        ({"statut": "ABANDON", "motif": "EXCLUSION"}, "sortie depuis le 1er septembre 2026"),
        ({"statut": "ABANDON", "motif": "DELAI_SANS_CONTRAT"}, "délai est dépassé"),
        ({"statut": "RUPTURANT", "motif": "FIN_DE_CONTRAT"}, "contrat arrivé à terme depuis"),
        ({"statut": "RUPTURANT", "motif": "RUPTURE"}, "en rupture depuis"),
        ({}, "dans la liste de Dunes : apprenti depuis"),
        ({"transferee": date(2026, 10, 1)}, "transférée à compter du 1er octobre 2026"),
    ],
)
def test_une_fiche_dit_la_raison_qui_la_cache(autres: dict[str, Any], dit: str) -> None:
    explication = absents.expliquer(trouvee(**autres), JOUR)
    assert dit in explication.phrase.replace("\xa0", " ")
    assert explication.que_faire


@pytest.mark.parametrize(
    ("texte", "repond"),
    [
        ("canari", True),
        ("Alix CANARI", True),
        ("canari 04/05/2007", True),
        ("canari 05/05/2007", False),
        ("A-12", True),
        ("A-1", False),
        ("merle", False),
        ("31/02/2007", False),
    ],
)
def test_une_ligne_repond_comme_repondrait_sa_fiche(texte: str, repond: bool) -> None:
    qui = Annonce(id_erp="A-12", nom="Canari", prenom="Alix", naissance=date(2007, 5, 4))
    assert service_absents.repond(qui, recherche.comprendre(texte)) is repond


def test_on_ne_repond_rien_avant_la_question(directrice: Navigateur) -> None:
    assert "Qui cherchez-vous" in phrase(directrice.get(PAGE))


def test_une_fiche_en_corbeille_se_retrouve_et_sa_lecture_se_journalise(
    session: Session, directrice: Navigateur, dunes: Organisme
) -> None:
    jeune = f.un_apprenti(session, dunes)
    f.une_habilitation(session, f.une_personne(session, "Anne"), f.une_organisation(
        session, "ORGANISME_FORMATION", "D", regle="ETABLISSEMENTS", organismes=[dunes]
    ))  # fmt: skip
    jeune.corbeille_le = horloge.maintenant()
    session.commit()
    assert "dans la corbeille depuis le 18 novembre 2026" in demander(directrice, "canari")
    assert {"ecran": "effectifs.absent", "ids": [jeune.id]} in evenements(session, "effectif.consulte")
    assert corbeille.DUREE.days == 30


def test_une_ligne_refusee_se_retrouve_avec_sa_cause_une_seule_fois(
    app: Flask, session: Session, directrice: Navigateur, dunes: Organisme
) -> None:
    for _ in range(2):  # an ERP sends the same fault every night
        Logiciel(app, session, dunes).envoyer(
            [une_ligne(dunes, "B", nom_apprenant="BERT", email_contact="pas une adresse")]
        )
        travailler(session)
    dit = demander(directrice, "bert")
    assert "1 réponse" in dit
    assert "refusée le 18 novembre 2026 : adresse électronique impossible" in dit


def test_une_personne_jamais_recue_le_dit_avec_ce_qu_il_faut_faire(directrice: Navigateur) -> None:
    dit = demander(directrice, "personne")
    assert "Nous n’avons jamais reçu cette personne" in dit
    assert "/depots/une-fiche" in liens(
        directrice.get(str(directrice.post(PAGE, {"q": "personne"}).location))
    )


def test_la_fiche_et_la_ligne_d_un_autre_cfa_n_existent_pas(
    app: Flask, session: Session, directrice: Navigateur
) -> None:
    ailleurs = f.un_organisme(session, "Nantes")
    f.un_apprenti(session, ailleurs, nom="KERGOAT")
    Logiciel(app, session, ailleurs).envoyer(
        [une_ligne(ailleurs, "B", nom_apprenant="KERGOAT", email_contact="pas une adresse")]
    )
    travailler(session)
    assert "jamais reçu cette personne" in demander(directrice, "kergoat")


def test_la_recherche_d_une_autre_personne_n_est_pas_gardee_pour_nous(
    session: Session, directrice: Navigateur, navigateur: Navigateur, dunes: Organisme
) -> None:
    adresse = str(directrice.post(PAGE, {"q": "canari"}).location)
    autre = direction(session, navigateur, dunes)
    assert "n’est plus gardée" in phrase(autre.get(adresse))
