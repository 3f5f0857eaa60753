"""What holds together in a new contract, and what does not; values to copy, never the pay nor the social-security number."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tdba.offres import cerfa
from tdba.offres.annonce import Employeur
from tdba.offres.cerfa import Cfa, Feuille, Formation, Niveau, NouveauContrat
from tdba.organismes.models import Certification, Entreprise, Organisme
from tests.conftest import MIDI
from tests.factories import EMPLOYEUR, un_effectif, une_rupture
from tests.offres.aides import dossier_de
from tests.offres.test_poste import valeurs
from tests.pages import Navigateur, arbre, texte

JOUR = date(2026, 11, 18)
CONTRAT = NouveauContrat(date(2026, 12, 1), date(2027, 8, 31), EMPLOYEUR)
OUVERT = Employeur(EMPLOYEUR, nom="BOULANGERIE DU PORT", public=False, lu=True)
FORMATION = Formation(
    intitule="CAP Boulanger", rncp="RNCP38322", cfd="50022137", diplome="CAP", niveau=3, entree=date(2026, 9, 1),
    fin=date(2027, 8, 31), rncp_connu=True, ouverture=date(2024, 1, 1), fermeture=date(2028, 12, 31),
)  # fmt: skip
JUSTE = Feuille(
    cfa=Cfa("CFA Rennes", "0350001A", "11000002300017", fiable=True, ferme=False),
    formation=FORMATION,
    naissance=date(2007, 5, 4),
    contrat=CONTRAT,
    employeur=OUVERT,
)


def fautes(feuille: Feuille) -> list[str]:
    return [c.phrase for c in cerfa.controles(feuille, JOUR) if c.niveau is not Niveau.CONFORME]


def la_faute(feuille: Feuille) -> str:
    (phrase,) = fautes(feuille)
    return phrase


def avec(**formation: Any) -> Feuille:
    return JUSTE._replace(formation=FORMATION._replace(**formation))


def dates(debut: date | None, fin: date | None) -> Feuille:
    return JUSTE._replace(contrat=CONTRAT._replace(debut=debut, fin=fin))


def test_un_contrat_qui_se_tient_n_a_que_des_points_conformes() -> None:
    assert fautes(JUSTE) == []
    assert len(cerfa.controles(JUSTE, JOUR)) == 4


@pytest.mark.parametrize(
    ("cfa", "mot"),
    [
        ({"uai": None}, "UAI"),
        ({"fiable": False}, "n’est pas validé"),
        ({"ferme": True, "fiable": False}, "fermé"),
    ],
)
def test_le_couple_du_cfa_doit_etre_valide_et_ouvert(cfa: dict[str, Any], mot: str) -> None:
    assert mot in la_faute(JUSTE._replace(cfa=JUSTE.cfa._replace(**cfa)))


@pytest.mark.parametrize(
    ("formation", "mot"),
    [
        ({"rncp": None}, "RNCP"),
        ({"cfd": None}, "CFD"),
        ({"rncp_connu": False}, "n’est pas dans nos certifications"),
        ({"fermeture": date(2026, 8, 31)}, "n’accepte plus d’entrée"),
        ({"ouverture": date(2026, 9, 2)}, "qu’à partir du"),
    ],
)
def test_la_certification_doit_etre_active_au_debut(formation: dict[str, Any], mot: str) -> None:
    assert mot in la_faute(avec(**formation))


def test_une_certification_qui_finit_le_jour_de_l_entree_est_active() -> None:
    assert fautes(avec(fermeture=date(2026, 9, 1), ouverture=date(2026, 9, 1))) == []


@pytest.mark.parametrize(
    ("debut", "fin", "mot"),
    [
        (date(2026, 6, 1), date(2027, 8, 31), None),  # three months before, to the day
        (date(2026, 5, 31), date(2027, 8, 31), "plus de trois mois avant"),
        (date(2027, 3, 1), date(2027, 8, 31), None),  # six months, to the day
        (date(2027, 3, 2), date(2027, 8, 31), "moins de six mois"),
        (date(2026, 9, 1), date(2029, 9, 1), None),
        (date(2026, 9, 1), date(2029, 9, 2), "plus de trois ans"),
        (date(2026, 9, 1), date(2027, 6, 30), "avant la fin de la formation"),
        (date(2027, 9, 1), date(2028, 8, 31), "après la fin de la formation"),
        (None, date(2027, 8, 31), "à compléter"),
    ],
)
def test_les_dates_du_contrat_vont_avec_celles_de_la_formation(
    debut: date | None, fin: date | None, mot: str | None
) -> None:
    feuille = dates(debut, fin)
    if mot is None:
        assert fautes(feuille) == []
    else:
        assert mot in la_faute(feuille)


def test_un_contrat_qui_finit_avant_de_commencer_est_dit() -> None:
    assert "Le contrat finit avant d’avoir commencé." in fautes(dates(date(2027, 1, 1), date(2026, 12, 1)))


@pytest.mark.parametrize(
    ("employeur", "mot"),
    [
        (None, "n’a pas encore répondu"),
        (OUVERT._replace(inconnu=True), "ne connaît pas"),
        (OUVERT._replace(ferme_le=date(2026, 1, 31)), "fermé depuis le 31"),
        (OUVERT._replace(ferme_le=date.min), "est fermé, dit"),
    ],
)
def test_l_employeur_doit_etre_ouvert_dans_le_registre(employeur: Employeur | None, mot: str) -> None:
    assert mot in la_faute(JUSTE._replace(employeur=employeur))


def test_une_cle_de_siret_fausse_est_vue() -> None:
    assert "clé juste" in la_faute(JUSTE._replace(contrat=CONTRAT._replace(employeur_siret="11000001500014")))


def test_sans_contrat_ni_employeur_la_feuille_dit_ce_qui_reste_a_completer() -> None:
    assert "Aucun nouveau contrat" in la_faute(JUSTE._replace(contrat=None, employeur=None))
    assert "SIRET" in la_faute(JUSTE._replace(contrat=CONTRAT._replace(employeur_siret=None), employeur=None))


@pytest.mark.parametrize(("naissance", "mineur"), [(date(2008, 12, 1), False), (date(2008, 12, 2), True)])
def test_un_mineur_au_debut_du_contrat_demande_la_signature_de_son_representant(
    naissance: date, mineur: bool
) -> None:
    assert bool(fautes(JUSTE._replace(naissance=naissance))) is mineur


def test_ce_qui_est_a_verifier_vient_d_abord() -> None:
    feuille = JUSTE._replace(cfa=JUSTE.cfa._replace(uai=None), contrat=CONTRAT._replace(fin=date(2027, 5, 1)))
    niveaux = [c.niveau for c in cerfa.controles(feuille, JOUR)]
    rangs = (Niveau.A_VERIFIER, Niveau.A_COMPLETER, Niveau.CONFORME)
    assert niveaux == sorted(niveaux, key=rangs.index)


def test_la_page_donne_les_valeurs_du_nouveau_contrat(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    session.add(
        Entreprise(siret=EMPLOYEUR, nom="MAIRIE", nature_juridique="7210", tranche_effectif="02", maj_le=MIDI)
    )
    session.add(Certification(rncp="RNCP38322", cfd=None, intitule="CAP Boulanger", diplome="CAP"))
    rupture = (date(2025, 9, 1), date(2027, 8, 31), date(2026, 10, 1))
    nouveau = (date(2026, 12, 1), date(2027, 8, 31), None)
    jeune = un_effectif(session, cfa, entree=date(2025, 9, 1), contrats=[rupture, nouveau])
    page = directeur.get(f"/dossiers/{dossier_de(jeune).id}/cerfa")
    lues = valeurs(page)
    assert lues["UAI"] == cfa.uai
    assert lues["Nom de l’employeur"] == "MAIRIE"
    assert lues["Effectif de l’établissement"] == "3 à 5 salariés"
    assert lues["Début du contrat"] == "1er décembre 2026"
    assert lues["Diplôme"] == "CAP"
    assert "dans CELIA" in texte(arbre(page))
    assert "OPCO" not in texte(arbre(page))


def test_un_contrat_d_avant_la_rupture_n_est_pas_le_nouveau(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    ancien = (date(2024, 9, 1), date(2025, 8, 31), None)
    rompu = (date(2025, 9, 1), date(2027, 8, 31), date(2026, 10, 1))
    jeune = un_effectif(session, cfa, entree=date(2024, 9, 1), contrats=[ancien, rompu])
    page = directeur.get(f"/dossiers/{dossier_de(jeune).id}/cerfa")
    assert valeurs(page)["Début du contrat"] == "non connu"


def test_sans_nouveau_contrat_la_page_explique_les_deux_depots(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    page = directeur.get(f"/dossiers/{dossier_de(une_rupture(session, cfa)).id}/cerfa")
    assert {"OPCO", "CELIA"} <= set(
        texte(arbre(page)).replace(")", " ").replace("(", " ").replace(",", " ").split()
    )
    assert valeurs(page)["Début du contrat"] == "non connu"
