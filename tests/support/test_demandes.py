"""Everybody writes to support and reads its answers; nobody reads another's (decision 24)."""

import logging

import pytest
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from tdba import scope
from tdba.effectifs.models import Effectif
from tdba.scope import RoleSql, Scope
from tdba.support import queries
from tests.factories import une_habilitation, une_organisation, une_personne
from tests.pages import Navigateur, arbre, champs, texte, titre
from tests.support.conftest import Equipe, adresse_du_formulaire, ecrire, evenements, les_demandes


def test_la_demande_garde_la_page_et_la_fiche_sans_aucun_nom(
    session: Session, directeur: Navigateur, jeune: Effectif
) -> None:
    ecrire(directeur, page=f"/effectifs/{jeune.id}")
    (demande,) = les_demandes(session)
    assert (demande.page, demande.effectif_id, demande.organisme_id) == (
        f"/effectifs/{jeune.id}",
        jeune.id,
        jeune.organisme_id,
    )
    assert demande.etat == "OUVERTE"
    (ouverte,) = evenements(session, "demande.ouverte")
    assert ouverte.details == {"demande_id": demande.id}


def test_la_fiche_d_un_autre_n_est_pas_retenue(
    session: Session, voisine: Navigateur, jeune: Effectif
) -> None:
    ecrire(voisine, page=f"/effectifs/{jeune.id}")
    (demande,) = les_demandes(session)
    assert demande.effectif_id is None
    assert demande.organisme_id != jeune.organisme_id


@pytest.mark.parametrize(
    ("page", "gardee"),
    [
        ("/mon-compte?nom=OISEAU", "/mon-compte"),
        ("/nulle/part/OISEAU", None),
        ("https://ailleurs.invalid/effectifs/1", None),
        ("//ailleurs.invalid", None),
        ("/support/ecrire", None),
        ("", None),
    ],
)
def test_de_la_page_on_ne_garde_qu_une_adresse_du_service_sans_sa_requete(
    session: Session, directeur: Navigateur, page: str, gardee: str | None
) -> None:
    reponse = directeur.post("/support/ecrire", {"objet": "x", "texte": "y"}, query_string={"page": page})
    assert reponse.status_code == 303
    assert les_demandes(session)[0].page == gardee


def test_un_double_clic_fait_une_seule_demande(session: Session, directeur: Navigateur) -> None:
    page = directeur.get("/support/ecrire?page=/mon-compte")
    saisie = champs(page, adresse_du_formulaire("/mon-compte")) | {"objet": "x", "texte": "y"}
    premiere = directeur.post("/support/ecrire", saisie)
    seconde = directeur.post("/support/ecrire", saisie)
    assert premiere.headers["Location"] == seconde.headers["Location"]
    assert len(les_demandes(session)) == 1
    assert len(evenements(session, "demande.ouverte")) == 1


@pytest.mark.parametrize(
    "saisie",
    [
        {"objet": "", "texte": "y"},
        {"objet": "x", "texte": ""},
        {"objet": "x" * 121, "texte": "y"},
        {"objet": "x", "texte": "y" * 2001},
        {"objet": "x", "texte": "Son numéro : 2 07 05 35 238 012 34"},
    ],
)
def test_une_saisie_refusee_revient_avec_ce_qui_etait_ecrit(
    session: Session, directeur: Navigateur, saisie: dict[str, str]
) -> None:
    reponse = directeur.post("/support/ecrire", saisie)
    assert reponse.status_code == 422
    revenue = champs(reponse, "/support/ecrire")
    assert (revenue["objet"], revenue["texte"].strip()) == (saisie["objet"], saisie["texte"])
    assert les_demandes(session) == []


@pytest.mark.parametrize(
    ("type_", "regle"),
    [
        ("DREETS", {"regle": "REGION", "region_code": "53"}),
        ("MISSION_LOCALE", {"regle": "AUCUNE"}),
        ("SUPPORT", {"regle": "NATION"}),
    ],
)
def test_chacun_peut_ecrire_quels_que_soient_ses_droits(
    session: Session, navigateur: Navigateur, cfa: object, type_: str, regle: dict[str, str]
) -> None:
    organisation = une_organisation(session, type_, type_, **regle)  # type: ignore[arg-type]
    agent = une_habilitation(session, une_personne(session, "Camille"), organisation)
    lui = navigateur.comme(agent)
    numero = ecrire(lui)
    assert titre(lui.get(f"/support/demandes/{numero}")) == "Une date fausse"


def test_la_demande_d_un_autre_n_existe_pas(
    session: Session, directeur: Navigateur, voisine: Navigateur
) -> None:
    numero = ecrire(directeur)
    assert voisine.get(f"/support/demandes/{numero}").status_code == 404
    assert voisine.post(f"/support/demandes/{numero}", {"texte": "z"}).status_code == 404
    assert voisine.get(f"/support/demandes/{numero + 1000}").status_code == 404
    assert "Une date fausse" not in voisine.get("/support/demandes").get_data(as_text=True)


def test_le_support_lit_les_demandes_des_autres_depuis_son_bureau_seulement(
    directeur: Navigateur, equipe: Equipe
) -> None:
    numero = ecrire(directeur)
    assert equipe.alix.get(f"/support/demandes/{numero}").status_code == 404
    assert equipe.alix.post(f"/support/demandes/{numero}", {"texte": "z"}).status_code == 404
    assert equipe.alix.get(f"/support/dossiers/{numero}").status_code == 200
    siennes = equipe.alix.get("/support/demandes").get_data(as_text=True)
    assert "Une date fausse" not in siennes


def test_le_second_verrou_tient_seul(session: Session, connexion: Connection, directeur: Navigateur) -> None:
    """Row-level security alone: another person's transaction sees no case and no message."""
    ecrire(directeur)
    session.commit()
    demandeur = les_demandes(session)[0].personne_id
    for role in ("tdba_famille", "tdba_territoire"):
        for personne, vues in ((demandeur, 1), (demandeur + 1, 0), ("", 0)):
            point = connexion.begin_nested()
            connexion.exec_driver_sql(
                f"SELECT set_config('tdba.personne', '{personne}', true), set_config('role', '{role}', true)"
            )
            for table in ("demande", "demande_message"):
                compte = connexion.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()
                assert (table, compte) == (table, vues)
            point.rollback()


def test_le_premier_verrou_tient_seul(session: Session, directeur: Navigateur) -> None:
    """The scope alone: under a role that PostgreSQL lets read everything, another person still finds nothing."""
    numero = ecrire(directeur)
    demandeur = les_demandes(session)[0].personne_id
    session.commit()
    for personne, vues in ((demandeur, 1), (demandeur + 1, 0), (None, 0)):
        with scope.sous(Scope(role=RoleSql.NATIONAL, personne_id=personne)):
            trouvee = queries.est_ouverte(numero)
            messages = queries.messages(numero)
            session.rollback()
        assert (trouvee, len(messages)) == (bool(vues), vues)


def test_l_echange_va_et_vient_et_se_lit_dans_le_produit(
    session: Session, directeur: Navigateur, equipe: Equipe
) -> None:
    numero = ecrire(directeur)
    equipe.alix.post(f"/support/dossiers/{numero}", {"texte": "C’est corrigé."})
    page = directeur.get(f"/support/demandes/{numero}")
    corps = texte(arbre(page))
    assert "C’est corrigé." in corps
    assert "L’assistance" in corps
    assert "a répondu" in corps
    assert "Alix" not in corps
    directeur.post(f"/support/demandes/{numero}", {"texte": "Merci, mais\npas tout à fait."})
    assert les_demandes(session)[0].etat == "OUVERTE"
    assert "Merci, mais" in texte(arbre(equipe.alix.get(f"/support/dossiers/{numero}")))


def test_repondre_rouvre_une_demande_close(session: Session, directeur: Navigateur, equipe: Equipe) -> None:
    numero = ecrire(directeur)
    equipe.alix.post(f"/support/dossiers/{numero}/clore")
    assert les_demandes(session)[0].etat == "CLOSE"
    directeur.post(f"/support/demandes/{numero}", {"texte": "Encore une question."})
    assert les_demandes(session)[0].etat == "OUVERTE"


def test_un_message_envoye_deux_fois_est_ecrit_une_fois(session: Session, directeur: Navigateur) -> None:
    numero = ecrire(directeur)
    for _ in range(2):
        directeur.post(f"/support/demandes/{numero}", {"texte": "Encore moi."})
    page = directeur.get(f"/support/demandes/{numero}").get_data(as_text=True)
    assert page.count("Encore moi.") == 1


def test_ce_qui_est_ecrit_n_est_dans_aucun_journal(
    session: Session, directeur: Navigateur, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    directeur.post("/support/ecrire", {"objet": "Fiche de OISEAU", "texte": "Serin OISEAU a rompu"})
    assert "OISEAU" not in caplog.text
    assert "OISEAU" not in str([e.details for e in evenements(session, "demande.ouverte")])


def test_un_inconnu_va_a_la_connexion(navigateur: Navigateur) -> None:
    for adresse in ("/support/ecrire", "/support/demandes", "/support/demandes/1"):
        assert navigateur.get(adresse).status_code == 302
