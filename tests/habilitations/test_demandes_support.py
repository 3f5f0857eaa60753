"""What support settles, and the second signature before names (decisions 24, 25)."""

from datetime import date

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
    dans,
    demander,
    demandes,
    la_demande,
    le_support,
    noms,
    tenues,
    une_arrivante,
    une_direction,
)
from tests.pages import Navigateur, arbre, tableau, texte

# --- Support and the second person -----------------------------------------------------------------------------


def test_le_support_decide_pour_un_cfa_sans_administrateur(
    elle: Navigateur, alix: Navigateur, session: Session, camille: Personne, cfa: Organisme
) -> None:
    demander(elle, cfa)
    assert noms(alix) == ["Camille Le Goff"]
    assert accepter(alix, session, role="membre") == 422, "a CFA never stands without administrator"
    assert accepter(alix, session, role="administrateur") == 303
    assert tenues(session, camille) == [("CFA de Rennes", "administrateur", "SUPPORT")]


def test_le_support_laisse_cinq_jours_aux_administrateurs(
    elle: Navigateur, navigateur: Navigateur, session: Session, cfa: Organisme
) -> None:
    habilitation = le_support(session, "Alix")
    une_direction(session, cfa)
    demander(elle, cfa)
    assert noms(navigateur.comme(habilitation)) == []
    with dans(days=5, seconds=1):
        assert noms(navigateur.comme(habilitation)) == ["Camille Le Goff"]


def test_une_adresse_connue_est_signalee_au_support_seul(
    elle: Navigateur,
    navigateur: Navigateur,
    session: Session,
    camille: Personne,
    cfa: Organisme,
    alix: Navigateur,
) -> None:
    admin = navigateur.comme(une_direction(session, cfa))
    connue = une_arrivante(session, "Camille", siret=cfa.siret)
    connue.courriel = camille.courriel
    session.commit()
    demander(chez(navigateur, connue), cfa)
    assert "déjà connue" in texte(arbre(alix.get(la_demande(session))))
    assert "déjà connue" not in texte(arbre(admin.get(la_demande(session))))


def demander_dreets(qui: Navigateur) -> None:
    assert qui.post("/acces/autre?type=DREETS", {"territoire": "53", "fonction": "agente"}).location == SUIVI


def test_un_agent_voit_les_chiffres_a_l_acceptation_et_les_noms_a_la_seconde_signature(
    elle: Navigateur, navigateur: Navigateur, session: Session, camille: Personne, cfa: Organisme
) -> None:
    premier = le_support(session, "Alix")
    organisation = session.get(Organisation, premier.organisation_id)
    alix, sacha = navigateur.comme(premier), navigateur.comme(le_support(session, "Sacha", organisation))
    demander_dreets(elle)
    assert accepter(alix, session) == 303
    [demande] = demandes(session)
    assert demande.habilitation_id is not None
    agente = chez_elle(navigateur, session, demande.habilitation_id)
    ouverts = texte(arbre(agente.get("/pourquoi")))
    assert "Seconde signature attendue" in ouverts
    assert agente.get(f"/organismes/{cfa.id}").status_code == 200

    validation = f"{FILE}/a-valider"
    lignes = tableau(alix.get(validation))
    assert [(ligne["Personne"], ligne["Valider"]) for ligne in lignes] == [
        ("Camille Le Goff", "accordé par vous")
    ]
    refusee = alix.post(f"{validation}/{demande.habilitation_id}")
    assert refusee.location == validation
    assert "Une autre personne que vous" in texte(arbre(alix.get(validation)))
    assert not validee(session, demande.habilitation_id), "never by who granted it"
    assert sacha.post(f"{validation}/{demande.habilitation_id}").location == validation
    assert validee(session, demande.habilitation_id)
    assert tableau(sacha.get(validation)) == []
    assert sacha.post(f"{validation}/{demande.habilitation_id}").status_code == 404
    agente = chez_elle(navigateur, session, demande.habilitation_id)
    assert "Seconde signature attendue" not in texte(arbre(agente.get("/pourquoi")))


def validee(session: Session, habilitation_id: int) -> bool:
    habilitation = session.get(Habilitation, habilitation_id)
    return habilitation is not None and habilitation.validee_par_id is not None


def test_les_acces_du_support_attendent_aussi_une_seconde_personne(
    navigateur: Navigateur, session: Session, alix: Navigateur, cfa: Organisme
) -> None:
    organisation = f.une_organisation(session, "SUPPORT", "Assistance 2", regle="NATION")
    recrue = f.une_habilitation(session, f.une_personne(session, "Recrue"), organisation)
    assert navigateur.comme(recrue).get(f"{FILE}/a-valider").status_code == 403
    assert [ligne["Personne"] for ligne in tableau(alix.get(f"{FILE}/a-valider"))] == ["Recrue Testeur"]
    alix.post(f"{FILE}/a-valider/{recrue.id}")
    assert validee(session, recrue.id)


def test_personne_ne_valide_son_propre_acces(
    navigateur: Navigateur, session: Session, cfa: Organisme
) -> None:
    habilitation = le_support(session, "Alix")
    moi = session.get(Personne, habilitation.personne_id)
    assert moi is not None
    dreets = f.une_organisation(session, "DREETS", "DREETS", regle="REGION", region_code="53")
    mienne = f.une_habilitation(session, moi, dreets)
    alix = navigateur.comme(habilitation)
    assert [ligne["Valider"] for ligne in tableau(alix.get(f"{FILE}/a-valider"))] == ["c’est votre accès"]
    alix.post(f"{FILE}/a-valider/{mienne.id}")
    assert not validee(session, mienne.id)


def test_un_acces_de_cfa_ou_termine_ne_se_valide_pas(
    session: Session, alix: Navigateur, cfa: Organisme
) -> None:
    direction = une_direction(session, cfa)
    dreets = f.une_organisation(session, "DREETS", "DREETS", regle="REGION", region_code="53")
    finie = f.une_habilitation(session, f.une_personne(session, "Partie"), dreets, fin=date(2026, 11, 18))
    for habilitation in (direction, finie):
        assert alix.post(f"{FILE}/a-valider/{habilitation.id}").status_code == 404
    assert tableau(alix.get(f"{FILE}/a-valider")) == []


def test_l_administrateur_d_un_cfa_ne_valide_ni_n_accepte_un_agent(
    elle: Navigateur, navigateur: Navigateur, session: Session, cfa: Organisme
) -> None:
    admin = navigateur.comme(une_direction(session, cfa))
    demander_dreets(elle)
    assert noms(admin) == []
    assert accepter(admin, session) == 404
    assert admin.get(f"{FILE}/a-valider").status_code == 403
