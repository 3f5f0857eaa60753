"""Silencing one check on one record: with a reason, seen by all who may correct it, until somebody lifts it."""

import pytest
from sqlalchemy.orm import Session

from tdba.anomalies import service
from tdba.anomalies.routes import raconter
from tdba.effectifs.models import Effectif
from tdba.organismes.models import Organisme
from tests import factories as f
from tests.anomalies.aides_base import changer, codes_ouverts, une_fiche_saine
from tests.effectifs.aides import phrases
from tests.pages import Navigateur, champs, tableau
from tests.points.aides import direction
from tests.transmissions.aides_api import evenements


@pytest.fixture
def cfa(session: Session) -> Organisme:
    f.les_territoires(session)
    return f.un_organisme(session, "CFA Rennes")


@pytest.fixture
def fiche(session: Session, cfa: Organisme) -> Effectif:
    return une_fiche_saine(session, cfa, sexe=None, ine=None)


@pytest.fixture
def directeur(session: Session, navigateur: Navigateur, cfa: Organisme) -> Navigateur:
    return direction(session, navigateur, cfa)


def page(fiche: Effectif) -> str:
    return f"/effectifs/{fiche.id}/anomalies"


def adresse(fiche: Effectif, geste: str, code: str = "INE_MANQUANT") -> str:
    return f"{page(fiche)}/{code}/{geste}"


def taire(navigateur: Navigateur, fiche: Effectif, **saisies: str) -> int:
    url = adresse(fiche, "taire")
    envoi = champs(navigateur.get(url), url) | {"motif": "VERIFIE"} | saisies
    return navigateur.post(url, envoi).status_code


def test_un_point_tu_quitte_la_liste_et_reste_sur_la_page_de_la_fiche(
    session: Session, directeur: Navigateur, fiche: Effectif
) -> None:
    assert taire(directeur, fiche, commentaire="Élève venu de l’étranger") == 303
    assert codes_ouverts(session) == ["SEXE_MANQUANT"]
    (tu,) = tableau(directeur.get(page(fiche)), "anomalies-tues")
    assert (tu["Point"], tu["Par"]) == ("INE manquant", "Dominique Testeur")
    assert "Élève venu de l’étranger" in tu["Raison"]
    assert evenements(session, "anomalie.tue") == [{"code": "INE_MANQUANT", "motif": "VERIFIE"}]


def test_un_silence_survit_a_un_renvoi_et_a_la_nuit(
    session: Session, directeur: Navigateur, fiche: Effectif
) -> None:
    taire(directeur, fiche)
    changer(session, fiche, ine="120890177HB")
    changer(session, fiche, ine=None)
    service.refaire([fiche.organisme_id])
    assert codes_ouverts(session) == ["SEXE_MANQUANT"]


def test_un_silence_dure_jusqu_a_ce_qu_on_le_leve(
    session: Session, directeur: Navigateur, fiche: Effectif
) -> None:
    taire(directeur, fiche)
    for _ in range(2):
        assert directeur.post(adresse(fiche, "lever"), {}).status_code == 303
    assert codes_ouverts(session) == ["INE_MANQUANT", "SEXE_MANQUANT"]
    assert evenements(session, "anomalie.relevee") == [{"code": "INE_MANQUANT"}]
    assert tableau(directeur.get(page(fiche)), "anomalies-tues") == []


def test_deux_envois_sont_un_silence(session: Session, directeur: Navigateur, fiche: Effectif) -> None:
    taire(directeur, fiche)
    assert taire(directeur, fiche) == 303
    assert len(evenements(session, "anomalie.tue")) == 1


@pytest.mark.parametrize(
    ("saisies", "phrase"),
    [
        ({"motif": ""}, "Choisissez une raison."),
        ({"motif": "PARCE_QUE"}, "Choisissez une raison dans la liste."),
        ({"motif": "AUTRE"}, "Précisez la raison en quelques mots."),
        ({"commentaire": "x" * 251}, "250 caractères au plus."),
        ({"commentaire": "2 99 05 75 123 456 89"}, "numéro de sécurité sociale"),
    ],
)
def test_ce_qui_est_refuse_le_dit_et_garde_la_saisie(
    session: Session, directeur: Navigateur, fiche: Effectif, saisies: dict[str, str], phrase: str
) -> None:
    url = adresse(fiche, "taire")
    envoi = champs(directeur.get(url), url) | {"motif": "VERIFIE"} | saisies
    reponse = directeur.post(url, envoi)
    assert reponse.status_code == 422
    assert phrase in " ".join(phrases(reponse).split())
    assert codes_ouverts(session) == ["INE_MANQUANT", "SEXE_MANQUANT"]


def test_ce_qui_fausse_les_chiffres_ne_se_tait_pas(
    session: Session, directeur: Navigateur, fiche: Effectif
) -> None:
    changer(session, fiche, date_fin=None)
    url = adresse(fiche, "taire", "FIN_MANQUANTE")
    assert "fausse les chiffres" in phrases(directeur.get(url))
    jeton = champs(directeur.get(adresse(fiche, "taire")), adresse(fiche, "taire"))
    assert directeur.post(url, jeton | {"motif": "VERIFIE"}).status_code == 422
    (ligne,) = [r for r in tableau(directeur.get(page(fiche)), "anomalies") if "date de fin" in str(r)]
    assert "Ne plus signaler" not in ligne["Gestes"]


def test_un_controle_qui_n_existe_pas_est_introuvable(directeur: Navigateur, fiche: Effectif) -> None:
    assert directeur.get(adresse(fiche, "taire", "RIEN")).status_code == 404
    assert directeur.post(adresse(fiche, "lever", "RIEN"), {}).status_code == 404


def test_la_fiche_d_un_autre_est_introuvable(session: Session, directeur: Navigateur) -> None:
    voisine = une_fiche_saine(session, f.un_organisme(session, "CFA Brest", departement="29"), sexe=None)
    for url in (page(voisine), adresse(voisine, "taire")):
        assert directeur.get(url).status_code == 404
    assert directeur.post(adresse(voisine, "lever"), {}).status_code == 404


def test_les_noms_affiches_sont_journalises(session: Session, directeur: Navigateur, fiche: Effectif) -> None:
    directeur.get(page(fiche))
    assert {"ecran": "anomalies.de_la_fiche", "ids": [fiche.id]} in evenements(session, "effectif.consulte")


def test_les_silences_sont_dans_l_histoire_de_la_fiche(
    session: Session, directeur: Navigateur, fiche: Effectif
) -> None:
    taire(directeur, fiche)
    directeur.post(adresse(fiche, "lever"), {})
    session.expire_all()
    assert sorted(" ".join(fait.phrase.split()) for fait in raconter(fiche.id)) == [
        "« INE manquant » est de nouveau signalé.",
        "« INE manquant » n’est plus signalé : J’ai vérifié : c’est bien la réalité.",
    ]
