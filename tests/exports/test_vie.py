"""The life of a file once asked: made once, stopped, journaled, taken away, erased (decisions 27, 34, 38 and 41)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tdba import horloge
from tdba.comptes import habitudes
from tdba.comptes.models import Habilitation
from tdba.exports import service, service_fabrication
from tdba.jobs import Tache
from tdba.journal import Evenement
from tests import factories as f
from tests.conftest import MIDI
from tests.exports.aides import (
    archive,
    blocs,
    demander,
    dernier,
    evenements,
    exporter,
    exports,
    refaire,
    travailler,
)
from tests.exports.conftest import Decor
from tests.pages import Navigateur, arbre, texte

DEMANDER = "/exports/demander/effectifs"


def mots(reponse: object) -> str:
    return texte(next(e for e in arbre(reponse).iter("main")))  # type: ignore[arg-type]


def test_fait_deux_fois_c_est_un_seul_fichier(session: Session, decor: Decor, directrice: Navigateur) -> None:
    f.un_apprenti(session, decor.cfa)
    exporter(session, directrice)
    avant = dernier(session)
    taille, pret_le, gardes = avant.taille, avant.pret_le, blocs(session)
    refaire(avant)
    assert (dernier(session).taille, dernier(session).pret_le) == (taille, pret_le)
    assert blocs(session) == gardes
    assert len(evenements(session, "export.fait")) == 1


def test_arrete_en_chemin_il_recommence_de_rien(
    session: Session, decor: Decor, directrice: Navigateur, monkeypatch: pytest.MonkeyPatch
) -> None:
    for nom in ("AMAR", "BAUD", "CADOU"):
        f.un_apprenti(session, decor.cfa, nom=nom)
    monkeypatch.setattr("tdba.exports.service_fabrication.LOT", 1)
    monkeypatch.setattr("tdba.exports.ecriture.BLOC", 64)
    demander(directrice, format="CSV")

    with monkeypatch.context() as coupure:
        vrai = service_fabrication._noter

        def noter(export_id: int, **valeurs: Any) -> None:
            if valeurs.get("fait") == 2:
                raise KeyboardInterrupt
            vrai(export_id, **valeurs)

        coupure.setattr(service_fabrication, "_noter", noter)
        with pytest.raises(KeyboardInterrupt):
            travailler(session)
    assert dernier(session).etat == "EN_COURS"
    refaire(dernier(session))
    export = dernier(session)
    assert export.etat == "PRET"
    assert sum(taille for _, taille in blocs(session)) == export.taille
    rangees, _, _ = archive(directrice.post(f"/exports/{export.uuid}/fichier"))
    assert [r[0] for r in rangees] == ["Nom", "AMAR", "BAUD", "CADOU"]


def test_le_lien_vaut_un_jour_puis_le_fichier_est_efface(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    f.un_apprenti(session, decor.cfa)
    exporter(session, directrice)
    export = dernier(session)
    adresse = f"/exports/{export.uuid}/fichier"
    with horloge.regler(MIDI + timedelta(hours=1, minutes=50)):
        assert directrice.post(adresse).status_code == 200
    assert dernier(session).telechargements == 2
    service.purger(MIDI + timedelta(hours=23))
    assert blocs(session) != []
    export.expire_le = MIDI - timedelta(minutes=1)
    session.commit()
    tard = directrice.post(adresse)
    assert tard.status_code == 422
    assert "il est effacé 24 heures après" in mots(tard)
    assert service.purger(MIDI) == 1
    assert blocs(session) == []
    assert dernier(session).etat == "EXPIRE"
    assert "Ce fichier a été effacé" in mots(directrice.get(f"/exports/{export.uuid}"))
    assert service.purger(MIDI) == 0


def test_la_trace_d_un_export_s_efface_au_bout_d_un_an(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    f.un_apprenti(session, decor.cfa)
    exporter(session, directrice)
    service.purger(MIDI + timedelta(days=364))
    assert len(exports(session)) == 1
    service.purger(MIDI + timedelta(days=366))
    assert exports(session) == []


def test_ce_qui_n_a_pas_abouti_est_dit_au_bout_d_un_jour(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    f.un_apprenti(session, decor.cfa)
    demander(directrice)
    service.purger(MIDI + timedelta(hours=25))
    session.commit()
    export = dernier(session)
    assert (export.etat, export.refus, export.recherche) == ("ECHOUE", "INTERROMPU", None)
    assert "n’a pas abouti" in mots(directrice.get(f"/exports/{export.uuid}"))


def test_le_journal_dit_tout_sans_un_nom(
    session: Session, decor: Decor, directrice: Navigateur, habilitation: Habilitation
) -> None:
    jeunes = [f.un_apprenti(session, decor.cfa, nom=nom) for nom in ("KANTOROWICZ", "KANTOROWITZ")]
    adresse = directrice.post("/effectifs/recherche", {"q": "kantorowi"}).headers["Location"]
    envoi = demander(directrice, adresse.replace("/effectifs", DEMANDER, 1))
    taches = [t.cle for t in session.execute(select(Tache)).scalars()]
    travailler(session)
    directrice.post(f"{envoi.headers['Location']}/fichier")
    export = dernier(session)
    (demande,) = evenements(session, "export.demande")
    assert demande["colonnes"] == ["nom", "prenom"]
    assert (demande["liste"], demande["format"], demande["nombre"]) == ("EFFECTIFS", "XLSX", 2)
    assert "recherche" in demande["filtres"]
    (fait,) = evenements(session, "export.fait")
    assert fait["ids"] == [j.id for j in jeunes]
    assert fait["personne_id"] == habilitation.personne_id
    assert evenements(session, "export.telecharge") == [
        {"export_id": export.id, "personne_id": habilitation.personne_id}
    ]
    tout = str([e.details for e in session.execute(select(Evenement)).scalars()]) + str(taches)
    assert "kantoro" not in tout.lower()


def test_chaque_evenement_porte_mille_fiches_au_plus(
    session: Session, decor: Decor, directrice: Navigateur, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tdba.exports.service_fabrication.IDS_PAR_EVENEMENT", 2)
    jeunes = [f.un_apprenti(session, decor.cfa, nom=nom) for nom in ("AMAR", "BAUD", "CADOU")]
    exporter(session, directrice)
    assert [e["ids"] for e in evenements(session, "export.fait")] == [
        [jeunes[0].id, jeunes[1].id],
        [jeunes[2].id],
    ]


def test_trois_fichiers_au_plus_se_preparent_a_la_fois(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    f.un_apprenti(session, decor.cfa)
    for _ in range(3):
        assert demander(directrice).status_code == 303
    assert "Trois fichiers sont déjà en préparation" in mots(demander(directrice))
    travailler(session)
    assert demander(directrice).status_code == 303


def test_prendre_un_fichier_compte_comme_lire_ses_noms(
    session: Session, decor: Decor, agent: Callable[[str], Navigateur], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Decision 27: far more names than usual pauses whoever reads outside their own CFA, and the file stays here."""
    monkeypatch.setattr(habitudes, "PAUSE_AILLEURS", habitudes.Seuil(2, 1))
    monkeypatch.setattr(habitudes, "ALERTE_AILLEURS", habitudes.Seuil(1, 1))
    for nom in ("AMAR", "BAUD", "CADOU"):
        f.un_sans_contrat(session, decor.cfa, nom=nom)
    qui = agent("DREETS")
    qui.session.commit()
    demander(qui)
    travailler(session)
    reponse = qui.post(f"/exports/{dernier(session).uuid}/fichier")
    assert reponse.status_code == 403
    assert dernier(session).telechargements == 0
    assert (
        session.execute(
            select(func.count()).where(Evenement.evenement == "lectures.en_pause").select_from(Evenement)
        ).scalar_one()
        == 1
    )
