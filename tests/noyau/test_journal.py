"""The journal says what happened without any personal value, and shows when it was changed."""

import pytest
from sqlalchemy import Connection, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tdba import journal
from tdba.evenements import CATALOGUE
from tdba.journal import Evenement, EvenementInconnu, Sceau, consigner

INTERDITS = {
    "nom",
    "prenom",
    "courriel",
    "telephone",
    "ine",
    "texte",
    "note",
    "valeur",
    "empreinte",
    "commentaire",
}


@pytest.mark.parametrize(
    ("evenement", "details"),
    [
        ("effectif.corige", {"champ": "nom", "correction_id": 1, "motif": "X"}),
        ("effectif.corrige", {"champ": "nom"}),
        ("effectif.corrige", {"champ": "nom", "correction_id": 1, "motif": "X", "valeur": "DUPONT"}),
    ],
)
def test_un_evenement_hors_du_catalogue_est_une_erreur(
    session: Session, evenement: str, details: dict[str, object]
) -> None:
    with pytest.raises(EvenementInconnu):
        consigner(evenement, **details)


def test_le_catalogue_ne_connait_aucune_valeur_personnelle() -> None:
    assert not {nom for details in CATALOGUE.values() for nom in details} & INTERDITS


@pytest.mark.parametrize(
    "instruction",
    ["UPDATE journal SET evenement = 'x'", "DELETE FROM journal", "TRUNCATE journal", "DELETE FROM sceau"],
)
@pytest.mark.parametrize("role", ["tdba_proprietaire", "tdba_national", "tdba_famille", "postgres"])
def test_personne_ne_change_le_journal(
    session: Session, connexion: Connection, instruction: str, role: str
) -> None:
    consigner("compte.deconnecte")
    session.commit()
    role = connexion.exec_driver_sql("SELECT session_user").scalar_one() if role == "postgres" else role
    point = connexion.begin_nested()
    connexion.exec_driver_sql(f"SET LOCAL ROLE {role}")
    with pytest.raises(DBAPIError, match=r"append-only|permission denied"):
        connexion.exec_driver_sql(instruction)
    point.rollback()


def sceller_tout(session: Session) -> int:
    dernier = session.execute(select(func.max(Evenement.id))).scalar_one()
    return journal.sceller(dernier)


def test_un_journal_intact_garde_ses_sceaux(session: Session) -> None:
    for lot in range(3):
        for _ in range(lot + 1):
            consigner("compte.deconnecte")
        session.flush()
        assert sceller_tout(session) == lot + 1
        session.commit()
    assert session.execute(select(func.count()).select_from(Sceau)).scalar_one() == 3
    assert journal.verifier() == []


@pytest.mark.parametrize(
    "alteration",
    [
        "UPDATE journal SET evenement = 'compte.connecte' WHERE id = (SELECT min(id) FROM journal)",
        "DELETE FROM journal WHERE id = (SELECT max(id) FROM journal)",
        "UPDATE sceau SET empreinte = '\\x00' WHERE id = (SELECT min(id) FROM sceau)",
    ],
)
def test_une_ligne_changee_malgre_les_gardes_se_voit(
    session: Session, connexion: Connection, alteration: str
) -> None:
    """Somebody with all rights on the server disables the trigger: the seals tell."""
    for _ in range(2):
        consigner("compte.deconnecte")
        session.flush()
        sceller_tout(session)
    session.commit()
    connexion.exec_driver_sql("RESET ROLE")
    connexion.exec_driver_sql(
        "ALTER TABLE journal DISABLE TRIGGER ALL; ALTER TABLE sceau DISABLE TRIGGER ALL"
    )
    connexion.exec_driver_sql(alteration)
    session.expire_all()
    assert journal.verifier() != []
