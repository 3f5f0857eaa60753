"""Which organismes an organisation's rule gives (decision 20), in one statement, empty meaning nobody."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from tdba import horloge
from tdba.comptes import queries, service
from tdba.comptes.models import Organisation
from tdba.db import db
from tdba.organismes.models import Organisme, ReseauOrganisme
from tdba.scope import Droit, Portee, Scope
from tests import factories as f


@pytest.fixture
def cfa(session: Session) -> dict[str, Organisme]:
    """Rennes and Brest in Bretagne, Toulouse elsewhere; Rennes answers for Brest, partly for Toulouse."""
    f.les_territoires(session)
    tous = {
        "rennes": f.un_organisme(session, "CFA de Rennes", siren="111111111", departement="35"),
        "brest": f.un_organisme(session, "CFA de Brest", siren="111111111", departement="29"),
        "toulouse": f.un_organisme(session, "CFA de Toulouse", departement="31"),
    }
    f.une_relation(session, tous["rennes"], tous["brest"])
    f.une_relation(session, tous["rennes"], tous["toulouse"], partielle=True)
    return tous


def portee(session: Session, organisation: Organisation, **habilitation: Any) -> Scope:
    camille = f.une_personne(session, "Camille")
    ligne = f.une_habilitation(session, camille, organisation, **habilitation)
    usage = queries.usage_de(ligne.id)
    assert usage is not None
    return service.portee_de(usage, horloge.aujourd_hui())


def vus(scope: Scope, droit: Droit = Droit.VOIR_INDICATEURS) -> frozenset[int] | None:
    return scope.portee(droit).organismes


def ids(*organismes: Organisme) -> frozenset[int]:
    return frozenset(o.id for o in organismes)


def test_une_liste_d_etablissements_apporte_ses_formateurs(
    session: Session, cfa: dict[str, Organisme]
) -> None:
    organisation = f.une_organisation(
        session, "ORGANISME_FORMATION", "CFA", regle="ETABLISSEMENTS", organismes=[cfa["rennes"]]
    )
    scope = portee(session, organisation)
    assert vus(scope) == ids(cfa["rennes"], cfa["brest"], cfa["toulouse"])
    assert vus(scope, Droit.VOIR_NOMINATIF) == ids(cfa["rennes"], cfa["brest"])
    assert vus(scope, Droit.CONFIGURER) == ids(cfa["rennes"])


def test_un_formateur_ne_voit_rien_de_son_responsable(session: Session, cfa: dict[str, Organisme]) -> None:
    organisation = f.une_organisation(
        session, "ORGANISME_FORMATION", "CFA", regle="ETABLISSEMENTS", organismes=[cfa["brest"]]
    )
    assert vus(portee(session, organisation)) == ids(cfa["brest"])


def test_un_siren_donne_tous_ses_etablissements(session: Session, cfa: dict[str, Organisme]) -> None:
    organisation = f.une_organisation(session, "ORGANISME_FORMATION", "CFA", regle="SIREN", siren="111111111")
    scope = portee(session, organisation)
    assert vus(scope, Droit.CONFIGURER) == ids(cfa["rennes"], cfa["brest"])
    assert vus(scope) == ids(cfa["rennes"], cfa["brest"], cfa["toulouse"])


def test_un_etablissement_ferme_reste_dans_la_portee(session: Session, cfa: dict[str, Organisme]) -> None:
    cfa["brest"].ferme = True
    session.flush()
    organisation = f.une_organisation(session, "DREETS", "DREETS", regle="REGION", region_code="53")
    assert vus(portee(session, organisation)) == ids(cfa["rennes"], cfa["brest"])


@pytest.mark.parametrize(
    ("regle", "code", "attendus"),
    [
        ("REGION", {"region_code": "53"}, ["rennes", "brest"]),
        ("DEPARTEMENT", {"departement_code": "35"}, ["rennes"]),
        ("ACADEMIE", {"academie_code": "16"}, ["toulouse"]),
    ],
)
def test_un_territoire_donne_les_cfa_qui_y_sont(
    session: Session, cfa: dict[str, Organisme], regle: str, code: dict[str, str], attendus: list[str]
) -> None:
    organisation = f.une_organisation(session, "DREETS", "Territoire", regle=regle, **code)
    assert vus(portee(session, organisation)) == ids(*(cfa[nom] for nom in attendus))


def test_un_cfa_sans_territoire_n_est_dans_aucun(session: Session, cfa: dict[str, Organisme]) -> None:
    cfa["brest"].region_code = None
    session.flush()
    organisation = f.une_organisation(session, "DREETS", "DREETS", regle="REGION", region_code="53")
    assert vus(portee(session, organisation)) == ids(cfa["rennes"])


def test_un_reseau_donne_ses_membres_du_jour_sans_leurs_formateurs(
    session: Session, cfa: dict[str, Organisme]
) -> None:
    f.un_reseau(session, "R", [cfa["rennes"]])
    aujourd_hui = horloge.aujourd_hui()
    session.add_all(
        [
            # The end is excluded, the start included.
            ReseauOrganisme(
                reseau_code="R", organisme_id=cfa["brest"].id, debut=date(2020, 1, 1), fin=aujourd_hui
            ),
            ReseauOrganisme(reseau_code="R", organisme_id=cfa["toulouse"].id, debut=aujourd_hui),
        ]
    )
    session.flush()
    organisation = f.une_organisation(session, "TETE_DE_RESEAU", "R", regle="RESEAU", reseau_code="R")
    assert vus(portee(session, organisation)) == ids(cfa["rennes"], cfa["toulouse"])


def test_un_reseau_dans_une_region_croise_les_deux(session: Session, cfa: dict[str, Organisme]) -> None:
    f.un_reseau(session, "R", [cfa["rennes"], cfa["toulouse"]])
    organisation = f.une_organisation(
        session, "TETE_DE_RESEAU", "R", regle="RESEAU_REGION", reseau_code="R", region_code="76"
    )
    assert vus(portee(session, organisation)) == ids(cfa["toulouse"])


def test_un_reseau_responsable_donne_les_noms_une_fois_valide(
    session: Session, cfa: dict[str, Organisme]
) -> None:
    f.un_reseau(session, "R", [cfa["rennes"]], responsable=True)
    organisation = f.une_organisation(session, "TETE_DE_RESEAU", "R", regle="RESEAU", reseau_code="R")
    assert vus(portee(session, organisation), Droit.VOIR_NOMINATIF) == frozenset()
    seconde = f.une_personne(session, "Dominique")
    assert vus(portee(session, organisation, validee_par=seconde), Droit.VOIR_NOMINATIF) == ids(cfa["rennes"])


def test_la_nation_est_tout_le_monde_et_l_absence_de_regle_personne(
    session: Session, cfa: dict[str, Organisme]
) -> None:
    nation = f.une_organisation(session, "CARIF_OREF_NATIONAL", "Réseau", regle="NATION")
    aucune = f.une_organisation(session, "CARIF_OREF_NATIONAL", "Réseau", regle="AUCUNE")
    assert portee(session, nation).portee(Droit.VOIR_INDICATEURS) == Portee(None)
    assert not portee(session, aucune).a(Droit.VOIR_INDICATEURS)


def test_une_regle_sans_organisme_ne_donne_personne(session: Session, cfa: dict[str, Organisme]) -> None:
    organisation = f.une_organisation(
        session, "ORGANISME_FORMATION", "Vide", regle="ETABLISSEMENTS", organismes=[]
    )
    assert not any(portee(session, organisation).a(droit) for droit in Droit)


def test_un_membre_limite_a_un_site_n_a_que_lui(session: Session, cfa: dict[str, Organisme]) -> None:
    organisation = f.une_organisation(session, "ORGANISME_FORMATION", "CFA", regle="SIREN", siren="111111111")
    assert vus(portee(session, organisation, sites=[cfa["brest"]])) == ids(cfa["brest"])


@pytest.mark.parametrize(
    "dates",
    [
        {"debut": date(2026, 11, 19)},
        {"fin": date(2026, 11, 18)},
        {"fin": date(2026, 1, 1)},
    ],
)
def test_hors_de_ses_dates_une_habilitation_n_ouvre_rien(
    session: Session, cfa: dict[str, Organisme], dates: dict[str, date]
) -> None:
    organisation = f.une_organisation(
        session, "ORGANISME_FORMATION", "CFA", regle="ETABLISSEMENTS", organismes=[cfa["rennes"]]
    )
    assert not any(portee(session, organisation, **dates).a(droit) for droit in Droit)


def test_une_habilitation_vaut_encore_la_veille_de_sa_fin(
    session: Session, cfa: dict[str, Organisme]
) -> None:
    organisation = f.une_organisation(
        session, "ORGANISME_FORMATION", "CFA", regle="ETABLISSEMENTS", organismes=[cfa["rennes"]]
    )
    assert portee(session, organisation, fin=date(2026, 11, 19)).a(Droit.CORRIGER)


@pytest.mark.parametrize(
    ("regle", "code"),
    [
        ("SIREN", {"siren": "111111111"}),
        ("REGION", {"region_code": "53"}),
        ("ETABLISSEMENTS", {}),
    ],
)
def test_la_portee_est_lue_en_une_seule_requete(
    session: Session, cfa: dict[str, Organisme], regle: str, code: dict[str, str]
) -> None:
    organisation = f.une_organisation(session, "ORGANISME_FORMATION", "CFA", regle=regle, **code)
    with requetes() as lues:
        queries.organismes_de(organisation, horloge.aujourd_hui())
    assert len(lues) == 1


@contextmanager
def requetes() -> Iterator[list[str]]:
    lues: list[str] = []

    def noter(_connexion: Any, _curseur: Any, texte: str, *_reste: Any) -> None:
        lues.append(texte)

    lien = db.session().connection()
    event.listen(lien, "before_cursor_execute", noter)
    try:
        yield lues
    finally:
        event.remove(lien, "before_cursor_execute", noter)
