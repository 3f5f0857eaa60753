"""A search: asked by a gesture, made by a job, kept a while; what fails says why and loses nothing."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba import horloge, jobs, journal
from tdba.errors import ErreurMetier
from tdba.jobs import Tache
from tdba.offres import jobs as travaux
from tdba.offres import reponses, service_recherches
from tdba.offres.liens import Point
from tdba.offres.reponses import Resultat
from tdba.organismes.appels import ApiFermee, ApiIndisponible
from tdba.organismes.models import Commune, Organisme, VersionReferentiel
from tests.conftest import MIDI
from tests.factories import une_rupture
from tests.offres.aides import RENNES, dossier_de, recherches, une_entreprise, une_formation, une_offre


class Service:
    """Answers by heart; fails when told to."""

    def __init__(self, panne: ApiIndisponible | None = None, refus: ApiIndisponible | None = None) -> None:
        self.appels: list[str] = []
        self.panne, self.refus = panne, refus
        self.formations_lues = [une_formation(f"cle-{n}") for n in range(12)]

    def centre(self, code_insee: str) -> Point | None:
        self._appel("centre")
        return Point(*RENNES) if code_insee == "35238" else None

    def offres(self, autour: Point, rncp: str, romes: Sequence[str]) -> list[Resultat]:
        self._appel("offres")
        assert (rncp, list(romes)) in (("RNCP38322", ["D1102"]), ("RNCP1", []))
        return reponses.offres({"jobs": [une_offre()], "recruiters": [une_entreprise()]}, autour)

    def formations(self, autour: Point, romes: Sequence[str], jour: date) -> list[Resultat]:
        self._appel("formations")
        assert list(romes) == ["D1102"]
        return reponses.formations({"data": self.formations_lues}, autour, jour)

    def lien_prdv(self, cle_ministere_educatif: str) -> str | None:
        self._appel("lien")
        if self.refus:
            raise self.refus
        return f"https://rdv.exemple.invalid/{cle_ministere_educatif}"

    def _appel(self, nom: str) -> None:
        self.appels.append(nom)
        if self.panne:
            raise self.panne


def rien() -> None:
    """A batch that needs no commit."""


def demander(session: Session, cfa: Organisme, **options: Any) -> int:
    dossier = dossier_de(une_rupture(session, cfa, **options))
    return service_recherches.demander(dossier.id, possible=True, maintenant=horloge.maintenant())


def chercher(session: Session, service: Service | None) -> None:
    for recherche in list(recherches(session).values()):
        service_recherches.chercher(rien, recherche.id, service)
    session.flush()


def test_un_geste_demande_les_offres_et_les_formations_une_fois(session: Session, cfa: Organisme) -> None:
    assert demander(session, cfa) == 2
    assert demander(session, cfa, prenom="Lou") == 0  # the same commune and certification, already asked
    attendues = {(nature, r.rncp, r.code_insee) for nature, r in recherches(session).items()}
    assert attendues == {("OFFRES", "RNCP38322", "35238"), ("FORMATIONS", "RNCP38322", "35238")}
    cles = session.scalars(select(Tache.cle).where(Tache.nom == "offres.chercher")).all()
    assert sorted(cles) == sorted(f'{{"recherche_id":{r.id}}}' for r in recherches(session).values())


def test_le_travail_garde_ce_qu_il_trouve_et_le_centre_de_la_commune(
    session: Session, cfa: Organisme
) -> None:
    demander(session, cfa)
    service = Service()
    chercher(session, service)
    trouvees = recherches(session)
    assert [r["genre"] for r in trouvees["OFFRES"].resultats] == ["OFFRE", "ENTREPRISE"]
    assert trouvees["FORMATIONS"].resultats[0]["lien_prdv"] == "https://rdv.exemple.invalid/cle-0"
    assert len(trouvees["FORMATIONS"].resultats) == 10
    commune = session.get_one(Commune, "35238")
    assert (commune.latitude, commune.longitude) == RENNES
    # The centre is asked once; a search costs two calls, and one for each training kept.
    assert sorted(service.appels) == ["centre", "formations"] + ["lien"] * 10 + ["offres"]


def test_un_travail_qui_revient_ne_redemande_rien(session: Session, cfa: Organisme) -> None:
    demander(session, cfa)
    service = Service()
    chercher(session, service)
    avant = len(service.appels)
    chercher(session, service)
    assert len(service.appels) == avant


def test_les_resultats_sont_gardes_sept_jours(session: Session, cfa: Organisme) -> None:
    demander(session, cfa)
    chercher(session, Service())
    for jours, demandees in ((6, 0), (8, 2)):
        with horloge.regler(MIDI + timedelta(days=jours)):
            assert demander(session, cfa, prenom=f"Lou {jours}") == demandees


def test_une_recherche_perdue_en_route_peut_etre_redemandee(session: Session, cfa: Organisme) -> None:
    demander(session, cfa)
    with horloge.regler(MIDI + timedelta(minutes=61)):
        assert demander(session, cfa, prenom="Lou") == 2


@pytest.mark.parametrize(
    ("panne", "code"),
    [
        (ApiFermee("key"), "CLE"),
        (ApiIndisponible("status 500"), "INDISPONIBLE"),
        (ApiIndisponible("shape"), "FORME"),
    ],
)
def test_une_panne_laisse_son_code_et_les_anciens_resultats(
    session: Session, cfa: Organisme, panne: ApiIndisponible, code: str
) -> None:
    demander(session, cfa)
    chercher(session, Service())
    with horloge.regler(MIDI + timedelta(days=8)):
        demander(session, cfa, prenom="Lou")
        chercher(session, Service(panne))
        for recherche in recherches(session).values():
            assert (recherche.echec, recherche.faite_le) == (code, MIDI)
            assert recherche.resultats
        assert demander(session, cfa, prenom="Max") == 2  # what failed is asked again at once


def test_sans_le_droit_aux_rendez_vous_les_formations_sont_quand_meme_listees(
    session: Session, cfa: Organisme
) -> None:
    demander(session, cfa)
    service = Service(refus=ApiFermee("key"))
    chercher(session, service)
    formations = recherches(session)["FORMATIONS"]
    assert formations.echec is None
    assert [f["lien_prdv"] for f in formations.resultats] == [None] * 10
    assert service.appels.count("lien") == 1


def test_une_commune_que_le_service_ne_connait_pas_est_dite(session: Session, cfa: Organisme) -> None:
    demander(session, cfa, code_insee="35999")
    chercher(session, Service())
    assert {r.echec for r in recherches(session).values()} == {"COMMUNE"}


def test_sans_metier_connu_les_offres_sont_cherchees_et_les_formations_le_disent(
    session: Session, cfa: Organisme
) -> None:
    demander(session, cfa, rncp="RNCP1")
    chercher(session, Service())
    assert {n: r.echec for n, r in recherches(session).items()} == {"OFFRES": None, "FORMATIONS": "METIER"}


@pytest.mark.parametrize(("manque", "mot"), [("code_insee", "commune"), ("rncp", "RNCP")])
def test_sans_commune_ou_sans_certification_la_recherche_dit_ce_qui_manque(
    session: Session, cfa: Organisme, manque: str, mot: str
) -> None:
    with pytest.raises(ErreurMetier, match=mot):
        demander(session, cfa, **{manque: None})


def test_sans_cle_le_travail_ne_fait_rien(session: Session, cfa: Organisme) -> None:
    demander(session, cfa)
    chercher(session, None)
    assert all(r.faite_le is None and r.echec is None for r in recherches(session).values())


def test_le_centre_d_une_commune_ne_fait_pas_relire_les_fiches(session: Session, cfa: Organisme) -> None:
    numero = select(VersionReferentiel.numero).where(VersionReferentiel.nom == "communes")
    avant = session.scalar(numero)
    demander(session, cfa)
    chercher(session, Service())
    assert session.scalar(numero) == avant


def test_une_recherche_oubliee_de_tous_disparait_apres_soixante_jours(
    session: Session, cfa: Organisme
) -> None:
    demander(session, cfa)
    service_recherches.purger(MIDI + timedelta(days=59))
    assert len(recherches(session)) == 2
    service_recherches.purger(MIDI + timedelta(days=61))
    assert recherches(session) == {}


def test_le_journal_ne_garde_que_des_comptes(session: Session, cfa: Organisme) -> None:
    demander(session, cfa)
    chercher(session, Service())
    dits = {
        e.details["nature"]: e.details
        for e in session.scalars(
            select(journal.Evenement).where(journal.Evenement.evenement == "offres.cherchees")
        )
    }
    assert dits == {
        "OFFRES": {"nature": "OFFRES", "trouvees": 2, "echec": None},
        "FORMATIONS": {"nature": "FORMATIONS", "trouvees": 10, "echec": None},
    }


def test_le_travail_demande_se_fait_et_disparait_de_la_file(session: Session, cfa: Organisme) -> None:
    demander(session, cfa)
    session.commit()
    travaux.brancher(Service())
    try:
        for cle in session.scalars(select(Tache.cle).where(Tache.nom == "offres.chercher")).all():
            assert jobs.executer("offres.chercher", cle)
    finally:
        travaux.brancher(None)
    assert all(r.faite_le == MIDI and r.resultats for r in recherches(session).values())
    assert session.scalars(select(Tache.id).where(Tache.nom == "offres.chercher")).all() == []


def test_les_travaux_sont_connus_et_celui_de_la_nuit_est_planifie() -> None:
    assert jobs.REGISTRE["offres.chercher"].longue
    assert jobs.PLANIFICATION["offres.oublier"] == 1440
