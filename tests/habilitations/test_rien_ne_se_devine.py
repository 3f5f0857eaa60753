"""Whether somebody has an account shows neither in the answer nor in the work that it takes (ASVS 5.0, line 25).

A clock would be a matter of luck: the statements sent to PostgreSQL, in their order, are the time that could differ.
"""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tdba.comptes.models import Personne
from tests import factories as f
from tests.habilitations.aides_equipe import Equipe, connectee_sans_habilitation, une_equipe, une_invitee
from tests.pages import Navigateur

CONNUE, INCONNUE = "connue@exemple.invalid", "personne@exemple.invalid"
Envoi = Callable[[], TestResponse]


@pytest.fixture
def equipe(session: Session) -> Equipe:
    return une_equipe(session)


@pytest.fixture
def connue(session: Session, equipe: Equipe) -> Personne:
    """Somebody who works elsewhere, under the address that is tried."""
    personne = une_invitee(session, CONNUE, etat="ACTIVE")
    ailleurs = f.une_organisation(session, "ORGANISME_FORMATION", "Ailleurs", regle="ETABLISSEMENTS")
    f.une_habilitation(session, personne, ailleurs)
    session.commit()
    return personne


def travail(envoyer: Envoi) -> tuple[int, list[str]]:
    """The answer's code, and what was asked of PostgreSQL meanwhile."""
    requetes: list[str] = []

    def noter(_c: object, _k: object, sql: str, *_: object) -> None:
        requetes.append(sql)

    event.listen(Engine, "before_cursor_execute", noter)
    try:
        return envoyer().status_code, requetes
    finally:
        event.remove(Engine, "before_cursor_execute", noter)


def inviter(directrice: Navigateur, courriel: str) -> Envoi:
    return lambda: directrice.post(
        "/equipe/inviter", {"courriel": courriel, "role": "membre", "dernier_jour": ""}
    )


@pytest.mark.usefixtures("connue")
def test_inviter_une_adresse_connue_ailleurs_demande_le_meme_travail(
    navigateur: Navigateur, equipe: Equipe
) -> None:
    directrice = navigateur.comme(equipe.directrice)
    travail(inviter(directrice, "premiere@exemple.invalid"))  # what is done once per process is done
    connu = travail(inviter(directrice, CONNUE))
    assert connu[0] == 303
    assert connu == travail(inviter(directrice, INCONNUE))


def test_un_refus_de_courriel_non_signe_ne_cherche_personne(navigateur: Navigateur, connue: Personne) -> None:
    """The signature is checked first: an id that exists costs what one that does not costs."""

    def ouvrir(personne_id: int) -> Envoi:
        return lambda: navigateur.get(f"/courriels/refuser/{personne_id}/revue_relance/fausse")

    travail(ouvrir(connue.id))
    existe = travail(ouvrir(connue.id))
    assert existe[0] == 404
    assert existe == travail(ouvrir(connue.id + 1_000_000))
    assert [sql for sql in existe[1] if "FROM personne" in sql] == []


def test_un_lien_inconnu_ne_dit_pas_si_l_on_est_attendu(
    navigateur: Navigateur, session: Session, equipe: Equipe
) -> None:
    """An invitation's link that was made up: one lookup by its print, an invitation waiting for that address or not."""
    inviter(navigateur.comme(equipe.directrice), CONNUE)()

    def essayer(courriel: str) -> tuple[int, list[str]]:
        arrivante = connectee_sans_habilitation(navigateur, une_invitee(session, courriel))
        arrivante.get("/invitation/" + "a" * 43)
        return travail(lambda: arrivante.get("/invitation/" + "b" * 43))

    attendue = essayer(CONNUE)
    assert attendue == essayer(INCONNUE)
    assert len([sql for sql in attendue[1] if "FROM invitation" in sql]) == 1
