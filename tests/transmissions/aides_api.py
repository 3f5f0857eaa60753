"""Gestures of a school's software: send lines with a key, let the jobs run, read what became of them."""

import contextvars
from typing import Any

from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tdba import horloge, jobs, scope
from tdba.effectifs.models import Contrat, Correction, Effectif
from tdba.jobs import Tache
from tdba.journal import Evenement
from tdba.organismes.models import Organisme
from tdba.scope import Droit
from tests import factories as f

CHEMIN = "/api/v3/dossiers-apprenants"


def une_ligne(organisme: Organisme, id_erp: object = "A-1", **champs: Any) -> dict[str, Any]:
    """The smallest right line about somebody of this organisme."""
    return {
        "nom_apprenant": "CANARI",
        "prenom_apprenant": "Alix",
        "date_de_naissance_apprenant": "2007-05-04",
        "id_erp_apprenant": id_erp,
        "annee_scolaire": "2026-2027",
        "date_inscription_formation": "2026-09-01",
        "date_entree_formation": "2026-09-01",
        "date_fin_formation": "2027-08-31",
        "etablissement_responsable_uai": organisme.uai,
        "etablissement_responsable_siret": organisme.siret,
        "etablissement_formateur_uai": organisme.uai,
        "etablissement_formateur_siret": organisme.siret,
    } | champs


class Logiciel:
    """An ERP that holds one key."""

    def __init__(self, app: Flask, session: Session, organisme: Organisme) -> None:
        self.app, self.session, self.organisme = app, session, organisme
        self.cle = f.une_cle(session, organisme)

    def demander(self, methode: str, chemin: str, **options: Any) -> TestResponse:
        """One request, apart from the test's own context, as in another process."""
        entetes = {"Authorization": f"Bearer {self.cle}"} | dict(options.pop("headers", {}))
        self.session.commit()
        reponse: TestResponse = contextvars.Context().run(
            lambda: self.app.test_client().open(
                chemin, method=methode, headers=entetes, buffered=True, **options
            )
        )
        self.session.rollback()
        self.session.expire_all()
        return reponse

    def envoyer(self, lignes: Any, suite: str = "", **options: Any) -> TestResponse:
        return self.demander("POST", CHEMIN + suite, json=lignes, **options)

    def lire(self, chemin: str) -> Any:
        reponse = self.demander("GET", chemin)
        assert reponse.status_code == 200, reponse.text
        return reponse.json

    def suivre(self, envoi: TestResponse) -> Any:
        """The transmission that this answer names, read through the API."""
        assert envoi.json is not None, envoi.text
        return self.lire(f"/api/v3/transmissions/{envoi.json['transmission']['id']}")


def travailler(session: Session) -> None:
    """Run every job that waits, and those they ask for, as the worker would."""
    application = current_app._get_current_object()  # type: ignore[attr-defined]
    for _ in range(10):
        session.commit()
        demandees = dict.fromkeys(
            tuple(t) for t in session.execute(select(Tache.nom, Tache.cle).order_by(Tache.id)).all()
        )
        session.commit()
        if not demandees:
            return
        for nom, arguments in demandees:
            contextvars.Context().run(_executer, application, nom, arguments)
    raise AssertionError(f"jobs never end: {demandees}")


def _executer(app: Flask, nom: str, arguments: str) -> None:
    with app.app_context():
        jobs.executer(nom, arguments)


def effectifs(session: Session) -> dict[str, Effectif]:
    """Every record, by its identifier in the ERP."""
    session.rollback()
    with scope.systeme("test"):
        requete = scope.select_for(Effectif, Droit.CORRIGER, avec_corbeille=True).execution_options(
            populate_existing=True
        )
        return {e.id_erp: e for e in session.execute(requete).scalars()}


def evenements(session: Session, nom: str) -> list[dict[str, Any]]:
    requete = select(Evenement.details).where(Evenement.evenement == nom).order_by(Evenement.id)
    return list(session.execute(requete).scalars())


def une_correction(
    session: Session, effectif: Effectif, champ: str = "nom", valeur: str | None = "DUPOND", **colonnes: Any
) -> Correction:
    """A correction of this record by somebody of its CFA."""
    organisme = session.get(Organisme, effectif.organisme_id)
    assert organisme is not None
    auteure = f.une_habilitation(
        session,
        f.une_personne(session, "Anne"),
        f.une_organisation(
            session, "ORGANISME_FORMATION", "D", regle="ETABLISSEMENTS", organismes=[organisme]
        ),
    )
    contrat: Contrat | None = colonnes.pop("contrat", None)
    le = colonnes.get("maj_le", horloge.maintenant())
    correction = Correction(
        effectif_id=effectif.id, organisme_id=effectif.organisme_id, annee_scolaire=effectif.annee_scolaire,
        contrat_id=contrat.id if contrat else None, champ=champ, valeur=valeur, personne_id=auteure.personne_id,
        habilitation_id=auteure.id,
        **({"valeur_source": "CANARI", "motif": "PIECE_VUE", "cree_le": le, "maj_le": le} | colonnes),
    )  # fmt: skip
    session.add(correction)
    session.commit()
    return correction
