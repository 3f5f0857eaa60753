"""A trial: everything is checked and answered, nothing is stored (issue 4, part 1)."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tdba import scope
from tdba.jobs import Tache
from tdba.organismes.models import Organisme
from tdba.scope import Droit
from tdba.transmissions.api_essai import RANGS_MAX
from tdba.transmissions.models import Ligne, Quarantaine, Reception, Transmission
from tests import factories as f
from tests.transmissions.aides_api import Logiciel, evenements, une_ligne


def test_un_essai_repond_comme_un_envoi_et_ne_stocke_rien(
    session: Session, dunes: Organisme, logiciel: Logiciel
) -> None:
    bois = f.un_organisme(session, "Bois")
    inconnu = une_ligne(dunes, etablissement_formateur_uai="0000000A")
    lignes = [une_ligne(dunes), une_ligne(bois), inconnu, "pas un objet"]
    essai = logiciel.envoyer(lignes, "?essai=1&complet=1").json
    assert essai is not None
    for modele in (Transmission, Reception, Ligne, Quarantaine, Tache):
        compter = scope.autorisee(select(func.count()).select_from(modele), Droit.CORRIGER)
        assert session.execute(compter).scalar_one() == 0, modele
    assert evenements(session, "transmission.essayee") == [{"lignes": 4, "refusees": 3}]
    envoi = logiciel.envoyer(lignes).json
    assert envoi is not None
    assert essai["data"] == envoi["data"]
    assert (essai["status"], essai["message"], essai["detail"]) == ("OK", "Tested", "Some data are invalid")
    assert "transmission" not in essai


def test_un_essai_resume_les_refus_par_cause(dunes: Organisme, logiciel: Logiciel) -> None:
    fausses = [une_ligne(dunes, n, annee_formation=9) for n in range(30)]
    essai = logiciel.envoyer([une_ligne(dunes), *fausses, 7], "?essai=1").json
    assert essai is not None
    resume = essai["essai"]
    assert (resume["lignes"], resume["refusees"]) == (32, 31)
    assert resume["causes"][0] == {
        "champ": "annee_formation",
        "message": "Le chiffre doit être inférieur ou égal à 5",
        "nombre": 30,
        "rangs": list(range(2, 2 + RANGS_MAX)),
    }
    assert (resume["causes"][1]["champ"], resume["causes"][1]["rangs"]) == ("", [32])


def test_un_essai_d_avance_juste_n_a_pas_de_cause(dunes: Organisme, logiciel: Logiciel) -> None:
    essai = logiciel.envoyer([une_ligne(dunes)], "?essai=1").json
    assert essai is not None
    assert essai["essai"] == {"lignes": 1, "refusees": 0, "causes": []}
    assert "detail" not in essai
