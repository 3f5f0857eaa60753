"""What a transmission says of a disability: kept apart with TDBA_SIFA on, dropped before storage with it off (decision 16)."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from benchmarks.lignes import LIGNE
from tdba.organismes.models import Organisme
from tdba.sifa import queries
from tdba.transmissions import application, service
from tdba.transmissions.cles import Emetteur

RQTH = {"rqth_apprenant": True, "date_rqth_apprenant": "2026-02-01"}


def envoyer(session: Session, dunes: Organisme, *lignes: dict[str, Any], source: str = "ERP") -> list[str]:
    """Send these versions of one record, apply; returns what became of each line."""
    cles = {
        f"etablissement_{cote}_{quoi}": valeur
        for cote in ("formateur", "responsable")
        for quoi, valeur in (("uai", dunes.uai), ("siret", dunes.siret))
    }
    dates = {"annee_scolaire": "2026-2027", "id_erp_apprenant": "E1"}
    recues = [LIGNE | cles | dates | ligne for ligne in lignes]
    transmission, _ = service.recevoir(recues, Emetteur(None, dunes.id, frozenset({dunes.id})), source=source)
    session.commit()
    application.appliquer(session.commit, dunes.id)
    session.commit()
    session.expire_all()
    requete = text("SELECT etat FROM ligne WHERE transmission_id = :t ORDER BY rang")
    return list(session.execute(requete, {"t": transmission.id}).scalars())


def recues(session: Session) -> list[Any]:
    return list(session.execute(text("SELECT recues FROM sifa_fiche")).scalars())


def partout(session: Session, *tables: str) -> str:
    """All that these tables hold, as a text."""
    lus = [
        session.execute(text(f"SELECT coalesce(json_agg(t)::text, '') FROM {t} t")).scalar_one()
        for t in tables
    ]
    return " ".join(lus)


def test_le_handicap_recu_n_est_ecrit_que_dans_sa_table(
    session: Session, dunes: Organisme, sifa: None
) -> None:
    assert envoyer(session, dunes, RQTH) == ["CREEE"]
    assert recues(session) == [{"ERP": {"rqth_apprenant": True, "date_rqth_apprenant": "2026-02-01"}}]
    assert "rqth" not in partout(session, "effectif", "effectif_source", "correction", "point", "journal")
    (vu,) = queries.dossiers(dunes.id, 2026)
    assert vu.rangee["HANDI"] == "1"
    assert vu.personne.reponses["date_rqth"] == "2026-02-01"


def test_ce_que_la_source_ne_dit_plus_est_oublie(session: Session, dunes: Organisme, sifa: None) -> None:
    envoyer(session, dunes, RQTH)
    assert envoyer(session, dunes, {}) == ["MODIFIEE"]
    assert recues(session) == [{}]
    assert queries.dossiers(dunes.id, 2026)[0].rangee["HANDI"] == "0"


def test_un_nouvel_envoi_change_la_reponse(session: Session, dunes: Organisme, sifa: None) -> None:
    envoyer(session, dunes, RQTH)
    assert envoyer(session, dunes, {"rqth_apprenant": False}) == ["MODIFIEE"]
    assert recues(session) == [{"ERP": {"rqth_apprenant": False}}]
    assert envoyer(session, dunes, {"rqth_apprenant": False}) == ["INCHANGEE"]


def test_une_reponse_saisie_reste_quand_la_source_parle(
    session: Session, dunes: Organisme, sifa: None
) -> None:
    from tdba import horloge
    from tdba.sifa import service as sifa_service

    envoyer(session, dunes, RQTH)
    (vu,) = queries.dossiers(dunes.id, 2026)
    sifa_service.repondre(vu.effectif_id, {"rqth": "non"}, vu.personne.version, horloge.maintenant())
    envoyer(session, dunes, {"date_rqth_apprenant": "2026-03-01", "rqth_apprenant": True})
    assert queries.dossiers(dunes.id, 2026)[0].rangee["HANDI"] == "0"


def test_une_ligne_refusee_ne_garde_pas_le_handicap(session: Session, dunes: Organisme, sifa: None) -> None:
    """It is shown, corrected and given back as a file: none of these may tell."""
    assert envoyer(session, dunes, RQTH | {"sexe_apprenant": "X"}) == ["REFUSEE"]
    assert "rqth" not in partout(session, "ligne")
    assert recues(session) == []


def test_un_handicap_mal_ecrit_refuse_la_ligne_sans_montrer_ce_qui_etait_ecrit(
    session: Session, dunes: Organisme, sifa: None
) -> None:
    assert envoyer(session, dunes, {"rqth_apprenant": "peut-être"}) == ["REFUSEE"]
    assert "peut-être" not in partout(session, "ligne")


@pytest.mark.parametrize("dite", [RQTH, {"rqth_apprenant": "peut-être"}])
def test_sans_tdba_sifa_rien_n_est_garde_ni_refuse(
    session: Session, dunes: Organisme, sans_sifa: None, dite: dict[str, Any]
) -> None:
    assert envoyer(session, dunes, dite) == ["CREEE"]
    assert recues(session) == []
    assert "rqth" not in partout(session, "ligne", "effectif", "effectif_source")


def test_une_ligne_sans_handicap_n_ecrit_rien_dans_la_table_de_l_enquete(
    session: Session, dunes: Organisme, sifa: None
) -> None:
    envoyer(session, dunes, {})
    envoyer(session, dunes, {"nom_apprenant": "AUTRE"})
    assert recues(session) == []


def test_allumer_l_enquete_relit_ce_qui_etait_ecarte(
    session: Session, dunes: Organisme, sans_sifa: None
) -> None:
    from tdba.sifa import a_regler, tranche

    envoyer(session, dunes, RQTH)
    tranche.activer(a_regler.reglages()._replace(actif=True))
    assert envoyer(session, dunes, RQTH) == ["MODIFIEE"]
    assert len(recues(session)) == 1
