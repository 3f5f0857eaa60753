"""A rupture that the ERP has not sent yet: found by name, shown with its effect, saved, then its file (issue 6, part 2)."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tdba import horloge, scope
from tdba.effectifs.models import Contrat, Effectif
from tdba.organismes.models import Organisme
from tdba.ruptures.models import Dossier
from tdba.scope import Droit
from tests import factories as f
from tests.effectifs.aides import contrat_de, envoyer, phrases
from tests.pages import Navigateur, arbre, champs, liens, texte, titre

PAGE = "/ruptures/declarer"


def chercher(qui: Navigateur, q: str) -> TestResponse:
    envoi = qui.post(PAGE, champs(qui.get(PAGE), PAGE) | {"q": q})
    assert envoi.status_code == 303, texte(arbre(envoi))
    assert q not in str(envoi.location)
    return qui.get(str(envoi.location))


def declarations(reponse: TestResponse) -> list[str]:
    return [lien for lien in liens(reponse) if "/rompre" in lien]


def dossiers(session: Session, effectif: Effectif) -> list[Dossier]:
    requete = select(Dossier).where(Dossier.effectif_id == effectif.id)
    return list(session.execute(scope.autorisee(requete, Droit.CORRIGER)).scalars())


def declarer(qui: Navigateur, effectif: Effectif, session: Session, jour: str, **autres: str) -> TestResponse:
    return envoyer(qui, f"/contrats/{contrat_de(session, effectif).id}/rompre", rupture=jour, **autres)


def test_on_trouve_le_jeune_on_voit_l_effet_on_enregistre_et_l_on_arrive_au_dossier(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    effectif = f.un_apprenti(session, cfa)
    (lien,) = declarations(chercher(directeur, "alix canari"))
    vu = envoyer(directeur, lien, action="voir", rupture="2026-11-16")
    assert "un dossier de rupture sera ouvert" in phrases(vu)
    assert dossiers(session, effectif) == []
    enregistre = envoyer(directeur, lien, rupture="2026-11-16")
    (dossier,) = dossiers(session, effectif)
    arrivee = directeur.get(str(enregistre.location))
    assert arrivee.location == f"/dossiers/{dossier.id}"
    assert "Rupture enregistrée" in texte(arbre(directeur.get(str(arrivee.location))))


def test_on_choisit_parmi_plusieurs_contrats_celui_en_cours_vient_d_abord(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    effectif = f.un_effectif(
        session,
        cfa,
        entree=date(2025, 9, 1),
        contrats=[
            (date(2025, 9, 1), date(2027, 8, 31), date(2026, 3, 2)),
            (date(2026, 4, 1), date(2026, 8, 31), None),
            (date(2026, 9, 1), date(2027, 8, 31), None),
        ],
    )
    rompu, fini, en_cours = (contrat_de(session, effectif, rang) for rang in range(3))
    reponse = chercher(directeur, "canari")
    assert [lien.split("?")[0] for lien in declarations(reponse)] == [
        f"/contrats/{en_cours.id}/rompre",
        f"/contrats/{fini.id}/rompre",
    ]
    assert {f"/contrats/{rompu.id}/rupture/{quoi}" for quoi in ("annuler", "contester")} < set(liens(reponse))


def test_un_jeune_de_deux_annees_se_declare_sur_la_derniere(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    dates = [(date(2025, 9, 1), date(2027, 8, 31), None)]
    f.un_effectif(
        session, cfa, id_erp="un", annee_scolaire="2025-2026", contrats=dates, entree=date(2025, 9, 1)
    )
    nouvelle = f.un_effectif(session, cfa, id_erp="un", contrats=dates, entree=date(2025, 9, 1))
    (lien,) = declarations(chercher(directeur, "canari"))
    assert lien.startswith(f"/contrats/{contrat_de(session, nouvelle).id}/")


def test_qui_n_a_pas_de_contrat_se_voit_proposer_de_l_ajouter(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    effectif = f.un_sans_contrat(session, cfa)
    reponse = chercher(directeur, "canari")
    assert declarations(reponse) == []
    assert f"/effectifs/{effectif.id}/contrats/ajouter" in liens(reponse)


def test_le_jeune_du_voisin_n_existe_pas(session: Session, directeur: Navigateur, voisin: Organisme) -> None:
    autre = f.un_apprenti(session, voisin)
    reponse = chercher(directeur, "canari")
    assert "Personne ne répond à cette recherche" in phrases(reponse)
    assert "/effectifs/je-ne-vois-pas" in liens(reponse)
    assert directeur.get(f"{PAGE}/{contrat_de(session, autre).id}").status_code == 404


@pytest.mark.parametrize("q", ["", "   ", "-"])
def test_une_recherche_vide_est_refusee(directeur: Navigateur, q: str) -> None:
    reponse = directeur.post(PAGE, champs(directeur.get(PAGE), PAGE) | {"q": q})
    assert reponse.status_code == 422
    assert "Indiquez un nom" in phrases(reponse)


def test_la_recherche_d_un_autre_ne_s_ouvre_pas(directeur: Navigateur) -> None:
    assert "Cette recherche n’est plus gardée" in phrases(directeur.get(f"{PAGE}?r=celle-d-un-autre"))
    assert titre(directeur.get(PAGE)) == "Déclarer une rupture"


def test_une_declaration_sans_effet_ramene_a_la_fiche(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    effectif = f.un_apprenti(session, cfa)
    contrat = contrat_de(session, effectif)
    assert directeur.get(f"{PAGE}/{contrat.id}").location == f"/effectifs/{effectif.id}#contrat-{contrat.id}"


@pytest.mark.parametrize("retour", ["https://ailleurs.example/", "//ailleurs.example", "javascript:x"])
def test_le_retour_ne_mene_jamais_ailleurs(
    session: Session, directeur: Navigateur, cfa: Organisme, retour: str
) -> None:
    contrat = contrat_de(session, f.un_apprenti(session, cfa))
    adresse = f"/contrats/{contrat.id}/rompre"
    reponse = directeur.post(
        f"{adresse}?retour={retour}",
        champs(directeur.get(adresse), adresse)
        | {"rupture": "2026-11-16", "motif": "PIECE_VUE", "action": "enregistrer"},
    )
    assert str(reponse.location).startswith("/effectifs/")


@pytest.mark.parametrize(
    ("debut", "rupture", "phrase"),
    [
        ("2026-09-01", "2026-08-31", "ne peut pas être avant le début du contrat. Vérifiez ce jour"),
        ("2024-09-01", "2025-11-17", "Cette rupture a plus d’un an : elle ne se déclare plus ici"),
        ("2026-09-01", "2027-09-01", "Le contrat arrive à son terme le 31/08/2027, avant ce jour"),
    ],
)
def test_un_refus_dit_pourquoi_et_que_faire(
    session: Session, directeur: Navigateur, cfa: Organisme, debut: str, rupture: str, phrase: str
) -> None:
    dates = (date.fromisoformat(debut), date(2027, 8, 31), None)
    effectif = f.un_effectif(session, cfa, entree=dates[0], contrats=[dates])
    reponse = declarer(directeur, effectif, session, rupture)
    assert reponse.status_code == 422
    assert phrase in phrases(reponse)
    assert dossiers(session, effectif) == []


def test_sans_fin_prevue_une_rupture_se_declare_un_an_a_l_avance_au_plus(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    effectif = f.un_effectif(session, cfa, fin=date(2029, 8, 31), contrats=[(date(2026, 9, 1), None, None)])
    assert "un an à l’avance au plus" in phrases(declarer(directeur, effectif, session, "2027-11-19"))
    assert declarer(directeur, effectif, session, "2027-11-18").status_code == 303


def test_une_rupture_a_venir_est_dite_puis_ecrit_son_dossier_tout_de_suite(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    """Decision 31: read by date, the file opens on its day."""
    effectif = f.un_apprenti(session, cfa)
    vu = declarer(directeur, effectif, session, "2027-01-04", action="voir")
    assert "Un dossier de rupture s’ouvrira le 4 janvier 2027." in phrases(vu)
    declarer(directeur, effectif, session, "2027-01-04")
    (dossier,) = dossiers(session, effectif)
    assert (dossier.ouvert_du, dossier.clos_du is None or dossier.clos_du > dossier.ouvert_du) == (
        date(2027, 1, 4),
        True,
    )


def test_une_vieille_rupture_se_corrige_encore_avec_le_contrat(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    """What the refusal tells to do works."""
    dates = (date(2024, 9, 1), date(2027, 8, 31), None)
    effectif = f.un_effectif(session, cfa, entree=dates[0], contrats=[dates])
    adresse = f"/contrats/{contrat_de(session, effectif).id}/corriger"
    assert envoyer(directeur, adresse, rupture="2025-03-03").status_code == 303


def test_preciser_la_cause_d_une_vieille_rupture_reste_possible(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    rupture = horloge.aujourd_hui() - timedelta(days=500)
    effectif = f.un_effectif(
        session, cfa, entree=date(2024, 9, 1), contrats=[(date(2024, 9, 1), date(2027, 8, 31), rupture)]
    )
    reponse = declarer(directeur, effectif, session, rupture.isoformat(), cause_legale="ACCORD")
    assert reponse.status_code == 303
    assert (
        session.execute(scope.select_for(Contrat, Droit.CORRIGER, Contrat.cause_legale)).scalar_one()
        == "ACCORD"
    )
