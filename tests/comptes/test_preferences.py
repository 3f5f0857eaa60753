"""Mails that may be turned off: on one's own account, or in one click from a mail and without a login (RFC 8058)."""

import threading
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba import courriels
from tdba.comptes.models import Personne
from tdba.courriels import A_COCHER, REFUSABLES, Courriel, lien_de_refus
from tests.comptes.aides import journal
from tests.noyau.test_courriels import Boite
from tests.pages import Navigateur, arbre, champs, texte, titre


def chemin(app: Flask, personne_id: int, genre: str = "revue_relance") -> str:
    return urlsplit(lien_de_refus(personne_id, genre, app.extensions["tdba"])).path


def refuses(session: Session, personne: Personne) -> list[str]:
    return list(
        session.execute(select(Personne.courriels_refuses).where(Personne.id == personne.id)).scalar_one()
    )


def ecrire(personne: Personne, genre: str) -> None:
    courriels.ecrire(genre, personne.courriel, "Sujet", ["Bonjour."], personne_id=personne.id)


def ecrits(session: Session) -> list[Courriel]:
    return list(session.execute(select(Courriel).order_by(Courriel.id)).scalars())


def test_mon_compte_coche_ce_qui_est_recu_et_garde_ce_qui_ne_l_est_plus(
    session: Session, connectee: Navigateur, alix: Personne
) -> None:
    page = connectee.get("/mon-compte")
    cochees = [
        e.get("value")
        for e in arbre(page).iter("input")
        if e.get("name") == "recus" and "checked" in e.attrib
    ]
    assert cochees == list(A_COCHER)
    assert connectee.post("/mon-compte/courriels", {"recus": ["acces_ouvert"]}).status_code == 303
    assert refuses(session, alix) == [g for g in A_COCHER if g != "acces_ouvert"]
    assert ("compte.modifie", {"champs": ["courriels_refuses"]}) in journal(session)
    assert connectee.post("/mon-compte/courriels", {"recus": list(A_COCHER)}).status_code == 303
    assert refuses(session, alix) == []


def test_un_courriel_necessaire_ne_se_refuse_pas(
    session: Session, connectee: Navigateur, alix: Personne
) -> None:
    connectee.post("/mon-compte/courriels", {"recus": ["invitation"]})
    assert refuses(session, alix) == []
    assert "Ce choix n’existe pas" in texte(arbre(connectee.get("/mon-compte")))


def test_un_genre_refuse_n_est_plus_ecrit_et_les_autres_le_sont(session: Session, alix: Personne) -> None:
    alix.courriels_refuses = ["revue_relance"]
    session.flush()
    ecrire(alix, "revue_relance")
    ecrire(alix, "acces_ouvert")
    ecrire(alix, "invitation")
    assert [c.genre for c in ecrits(session)] == ["acces_ouvert", "invitation"]


def test_le_courriel_dit_comment_ne_plus_le_recevoir(app: Flask, session: Session, alix: Personne) -> None:
    ecrire(alix, "acces_ouvert")
    ecrire(alix, "invitation")
    refusable, necessaire = ecrits(session)
    assert chemin(app, alix.id, "acces_ouvert") in (refusable.texte or "")
    assert "/courriels/refuser" not in (necessaire.texte or "")


@pytest.mark.reseau
def test_le_courriel_porte_les_entetes_du_refus_en_un_clic(
    app: Flask, session: Session, alix: Personne
) -> None:
    ecrire(alix, "acces_ouvert")
    ecrire(alix, "invitation")
    with Boite() as boite:
        fil = threading.Thread(target=boite.serve_forever, args=(0.01,))
        fil.start()
        adresse = f"smtp://127.0.0.1:{boite.server_address[1]}"
        courriels.envoyer_en_attente(replace(app.extensions["tdba"], smtp_url=adresse))
        boite.shutdown()
        fil.join()
    refusable, necessaire = boite.recus
    assert refusable["List-Unsubscribe"].endswith(chemin(app, alix.id, "acces_ouvert") + ">")
    assert refusable["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert necessaire["List-Unsubscribe"] is None
    assert ecrits(session) != []


def test_ouvrir_le_lien_ne_change_rien(
    app: Flask, navigateur: Navigateur, session: Session, alix: Personne
) -> None:
    """Readers of mail open links by themselves."""
    page = navigateur.get(chemin(app, alix.id))
    assert titre(page).replace("\xa0", " ") == "Ne plus recevoir ces courriels ?"
    assert champs(page) == {}
    assert refuses(session, alix) == []


def test_un_clic_suffit_sans_connexion_et_deux_valent_un(
    app: Flask, navigateur: Navigateur, session: Session, alix: Personne
) -> None:
    for _ in range(2):
        reponse = navigateur.post(chemin(app, alix.id), {"List-Unsubscribe": "One-Click"})
        assert (reponse.status_code, titre(reponse)) == (200, "Vous ne recevrez plus ces courriels.")
    assert refuses(session, alix) == ["revue_relance"]
    assert journal(session) == [("compte.modifie", {"champs": ["courriels_refuses"]})]


@pytest.mark.parametrize("genre", REFUSABLES)
def test_chaque_genre_refusable_se_refuse_par_son_lien(
    app: Flask, navigateur: Navigateur, session: Session, alix: Personne, genre: str
) -> None:
    adresse = chemin(app, alix.id, genre)
    assert REFUSABLES[genre] in texte(arbre(navigateur.get(adresse)))
    assert navigateur.post(adresse, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert refuses(session, alix) == [genre]


def test_cocher_ses_courriels_ne_change_rien_au_recapitulatif(
    app: Flask, connectee: Navigateur, session: Session, alix: Personne
) -> None:
    connectee.post(chemin(app, alix.id, "recap"))
    connectee.post("/mon-compte/courriels", {"recus": list(A_COCHER)})
    assert refuses(session, alix) == ["recap"]


@pytest.mark.parametrize("faute", ["autre personne", "autre genre", "genre nécessaire", "fausse"])
def test_une_adresse_que_nous_n_avons_pas_signee_n_existe_pas(
    app: Flask, navigateur: Navigateur, session: Session, alix: Personne, faute: str
) -> None:
    signature = chemin(app, alix.id).rsplit("/", 1)[1]
    adresse = {
        "autre personne": f"/courriels/refuser/{alix.id + 1}/revue_relance/{signature}",
        "autre genre": f"/courriels/refuser/{alix.id}/acces_ouvert/{signature}",
        "genre nécessaire": chemin(app, alix.id, "invitation"),
        "fausse": f"/courriels/refuser/{alix.id}/revue_relance/{signature[:-1]}",
    }[faute]
    assert navigateur.get(adresse).status_code == 404
    assert navigateur.post(adresse).status_code == 404
    assert refuses(session, alix) == []
