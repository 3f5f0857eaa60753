"""Merging, attacked: what is said before is what is done, nothing typed is lost, nobody leaves behind what they do not read."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba.organismes.models import Organisme
from tdba.ruptures.models import Demarche, Dossier
from tests import factories as f
from tests.doublons.aides import deux_fiches, direction, doublons, nu
from tests.doublons.gestes import annuler, demarche, fusionner, fusions
from tests.effectifs.aides import contrat_de, tous
from tests.pages import Navigateur, arbre, texte


@pytest.fixture
def cfa(session: Session) -> Organisme:
    f.les_territoires(session)
    return f.un_organisme(session, "CFA Rennes")


@pytest.fixture
def directeur(session: Session, navigateur: Navigateur, cfa: Organisme) -> Navigateur:
    return direction(session, navigateur, cfa)


def test_l_apercu_refuse_les_dates_que_la_fusion_refuserait(
    session: Session, cfa: Organisme, directeur: Navigateur
) -> None:
    """What is said before merging is what merging will do: an end before the entry is refused at once."""
    a, b = deux_fiches(session, cfa)
    b.date_entree, b.date_fin = a.date_entree - timedelta(days=800), a.date_entree - timedelta(days=100)
    session.commit()
    (doublon,) = doublons(session)
    page = fusionner(directeur, doublon.id, action="voir", **{"v-date_fin": "b"})
    assert page.status_code == 422
    assert "La fin de la formation ne peut pas être avant l’entrée" in texte(arbre(page))
    assert fusions(session) == []


def test_un_reseau_qui_ne_lit_pas_le_suivi_ne_le_laisse_pas_en_arriere(
    session: Session, cfa: Organisme, directeur: Navigateur, navigateur: Navigateur
) -> None:
    """It would merge without the steps that it does not read, and undo without bringing them back (decision 26)."""
    a, b = (nu(f.une_rupture, session, cfa, nom="LE GALL", prenom="Maël") for _ in range(2))
    (dossier,) = tous(session, select(Dossier).where(Dossier.effectif_id == b.id))
    demarche(session, dossier, f.une_personne(session, "Camille").id)
    f.un_reseau(session, "R", [cfa], responsable=True)
    organisation = f.une_organisation(session, "TETE_DE_RESEAU", "R", regle="RESEAU", reseau_code="R")
    valideur = f.une_personne(session, "Val")
    reseau = navigateur.comme(
        f.une_habilitation(session, f.une_personne(session, "Rémi"), organisation, validee_par=valideur)
    )
    (doublon,) = doublons(session)
    for action in ("voir", "fusionner"):
        refus = fusionner(reseau, doublon.id, action=action)
        assert refus.status_code == 422
        assert "que ce CFA ne partage pas avec vous" in texte(arbre(refus))
    assert fusions(session) == []
    fusionner(directeur, doublon.id)
    assert "que ce CFA ne partage pas avec vous" in annuler(session, reseau)
    assert fusions(session)[0].annulee_le is None
    (deplacee,) = tous(session, select(Demarche))
    (garde,) = tous(session, select(Dossier).where(Dossier.effectif_id == a.id))
    assert deplacee.dossier_id == garde.id


@pytest.mark.parametrize(("cote", "attendu"), [("b", ("DEMISSION", date(2026, 10, 5))), ("a", (None, None))])
def test_la_cause_d_une_rupture_suit_la_rupture_prise_ou_laissee(
    session: Session,
    cfa: Organisme,
    directeur: Navigateur,
    cote: str,
    attendu: tuple[str | None, date | None],
) -> None:
    """What a person typed on the record put aside is not lost in silence, nor said of a contract that goes on."""
    dates = (date(2026, 9, 1), date(2027, 8, 31))
    a = nu(f.un_effectif, session, cfa, nom="LE GALL", prenom="Maël", contrats=[(*dates, None)])
    rompu = [(*dates, date(2026, 10, 5))]
    b = nu(f.un_effectif, session, cfa, nom="LE GALL", prenom="Maël", contrats=rompu)
    contrat_de(session, b).cause_legale = "DEMISSION"
    session.commit()
    garde = contrat_de(session, a)
    assert "démission de l’apprenti" in texte(arbre(directeur.get(f"/doublons/{doublons(session)[0].id}")))
    page = fusionner(directeur, doublons(session)[0].id, **{f"v-contrat-{garde.id}-rupture": cote})
    assert page.status_code == 303
    session.refresh(garde)
    assert (garde.cause_legale, garde.rupture) == attendu
    annuler(session, directeur)
    session.refresh(garde)
    assert (garde.cause_legale, garde.rupture) == (None, None)
