"""A file made under a right leaves under that right alone, and an address that means nothing breaks no page."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tdba.comptes.models import Habilitation, HabilitationSite, Personne
from tests import factories as f
from tests.exports.aides import dernier, exporter, exports
from tests.exports.conftest import Decor
from tests.pages import Navigateur, arbre, texte


def test_un_fichier_ne_part_pas_sous_une_autre_habilitation(
    session: Session, decor: Decor, directrice: Navigateur, habilitation: Habilitation
) -> None:
    """The right of yesterday's CFA has ended; the one of today's does not take its names away (decision 27)."""
    f.un_apprenti(session, decor.cfa)
    exporter(session, directrice)
    uuid = dernier(session).uuid
    ailleurs = f.une_organisation(
        session, "ORGANISME_FORMATION", "CFA voisin", regle="ETABLISSEMENTS", organismes=[decor.voisin]
    )
    personne = session.get_one(Personne, habilitation.personne_id)
    autre = directrice.comme(f.une_habilitation(session, personne, ailleurs))
    refus = autre.post(f"/exports/{uuid}/fichier")
    assert refus.status_code == 422
    assert "demandé pour une autre organisation" in texte(arbre(refus))
    assert dernier(session).telechargements == 1
    assert directrice.post(f"/exports/{uuid}/fichier").status_code == 200


def test_le_second_facteur_d_un_fichier_ne_se_contourne_pas_par_son_cfa(
    session: Session, decor: Decor, app: Flask, agent: Callable[[str], Navigateur]
) -> None:
    """Whoever is also of a CFA, which needs no second factor, does not take there what the State let them read."""
    f.un_sans_contrat(session, decor.cfa)
    qui = agent("DREETS")
    exporter(session, qui)
    export = dernier(session)
    organisation = f.une_organisation(
        session, "ORGANISME_FORMATION", "CFA voisin", regle="ETABLISSEMENTS", organismes=[decor.voisin]
    )
    personne = session.get_one(Personne, export.personne_id)
    au_cfa = qui.comme(f.une_habilitation(session, personne, organisation))
    avant = app.extensions["tdba"]
    app.extensions["tdba"] = replace(avant, second_facteur="oui")
    try:
        assert au_cfa.post(f"/exports/{export.uuid}/fichier").status_code == 422
    finally:
        app.extensions["tdba"] = avant


def test_une_colonne_fermee_depuis_la_preparation_retient_le_fichier(
    session: Session, decor: Decor, agent: Callable[[str], Navigateur]
) -> None:
    f.un_sans_contrat(session, decor.cfa)
    qui = agent("DRAAF")
    exporter(session, qui)
    export = exports(session)[-1]
    export.colonnes = ["nom", "telephone"]
    session.commit()
    refus = qui.post(f"/exports/{export.uuid}/fichier")
    assert refus.status_code == 422
    assert "plus le droit de lire cette liste" in texte(arbre(refus))


def test_un_site_retire_depuis_la_preparation_retient_le_fichier(
    session: Session, decor: Decor, directrice: Navigateur, habilitation: Habilitation
) -> None:
    """The file holds names of a site that its person no longer reaches, under the very same habilitation."""
    f.un_apprenti(session, decor.annexe)
    exporter(session, directrice)
    uuid = dernier(session).uuid
    session.add(HabilitationSite(habilitation_id=habilitation.id, organisme_id=decor.cfa.id))
    session.commit()
    refus = directrice.post(f"/exports/{uuid}/fichier")
    assert refus.status_code == 422
    assert "plus d’établissements qu’aujourd’hui" in texte(arbre(refus))


@pytest.mark.parametrize("avant", ["9" * 25, "-" + "9" * 25, "9" * 5000, "²"])
def test_un_numero_d_export_impossible_montre_la_premiere_page(directrice: Navigateur, avant: str) -> None:
    assert directrice.get("/exports", query_string={"avant": avant}).status_code == 200


def test_un_caractere_nul_dans_un_filtre_ne_casse_aucune_page(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effectif = f.un_apprenti(session, decor.cfa)
    for adresse in (
        "/effectifs?formation=%00",
        "/effectifs/pourquoi-ce-nombre?formation=%00",
        "/effectifs/employeurs?formation=%00",
        "/exports/demander/effectifs?formation=%00",
        f"/effectifs/{effectif.id}?liste=formation%3D%2500",
    ):
        assert directrice.get(adresse, follow_redirects=True).status_code == 200, adresse
