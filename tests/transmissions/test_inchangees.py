"""Lines that repeat what is known are closed without being read, and write no record (decision 15, ADR 0014)."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from benchmarks.lignes import LIGNE
from tdba import horloge, scope
from tdba.effectifs.models import Effectif
from tdba.organismes.models import Organisme
from tdba.scope import Droit
from tdba.transmissions import application, lignes, service
from tdba.transmissions.cles import Emetteur


def envoyer(session: Session, dunes: Organisme, *noms: str) -> list[str]:
    """Send these versions of one record in one call, apply; returns what became of each line."""
    cles = {
        f"etablissement_{cote}_{quoi}": valeur
        for cote in ("formateur", "responsable")
        for quoi, valeur in (("uai", dunes.uai), ("siret", dunes.siret))
    }
    recues = [LIGNE | cles | {"id_erp_apprenant": "E1", "nom_apprenant": nom} for nom in noms]
    transmission, _ = service.recevoir(recues, Emetteur(None, dunes.id, frozenset({dunes.id})), source="ERP")
    session.commit()
    application.appliquer(session.commit, dunes.id)
    session.commit()
    session.expire_all()
    session.expire_all()
    requete = text("SELECT etat FROM ligne WHERE transmission_id = :t ORDER BY rang")
    return list(session.execute(requete, {"t": transmission.id}).scalars())


def fiche(session: Session) -> Effectif:
    return session.execute(scope.select_for(Effectif, Droit.CORRIGER, avec_corbeille=True)).scalar_one()


def rangee(session: Session) -> Any:
    """Where the row is stored: any update moves it."""
    return session.execute(text("SELECT ctid, xmin FROM effectif")).one()


def test_une_ligne_identique_n_ecrit_aucune_fiche(session: Session, dunes: Organisme) -> None:
    assert envoyer(session, dunes, "AMAR") == ["CREEE"]
    avant = rangee(session)
    assert envoyer(session, dunes, "AMAR") == ["INCHANGEE"]
    assert rangee(session) == avant


def test_une_fiche_envoyee_deux_fois_est_lue_dans_l_ordre(session: Session, dunes: Organisme) -> None:
    """The second repeats what was held before the first: it is not unchanged."""
    envoyer(session, dunes, "AMAR")
    assert envoyer(session, dunes, "BRUN", "AMAR") == ["MODIFIEE", "MODIFIEE"]
    assert fiche(session).nom == "AMAR"


def test_de_nouvelles_regles_relisent_tout(
    session: Session, dunes: Organisme, monkeypatch: pytest.MonkeyPatch
) -> None:
    envoyer(session, dunes, "AMAR")
    monkeypatch.setattr(lignes, "REGLES_EMPREINTE", b"\xff\xfe")
    assert envoyer(session, dunes, "AMAR") == ["MODIFIEE"]
    assert envoyer(session, dunes, "AMAR") == ["INCHANGEE"]


def test_une_ligne_recue_sous_d_anciennes_regles_est_relue_sous_les_nouvelles(
    session: Session, dunes: Organisme, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Received by one version, applied by the next, while the record still holds what the former one made of it."""
    envoyer(session, dunes, "AMAR")
    appliquer = application.appliquer
    monkeypatch.setattr(application, "appliquer", lambda *_: None)
    envoyer(session, dunes, "AMAR")
    monkeypatch.setattr(lignes, "REGLES_EMPREINTE", b"\xff\xfe")
    appliquer(session.commit, dunes.id)
    etats = session.execute(text("SELECT etat FROM ligne ORDER BY id")).scalars()
    assert list(etats) == ["CREEE", "MODIFIEE"]


def test_une_fiche_de_la_corbeille_est_retenue_meme_inchangee(session: Session, dunes: Organisme) -> None:
    envoyer(session, dunes, "AMAR")
    fiche(session).corbeille_le = horloge.maintenant()
    session.commit()
    assert envoyer(session, dunes, "AMAR") == ["RETENUE"]


def test_une_fiche_signalee_absente_revient_sans_etre_relue(session: Session, dunes: Organisme) -> None:
    envoyer(session, dunes, "AMAR")
    fiche(session).plus_transmis_depuis = date(2026, 11, 1)
    session.commit()
    assert envoyer(session, dunes, "AMAR") == ["INCHANGEE"]
    assert fiche(session).plus_transmis_depuis is None
