"""The list of effectifs: whom it shows, to whom, and what narrows it."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import Connection, select
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from tdba import horloge
from tdba.comptes.models import Habilitation
from tdba.journal import Evenement
from tests import factories as f
from tests.effectifs.aides import lectures, lien, noms, phrases
from tests.effectifs.conftest import Decor
from tests.pages import Navigateur, arbre, liens, tableau, texte


def test_la_liste_couvre_toute_la_portee_et_rien_d_autre(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    f.un_apprenti(session, decor.cfa, nom="ABADIE")
    f.un_apprenti(session, decor.annexe, nom="BAZIN")
    f.un_apprenti(session, decor.voisin, nom="VOISIN")
    reponse = directrice.get("/effectifs")
    assert noms(reponse) == ["ABADIE Alix", "BAZIN Alix"]
    assert [ligne["Établissement"] for ligne in tableau(reponse)] == ["CFA de Rennes", "CFA annexe"]


def test_un_seul_etablissement_n_est_ni_une_colonne_ni_un_filtre(
    session: Session, decor: Decor, voisine: Navigateur
) -> None:
    f.un_apprenti(session, decor.voisin)
    reponse = voisine.get("/effectifs")
    assert "Établissement" not in tableau(reponse)[0]
    assert "Établissement" not in phrases(reponse)


def test_une_liste_vide_est_une_phrase(directrice: Navigateur) -> None:
    assert "Aucun apprenant n’est à afficher" in phrases(directrice.get("/effectifs"))
    assert "ne correspond à ces filtres" in phrases(directrice.get("/effectifs?statut=APPRENTI"))


@pytest.mark.parametrize(
    ("statut", "attendu"),
    [
        ("APPRENTI", ["APPRENTI"]),
        ("INSCRIT", ["INSCRIT"]),
        ("RUPTURE", ["RUPTURE"]),
        ("FIN_DE_CONTRAT", ["TERME"]),
        ("RUPTURANT", ["RUPTURE", "TERME"]),
        ("SORTI", ["SORTI"]),
        ("DELAI_DEPASSE", ["DELAI"]),
        ("ABANDON", ["DELAI", "SORTI"]),
        ("FIN_DE_FORMATION", ["FINI"]),
        ("A_VENIR", ["AVENIR"]),
        ("SANS_STATUT", ["SANS DATES"]),
        ("INSCRIT&statut=APPRENTI", ["APPRENTI", "INSCRIT"]),
    ],
)
def test_chaque_statut_se_filtre(
    session: Session, decor: Decor, directrice: Navigateur, statut: str, attendu: list[str]
) -> None:
    f.un_apprenti(session, decor.cfa, nom="APPRENTI")
    f.un_sans_contrat(session, decor.cfa, nom="INSCRIT", depuis=30)
    f.un_sans_contrat(session, decor.cfa, nom="DELAI", depuis=200)
    f.une_rupture(session, decor.cfa, nom="RUPTURE")
    f.un_sorti(session, decor.cfa, nom="SORTI")
    f.un_diplome(session, decor.cfa, nom="FINI")
    f.un_effectif(session, decor.cfa, nom="AVENIR", entree=date(2027, 1, 4))
    f.un_effectif(session, decor.cfa, nom="SANS DATES", entree=None, fin=None)
    f.un_effectif(session, decor.cfa, nom="TERME", contrats=[(date(2026, 9, 1), date(2026, 10, 31), None)])
    reponse = directrice.get(f"/effectifs?statut={statut}")
    assert [nom.removesuffix(" Alix") for nom in noms(reponse)] == attendu


def test_le_statut_du_tableau_est_un_mot_avec_sa_date(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    f.une_rupture(session, decor.cfa, nom="A", depuis=30)
    f.un_effectif(session, decor.cfa, nom="B", contrats=[(date(2026, 9, 1), date(2026, 10, 31), None)])
    f.un_effectif(session, decor.cfa, nom="C", entree=date(2027, 1, 4))
    statuts = [ligne["Statut"] for ligne in tableau(directrice.get("/effectifs"))]
    assert statuts == [
        "en rupture depuis le 19/10/2026",
        "contrat arrivé à terme depuis le 01/11/2026",
        "entrée à venir",
    ]


def test_les_filtres_se_combinent_et_chacun_se_retire(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    f.un_apprenti(session, decor.cfa, nom="BON", rncp="RNCP1", formation="Bac", niveau=4)
    f.un_apprenti(session, decor.annexe, nom="AILLEURS", rncp="RNCP1", formation="Bac", niveau=4)
    f.un_apprenti(session, decor.cfa, nom="AUTRE", rncp="RNCP2", formation="CAP", niveau=3)
    reponse = directrice.get(f"/effectifs?formation=RNCP1&niveau=4&site={decor.cfa.id}&statut=APPRENTI")
    assert noms(reponse) == ["BON Alix"]
    sans_site = lien(reponse, "Retirer le filtre CFA de Rennes")
    assert noms(directrice.get(sans_site)) == ["AILLEURS Alix", "BON Alix"]


def test_une_formation_sans_code_se_filtre_par_son_intitule(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    f.un_apprenti(session, decor.cfa, nom="SANS CODE", rncp=None, formation="Titre « maison »")
    f.un_apprenti(session, decor.cfa, nom="AUTRE")
    assert noms(directrice.get("/effectifs?formation=Titre « maison »")) == ["SANS CODE Alix"]


def test_les_annees_en_cours_sont_montrees_par_defaut_et_les_autres_a_la_demande(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    for annee in ("2024-2025", "2025-2026", "2026-2026", "2026-2027"):
        f.un_apprenti(session, decor.cfa, nom=f"N{annee[:4]}{annee[-1]}", annee_scolaire=annee)
    assert len(noms(directrice.get("/effectifs"))) == 3
    assert len(noms(directrice.get("/effectifs?annee=toutes"))) == 4
    assert noms(directrice.get("/effectifs?annee=2024-2025")) == ["N20245 Alix"]


def test_un_filtre_inconnu_ou_hors_de_portee_est_laisse_de_cote_et_dit(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    f.un_apprenti(session, decor.cfa)
    reponse = directrice.get(f"/effectifs?site={decor.voisin.id}")
    assert len(noms(reponse)) == 1
    assert "laissé de côté" in phrases(reponse)


def test_le_fragment_d_htmx_est_la_liste_seule(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    f.un_apprenti(session, decor.cfa)
    reponse = directrice.get("/effectifs?statut=APPRENTI", htmx=True)
    assert reponse.get_data(as_text=True).lstrip().startswith('<div id="liste">')


def test_les_noms_lus_sont_journalises(session: Session, decor: Decor, directrice: Navigateur) -> None:
    montre = f.un_apprenti(session, decor.cfa)
    f.un_apprenti(session, decor.voisin)
    directrice.get("/effectifs")
    lecture = session.execute(
        select(Evenement.details).where(Evenement.evenement == "effectif.consulte")
    ).scalar_one()
    assert lecture == {"ecran": "effectifs.liste", "ids": [montre.id]}


def test_la_corbeille_n_est_pas_listee(session: Session, decor: Decor, directrice: Navigateur) -> None:
    jete = f.un_apprenti(session, decor.cfa)
    jete.corbeille_le = horloge.maintenant()
    session.commit()
    assert noms(directrice.get("/effectifs")) == []


def test_un_agent_de_l_etat_voit_ses_trois_listes_avec_les_coordonnees_et_sans_fiche(
    session: Session, decor: Decor, agent: Callable[[str], Navigateur]
) -> None:
    f.un_apprenti(session, decor.cfa, nom="APPRENTI")
    f.un_diplome(session, decor.cfa, nom="FINI")
    f.une_rupture(session, decor.cfa, nom="RUPTURE", telephone="0612345678", courriel="r@exemple.invalid")
    f.un_sans_contrat(session, decor.voisin, nom="INSCRIT")
    f.un_sorti(session, decor.cfa, nom="SORTI")
    dreets = agent("DREETS")
    reponse = dreets.get("/effectifs")
    assert noms(reponse) == ["INSCRIT Alix", "RUPTURE Alix", "SORTI Alix"]
    rupture = tableau(reponse)[1]
    assert rupture["Téléphone"] == "06 12 34 56 78"
    assert rupture["Courriel"] == "r@exemple.invalid"
    assert not [a for a in liens(reponse) if a.removeprefix("/effectifs/").partition("?")[0].isdigit()]
    assert noms(dreets.get("/effectifs?statut=APPRENTI")) == noms(reponse)


def test_un_agent_sans_droit_aux_coordonnees_ne_les_voit_pas(
    session: Session, decor: Decor, agent: Callable[[str], Navigateur]
) -> None:
    f.une_rupture(session, decor.cfa, telephone="0612345678")
    reponse = agent("DRAAF").get("/effectifs")
    assert "Téléphone" not in tableau(reponse)[0]
    assert "0612345678" not in reponse.get_data(as_text=True)


def test_un_agent_de_l_etat_distingue_le_contrat_rompu_du_contrat_arrive_a_terme(
    session: Session, decor: Decor, agent: Callable[[str], Navigateur]
) -> None:
    f.un_effectif(session, decor.cfa, contrats=[(date(2026, 9, 1), date(2026, 10, 31), None)])
    f.un_sans_contrat(session, decor.cfa, depuis=200)
    f.une_rupture(session, decor.cfa, nom="RUPTURE")
    dreets = agent("DREETS")
    assert sorted(ligne["Statut"] for ligne in tableau(dreets.get("/effectifs"))) == [
        "contrat arrivé à terme depuis le 01/11/2026",
        "délai dépassé depuis le 31/07/2026",
        "en rupture depuis le 19/10/2026",
    ]
    assert noms(dreets.get("/effectifs?statut=RUPTURE")) == ["RUPTURE Alix"]


def test_du_parcours_un_agent_de_l_etat_ne_lit_que_l_etape_du_jour(
    session: Session, decor: Decor, connexion: Connection
) -> None:
    """The second lock alone: neither another step, nor another status, nor the reason of the step."""
    f.une_rupture(session, decor.cfa)
    f.un_apprenti(session, decor.cfa)
    session.commit()
    reglages = {"o": str(decor.cfa.id), "j": horloge.aujourd_hui().isoformat()}
    connexion.exec_driver_sql(
        "SELECT set_config('role', 'tdba_territoire', true), set_config('tdba.organismes', %(o)s, true),"
        " set_config('tdba.jour', %(j)s, true)",
        reglages,
    )
    assert connexion.exec_driver_sql("SELECT statut FROM periode").scalars().all() == [3]
    with pytest.raises(ProgrammingError):
        connexion.exec_driver_sql("SELECT reperes FROM periode")


def test_l_assistance_n_utilise_pas_cette_liste(assistante: Navigateur) -> None:
    assert assistante.get("/effectifs").status_code == 403
    assert assistante.post("/effectifs/recherche", {"q": "martin"}).status_code == 403


def test_un_conseil_regional_n_a_pas_de_liste(agent: Callable[[str], Navigateur]) -> None:
    assert agent("CONSEIL_REGIONAL").get("/effectifs").status_code == 403


def test_le_nombre_de_lectures_ne_depend_pas_du_nombre_de_lignes(
    app: Flask, session: Session, decor: Decor, directrice: Navigateur
) -> None:
    premier = f.un_apprenti(session, decor.cfa)
    une = lectures(directrice, "/effectifs")
    for n in range(10):
        f.une_rupture(session, decor.cfa, nom=f"N{chr(65 + n)}", depuis=n + 1)
    dix = lectures(directrice, "/effectifs?tri=statut&statut=RUPTURE&statut=APPRENTI")
    assert une == dix
    suite = lectures(directrice, f"/effectifs?tri=site&age=16-17&apres={premier.id}")
    assert max(une, suite) <= 8


def test_l_age_est_celui_du_jour(session: Session, decor: Decor, directrice: Navigateur) -> None:
    veille = horloge.aujourd_hui().replace(year=2008) + timedelta(days=1)
    f.un_apprenti(session, decor.cfa, naissance=veille)
    assert tableau(directrice.get("/effectifs"))[0]["Âge"] == "17"


def test_le_menu_dit_effectifs_au_cfa_et_listes_nominatives_a_l_etat(
    directrice: Navigateur, agent: Callable[[str], Navigateur], habilitation_directrice: Habilitation
) -> None:
    for navigateur, libelle in ((directrice, "Effectifs"), (agent("DREETS"), "Listes nominatives")):
        page = arbre(navigateur.get("/effectifs"))
        menus = [texte(a) for a in page.iter("a") if a.get("href") == "/effectifs" and a.get("aria-current")]
        assert set(menus) == {libelle}


def test_l_adresse_d_un_formulaire_ne_garde_que_ce_qui_a_ete_choisi(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    envoyee = "/effectifs?statut=APPRENTI&formation=&annee=&niveau="
    assert directrice.get(envoyee).headers["Location"] == "/effectifs?statut=APPRENTI"
    assert directrice.get(envoyee, htmx=True).headers["HX-Push-Url"] == "/effectifs?statut=APPRENTI"
