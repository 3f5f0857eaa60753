"""The public register of companies: what we read of an answer, and what the job does of its silence."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba import horloge, journal
from tdba.organismes import entreprises, reponse_entreprise
from tdba.organismes.appels import ApiFermee, ApiIndisponible
from tdba.organismes.models import Entreprise
from tests.conftest import MIDI

SIRET, AUTRE, INCONNU = "13002526500013", "13002526500021", "99999999999999"


def une_reponse(siret: str = SIRET, **etablissement: Any) -> dict[str, Any]:
    decrit = {
        "siret": siret,
        "activite_principale": "84.11Z",
        "commune": "75107",
        "code_postal": "75007",
        "etat_administratif": "A",
        "tranche_effectif_salarie": "22",
    }
    return {
        "results": [
            {
                "nom_raison_sociale": "BOULANGERIE DU PORT",
                "nature_juridique": "5499",
                "siege": {"siret": "13002526500099"},
                "matching_etablissements": [decrit | etablissement],
            }
        ]
    }


class Registre:
    """Answers by heart; fails when told to."""

    def __init__(self, panne: ApiIndisponible | None = None) -> None:
        self.demandes: list[str] = []
        self.panne = panne

    def etablissement(self, siret: str) -> dict[str, Any]:
        self.demandes.append(siret)
        if self.panne:
            raise self.panne
        return reponse_entreprise.lire({"results": []} if siret == INCONNU else une_reponse(siret), siret)


def rien() -> None:
    """A batch that needs no commit."""


def test_une_reponse_donne_le_nom_l_activite_et_la_commune_de_l_etablissement() -> None:
    assert reponse_entreprise.lire(une_reponse(), SIRET) == {
        "siret": SIRET, "nom": "BOULANGERIE DU PORT", "naf": "8411Z", "code_insee": "75107", "code_postal": "75007",
        "nature_juridique": "5499", "tranche_effectif": "22", "fermee_le": None, "inconnue": False,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("dit", "fermee_le"),
    [
        ({"etat_administratif": "F", "date_fermeture": "2025-06-30"}, date(2025, 6, 30)),
        ({"etat_administratif": "F"}, reponse_entreprise.FERMEE_SANS_DATE),
        ({"date_fermeture": "2025-06-30"}, None),
    ],
)
def test_un_etablissement_est_ferme_quand_le_registre_le_dit(
    dit: dict[str, str], fermee_le: date | None
) -> None:
    assert reponse_entreprise.lire(une_reponse(**dit), SIRET)["fermee_le"] == fermee_le


def test_le_nom_que_l_entreprise_ne_diffuse_pas_n_est_pas_retenu() -> None:
    reponse = une_reponse()
    reponse["results"][0]["nom_raison_sociale"] = reponse_entreprise.CACHE
    assert reponse_entreprise.lire(reponse, SIRET)["nom"] is None


def test_un_numero_que_le_registre_ne_connait_pas_est_dit_inconnu() -> None:
    assert reponse_entreprise.lire(une_reponse(AUTRE), SIRET)["inconnue"]


@pytest.mark.parametrize(
    "objet", [None, [], {}, {"results": [3]}, une_reponse(etat_administratif="F", date_fermeture="hier")]
)
def test_une_reponse_d_une_autre_forme_est_refusee_entiere(objet: Any) -> None:
    with pytest.raises(reponse_entreprise.ReponseIllisible):
        reponse_entreprise.lire(objet, SIRET)


def test_le_travail_demande_ce_qui_attend_et_ne_le_redemande_qu_apres_six_mois(session: Session) -> None:
    entreprises.signaler([SIRET, INCONNU, SIRET], horloge.maintenant())
    registre = Registre()
    entreprises.completer(rien, registre)
    assert sorted(registre.demandes) == sorted([SIRET, INCONNU])
    assert entreprises.connues([SIRET])[SIRET].nom == "BOULANGERIE DU PORT"
    assert entreprises.connues([INCONNU])[INCONNU].inconnue
    entreprises.completer(rien, registre)
    assert len(registre.demandes) == 2
    with horloge.regler(MIDI + entreprises.REDEMANDER + timedelta(days=1)):
        entreprises.completer(rien, registre)
    assert len(registre.demandes) == 4


def test_sans_registre_rien_n_est_demande_et_le_journal_dit_combien_attendent(session: Session) -> None:
    entreprises.signaler([SIRET], horloge.maintenant())
    entreprises.completer(rien, None)
    dernier = session.scalars(select(journal.Evenement).order_by(journal.Evenement.id.desc())).first()
    assert dernier is not None
    assert dernier.details == {"attendues": 1, "demandees": 0, "trouvees": 0, "echecs": 0}


@pytest.mark.parametrize(
    ("panne", "appels"), [(ApiIndisponible("status 503"), entreprises.ECHECS_MAX), (ApiFermee("key"), 1)]
)
def test_un_registre_en_panne_n_est_pas_insiste(
    session: Session, panne: ApiIndisponible, appels: int
) -> None:
    entreprises.signaler([f"{n:014d}" for n in range(10)], horloge.maintenant())
    registre = Registre(panne)
    entreprises.completer(rien, registre)
    assert len(registre.demandes) == appels
    assert session.scalars(select(Entreprise.siret).where(Entreprise.maj_le.is_not(None))).all() == []


def test_un_numero_connu_n_est_pas_redemande_parce_qu_on_le_tape(session: Session) -> None:
    registre = Registre()
    for _ in range(2):
        entreprises.apprendre(rien, SIRET, registre)
    assert registre.demandes == [SIRET]
