"""The watch list: who is in it, why, in which order, by rule, by site, by pages."""

from datetime import date, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from tdba import scope
from tdba.effectifs.models import Contrat
from tdba.organismes.models import Entreprise, Organisme
from tdba.scope import Droit
from tdba.vigilance import queries
from tests.factories import EMPLOYEUR, un_effectif, un_sans_contrat, un_sorti, une_rupture
from tests.pages import Navigateur, arbre, liens, tableau, texte
from tests.vigilance.aides import FIN, JOUR, noms, un_contrat_recent, un_tranquille


def chapeau(page: object) -> str:
    return next(texte(p) for p in arbre(page).iter("p") if p.get("class") == "chapeau")  # type: ignore[arg-type]


def test_ceux_qu_une_regle_nomme_et_eux_seuls(
    session: Session, directeur: Navigateur, cfa: Organisme, voisin: Organisme
) -> None:
    un_contrat_recent(session, cfa, prenom="Recente")
    un_sans_contrat(session, cfa, prenom="Sans", depuis=60)
    un_tranquille(session, cfa, prenom="Tranquille")
    un_sans_contrat(session, cfa, prenom="Arrivee", depuis=10)
    une_rupture(session, cfa, prenom="Rompue")
    un_sorti(session, cfa, prenom="Sortie")
    un_contrat_recent(session, cfa, prenom="Jetee", corbeille_le="2026-11-17T00:00:00Z")
    un_contrat_recent(session, cfa, prenom="Ancienne", annee_scolaire="2025-2026")
    un_contrat_recent(session, voisin, prenom="Voisine")
    assert sorted(noms(directeur.get("/vigilance"))) == ["Recente", "Sans"]


def test_la_ligne_dit_pourquoi_en_une_phrase_et_mene_a_la_fiche(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    recente = un_contrat_recent(session, cfa, prenom="Lou", naissance=date(2009, 1, 2))
    page = directeur.get("/vigilance")
    (ligne,) = tableau(page, "vigilance")
    assert ligne["Apprenant"].startswith("Lou CANARI 17 ans, mineure CAP Boulanger, CFA Rennes")
    assert ligne["Pourquoi"] == (
        "9e jour du contrat commencé le 10 novembre 2026 : il peut être rompu sans motif jusqu’au "
        "24 décembre 2026 au moins."
    )
    assert ligne["Dernier regard"] == "Pas encore vu"
    assert f"/effectifs/{recente.id}" in liens(page)


def test_sans_contrat_mene_a_son_suivi(session: Session, directeur: Navigateur, cfa: Organisme) -> None:
    sans = un_sans_contrat(session, cfa, depuis=60)
    page = directeur.get("/vigilance")
    assert f"/sans-contrat/{sans.id}" in liens(page)
    assert tableau(page, "vigilance")[0]["Pourquoi"].startswith(
        "Sans contrat depuis 60 jours : trois mois le"
    )


def test_la_premiere_phrase_compte_les_jeunes_et_les_nouveaux_depuis_lundi(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    assert chapeau(directeur.get("/vigilance")) == "Personne n’est à surveiller aujourd’hui."
    un_contrat_recent(session, cfa, depuis=8)
    assert chapeau(directeur.get("/vigilance")) == "1 jeune à surveiller ; aucun nouveau depuis lundi."
    un_contrat_recent(session, cfa, depuis=2)  # Monday: the day is a Wednesday
    assert chapeau(directeur.get("/vigilance")) == "2 jeunes à surveiller ; 1 nouveau depuis lundi."


def test_la_date_la_plus_proche_d_abord_puis_le_plus_de_regles(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    rompus = [(date(2025, 9, 1), FIN, date(2025, 12, 1)), (date(2026, 1, 5), FIN, date(2026, 5, 1))]
    un_effectif(
        session,
        cfa,
        prenom="SansDate",
        entree=date(2025, 9, 1),
        contrats=[*rompus, (JOUR - timedelta(days=50), FIN, None)],
    )
    un_contrat_recent(session, cfa, prenom="Une", depuis=10)
    recent = (JOUR - timedelta(days=10), FIN, None)
    un_effectif(session, cfa, prenom="Deux", entree=date(2025, 9, 1), contrats=[*rompus, recent])
    un_contrat_recent(session, cfa, prenom="Bientot", depuis=40)
    assert noms(directeur.get("/vigilance")) == ["Bientot", "Deux", "Une", "SansDate"]


def test_un_onglet_par_regle_avec_son_compte(session: Session, directeur: Navigateur, cfa: Organisme) -> None:
    un_contrat_recent(session, cfa, prenom="Recente")
    un_sans_contrat(session, cfa, prenom="Sans", depuis=60)
    page = directeur.get("/vigilance?regle=sans-contrat")
    assert noms(page) == ["Sans"]
    onglets = [
        texte(a) for nav in arbre(page).iter("nav") if nav.get("class") == "onglets" for a in nav.iter("a")
    ]
    assert onglets == ["Tous 2", "45 premiers jours 1", "Sans contrat depuis 45 jours 1", "Vus 0"]
    assert directeur.get("/vigilance?regle=inconnue").status_code == 404


def test_le_site_se_choisit_et_celui_d_un_autre_n_existe_pas(
    session: Session, directeur: Navigateur, cfa: Organisme, annexe: Organisme, voisin: Organisme
) -> None:
    un_contrat_recent(session, cfa, prenom="Rennes")
    un_contrat_recent(session, annexe, prenom="Malo")
    assert noms(directeur.get(f"/vigilance?site={annexe.id}")) == ["Malo"]
    assert directeur.get(f"/vigilance?site={voisin.id}").status_code == 404


def test_les_pages_se_suivent_et_une_ligne_disparue_ramene_au_debut(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    for n in range(27):
        un_contrat_recent(session, cfa, prenom=f"P{n:02d}", depuis=44 - n)
    premiere = directeur.get("/vigilance")
    assert noms(premiere) == [f"P{n:02d}" for n in range(25)]
    suite = next(lien for lien in liens(premiere) if "apres=" in lien)
    seconde = directeur.get(suite)
    assert noms(seconde) == ["P25", "P26"]
    assert noms(directeur.get(next(lien for lien in liens(seconde) if "avant=" in lien)))[0] == "P00"
    perdue = directeur.get("/vigilance?apres=999999999")
    assert "La liste a changé" in texte(arbre(perdue))
    assert len(noms(perdue)) == 25


def test_l_employeur_se_nomme_avec_ses_chiffres(
    session: Session, directeur: Navigateur, cfa: Organisme, annexe: Organisme
) -> None:
    session.add(Entreprise(siret=EMPLOYEUR, nom="Le Fournil"))
    for mois in (1, 2, 3):
        une_rupture(session, cfa, prenom=f"Rompue{mois}", depuis=30 * mois)
        une_rupture(session, annexe, prenom=f"Ailleurs{mois}", depuis=30 * mois)
    un_tranquille(session, cfa, prenom="Chez")
    (ligne,) = tableau(directeur.get("/vigilance?regle=employeur"), "vigilance")
    assert ligne["Pourquoi"] == (
        "Le Fournil : 3 contrats rompus sur 4 dans cet établissement depuis le 18 novembre 2024."
    )


def test_un_contrat_sans_employeur_connu_n_est_rapproche_d_aucun(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    for mois in (1, 2, 3):
        une_rupture(session, cfa, depuis=30 * mois)
    un_tranquille(session, cfa)
    requete = update(Contrat).values(employeur_siret=None)
    session.execute(scope.pour_ecriture(requete, Droit.CORRIGER))
    assert noms(directeur.get("/vigilance")) == []


def test_le_recapitulatif_compte_les_memes_que_la_page(
    session: Session, cfa: Organisme, annexe: Organisme
) -> None:
    un_contrat_recent(session, cfa)
    un_contrat_recent(session, annexe)
    un_tranquille(session, cfa)
    assert queries.compter(JOUR) == 2
