"""The two worklists: who is in them, in which order, by segment, by site, by pages (decisions 9, 31 and 35)."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from tdba import horloge, scope
from tdba.db import db
from tdba.effectifs.models import Effectif
from tdba.organismes.models import Organisme
from tdba.ruptures.models import Dossier
from tdba.scope import Droit
from tests.conftest import MIDI
from tests.factories import (
    un_apprenti,
    un_diplome,
    un_effectif,
    un_sans_contrat,
    un_sorti,
    une_rupture,
)
from tests.pages import Navigateur, arbre, liens, tableau, texte

JOUR = horloge.jour_de_paris(MIDI)
FIN = date(2027, 8, 31)


def noms(page: object) -> list[str]:
    """First names, in the order of the page: each youth of these tests has one of their own."""
    return [ligne["Apprenant"].split()[0] for ligne in tableau(page)]  # type: ignore[arg-type]


def noter(session: Session, effectif: Effectif, **valeurs: object) -> None:
    requete = update(Dossier).where(Dossier.effectif_id == effectif.id).values(**valeurs)
    db.session.execute(scope.pour_ecriture(requete, Droit.CORRIGER))
    session.commit()


# Who ---------------------------------------------------------------------------------------------------------------


def test_les_ruptures_ouvertes_et_elles_seules(
    session: Session, directeur: Navigateur, cfa: Organisme, voisin: Organisme
) -> None:
    une_rupture(session, cfa, prenom="Rompue", depuis=71)
    une_rupture(session, cfa, prenom="Aujourdhui", depuis=0)
    une_rupture(session, cfa, prenom="Demain", depuis=-1)
    une_rupture(session, cfa, prenom="Jetee", corbeille_le=MIDI)
    une_rupture(session, cfa, prenom="Exclue", exclusion=JOUR)
    une_rupture(session, cfa, prenom="Finie", fin=JOUR - timedelta(days=1))
    une_rupture(session, cfa, prenom="DernierJour", fin=JOUR)
    une_rupture(session, voisin, prenom="Voisine")
    un_apprenti(session, cfa, prenom="Apprentie")
    un_sans_contrat(session, cfa, prenom="Sans")
    un_sorti(session, cfa, prenom="Sortie")
    un_effectif(session, cfa, prenom="Terme", contrats=[(date(2026, 9, 1), date(2026, 10, 31), None)])
    assert sorted(noms(directeur.get("/ruptures"))) == ["Aujourdhui", "DernierJour", "Rompue"]


def test_un_contrat_encore_en_cours_ne_met_pas_dans_la_liste(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    """A second contract was broken while the first goes on: the youth is an apprentice."""
    deux = [(date(2026, 9, 1), FIN, None), (date(2026, 10, 1), FIN, date(2026, 11, 1))]
    un_effectif(session, cfa, contrats=deux)
    assert noms(directeur.get("/ruptures")) == []


def test_les_sans_contrat_depuis_l_entree_et_eux_seuls(
    session: Session, directeur: Navigateur, cfa: Organisme, voisin: Organisme
) -> None:
    un_sans_contrat(session, cfa, prenom="Sans", depuis=71)
    un_sans_contrat(session, cfa, prenom="Depasse", depuis=150)
    un_sans_contrat(session, cfa, prenom="Demain", depuis=-1)
    un_sans_contrat(session, cfa, prenom="Finie", depuis=150, fin=JOUR - timedelta(days=1))
    un_sans_contrat(session, cfa, prenom="Jetee", corbeille_le=MIDI)
    un_sans_contrat(session, cfa, prenom="Exclue", depuis=150, exclusion=JOUR)
    un_sans_contrat(session, voisin, prenom="Voisine")
    un_sorti(session, cfa, prenom="Sortie")
    un_diplome(session, cfa, prenom="Diplomee")
    un_apprenti(session, cfa, prenom="Apprentie")
    une_rupture(session, cfa, prenom="Rompue")
    assert sorted(noms(directeur.get("/sans-contrat"))) == ["Depasse", "Sans"]


def test_la_fiche_de_l_an_dernier_s_efface_devant_celle_de_cette_annee(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    for annee, prenom in (("2025-2026", "Ancienne"), ("2026-2027", "Nouvelle")):
        une_rupture(session, cfa, prenom=prenom, id_erp="42", annee_scolaire=annee)
    une_rupture(session, cfa, prenom="Attendue", id_erp="43", annee_scolaire="2025-2026")
    assert sorted(noms(directeur.get("/ruptures"))) == ["Attendue", "Nouvelle"]


# Words and order -----------------------------------------------------------------------------------------------------


def test_une_rupture_dit_son_jour_et_jusqu_ou_va_le_maintien(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    rompue = une_rupture(session, cfa, prenom="Lou", depuis=71, naissance=date(2009, 1, 2))
    page = directeur.get("/ruptures")
    ligne = tableau(page)[0]
    assert ligne["Situation"] == (
        "Rupture du 8 septembre 2026, maintien jusqu’au 8 mars 2027. "
        "1er : délai le 8 mars 2027, aucune démarche, mineure."
    )
    assert ligne["Apprenant"] == "Lou CANARI 17 ans, mineure CAP Boulanger, CFA Rennes"
    assert ligne["Démarches"] == "Aucune démarche Rien de prévu Sans référent"
    assert f"/effectifs/{rompue.id}" in liens(page)


def test_le_delai_depasse_est_une_question(session: Session, directeur: Navigateur, cfa: Organisme) -> None:
    une_rupture(session, cfa, depuis=200)
    situation = tableau(directeur.get("/ruptures"))[0]["Situation"]
    assert situation.startswith(
        "Rupture du 2 mai 2026. Délai dépassé le 29 octobre 2026. Toujours au CFA ? Oui"
    )


def test_sans_contrat_dit_depuis_combien_de_jours_et_quand_finissent_les_trois_mois(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    un_sans_contrat(session, cfa, depuis=78)
    situation = tableau(directeur.get("/sans-contrat"))[0]["Situation"]
    assert situation.startswith("Sans contrat depuis 78 jours : trois mois le 1er décembre 2026. 1er :")


def test_l_echeance_la_plus_proche_d_abord_et_les_delais_passes_en_dernier(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    majeur, mineur = date(2005, 1, 1), date(2010, 1, 1)
    for prenom, depuis, naissance in (
        ("Passee", 250, mineur),
        ("ToutJuste", 190, majeur),
        ("Recente", 10, majeur),
        ("Proche", 170, majeur),
        ("Suivie", 100, mineur),
        ("Majeure", 100, majeur),
        ("Mineure", 100, mineur),
    ):
        effectif = une_rupture(session, cfa, prenom=prenom, depuis=depuis, naissance=naissance)
        if prenom == "Suivie":
            noter(session, effectif, derniere_demarche_le=MIDI)
    attendu = ["Proche", "Mineure", "Majeure", "Suivie", "Recente", "ToutJuste", "Passee"]
    assert noms(directeur.get("/ruptures")) == attendu


# Segments ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("adresse", "bornes"),
    [
        ("/ruptures", {"0-44": (0, 44), "45-89": (45, 89), "90-179": (90, 179), "180-plus": (180, 400)}),
        ("/sans-contrat", {"0-44": (0, 44), "45-74": (45, 74), "75-90": (75, 90), "91-plus": (91, 300)}),
    ],
)
def test_les_segments_vont_d_une_borne_a_l_autre(
    session: Session,
    directeur: Navigateur,
    cfa: Organisme,
    adresse: str,
    bornes: dict[str, tuple[int, int]],
) -> None:
    fabrique = une_rupture if adresse == "/ruptures" else un_sans_contrat
    for extremes in bornes.values():
        for depuis in extremes:
            fabrique(session, cfa, prenom=f"J{depuis}", depuis=depuis)
    for segment, (premier, dernier) in bornes.items():
        page = directeur.get(f"{adresse}?segment={segment}")
        assert sorted(noms(page)) == sorted({f"J{premier}", f"J{dernier}"})


def test_chaque_onglet_porte_son_compte(session: Session, directeur: Navigateur, cfa: Organisme) -> None:
    for depuis in (1, 2, 50, 200):
        une_rupture(session, cfa, depuis=depuis)
    page = directeur.get("/ruptures?segment=45-89")
    liens_ = [a for a in arbre(page).iter("a") if (a.get("href") or "").startswith("/ruptures?segment=")]
    onglets = [texte(a) for a in liens_]
    assert onglets == ["0 à 44 jours 2", "45 à 89 jours 1", "90 à 179 jours 0", "180 jours et plus 1"]
    assert "4 jeunes en rupture, 4 sans premier contact, 4 sans référent." in texte(arbre(page))
    assert "1 jeune en rupture" in texte(arbre(page))


@pytest.mark.parametrize("parametre", ["segment=12-13", "segment=75-90", "site=999999", "site=abc"])
def test_un_segment_ou_un_site_inconnu_n_existe_pas(directeur: Navigateur, parametre: str) -> None:
    assert directeur.get(f"/ruptures?{parametre}").status_code == 404


# Sites and pages ---------------------------------------------------------------------------------------------------


def test_le_filtre_par_site(
    session: Session, directeur: Navigateur, cfa: Organisme, annexe: Organisme, voisin: Organisme
) -> None:
    une_rupture(session, cfa, prenom="Rennes")
    une_rupture(session, annexe, prenom="Malo")
    assert sorted(noms(directeur.get("/ruptures"))) == ["Malo", "Rennes"]
    assert noms(directeur.get(f"/ruptures?site={annexe.id}")) == ["Malo"]
    assert directeur.get(f"/ruptures?site={voisin.id}").status_code == 404


def lien(page: object, rel: str) -> str | None:
    for a in arbre(page).iter("a"):  # type: ignore[arg-type]
        if a.get("rel") == rel:
            return str(a.get("href"))
    return None


def test_de_page_en_page_chacun_est_vu_une_fois_dans_les_deux_sens(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    attendus = [f"J{depuis}" for depuis in range(59, -1, -1)]
    for depuis in range(60):
        une_rupture(session, cfa, prenom=f"J{depuis}", depuis=depuis)
    pages = [directeur.get("/ruptures")]
    while suivante := lien(pages[-1], "next"):
        pages.append(directeur.get(suivante, htmx=True))
    assert [n for page in pages for n in noms(page)] == attendus
    assert "Lignes 26 à 50 sur 60" in texte(arbre(pages[1]))
    precedente = lien(pages[2], "prev")
    assert precedente is not None
    assert noms(directeur.get(precedente)) == attendus[25:50]
    assert lien(pages[0], "prev") is None


@pytest.mark.parametrize("repere", ["apres=999999", "avant=999999", "apres=-4", f"apres={10**30}"])
def test_une_ligne_partie_ramene_au_debut_et_le_dit(
    session: Session, directeur: Navigateur, cfa: Organisme, repere: str
) -> None:
    une_rupture(session, cfa, prenom="Lou")
    page = directeur.get(f"/ruptures?{repere}")
    assert noms(page) == ["Lou"]
    assert "La liste a changé depuis la page précédente." in texte(arbre(page))


def test_une_liste_vide_le_dit(directeur: Navigateur) -> None:
    assert "Aucun jeune n’est en rupture de contrat aujourd’hui." in texte(arbre(directeur.get("/ruptures")))
    assert "Aucun jeune n’est sans contrat aujourd’hui." in texte(arbre(directeur.get("/sans-contrat")))
