"""Who waits for their access has a file checked, and nothing of it is kept (issue 3)."""

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tdba.journal import Evenement
from tests import factories as f
from tests.depots.aides_depots import Monde, classeur, deposer, rangee
from tests.pages import Navigateur, arbre, tableau, texte

ADRESSE = "/acces/essai-fichier"


def sans_acces(session: Session, navigateur: Navigateur) -> Navigateur:
    """Somebody logged in, without any habilitation."""
    organisation = f.une_organisation(session, "SUPPORT", "Ailleurs", regle="NATION")
    habilitation = f.une_habilitation(session, f.une_personne(session, "Nouvelle"), organisation)
    autre = navigateur.comme(habilitation)
    session.execute(
        text("UPDATE session_web SET habilitation_id = NULL WHERE habilitation_id = :id"),
        {"id": habilitation.id},
    )
    session.delete(habilitation)
    session.commit()
    return autre


def test_un_fichier_est_verifie_sans_que_rien_n_en_reste(
    session: Session, monde: Monde, navigateur: Navigateur
) -> None:
    nouvelle = sans_acces(session, navigateur)
    assert nouvelle.get(ADRESSE).status_code == 200
    fichier = classeur(
        rangee(monde.dunes, "AMAR"),
        rangee(monde.dunes, "BRUN", email_contact="faux"),
        rangee(
            monde.dunes,
            "COLIN",
            etablissement_formateur_siret="73282932000074",
            etablissement_formateur_uai="0440005S",
        ),
    )
    page = deposer(nouvelle, fichier, adresse=ADRESSE)
    assert page.status_code == 200, texte(arbre(page))
    assert "3 lignes lues : 1 acceptée, 2 refusées" in texte(arbre(page))
    assert "organisme formateur non trouvé" in [r["Raison"] for r in tableau(page, "causes")]
    assert [r["Résultat"] for r in tableau(page, "premieres")] == ["acceptée", "refusée", "refusée"]
    for table in ("depot", "fichier", "ligne", "transmission", "effectif", "tache"):
        assert session.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0, table
    (evenement,) = session.execute(select(Evenement).where(Evenement.evenement == "depot.essai")).scalars()
    assert evenement.details == {"lignes": 3, "refusees": 2}


def test_un_fichier_illisible_ou_trop_gros_est_refuse(
    session: Session, monde: Monde, navigateur: Navigateur
) -> None:
    nouvelle = sans_acces(session, navigateur)
    page = deposer(nouvelle, b"%PDF-1.7", adresse=ADRESSE)
    assert (page.status_code, "tableau que nous savons lire" in texte(arbre(page))) == (422, True)
    assert deposer(nouvelle, b"x" * 5_200_000, adresse=ADRESSE).status_code == 413
    assert deposer(nouvelle, b"", nom="", adresse=ADRESSE).status_code == 422


def test_un_etranger_est_envoye_se_connecter(navigateur: Navigateur) -> None:
    assert navigateur.get(ADRESSE).status_code == 302
