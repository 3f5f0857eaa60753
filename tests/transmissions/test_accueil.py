"""What the home page of a CFA says of its last reception (ux.md, screen A)."""

from uuid import uuid4

from sqlalchemy.orm import Session

from tdba.comptes.models import Personne
from tdba.organismes.models import Organisme
from tdba.transmissions.models import Reception, Transmission
from tests import factories as f
from tests.conftest import MIDI
from tests.pages import Navigateur, arbre, liens, texte


def directrice_de(session: Session, navigateur: Navigateur, *sites: Organisme) -> Navigateur:
    organisation = f.une_organisation(
        session, "ORGANISME_FORMATION", "Les Dunes", regle="ETABLISSEMENTS", organismes=list(sites)
    )
    personne: Personne = f.une_personne(session, "Anne")
    return navigateur.comme(f.une_habilitation(session, personne, organisation))


def recevoir(session: Session, organisme: Organisme, *, lignes: int, refusees: int) -> str:
    """One transmission, whole; returns the address of its page."""
    organisme.derniere_reception_le = MIDI
    transmission = Transmission(
        uuid=uuid4(),
        transmetteur_id=organisme.id,
        source="ERP",
        recue_le=MIDI,
        nb_lignes=lignes,
        nb_refusees=refusees,
    )
    session.add(transmission)
    session.flush()
    session.add(
        Reception(
            transmission_id=transmission.id,
            organisme_id=organisme.id,
            recue_le=MIDI,
            nb_lignes=lignes,
            nb_refusees=refusees,
        )
    )
    session.commit()
    return f"/transmissions/{transmission.uuid}"


def receptions(page: object) -> list[str]:
    return [texte(li) for li in arbre(page).iter("li") if "eçu de votre ERP" in texte(li)]  # type: ignore[arg-type]


def test_l_accueil_dit_combien_de_fiches_et_mene_aux_refusees(
    session: Session, navigateur: Navigateur
) -> None:
    f.les_territoires(session)
    dunes = f.un_organisme(session, "Dunes")
    ancienne = recevoir(session, dunes, lignes=12, refusees=5)
    derniere = recevoir(session, dunes, lignes=398, refusees=2)
    page = directrice_de(session, navigateur, dunes).get("/aujourd-hui")
    assert receptions(page) == ["Reçu de votre ERP aujourd’hui à 12 h 00 : 398 fiches, 2 refusées."]
    assert derniere in liens(page)
    assert ancienne not in liens(page)


def test_sans_refus_rien_n_est_a_ouvrir(session: Session, navigateur: Navigateur) -> None:
    f.les_territoires(session)
    dunes, bois = f.un_organisme(session, "Dunes"), f.un_organisme(session, "Bois")
    adresse = recevoir(session, dunes, lignes=1, refusees=0)
    page = directrice_de(session, navigateur, dunes, bois).get("/aujourd-hui")
    assert "Dunes : reçu de votre ERP aujourd’hui à 12 h 00 : 1 fiche, aucune refusée." in receptions(page)
    assert adresse not in liens(page)
