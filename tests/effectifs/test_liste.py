"""The list of effectifs: the whole reach, filters, search, order, pages."""

import itertools
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tdba import horloge
from tdba.comptes.models import Habilitation
from tdba.db import table_de
from tdba.effectifs import parcours, queries_liste
from tdba.effectifs.models import Effectif
from tdba.journal import Evenement
from tests import factories as f
from tests.effectifs.conftest import Decor
from tests.pages import Navigateur, arbre, champs, liens, tableau, texte


def noms(reponse: TestResponse) -> list[str]:
    return [ligne["Nom"].removesuffix(" corrigé") for ligne in tableau(reponse, "apprenants")]


def phrases(reponse: TestResponse) -> str:
    return texte(next(e for e in arbre(reponse).iter("main")))


def lien(reponse: TestResponse, libelle: str) -> str:
    return next(str(a.get("href")) for a in arbre(reponse).iter("a") if texte(a).startswith(libelle))


def chercher(navigateur: Navigateur, q: str, adresse: str = "/effectifs/recherche") -> TestResponse:
    envoi = navigateur.post(adresse, {"q": q})
    assert envoi.status_code == 303
    return navigateur.get(envoi.headers["Location"])


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


@pytest.mark.parametrize(
    "q",
    [
        "le goff",
        "GOFF zoé",
        "zoe LE-GOFF",
        "gof",
        "04/05/2007",
        "goff 4/5/2007",
        "56AB",
        "123456AB",
        "erp-42",
        "n° 42 bis",
    ],
)
def test_la_recherche_trouve_sans_accent_dans_tous_les_ordres(
    session: Session, decor: Decor, directrice: Navigateur, q: str
) -> None:
    cible = f.un_apprenti(
        session,
        decor.cfa,
        nom="LE GOFF",
        prenom="Zoé",
        ine="0123456AB",
        id_erp="n° 42 bis" if "bis" in q else "erp-42",
    )
    f.un_apprenti(session, decor.cfa, nom="MARTIN", prenom="Zoé", naissance=date(2008, 1, 1), ine="99")
    envoi = directrice.post("/effectifs/recherche", {"q": q})
    assert envoi.headers["Location"] == f"/effectifs/{cible.id}"


def test_une_recherche_a_plusieurs_resultats_montre_la_liste_de_toutes_les_annees(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    f.un_apprenti(session, decor.cfa, nom="MARTIN", annee_scolaire="2020-2021")
    f.un_apprenti(session, decor.cfa, nom="MARTINEZ")
    f.un_apprenti(session, decor.cfa, nom="DURAND")
    reponse = chercher(directrice, "martin")
    assert noms(reponse) == ["MARTIN Alix", "MARTINEZ Alix"]
    assert champs(reponse, lien_de_recherche(reponse))["q"] == "martin"


def lien_de_recherche(reponse: TestResponse) -> str:
    return next(
        str(form.get("action"))
        for form in arbre(reponse).iter("form")
        if str(form.get("action")).startswith("/effectifs/recherche?")
    )


def test_aucun_nom_ne_passe_dans_une_adresse(session: Session, decor: Decor, directrice: Navigateur) -> None:
    f.un_apprenti(session, decor.cfa, nom="MARTIN")
    f.un_apprenti(session, decor.cfa, nom="MARTINEZ")
    envoi = directrice.post("/effectifs/recherche", {"q": "martin"})
    adresses = [envoi.headers["Location"], *liens(directrice.get(envoi.headers["Location"]))]
    assert not any("martin" in adresse.lower() for adresse in adresses)


def test_l_adresse_d_une_recherche_ne_la_revele_pas_a_quelqu_un_d_autre(
    session: Session, decor: Decor, directrice: Navigateur, voisine: Navigateur
) -> None:
    for nom in ("MARTIN", "MARTINEZ"):
        f.un_apprenti(session, decor.cfa, nom=nom)
    f.un_apprenti(session, decor.voisin, nom="VOISIN")
    envoi = directrice.post("/effectifs/recherche?niveau=3", {"q": "martin"})
    reponse = voisine.get(envoi.headers["Location"])
    assert noms(reponse) == ["VOISIN Alix"]
    assert "reste dans la session de la personne qui l’a faite" in phrases(reponse)
    assert "martin" not in reponse.get_data(as_text=True).lower()


def test_une_recherche_vide_revient_a_la_liste(directrice: Navigateur) -> None:
    assert directrice.post("/effectifs/recherche", {"q": " "}).headers["Location"] == "/effectifs"


def test_une_date_de_naissance_impossible_est_dite(directrice: Navigateur) -> None:
    reponse = chercher(directrice, "30/02/2007")
    assert "La date 30/02/2007 n’existe pas" in phrases(reponse)


def test_la_recherche_ne_trouve_pas_chez_les_autres(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    f.un_apprenti(session, decor.voisin, nom="VOISIN")
    assert noms(chercher(directrice, "voisin")) == []


@pytest.fixture
def foule(session: Session, decor: Decor) -> None:
    """120 records, whose sort values repeat and miss, copied from one: the factory would take seconds."""
    modele = f.un_effectif(session, decor.cfa)
    copies = [c.name for c in table_de(Effectif).columns if c.name != "id"]
    entrees = itertools.cycle([date(2026, 9, 1), date(2026, 9, 2), None, date(2026, 10, 1)])
    formations = itertools.cycle(["CAP", None, "Bac"])
    effectifs = [
        Effectif(
            **{nom: getattr(modele, nom) for nom in copies}
            | {
                "id_erp": f"foule-{n}",
                "recherche": f"NOM {n % 40:02}",
                "date_entree": next(entrees),
                "formation": next(formations),
                "rncp": None,
            }
        )
        for n in range(119)
    ]
    session.add_all(effectifs)
    session.flush()
    parcours.recalculer([e.id for e in effectifs])
    session.commit()


def parcourir(navigateur: Navigateur, adresse: str, sens: str = "Suivants") -> list[list[str]]:
    pages = []
    while True:
        reponse = navigateur.get(adresse)
        pages.append([a for a in liens(reponse) if a.removeprefix("/effectifs/").isdigit()])
        suite = [str(a.get("href")) for a in arbre(reponse).iter("a") if texte(a) == sens]
        if not suite:
            return pages
        adresse = suite[0]


@pytest.mark.parametrize("tri", ["nom", "statut", "entree", "formation"])
@pytest.mark.parametrize("sens", ["asc", "desc"])
@pytest.mark.usefixtures("foule")
def test_les_pages_couvrent_tout_sans_doublon_et_se_remontent(
    directrice: Navigateur, tri: str, sens: str
) -> None:
    pages = parcourir(directrice, f"/effectifs?tri={tri}&sens={sens}")
    assert [len(p) for p in pages] == [50, 50, 20]
    assert len(set(itertools.chain.from_iterable(pages))) == 120
    dernier = pages[-1][0].rsplit("/", 1)[1]
    remontee = parcourir(directrice, f"/effectifs?tri={tri}&sens={sens}&avant={dernier}", "Précédents")
    assert remontee == [pages[1], pages[0]]


@pytest.mark.usefixtures("foule")
def test_les_valeurs_absentes_sont_a_la_fin_dans_les_deux_sens(directrice: Navigateur) -> None:
    for sens in ("asc", "desc"):
        premiere = tableau(directrice.get(f"/effectifs?tri=entree&sens={sens}"))
        assert all(ligne["Entrée"] != "non renseignée" for ligne in premiere)


@pytest.mark.usefixtures("foule")
def test_la_position_est_dite_en_mots(directrice: Navigateur) -> None:
    premiere = directrice.get("/effectifs")
    assert "120 apprenants" in phrases(premiere)
    assert "Lignes 1 à 50 sur 120" in phrases(premiere)
    seconde = directrice.get(lien(premiere, "Suivants"))
    assert "Lignes 51 à 100 sur 120" in phrases(seconde)
    assert "Lignes 1 à 50 sur 120" in phrases(directrice.get(lien(seconde, "Précédents")))


@pytest.mark.usefixtures("foule")
def test_au_dela_du_compte_exact_on_dit_plus_de(
    directrice: Navigateur, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries_liste, "COMPTE_EXACT", 100)
    premiere = directrice.get("/effectifs")
    assert "Plus de 10 000 apprenants" in phrases(premiere)
    assert "sur plus de" in phrases(directrice.get(lien(premiere, "Suivants")))


def test_un_curseur_perdu_donne_la_premiere_page_et_le_dit(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    f.un_apprenti(session, decor.cfa, nom="ABADIE")
    ailleurs = f.un_apprenti(session, decor.voisin)
    for perdu in (ailleurs.id, 999_999):
        reponse = directrice.get(f"/effectifs?apres={perdu}")
        assert noms(reponse) == ["ABADIE Alix"]
        assert "Voici la première page" in phrases(reponse)


def test_un_nom_suivi_d_un_homonyme_ne_se_perd_pas_entre_deux_pages(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    for _ in range(53):
        f.un_apprenti(session, decor.cfa, nom="MARTIN")
    pages = parcourir(directrice, "/effectifs")
    assert [len(p) for p in pages] == [50, 3]


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
    assert rupture["Téléphone"].replace("\xa0", " ") == "06 12 34 56 78"
    assert rupture["Courriel"] == "r@exemple.invalid"
    assert not [a for a in liens(reponse) if a.removeprefix("/effectifs/").isdigit()]
    assert noms(dreets.get("/effectifs?statut=APPRENTI")) == noms(reponse)


def test_un_agent_sans_droit_aux_coordonnees_ne_les_voit_pas(
    session: Session, decor: Decor, agent: Callable[[str], Navigateur]
) -> None:
    f.une_rupture(session, decor.cfa, telephone="0612345678")
    reponse = agent("DRAAF").get("/effectifs")
    assert "Téléphone" not in tableau(reponse)[0]
    assert "0612345678" not in reponse.get_data(as_text=True)


def test_personne_n_est_dit_en_rupture_ni_sorti_a_qui_ne_lit_pas_le_motif(
    session: Session, decor: Decor, agent: Callable[[str], Navigateur]
) -> None:
    f.un_effectif(session, decor.cfa, contrats=[(date(2026, 9, 1), date(2026, 10, 31), None)])
    f.un_sans_contrat(session, decor.cfa, depuis=200)
    statuts = [ligne["Statut"] for ligne in tableau(agent("DREETS").get("/effectifs"))]
    assert sorted(statuts) == [
        "sans contrat depuis le 01/11/2026",
        "sorti ou délai dépassé depuis le 31/07/2026",
    ]


def test_l_assistance_n_utilise_pas_cette_liste(assistante: Navigateur) -> None:
    assert assistante.get("/effectifs").status_code == 403
    assert assistante.post("/effectifs/recherche", {"q": "martin"}).status_code == 403


def test_un_conseil_regional_n_a_pas_de_liste(agent: Callable[[str], Navigateur]) -> None:
    assert agent("CONSEIL_REGIONAL").get("/effectifs").status_code == 403


def test_le_nombre_de_lectures_ne_depend_pas_du_nombre_de_lignes(
    app: Flask, session: Session, decor: Decor, directrice: Navigateur
) -> None:
    f.un_apprenti(session, decor.cfa)
    une = lectures(directrice, "/effectifs")
    for n in range(10):
        f.une_rupture(session, decor.cfa, nom=f"N{chr(65 + n)}", depuis=n + 1)
    dix = lectures(directrice, "/effectifs?tri=statut&statut=RUPTURE&statut=APPRENTI")
    assert une == dix
    assert une <= 8


def lectures(navigateur: Navigateur, adresse: str) -> int:
    """How many SELECTs one page costs, those of the session and of the reach included."""
    requetes: list[str] = []

    def noter(_c: object, _k: object, sql: str, *_: object) -> None:
        if sql.lstrip().upper().startswith(("SELECT", "WITH")) and "set_config" not in sql:
            requetes.append(sql)

    event.listen(Engine, "before_cursor_execute", noter)
    try:
        assert navigateur.get(adresse).status_code == 200
    finally:
        event.remove(Engine, "before_cursor_execute", noter)
    return len(requetes)


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
