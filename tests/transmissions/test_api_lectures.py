"""What a key reads of what it sent (issue 4, part 1): its transmissions, their counts, their refused lines."""

from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tdba.organismes.models import Organisme
from tests import factories as f
from tests.transmissions.aides_api import Logiciel, travailler, une_ligne


def test_une_transmission_dit_ce_que_ses_lignes_deviennent(
    session: Session, dunes: Organisme, logiciel: Logiciel
) -> None:
    envoi = logiciel.envoyer([une_ligne(dunes, "A-1"), une_ligne(dunes, "A-2", nom_apprenant=3)])
    avant = logiciel.suivre(envoi)
    assert (avant["etat"], avant["traitee_le"]) == ("RECUE", None)
    assert (avant["comptes"]["envoyees"], avant["comptes"]["en_attente"]) == (2, 1)
    travailler(session)
    apres = logiciel.suivre(envoi)
    assert apres["etat"] == "TRAITEE"
    assert apres["comptes"] == {
        "envoyees": 2, "acceptees": 1, "refusees": 1, "creees": 1, "modifiees": 0, "inchangees": 0,
        "retenues": 0, "en_attente": 0,
    }  # fmt: skip
    assert apres["erreurs"] == [
        {"rang": 2, "id_erp": "A-2", "erreurs": [{"message": "Texte attendu", "path": ["nom_apprenant"]}]}
    ]
    assert apres["causes"] == [{"champ": "nom_apprenant", "message": "Texte attendu", "nombre": 1}]


def test_les_lignes_inchangees_et_modifiees_sont_comptees(
    session: Session, dunes: Organisme, logiciel: Logiciel
) -> None:
    logiciel.envoyer([une_ligne(dunes, "A-1"), une_ligne(dunes, "A-2")])
    travailler(session)
    envoi = logiciel.envoyer([une_ligne(dunes, "A-1"), une_ligne(dunes, "A-2", prenom_apprenant="Sacha")])
    travailler(session)
    comptes = logiciel.suivre(envoi)["comptes"]
    assert (comptes["acceptees"], comptes["inchangees"], comptes["modifiees"]) == (2, 1, 1)


def test_les_lignes_refusees_se_lisent_page_par_page(logiciel: Logiciel) -> None:
    envoi = logiciel.envoyer([{"id_erp_apprenant": n} for n in range(1, 251)])
    chemin = "/api/v3/transmissions/" + envoi.json["transmission"]["id"]  # type: ignore[index]
    rangs, suivant = [], 0
    while suivant is not None:
        page = logiciel.lire(f"{chemin}?apres={suivant}")
        assert len(page["erreurs"]) <= 100
        rangs += [ligne["rang"] for ligne in page["erreurs"]]
        suivant = page["suivant"]
    assert rangs == list(range(1, 251))


def test_celle_d_un_autre_n_existe_pas(app: Flask, session: Session, logiciel: Logiciel) -> None:
    envoi = logiciel.envoyer([])
    autre = Logiciel(app, session, f.un_organisme(session, "Bois"))
    sienne = autre.demander("GET", "/api/v3/transmissions/" + envoi.json["transmission"]["id"])  # type: ignore[index]
    absente = autre.demander("GET", f"/api/v3/transmissions/{uuid4()}")
    assert sienne.status_code == absente.status_code == 404
    assert sienne.json is not None
    assert absente.json is not None
    assert sienne.json | {"details": None} == absente.json | {"details": None}
    assert sienne.json.keys() == {"error", "message", "details", "issues"}
    assert autre.lire("/api/v3/transmissions")["transmissions"] == []


def test_le_responsable_ne_lit_pas_ce_que_son_formateur_envoie(
    app: Flask, session: Session, dunes: Organisme, logiciel: Logiciel
) -> None:
    """The transmission is who sent it, whatever it is about."""
    responsable = f.un_organisme(session, "Siège")
    f.une_relation(session, responsable, dunes)
    envoi = logiciel.envoyer([une_ligne(dunes)])
    siege = Logiciel(app, session, responsable)
    adresse = "/api/v3/transmissions/" + envoi.json["transmission"]["id"]  # type: ignore[index]
    assert siege.demander("GET", adresse).status_code == 404


def test_les_dernieres_viennent_d_abord_page_par_page(logiciel: Logiciel) -> None:
    envoyees = [logiciel.envoyer([]).json["transmission"]["id"] for _ in range(5)]  # type: ignore[index]
    lues, avant = [], ""
    while avant is not None:
        page = logiciel.lire(f"/api/v3/transmissions?limite=2&avant={avant}")
        lues += [t["id"] for t in page["transmissions"]]
        avant = page["suivant"]
    assert lues == envoyees[::-1]


@pytest.mark.parametrize(
    "suite",
    [
        "?limite=0",
        "?limite=201",
        "?limite=x",
        "?avant=x",
        "?avant=3f154f8c-a2e7-4256-94da-322240cfae1a",
        "?limite=²",
    ],
)
def test_un_parametre_faux_est_refuse_et_nomme(logiciel: Logiciel, suite: str) -> None:
    reponse = logiciel.demander("GET", "/api/v3/transmissions" + suite)
    assert reponse.status_code == 400
    assert reponse.json is not None
    assert reponse.json["details"] == {"parametre": suite[1:].split("=", maxsplit=1)[0]}


def test_une_lecture_dit_que_la_cle_sert(session: Session, logiciel: Logiciel) -> None:
    """The last use is written apart: a GET runs in a read-only transaction (decision 37)."""
    logiciel.lire("/api/v3/transmissions")
    assert session.connection().exec_driver_sql("SELECT utilisee_le FROM cle_api").scalar_one() is not None
