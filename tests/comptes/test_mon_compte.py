"""One's account: the organisation in use, one's sessions, and what stops a person while they work."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba import horloge
from tdba.comptes.models import Habilitation, Organisation, Personne
from tdba.journal import Evenement
from tests import factories as f
from tests.comptes.aides import lignes, ouverte, une_dreets
from tests.pages import Navigateur, champs, tableau, texte

# --- Taken back while it runs ----------------------------------------------------------------------------------


def test_une_suspension_vaut_a_la_requete_suivante(connectee: Navigateur, alix: Personne) -> None:
    assert ouverte(connectee)
    alix.etat = "SUSPENDUE"
    assert connectee.get("/mon-compte").location == "/acces"


def test_une_habilitation_finie_propose_les_autres(
    connectee: Navigateur, session: Session, alix: Personne, chez_elle: Habilitation
) -> None:
    autre = f.une_habilitation(session, alix, une_dreets(session))
    chez_elle.fin = horloge.aujourd_hui()
    page = connectee.get("/acces")
    assert page.status_code == 403
    assert champs(page, "/organisation")["habilitation_id"] == str(autre.id)
    connectee.post("/organisation", {"habilitation_id": autre.id})
    assert ouverte(connectee)


def test_l_habilitation_d_un_autre_dans_sa_session_n_ouvre_rien(
    connectee: Navigateur, session: Session, chez_elle: Habilitation, organisation: Organisation
) -> None:
    etrangere = f.une_habilitation(session, f.une_personne(session, "Sacha"), organisation)
    lignes(session)[0].habilitation_id = etrangere.id
    assert connectee.get("/mon-compte").location == "/acces"


# --- One's organisations ---------------------------------------------------------------------------------------


def test_changer_d_organisation_change_la_portee_et_se_consigne(
    connectee: Navigateur, session: Session, alix: Personne
) -> None:
    dreets = une_dreets(session)
    autre = f.une_habilitation(session, alix, dreets)
    assert "Vous agissez pour CFA de Rennes." in texte_de(connectee)
    reponse = connectee.post("/organisation", {"habilitation_id": autre.id})
    assert reponse.status_code == 303
    assert "Vous agissez pour DREETS Bretagne." in texte_de(connectee)
    derniere = session.execute(select(Evenement).order_by(Evenement.id.desc()).limit(1)).scalar_one()
    assert (derniere.evenement, derniere.details) == (
        "compte.organisation_choisie",
        {"organisation_id": dreets.id},
    )


def texte_de(navigateur: Navigateur) -> str:
    from tests.pages import arbre

    return texte(arbre(navigateur.get("/mon-compte")))


@pytest.mark.parametrize("choix", ["etrangere", "finie", "inconnue", "demesuree", "illisible"])
def test_on_ne_choisit_que_parmi_ses_habilitations_valides(
    connectee: Navigateur, session: Session, alix: Personne, organisation: Organisation, choix: str
) -> None:
    valeurs = {
        "etrangere": f.une_habilitation(session, f.une_personne(session, "Sacha"), organisation).id,
        "finie": f.une_habilitation(session, alix, organisation, fin=horloge.aujourd_hui()).id,
        "inconnue": 999_999_999,
        "demesuree": 10**30,
        "illisible": "abc",
    }
    assert connectee.post("/organisation", {"habilitation_id": valeurs[choix]}).status_code == 404
    assert ouverte(connectee)


# --- One's sessions --------------------------------------------------------------------------------------------


def test_on_voit_ses_sessions_et_seulement_les_siennes(
    navigateur: Navigateur,
    session: Session,
    connectee: Navigateur,
    chez_elle: Habilitation,
    organisation: Organisation,
) -> None:
    navigateur.comme(chez_elle)
    navigateur.comme(f.une_habilitation(session, f.une_personne(session, "Sacha"), organisation))
    assert len(tableau(connectee.get("/mon-compte"), "sessions-ouvertes")) == 2


def test_fermer_une_session_la_ferme_et_les_autres_restent(
    navigateur: Navigateur, session: Session, connectee: Navigateur, chez_elle: Habilitation
) -> None:
    oubliee, tierce = navigateur.comme(chez_elle), navigateur.comme(chez_elle)
    ligne = lignes(session)[1]
    assert connectee.post(f"/mon-compte/sessions/{ligne.id}/fermer").status_code == 303
    assert (ouverte(oubliee), ouverte(tierce), ouverte(connectee)) == (False, True, True)


def test_fermer_toutes_les_autres_garde_celle_ci(
    navigateur: Navigateur, session: Session, connectee: Navigateur, chez_elle: Habilitation
) -> None:
    autres = [navigateur.comme(chez_elle), navigateur.comme(chez_elle)]
    connectee.post("/mon-compte/sessions/fermer")
    assert [ouverte(n) for n in (connectee, *autres)] == [True, False, False]
    evenements = session.execute(select(Evenement.evenement, Evenement.details)).all()
    assert [tuple(e) for e in evenements] == [("compte.session_fermee", {"nombre": 2})]


def test_on_ne_ferme_pas_la_session_d_un_autre(
    navigateur: Navigateur, session: Session, connectee: Navigateur, organisation: Organisation
) -> None:
    autre = navigateur.comme(f.une_habilitation(session, f.une_personne(session, "Sacha"), organisation))
    assert connectee.post(f"/mon-compte/sessions/{lignes(session)[-1].id}/fermer").status_code == 404
    assert ouverte(autre)
