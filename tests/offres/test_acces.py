"""Help at hand belongs to who follows the youth: nobody else opens it, a neighbour sees nothing (decisions 24 and 26)."""

import pytest
from sqlalchemy.orm import Session

from tdba.organismes.models import Organisme
from tests.factories import un_reseau, une_habilitation, une_organisation, une_personne, une_rupture
from tests.offres.aides import demarches, dossier_de, postes, recherches
from tests.pages import Navigateur

PAGES = ("offres", "offres/imprimer", "poste", "cerfa")
GESTES = ("offres/chercher", "offres/envoyees", "offres/rendez-vous", "offres/rendez-vous/reponse", "poste")
SAISIE = {
    "envoi-nombre": "1", "envoi-cle_formulaire": "a", "lien-cle_formulaire": "b", "reponse-cle_formulaire": "c",
    "reponse-resultat": "NEGATIVE", "poste-etat": "PROPOSE", "poste-version": "0",
}  # fmt: skip


@pytest.mark.parametrize(
    ("type_", "regle"),
    [
        ("DREETS", {"regle": "REGION", "region_code": "53"}),
        ("TETE_DE_RESEAU", {"regle": "RESEAU", "reseau_code": "CMA"}),
        ("SUPPORT", {"regle": "NATION"}),
    ],
)
def test_l_etat_le_reseau_et_le_support_n_ouvrent_rien(
    session: Session, navigateur: Navigateur, cfa: Organisme, type_: str, regle: dict[str, str]
) -> None:
    un_reseau(session, "CMA", [cfa])
    numero = dossier_de(une_rupture(session, cfa)).id
    organisation = une_organisation(session, type_, type_, **regle)  # type: ignore[arg-type]
    personnes = une_personne(session, "Camille"), une_personne(session, "Second")
    autre = navigateur.comme(une_habilitation(session, personnes[0], organisation, validee_par=personnes[1]))
    for adresse in ("/postes", *(f"/dossiers/{numero}/{page}" for page in PAGES)):
        assert autre.get(adresse).status_code == 403
    for geste in GESTES:
        assert autre.post(f"/dossiers/{numero}/{geste}", SAISIE).status_code == 403


def test_le_dossier_d_un_voisin_n_existe_pas(
    session: Session, directeur: Navigateur, voisin: Organisme
) -> None:
    numero = dossier_de(une_rupture(session, voisin)).id
    for page in PAGES:
        assert directeur.get(f"/dossiers/{numero}/{page}").status_code == 404
        assert directeur.get(f"/dossiers/999999/{page}").status_code == 404
    for geste in GESTES:
        assert directeur.post(f"/dossiers/{numero}/{geste}", SAISIE).status_code == 404
    assert (demarches(session), postes(session), recherches(session)) == ([], [], {})


def test_un_reseau_sans_le_suivi_ne_voit_pas_le_dossier(
    session: Session, navigateur: Navigateur, cfa: Organisme, voisin: Organisme
) -> None:
    un_reseau(session, "AFTRAL", [cfa, voisin], responsable=True)
    organisation = une_organisation(session, "TETE_DE_RESEAU", "AFTRAL", regle="RESEAU", reseau_code="AFTRAL")
    qui, second = une_personne(session, "Camille"), une_personne(session, "Second")
    reseau = navigateur.comme(une_habilitation(session, qui, organisation, validee_par=second))
    numero = dossier_de(une_rupture(session, cfa)).id
    for page in PAGES:
        assert reseau.get(f"/dossiers/{numero}/{page}").status_code == 404
    for geste in GESTES:
        assert reseau.post(f"/dossiers/{numero}/{geste}", SAISIE).status_code == 404
    assert reseau.get("/postes").status_code == 200
