"""The facts that let a first administrator in at once: a one-time link to the CFA's address, the CFA's API key."""

from datetime import timedelta

from sqlalchemy.orm import Session

from tdba.comptes import queries
from tdba.comptes.models import Personne
from tdba.organismes.models import Organisme
from tests import factories as f
from tests.habilitations.aides_acces import (
    ENTRER,
    SUIVI,
    chez,
    courriels,
    dans,
    demander,
    demandes,
    evenements,
    lien_recu,
    mots,
    tenues,
    un_cfa,
    une_arrivante,
    une_direction,
)
from tests.pages import Navigateur, champs, titre

# --- The one-time link -----------------------------------------------------------------------------------------


def test_le_lien_fait_entrer_comme_administrateur(
    elle: Navigateur, session: Session, camille: Personne, cfa: Organisme
) -> None:
    demander(elle, cfa, lien=True)
    [courriel] = courriels(session, "lien_acces")
    assert courriel.destinataire == "contact@exemple.fr"
    adresse = lien_recu(session)
    assert elle.get(adresse).status_code == 200
    assert tenues(session, camille) == [], "opening a link changes nothing"
    assert elle.post(adresse).location == "/effectifs"
    assert tenues(session, camille) == [("CFA de Rennes", "administrateur", "LIEN")]
    assert camille.etat == "ACTIVE"
    assert elle.get("/pourquoi").status_code in (200, 303)
    [demande] = demandes(session)
    assert (demande.etat, demande.voie, demande.decidee_par_id) == ("ACCORDEE", "LIEN", None)
    assert evenements(session, "acces.accorde") == [{"demande_id": demande.id, "voie": "LIEN"}]
    assert [c.destinataire for c in courriels(session, "acces_accorde")] == [camille.courriel]


def test_l_adresse_du_referentiel_n_est_jamais_montree_en_entier(elle: Navigateur, cfa: Organisme) -> None:
    demander(elle, cfa, lien=True)
    page = mots(elle.get(SUIVI))
    assert "c•••@exemple.fr" in page
    assert "contact@exemple.fr" not in page


def test_un_double_clic_mene_chez_soi_sans_rien_donner_de_plus(
    elle: Navigateur, session: Session, camille: Personne, cfa: Organisme
) -> None:
    demander(elle, cfa, lien=True)
    adresse = lien_recu(session)
    elle.post(adresse)
    reponse = elle.post(adresse)
    assert (reponse.status_code, reponse.location) == (303, "/")
    assert len(tenues(session, camille)) == 1
    assert len(evenements(session, "acces.accorde")) == 1
    assert evenements(session, "acces.lien_refuse") == []


def test_le_lien_ne_sert_qu_une_fois(
    elle: Navigateur, session: Session, camille: Personne, cfa: Organisme
) -> None:
    """Once the access that it gave is over, neither who used it nor anybody else comes in by it."""
    demander(elle, cfa, lien=True)
    adresse = lien_recu(session)
    elle.post(adresse)
    [(habilitation, _)] = queries.habilitations_de(camille.id)
    habilitation.fin = habilitation.debut + timedelta(days=1)
    with dans(hours=36):
        reponse = chez(elle, camille).post(adresse)
    assert (reponse.status_code, titre(reponse)) == (410, "Ce lien a déjà servi.")
    assert evenements(session, "acces.lien_refuse") == [{"raison": "deja_utilise"}]
    autre = chez(elle, une_arrivante(session, "Autre", siret=cfa.siret))
    assert autre.post(adresse).status_code == 403


def test_le_lien_ne_sert_qu_a_qui_l_a_demande(
    elle: Navigateur, navigateur: Navigateur, session: Session, cfa: Organisme
) -> None:
    demander(elle, cfa, lien=True)
    autre = une_arrivante(session, "Autre", siret=cfa.siret)
    reponse = chez(navigateur, autre).post(lien_recu(session))
    assert (reponse.status_code, titre(reponse)) == (403, "Ce lien a été demandé par quelqu’un d’autre.")
    assert "Camille" not in mots(reponse)
    assert tenues(session, autre) == []
    assert evenements(session, "acces.lien_refuse") == [{"raison": "autre_personne"}]


def test_le_lien_dure_quatre_jours(
    elle: Navigateur, session: Session, camille: Personne, cfa: Organisme
) -> None:
    demander(elle, cfa, lien=True)
    adresse = lien_recu(session)
    with dans(hours=96):
        reponse = chez(elle, camille).post(adresse)
    assert (reponse.status_code, titre(reponse)) == (410, "Ce lien n’est plus valable.")
    assert evenements(session, "acces.lien_refuse") == [{"raison": "expire"}]
    with dans(hours=95.9):
        assert chez(elle, camille).post(adresse).status_code == 303


def test_un_nouveau_lien_remplace_le_precedent(elle: Navigateur, session: Session, cfa: Organisme) -> None:
    demander(elle, cfa, lien=True)
    ancien = lien_recu(session)
    elle.post("/acces/lien")
    assert titre(elle.post(ancien)) == "Ce lien n’est plus valable."
    assert elle.post(lien_recu(session)).status_code == 303


def test_une_adresse_ne_recoit_que_trois_liens_par_jour(
    elle: Navigateur, session: Session, cfa: Organisme
) -> None:
    for _ in range(3):
        demander(elle, cfa, lien=True)
        elle.post("/acces/annuler")
    demander(elle, cfa, lien=True)
    elle.post("/acces/lien")
    assert len(courriels(session, "lien_acces")) == 3
    assert "Plusieurs liens" in mots(elle.get(SUIVI))


def test_un_lien_inconnu_n_existe_pas(elle: Navigateur, session: Session, cfa: Organisme) -> None:
    reponse = elle.post("/acces/lien/" + "x" * 43)
    assert (reponse.status_code, titre(reponse)) == (404, "Ce lien n’existe pas.")
    assert evenements(session, "acces.lien_refuse") == [{"raison": "inconnu"}]


def test_le_lien_d_une_demande_annulee_n_ouvre_rien(
    elle: Navigateur, session: Session, cfa: Organisme
) -> None:
    demander(elle, cfa, lien=True)
    elle.post("/acces/annuler")
    assert titre(elle.post(lien_recu(session))) == "La demande de ce lien n’est plus ouverte."
    assert [d.etat for d in demandes(session)] == ["ANNULEE"]


def test_le_second_arrive_ne_passe_plus_par_le_lien(
    elle: Navigateur, navigateur: Navigateur, session: Session, cfa: Organisme
) -> None:
    second = une_arrivante(session, "Second", siret=cfa.siret)
    lui = chez(navigateur, second)
    demander(elle, cfa, lien=True)
    le_sien = lien_recu(session)
    demander(lui, cfa, lien=True)
    elle.post(le_sien)
    assert titre(lui.post(lien_recu(session))) == "Ce lien ne peut plus servir."
    assert tenues(session, second) == []
    assert "Les administrateurs de CFA de Rennes" in mots(lui.get(SUIVI))


def test_un_cfa_administre_n_offre_ni_lien_ni_cle(elle: Navigateur, session: Session, cfa: Organisme) -> None:
    f.une_cle(session, cfa)
    direction = une_direction(session, cfa)
    page = elle.get(f"{ENTRER}?organisme={cfa.id}")
    assert "lien" not in champs(page, ENTRER)
    demander(elle, cfa, lien="y")
    assert courriels(session, "lien_acces") == []
    elle.post("/acces/lien")
    assert courriels(session, "lien_acces") == []
    suivi = mots(elle.get(SUIVI))
    assert "Les administrateurs de CFA de Rennes" in suivi
    assert "Clé d’API" not in suivi
    assert "Dominique" not in suivi, "organisations are named, people never"
    admin = session.get(Personne, direction.personne_id)
    assert admin is not None
    assert [c.destinataire for c in courriels(session, "demande_acces")] == [admin.courriel]


def test_l_administrateur_d_un_autre_etablissement_de_l_entite_ne_ferme_pas_celui_ci(
    navigateur: Navigateur, session: Session, cfa: Organisme
) -> None:
    """But the whole legal entity is then for people to decide."""
    brest = un_cfa(session, "CFA de Brest", siren="222222222", courriel="brest@exemple.fr")
    quimper = un_cfa(session, "CFA de Quimper", siren="222222222")
    une_direction(session, quimper)
    lui = chez(navigateur, une_arrivante(session, siret=brest.siret))
    demander(lui, brest, regle="SIREN")
    assert "b•••@exemple.fr" not in mots(lui.get(SUIVI))
    lui.post("/acces/annuler")
    demander(lui, brest)
    assert "b•••@exemple.fr" in mots(lui.get(SUIVI))


# --- The API key -----------------------------------------------------------------------------------------------


def test_la_cle_du_cfa_fait_entrer(
    elle: Navigateur, session: Session, camille: Personne, cfa: Organisme
) -> None:
    cle = f.une_cle(session, cfa)
    demander(elle, cfa)
    assert elle.post("/acces/cle", {"cle": cle}).location == "/effectifs"
    assert tenues(session, camille) == [("CFA de Rennes", "administrateur", "CLE_API")]


def test_la_cle_d_un_autre_cfa_n_ouvre_rien_et_se_consigne(
    elle: Navigateur, session: Session, camille: Personne, cfa: Organisme
) -> None:
    f.une_cle(session, cfa)
    autre = f.une_cle(session, un_cfa(session, "CFA de Brest"))
    demander(elle, cfa)
    reponse = elle.post("/acces/cle", {"cle": autre})
    assert reponse.status_code == 422
    assert autre not in reponse.get_data(as_text=True)
    assert tenues(session, camille) == []
    assert len(evenements(session, "acces.cle_refusee")) == 1


def test_cinq_cles_en_quinze_minutes(
    elle: Navigateur, session: Session, camille: Personne, cfa: Organisme
) -> None:
    cle = f.une_cle(session, cfa)
    demander(elle, cfa)
    for _ in range(5):
        assert elle.post("/acces/cle", {"cle": "fausse"}).status_code == 422
    assert elle.post("/acces/cle", {"cle": cle}).status_code == 429
    assert chez(elle, camille).post("/acces/cle", {"cle": cle}).status_code == 429, (
        "another session is no way round"
    )
    with dans(minutes=15):
        assert chez(elle, camille).post("/acces/cle", {"cle": cle}).status_code == 303


def test_sans_cle_valide_la_page_n_en_parle_pas(elle: Navigateur, cfa: Organisme) -> None:
    demander(elle, cfa)
    assert "Clé d’API" not in mots(elle.get(SUIVI))
