"""Who settles a request for access: administrators, who vouches, support, and the second person (decisions 20, 25)."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from tdba.comptes.models import Habilitation, Organisation, Personne
from tdba.organismes.models import Organisme
from tests import factories as f
from tests.habilitations.aides_acces import (
    FILE,
    SUIVI,
    accepter,
    chez,
    chez_elle,
    courriels,
    dans,
    demander,
    demandes,
    evenements,
    la_demande,
    le_support,
    noms,
    tenues,
    un_cfa,
    une_arrivante,
    une_direction,
)
from tests.pages import Navigateur, arbre, champs, liens, texte, titre

# --- Administrators --------------------------------------------------------------------------------------------


def test_l_administrateur_accepte_avec_un_role(
    elle: Navigateur, navigateur: Navigateur, session: Session, camille: Personne, cfa: Organisme
) -> None:
    direction = une_direction(session, cfa)
    admin = navigateur.comme(direction)
    demander(elle, cfa)
    assert noms(admin) == ["Camille Le Goff"]
    page = admin.get(la_demande(session))
    assert camille.courriel in texte(arbre(page))
    assert admin.post(f"{la_demande(session)}/accepter", {"role": "membre"}).location == FILE
    assert tenues(session, camille) == [("CFA de Rennes", "membre", "ADMINISTRATEUR")]
    [demande] = demandes(session)
    assert (demande.etat, demande.decidee_par_id) == ("ACCORDEE", direction.personne_id)
    assert [c.destinataire for c in courriels(session, "acces_accorde")] == [camille.courriel]
    assert len(courriels(session, "acces_ouvert")) == 1, "the administrators are told"
    assert elle.get("/acces/entrer").location == SUIVI, "led to it by any page"
    assert titre(elle.get(SUIVI)) == "Votre accès est ouvert."
    assert elle.post("/organisation", champs(elle.get(SUIVI), "/organisation")).location == "/"
    assert noms(admin) == []


def test_un_membre_se_limite_a_des_sites_de_l_organisation(
    elle: Navigateur, navigateur: Navigateur, session: Session, camille: Personne, cfa: Organisme
) -> None:
    brest, autre = un_cfa(session, "CFA de Brest"), un_cfa(session, "CFA d’ailleurs")
    organisation = f.une_organisation(
        session, "ORGANISME_FORMATION", "Groupe", regle="ETABLISSEMENTS", organismes=[cfa, brest]
    )
    admin = navigateur.comme(f.une_habilitation(session, f.une_personne(session, "Admin"), organisation))
    demander(elle, cfa)
    assert accepter(admin, session, sites=[autre.id]) == 422
    assert accepter(admin, session, role="administrateur", sites=[brest.id]) == 422
    assert tenues(session, camille) == []
    assert accepter(admin, session, sites=[brest.id]) == 303
    [demande] = demandes(session)
    assert demande.habilitation_id is not None
    texte_page = texte(arbre(chez_elle(navigateur, session, demande.habilitation_id).get("/pourquoi")))
    assert "CFA de Brest" in texte_page


def test_l_administrateur_refuse_avec_sa_raison(
    elle: Navigateur, navigateur: Navigateur, session: Session, camille: Personne, cfa: Organisme
) -> None:
    admin = navigateur.comme(une_direction(session, cfa))
    demander(elle, cfa)
    adresse = f"{la_demande(session)}/refuser"
    assert admin.post(adresse, {"refus-raison": " "}).status_code == 422
    assert admin.post(adresse, {"refus-raison": "Vous n’êtes pas de notre CFA."}).location == FILE
    assert tenues(session, camille) == []
    suivi = elle.get(SUIVI)
    assert titre(suivi) == "Votre demande n’est pas acceptée."
    assert "Vous n’êtes pas de notre CFA." in texte(arbre(suivi))
    assert len(courriels(session, "acces_refuse")) == 1
    assert len(evenements(session, "acces.refuse")) == 1
    demander(elle, cfa)
    assert [d.etat for d in demandes(session)] == ["REFUSEE", "EN_ATTENTE"]


def test_l_administrateur_d_un_autre_cfa_n_en_sait_rien(
    elle: Navigateur, navigateur: Navigateur, session: Session, cfa: Organisme, camille: Personne
) -> None:
    une_direction(session, cfa)
    autre = navigateur.comme(une_direction(session, un_cfa(session, "CFA de Brest")))
    demander(elle, cfa)
    assert noms(autre) == []
    assert autre.get(la_demande(session)).status_code == 404
    assert accepter(autre, session) == 404
    assert autre.post(f"{la_demande(session)}/refuser", {"refus-raison": "non"}).status_code == 404
    assert tenues(session, camille) == []


def test_un_membre_ne_decide_pas(
    elle: Navigateur, navigateur: Navigateur, session: Session, cfa: Organisme
) -> None:
    direction = une_direction(session, cfa)
    organisation = session.get(Organisation, direction.organisation_id)
    assert organisation is not None
    membre = navigateur.comme(
        f.une_habilitation(session, f.une_personne(session, "Membre"), organisation, role="membre")
    )
    demander(elle, cfa)
    assert membre.get(FILE).status_code == 403
    assert accepter(membre, session) == 403
    assert FILE not in liens(membre.get("/pourquoi"))


def test_l_administrateur_d_un_etablissement_n_ouvre_pas_toute_l_entite(
    navigateur: Navigateur, session: Session, cfa: Organisme, alix: Navigateur
) -> None:
    brest = un_cfa(session, "CFA de Brest", siren="222222222")
    un_cfa(session, "CFA de Quimper", siren="222222222")
    admin = navigateur.comme(une_direction(session, brest))
    demander(chez(navigateur, une_arrivante(session, siret=brest.siret)), brest, regle="SIREN")
    assert noms(admin) == []
    assert noms(alix) == ["Camille Le Goff"]


def test_un_acces_retire_ne_se_dit_plus_ouvert(
    elle: Navigateur, navigateur: Navigateur, session: Session, camille: Personne, cfa: Organisme
) -> None:
    admin = navigateur.comme(une_direction(session, cfa))
    demander(elle, cfa)
    accepter(admin, session)
    [demande] = demandes(session)
    habilitation = session.get(Habilitation, demande.habilitation_id)
    assert habilitation is not None
    habilitation.fin = date(2026, 11, 19)
    session.commit()
    with dans(days=1):
        page = chez(navigateur, camille).get(SUIVI)
        assert titre(page) == "Votre accès est terminé."
        assert "/acces/entrer" in liens(page)


def test_une_demande_deja_reglee_n_existe_plus(
    elle: Navigateur, navigateur: Navigateur, session: Session, camille: Personne, cfa: Organisme
) -> None:
    admin = navigateur.comme(une_direction(session, cfa))
    demander(elle, cfa)
    elle.post("/acces/annuler")
    assert accepter(admin, session) == 404
    assert tenues(session, camille) == []


def test_on_n_accepte_pas_sa_propre_demande(navigateur: Navigateur, session: Session, cfa: Organisme) -> None:
    habilitation = le_support(session, "Alix")
    alix = navigateur.comme(habilitation)
    demander(alix, cfa)
    assert noms(alix) == []
    assert accepter(alix, session) == 404


# --- Vouching --------------------------------------------------------------------------------------------------


def une_garantie(session: Session, cfa: Organisme, genre: str) -> Habilitation:
    """Somebody who might vouch for the CFA, as `genre` says."""
    if genre.startswith("responsable"):
        groupe = un_cfa(session, "Groupe")
        f.une_relation(session, groupe, cfa, partielle=genre == "responsable partiel")
        return une_direction(session, groupe)
    f.un_reseau(session, "CMA", [] if genre == "autre réseau" else [cfa])
    tete = f.une_organisation(session, "TETE_DE_RESEAU", "Réseau CMA", regle="RESEAU", reseau_code="CMA")
    second = None if genre == "réseau non validé" else f.une_personne(session, "Second")
    role = "membre" if genre == "membre du réseau" else "administrateur"
    return f.une_habilitation(session, f.une_personne(session, "Tête"), tete, role=role, validee_par=second)


@pytest.mark.parametrize("genre", ["responsable", "réseau"])
def test_le_responsable_ou_le_reseau_se_porte_garant(
    elle: Navigateur, navigateur: Navigateur, session: Session, camille: Personne, cfa: Organisme, genre: str
) -> None:
    garante = une_garantie(session, cfa, genre)
    garant = navigateur.comme(garante)
    demander(elle, cfa)
    assert len(courriels(session, "demande_acces")) == 1
    page = garant.get(la_demande(session))
    contenu = texte(arbre(page))
    assert "Se porter garant" in contenu
    assert camille.courriel in contenu
    action = f"{la_demande(session)}/accepter"
    assert garant.post(action, champs(page, action)).location == FILE
    assert tenues(session, camille) == [("CFA de Rennes", "administrateur", "CAUTION")]
    assert demandes(session)[0].decidee_par_id == garante.personne_id


@pytest.mark.parametrize(
    "genre", ["responsable partiel", "autre réseau", "réseau non validé", "membre du réseau"]
)
def test_les_autres_ne_se_portent_pas_garants(
    elle: Navigateur, navigateur: Navigateur, session: Session, camille: Personne, cfa: Organisme, genre: str
) -> None:
    garant = navigateur.comme(une_garantie(session, cfa, genre))
    demander(elle, cfa)
    assert accepter(garant, session, role="administrateur") in (403, 404)
    assert tenues(session, camille) == []


def test_on_ne_se_porte_pas_garant_pour_un_cfa_administre(
    elle: Navigateur, navigateur: Navigateur, session: Session, camille: Personne, cfa: Organisme
) -> None:
    garant = navigateur.comme(une_garantie(session, cfa, "responsable"))
    une_direction(session, cfa)
    demander(elle, cfa)
    assert noms(garant) == []
    assert accepter(garant, session, role="administrateur") == 404
    assert tenues(session, camille) == []
