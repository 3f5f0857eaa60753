"""Mails: written with what they announce, sent once, tried again, and not kept once sent."""

import dataclasses
import socketserver
import threading
from collections.abc import Iterator
from email import message_from_string, policy
from email.message import EmailMessage
from typing import cast

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba import courriels
from tdba.config import Configuration
from tdba.courriels import Courriel, EnvoiImpossible
from tdba.jobs import Tache

pytestmark = pytest.mark.reseau

REFUSEE = "inconnu@exemple.invalid"
PLUS_TARD = "plus-tard@exemple.invalid"


class Boite(socketserver.ThreadingTCPServer):
    """A mail server that keeps what it receives; it knows one address that does not exist, and one to try later."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Echange)
        self.recus: list[EmailMessage] = []


class Echange(socketserver.StreamRequestHandler):
    def dire(self, phrase: str) -> None:
        self.wfile.write(f"{phrase}\r\n".encode())

    def handle(self) -> None:
        self.dire("220 essai")
        while ligne := self.rfile.readline().decode().strip():
            verbe = ligne[:4].upper()
            if verbe == "RCPT":
                self.dire("550 no" if REFUSEE in ligne else "451 later" if PLUS_TARD in ligne else "250 ok")
            elif verbe == "DATA":
                self.dire("354 go")
                corps = ""
                while (suite := self.rfile.readline().decode()) != ".\r\n":
                    corps += suite
                lu = message_from_string(corps, policy=policy.default)
                cast("Boite", self.server).recus.append(cast("EmailMessage", lu))
                self.dire("250 ok")
            elif verbe == "QUIT":
                return self.dire("221 bye")
            else:
                self.dire("250 ok")
        return None


@pytest.fixture
def boite() -> Iterator[Boite]:
    with Boite() as serveur:
        fil = threading.Thread(target=serveur.serve_forever, args=(0.01,))
        fil.start()
        yield serveur
        serveur.shutdown()
        fil.join()


@pytest.fixture
def reglee(configuration: Configuration, boite: Boite) -> Configuration:
    adresse = f"smtp://127.0.0.1:{boite.server_address[1]}"
    return dataclasses.replace(configuration, smtp_url=adresse, courriel_expediteur="tdba@exemple.invalid")


def ecrire(a: str = "anne@exemple.invalid") -> None:
    lien = ("Ouvrir", "https://tdba.test/invitation/secret")
    courriels.ecrire("invitation", a, "Une invitation", ["Bonjour <Anne>,", "Voici."], lien=lien)


def etats(session: Session) -> list[tuple[str, str | None, str | None]]:
    session.commit()
    session.expire_all()
    lus = session.execute(select(Courriel).order_by(Courriel.id)).scalars()
    return [(c.etat, c.texte, c.erreur) for c in lus]


def test_un_courriel_part_en_texte_et_en_html_puis_son_corps_est_efface(
    session: Session, reglee: Configuration, boite: Boite
) -> None:
    ecrire()
    session.commit()
    assert courriels.envoyer_en_attente(reglee) == 1
    assert courriels.envoyer_en_attente(reglee) == 0
    (recu,) = boite.recus
    texte, html = (cast("EmailMessage", part).get_content() for part in recu.iter_parts())
    assert (recu["To"], recu["Subject"]) == ("anne@exemple.invalid", "Une invitation")
    assert "Bonjour <Anne>," in texte
    assert "https://tdba.test/invitation/secret" in texte
    assert "Bonjour &lt;Anne&gt;," in html
    assert 'href="https://tdba.test/invitation/secret"' in html
    assert etats(session) == [("ENVOYE", None, None)]


def test_un_courriel_annule_avec_ce_qu_il_annonce_ne_part_pas(session: Session) -> None:
    ecrire()
    session.rollback()
    assert etats(session) == []
    assert session.execute(select(Tache).where(Tache.nom == "courriels.envoyer")).all() == []


def test_une_adresse_refusee_se_voit_et_n_arrete_pas_les_autres(
    session: Session, reglee: Configuration, boite: Boite
) -> None:
    ecrire(REFUSEE)
    ecrire()
    session.commit()
    assert courriels.envoyer_en_attente(reglee) == 1
    assert etats(session) == [("REFUSE", None, "550"), ("ENVOYE", None, None)]
    assert len(boite.recus) == 1


def test_une_adresse_a_reessayer_attend_sans_retenir_les_autres(
    session: Session, reglee: Configuration, boite: Boite
) -> None:
    ecrire(PLUS_TARD)
    ecrire()
    session.commit()
    assert courriels.envoyer_en_attente(reglee) == 1
    assert [etat for etat, _, _ in etats(session)] == ["A_ENVOYER", "ENVOYE"]
    for _ in range(courriels.ESSAIS_MAX):
        courriels.envoyer_en_attente(reglee)
    assert etats(session)[0] == ("REFUSE", None, "451")
    assert len(boite.recus) == 1


@pytest.mark.parametrize("adresse", ["zoé@exemple.invalid", "zoe@académie.invalid"])
def test_une_adresse_que_le_serveur_ne_sait_pas_porter_est_refusee_et_n_arrete_pas_les_autres(
    session: Session, reglee: Configuration, boite: Boite, adresse: str
) -> None:
    ecrire(adresse)
    ecrire()
    session.commit()
    assert courriels.envoyer_en_attente(reglee) == 1
    assert etats(session) == [
        ("REFUSE", None, str(courriels.ADRESSE_IMPOSSIBLE)),
        ("ENVOYE", None, None),
    ]
    assert [recu["To"] for recu in boite.recus] == ["anne@exemple.invalid"]


def test_un_serveur_absent_fait_recommencer(session: Session, reglee: Configuration) -> None:
    ecrire()
    session.commit()
    with pytest.raises(EnvoiImpossible):
        courriels.envoyer_en_attente(dataclasses.replace(reglee, smtp_url="smtp://127.0.0.1:9"))
    session.rollback()
    assert [etat for etat, _, _ in etats(session)] == ["A_ENVOYER"]


def test_sans_serveur_les_courriels_attendent(session: Session, configuration: Configuration) -> None:
    ecrire()
    session.commit()
    assert courriels.envoyer_en_attente(configuration) == 0
    assert etats(session)[0][0] == "A_ENVOYER"
