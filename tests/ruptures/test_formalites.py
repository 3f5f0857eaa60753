"""The checklist of a file: which lines the law asks for, within which delay, ticked with their day (issue 6, part 2)."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from tdba.organismes.models import Entreprise, Organisme
from tdba.ruptures import formalites
from tdba.ruptures.formalites import CODES, Faits, Secteur, codes_de, lignes, secteur_de
from tests.factories import EMPLOYEUR, un_sans_contrat, une_rupture
from tests.pages import Navigateur
from tests.ruptures.aides import JOUR, envoyer, evenements, jours, le_dossier, mots, noter

NOV = date(2026, 11, 2)


def faits(**options: object) -> Faits:
    valeurs: dict[str, object] = {
        "genre": "RUPTURE",
        "depuis": NOV,
        "date_naissance": date(2000, 5, 4),
        "secteur": Secteur.PRIVE,
        "sortie_le": None,
        "entretien_le": None,
    }
    return Faits(**(valeurs | options))  # type: ignore[arg-type]


def test_une_rupture_demande_la_notification_le_financeur_le_statut_et_l_entretien() -> None:
    assert codes_de(faits()) == ["NOTIFICATION", "FINANCEUR", "STATUT_STAGIAIRE", "ENTRETIEN"]


@pytest.mark.parametrize(("naissance", "demande"), [(date(2008, 11, 3), True), (date(2008, 11, 2), False)])
def test_le_representant_legal_est_informe_pour_qui_est_mineur_le_jour_de_la_rupture(
    naissance: date, demande: bool
) -> None:
    assert ("REPRESENTANT_LEGAL" in codes_de(faits(date_naissance=naissance))) is demande


@pytest.mark.parametrize(
    ("naissance", "demande"),
    [
        (date(2010, 11, 20), True),
        (date(2008, 11, 21), True),
        (date(2008, 11, 20), False),
        (date(2010, 11, 21), False),
    ],
)
def test_la_sortie_est_signalee_de_16_ans_a_la_veille_des_18(naissance: date, demande: bool) -> None:
    codes = codes_de(faits(date_naissance=naissance, sortie_le=date(2026, 11, 20)))
    assert ("SORTIE_16_18" in codes) is demande


def test_personne_n_est_sorti_sans_jour_de_sortie() -> None:
    assert "SORTIE_16_18" not in codes_de(faits(date_naissance=date(2009, 11, 20)))


@pytest.mark.parametrize(
    ("genre", "codes"),
    [("SANS_CONTRAT", ["STATUT_STAGIAIRE", "ENTRETIEN"]), ("FIN_DE_CONTRAT", ["ENTRETIEN"])],
)
def test_les_autres_dossiers_ne_demandent_que_ce_qui_a_un_sens(genre: str, codes: list[str]) -> None:
    assert codes_de(faits(genre=genre, date_naissance=date(2009, 11, 20))) == codes


@pytest.mark.parametrize(
    ("nature", "secteur"),
    [("7210", "PUBLIC"), ("4110", "PUBLIC"), ("5710", "PRIVE"), ("9220", "PRIVE"), (None, "INCONNU")],
)
def test_public_ou_prive_est_dit_par_la_categorie_juridique(nature: str | None, secteur: str) -> None:
    assert secteur_de(nature).value == secteur


def _financeur(secteur: Secteur, jour: date) -> formalites.Ligne:
    return next(une for une in lignes(faits(secteur=secteur), {}, jour) if une.code == "FINANCEUR")


def test_l_employeur_public_est_dit_a_la_ddets_dans_les_20_jours() -> None:
    ligne = _financeur(Secteur.PUBLIC, date(2026, 11, 22))
    assert ligne.libelle == "DDETS informée par CELIA"
    assert ligne.limite == date(2026, 11, 22)
    assert "au plus tard le 22 novembre 2026" in ligne.delai.replace("\xa0", " ")
    assert not ligne.passee
    assert _financeur(Secteur.PUBLIC, date(2026, 11, 23)).passee


def test_un_employeur_inconnu_dit_les_deux_voies() -> None:
    delai = _financeur(Secteur.INCONNU, NOV).delai
    assert "OPCO" in delai
    assert "CELIA" in delai


def test_ce_qui_est_fait_n_est_plus_en_retard() -> None:
    faites = {"FINANCEUR": date(2026, 11, 30)}
    ligne = next(
        une for une in lignes(faits(secteur=Secteur.PUBLIC), faites, date(2026, 12, 30)) if une.faite_le
    )
    assert not ligne.passee


def test_chaque_code_a_ses_mots_et_son_delai() -> None:
    tout = faits(date_naissance=date(2009, 11, 20), sortie_le=NOV)
    assert [une.code for une in lignes(tout, {}, NOV)] == list(CODES)


# On the page ---------------------------------------------------------------------------------------------------------


def test_une_formalite_se_coche_avec_son_jour_se_decoche_et_le_journal_le_dit(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    dossier = le_dossier(une_rupture(session, cfa))
    adresse = f"/dossiers/{dossier.id}/formalites/NOTIFICATION"
    assert directeur.post(adresse, {"le": jours(-3)}).status_code == 303
    page = mots(directeur, f"/dossiers/{dossier.id}")
    assert "Notification écrite de la rupture reçue : fait le 15 novembre 2026" in page
    assert "Coché par Dominique Testeur" in page
    assert directeur.post(adresse, {"le": jours(-3)}).status_code == 303
    assert directeur.post(adresse, {"action": "decocher"}).status_code == 303
    assert "fait le 15 novembre" not in mots(directeur, f"/dossiers/{dossier.id}")
    dit = {"dossier_id": dossier.id, "code": "NOTIFICATION"}
    assert evenements(session, "dossier.formalite_cochee") == [dit | {"faite": True}, dit | {"faite": False}]


@pytest.mark.parametrize(
    ("le", "phrase"),
    [
        (jours(1), "Ce jour est à venir"),
        ("", "Indiquez le jour."),
        ("01/01/2016", "vérifiez l’année"),
        ("31/02/2026", "Cette date n’existe pas."),
    ],
)
def test_un_jour_impossible_est_refuse_et_rendu(
    session: Session, directeur: Navigateur, cfa: Organisme, le: str, phrase: str
) -> None:
    dossier = le_dossier(une_rupture(session, cfa))
    reponse = directeur.post(f"/dossiers/{dossier.id}/formalites/FINANCEUR", {"le": le})
    assert reponse.status_code == 422
    assert phrase in reponse.get_data(as_text=True)
    assert evenements(session, "dossier.formalite_cochee") == []


def test_une_formalite_qui_ne_s_applique_pas_n_existe_pas(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    dossier = le_dossier(un_sans_contrat(session, cfa))
    for code in ("NOTIFICATION", "AUTRE"):
        assert (
            directeur.post(f"/dossiers/{dossier.id}/formalites/{code}", {"le": jours(0)}).status_code == 404
        )


def test_la_page_dit_public_quand_l_employeur_l_est(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    session.add(Entreprise(siret=EMPLOYEUR, nom="Mairie de Rennes", nature_juridique="7210"))
    dossier = le_dossier(une_rupture(session, cfa, depuis=30))
    page = mots(directeur, f"/dossiers/{dossier.id}")
    assert "DDETS informée par CELIA" in page
    assert "Ce délai est passé" in page
    assert "avec Mairie de Rennes" in page


def test_l_entretien_note_propose_son_jour(session: Session, directeur: Navigateur, cfa: Organisme) -> None:
    rompue = une_rupture(session, cfa)
    noter(directeur, rompue, nature="ENTRETIEN", resultat="JOINT")
    dossier = le_dossier(rompue)
    assert "Un entretien est noté ce jour-là" in mots(directeur, f"/dossiers/{dossier.id}")
    adresse = f"/dossiers/{dossier.id}/formalites/ENTRETIEN"
    assert envoyer(directeur, adresse).status_code == 303
    assert f"Entretien avec le jeune : fait le {JOUR.day} novembre" in mots(
        directeur, f"/dossiers/{dossier.id}"
    )


def test_le_dossier_d_un_autre_n_a_pas_de_formalites(
    session: Session, directeur: Navigateur, voisin: Organisme
) -> None:
    dossier = le_dossier(une_rupture(session, voisin))
    adresse = f"/dossiers/{dossier.id}/formalites/NOTIFICATION"
    assert directeur.get(adresse).status_code == 404
    assert directeur.post(adresse, {"le": jours(0)}).status_code == 404
