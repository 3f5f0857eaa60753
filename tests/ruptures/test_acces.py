"""Follow-up belongs to the CFA: nobody else opens it, support included (decisions 24 and 26)."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba.comptes.models import Habilitation
from tdba.db import db
from tdba.journal import Evenement
from tdba.organismes.models import Organisme
from tests.factories import (
    un_reseau,
    un_sans_contrat,
    une_habilitation,
    une_organisation,
    une_personne,
    une_rupture,
)
from tests.pages import Navigateur
from tests.ruptures.aides import le_dossier

PAGES = ("/aujourd-hui", "/ruptures", "/sans-contrat", "/dossiers/1", "/sans-contrat/1")
FORMULAIRES = ("/dossiers/1/demarches", "/effectifs/1/demarches")


def une_autre(session: Session, type_: str, **regle: str) -> Habilitation:
    organisation = une_organisation(session, type_, type_, **regle)  # type: ignore[arg-type]
    qui, second = une_personne(session, "Camille"), une_personne(session, "Second")
    return une_habilitation(session, qui, organisation, validee_par=second)


@pytest.mark.parametrize(
    ("type_", "regle"),
    [
        ("DREETS", {"regle": "REGION", "region_code": "53"}),
        ("TETE_DE_RESEAU", {"regle": "RESEAU", "reseau_code": "CMA"}),
        ("SUPPORT", {"regle": "NATION"}),
    ],
)
def test_l_etat_le_reseau_et_le_support_n_ouvrent_rien_du_suivi(
    session: Session, navigateur: Navigateur, cfa: Organisme, type_: str, regle: dict[str, str]
) -> None:
    un_reseau(session, "CMA", [cfa])
    une_rupture(session, cfa)
    autre = navigateur.comme(une_autre(session, type_, **regle))
    for adresse in (*PAGES, *FORMULAIRES):
        assert autre.get(adresse).status_code == 403
    for adresse in FORMULAIRES:
        assert autre.post(adresse).status_code == 403


def test_un_inconnu_est_renvoye_a_la_connexion(navigateur: Navigateur) -> None:
    for adresse in (*PAGES, *FORMULAIRES):
        assert navigateur.get(adresse).status_code == 302


def test_chaque_page_qui_montre_des_noms_le_consigne(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    rompue, sans = une_rupture(session, cfa), un_sans_contrat(session, cfa, depuis=50)
    for adresse in ("/aujourd-hui", "/ruptures", "/sans-contrat", f"/dossiers/{le_dossier(sans).id}"):
        directeur.get(adresse)
    requete = select(Evenement).where(Evenement.evenement == "effectif.consulte").order_by(Evenement.id)
    lus = [(e.details["ecran"], sorted(e.details["ids"])) for e in db.session.execute(requete).scalars()]
    assert lus == [
        ("aujourd_hui", [rompue.id, sans.id]),
        ("ruptures.ruptures", [rompue.id]),
        ("ruptures.sans_contrat", [sans.id]),
        ("dossier", [sans.id]),
    ]
