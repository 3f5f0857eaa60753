"""One account of what was received, for the CFA, its network, the State and support (issue 4, part 3; decisions 4, 20, 26)."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy.orm import Session

from tdba.horloge import PARIS
from tdba.transmissions import periode, queries_compte, routes
from tdba.transmissions.models import CleApi, GuideErp
from tdba.transmissions.periode import Compte, Periode
from tests.conftest import MIDI
from tests.pages import Navigateur, arbre, liens, tableau, texte, titre
from tests.transmissions.aides_cles import Cfa, un_cfa
from tests.transmissions.aides_compte import JOUR, SANS_NOM, UAI_INCONNUE, un_envoi, une_refusee

HIER = JOUR - timedelta(days=1)


# --- Days -------------------------------------------------------------------------------------------------------


def un_compte(jour: date, lignes: int) -> Compte:
    return Compte(jour, 1, lignes, 0, 0, 0, 0, 0)


def test_une_periode_va_de_minuit_a_minuit_a_paris() -> None:
    derniere = periode.derniers(JOUR, 7)
    assert derniere == Periode(date(2026, 11, 12), JOUR)
    assert (derniere.debut.hour, derniere.debut.tzinfo, derniere.fin.day) == (0, PARIS, 19)


@pytest.mark.parametrize("nombre", [0, -1, 8, 10**9])
def test_un_autre_nombre_de_jours_se_lit_trente(nombre: int) -> None:
    assert periode.derniers(JOUR, nombre).jours == 30


def test_la_tendance_a_un_jour_ou_une_semaine_meme_vide() -> None:
    semaine = periode.tendance([un_compte(JOUR, 4)], periode.derniers(JOUR, 7))
    assert [b.valeur for b in semaine] == [0, 0, 0, 0, 0, 0, 4]
    mois = periode.tendance(
        [un_compte(JOUR, 4), un_compte(date(2026, 11, 16), 3)], periode.derniers(JOUR, 30)
    )
    assert [(b.debut.isoformat(), b.valeur) for b in mois][-2:] == [("2026-11-09", 0), ("2026-11-16", 7)]
    assert len(periode.tendance([], periode.derniers(JOUR, 90))) in (13, 14)


# --- The page of a CFA ------------------------------------------------------------------------------------------


@pytest.fixture
def cfa(session: Session) -> Cfa:
    return un_cfa(session)


@pytest.fixture
def directrice(navigateur: Navigateur, cfa: Cfa) -> Navigateur:
    return navigateur.comme(cfa.directrice)


def chapeau(page: object) -> str:
    return next(texte(p) for p in arbre(page).iter("p") if p.get("class") == "chapeau")  # type: ignore[arg-type]


def test_la_premiere_phrase_dit_tout(session: Session, cfa: Cfa, directrice: Navigateur) -> None:
    envoi = un_envoi(session, cfa.site, lignes=12_000, refusees=38, creees=10, inchangees=11_952)
    for rang in range(1, 36):
        une_refusee(session, envoi, rang, UAI_INCONNUE)
    for rang in (40, 41, 42):
        une_refusee(session, envoi, rang, SANS_NOM, organisme=cfa.site)
    un_envoi(session, cfa.second, HIER, lignes=400, modifiees=400)
    assert chapeau(directrice.get("/transmissions")) == (
        "Ces 30 derniers jours : 12 400 fiches reçues en 2 envois ; 38 refusées, dont 35 pour la même cause."
    )


def test_rien_recu_se_dit_aussi(cfa: Cfa, directrice: Navigateur) -> None:
    assert chapeau(directrice.get("/transmissions?jours=7")) == "Ces 7 derniers jours, rien n’a été reçu."


def test_par_jour_et_par_envoi(session: Session, cfa: Cfa, directrice: Navigateur) -> None:
    un_envoi(session, cfa.site, lignes=10, creees=2, modifiees=3, inchangees=1, refusees=1)
    un_envoi(session, cfa.site, HIER, heure=time(0, 30), lignes=4, creees=4)
    page = directrice.get("/transmissions")
    assert tableau(page, "jours") == [
        {"Jour": "18/11/2026", "Envois": "1", "Envoyées": "10", "Acceptées": "5", "Inchangées": "1", "Refusées": "1",
         "Retenues": "0", "En attente": "3"},
        {"Jour": "17/11/2026", "Envois": "1", "Envoyées": "4", "Acceptées": "4", "Inchangées": "0", "Refusées": "0",
         "Retenues": "0", "En attente": "0"},
    ]  # fmt: skip
    assert [(e["Fiches"], e["Nouvelles"], e["État"]) for e in tableau(page, "receptions")] == [
        ("10", "2", "en cours de traitement"),
        ("4", "4", "traité"),
    ]
    (tendance,) = arbre(page).iter("figure")
    assert [[texte(c) for c in tr] for tr in tendance.iter("tr")][-1] == ["16/11", "14"]


def test_le_jour_est_celui_de_paris(session: Session, cfa: Cfa, directrice: Navigateur) -> None:
    """Half past midnight in Paris is still the eve in UTC."""
    un_envoi(session, cfa.site, heure=time(0, 30), lignes=4, creees=4)
    assert [j["Jour"] for j in tableau(directrice.get("/transmissions"), "jours")] == ["18/11/2026"]


def test_la_periode_et_l_etablissement_se_choisissent(
    session: Session, cfa: Cfa, directrice: Navigateur
) -> None:
    un_envoi(session, cfa.site, lignes=1, creees=1)
    un_envoi(session, cfa.second, JOUR - timedelta(days=20), lignes=2, creees=2)
    un_envoi(session, cfa.second, JOUR - timedelta(days=60), lignes=4, creees=4)
    adresses = ("", "?jours=7", "?jours=90", f"?jours=90&organisme={cfa.second.id}")
    assert [
        sum(int(j["Envoyées"]) for j in tableau(directrice.get(f"/transmissions{a}"), "jours"))
        for a in adresses
    ] == [3, 1, 7, 6]
    assert (
        titre(directrice.get(f"/transmissions?organisme={cfa.second.id}")) == "Transmissions de CFA de Brest"
    )


def test_un_etablissement_qui_n_est_pas_le_sien_n_existe_pas(cfa: Cfa, directrice: Navigateur) -> None:
    assert directrice.get(f"/transmissions?organisme={cfa.voisin.id}").status_code == 404
    assert directrice.get("/transmissions?organisme=2147483647").status_code == 404


@pytest.mark.parametrize(("etat", "montre"), [("APERCU", []), ("ABANDONNEE", []), ("ANNULEE", ["annulé"])])
def test_un_fichier_sans_effet_n_est_pas_compte(
    session: Session, cfa: Cfa, directrice: Navigateur, etat: str, montre: list[str]
) -> None:
    envoi = un_envoi(session, cfa.site, lignes=5, refusees=5, source="FICHIER", etat=etat)
    une_refusee(session, envoi, 1, SANS_NOM, organisme=cfa.site)
    page = directrice.get("/transmissions")
    assert tableau(page, "jours") == tableau(page, "causes") == []
    assert [e["État"] for e in tableau(page, "receptions")] == montre
    assert directrice.get(f"/transmissions/{envoi.uuid}").status_code == (200 if montre else 404)


def test_d_ou_vient_un_envoi(session: Session, cfa: Cfa, directrice: Navigateur) -> None:
    cle = CleApi(
        organisme_id=cfa.voisin.id, empreinte=b"x", prefixe="p", libelle="l", cree_le=MIDI, erp="Ymag"
    )
    session.add(cle)
    session.flush()
    un_envoi(session, cfa.site, lignes=1, creees=1, cle_api_id=cle.id, transmetteur=cfa.voisin)
    un_envoi(session, cfa.site, lignes=1, creees=1, source="FICHIER", personne_id=cfa.directrice.personne_id)
    assert [e["Par"] for e in tableau(directrice.get("/transmissions"), "receptions")] == [
        "fichier de Camille Le Goff",
        "API (Ymag) transmis par CFA des Dunes",
    ]


@pytest.mark.parametrize("qui", ["directrice", "support"])
@pytest.mark.parametrize("taille", [1, 3])
def test_les_pages_d_envois_se_suivent_sans_trou_ni_double(
    session: Session, cfa: Cfa, navigateur: Navigateur, monkeypatch: pytest.MonkeyPatch, taille: int, qui: str
) -> None:
    """A transmission to two organismes is cut by the end of a page."""
    monkeypatch.setattr(routes, "ENVOIS", taille)
    premier = un_envoi(session, cfa.site, lignes=1, creees=1)
    for organisme in (cfa.site, cfa.second):
        un_envoi(session, organisme, lignes=2, creees=2)
    session.add(
        queries_compte.Reception(
            transmission_id=premier.id,
            organisme_id=cfa.second.id,
            recue_le=premier.recue_le,
            nb_lignes=7,
            nb_refusees=0,
        )
    )
    lecteur = navigateur.comme(getattr(cfa, qui))
    vus, adresse = [], "/transmissions"
    for _ in range(5):
        page = lecteur.get(adresse)
        vus += [(e["Organisme"], e["Fiches"]) for e in tableau(page, "receptions")]
        suivante = [lien for lien in liens(page) if "apres=" in lien]
        if not suivante:
            break
        adresse = suivante[0]
    assert vus == [
        ("CFA de Brest", "2"),
        ("CFA de Rennes", "2"),
        ("CFA de Rennes", "1"),
        ("CFA de Brest", "7"),
    ]


@pytest.mark.parametrize("apres", ["x", "1", "-", "1-", "9" * 40 + "-1", f"{2**63}-1", "1-99999999999"])
def test_une_suite_qui_n_en_est_pas_une_se_lit_premiere_page(
    session: Session, cfa: Cfa, directrice: Navigateur, apres: str
) -> None:
    un_envoi(session, cfa.site, lignes=1, creees=1)
    assert len(tableau(directrice.get(f"/transmissions?apres={apres}"), "receptions")) == 1


# --- Causes -----------------------------------------------------------------------------------------------------


def test_les_causes_disent_comment_corriger_et_menent_aux_lignes(
    session: Session, cfa: Cfa, directrice: Navigateur
) -> None:
    ancien = un_envoi(session, cfa.site, HIER, lignes=3, refusees=1, creees=2)
    une_refusee(session, ancien, 2, UAI_INCONNUE)
    envoi = un_envoi(session, cfa.site, lignes=3, refusees=3)
    une_refusee(session, envoi, 7, UAI_INCONNUE)
    une_refusee(session, envoi, 9, SANS_NOM, organisme=cfa.site)
    page = directrice.get("/transmissions")
    premiere, seconde = tableau(page, "causes")
    assert premiere["Cause"].startswith("L’établissement formateur n’est pas connu")
    assert (premiere["Fiches"], premiere["Qui agit"]) == ("2", "vous, dans votre logiciel")
    assert "Référentiel national des organismes" in premiere["Comment corriger"]
    assert premiere["Lignes"].startswith("ligne 7")
    assert seconde["Cause"] == "Information obligatoire absente nom"
    (lien,) = [x for x in liens(page) if "cause=FORMATEUR_INCONNU" in x]
    lignes = tableau(directrice.get(lien.partition("#")[0]), "refusees")
    assert [ligne["Ligne"] for ligne in lignes] == ["7"]


def test_le_guide_du_logiciel_est_propose(session: Session, cfa: Cfa, directrice: Navigateur) -> None:
    cle = CleApi(
        organisme_id=cfa.site.id, empreinte=b"x", prefixe="p", libelle="l", cree_le=MIDI, erp="Ymag (Ypareo)"
    )
    session.add_all([cle, GuideErp(code="ymag", nom="Ymag", texte="…", maj_le=MIDI)])
    session.flush()
    envoi = un_envoi(session, cfa.site, lignes=1, refusees=1, cle_api_id=cle.id)
    une_refusee(session, envoi, 1, SANS_NOM, organisme=cfa.site)
    for adresse in ("/transmissions", f"/transmissions/{envoi.uuid}"):
        assert "/transmissions/guides/ymag" in liens(directrice.get(adresse))


def test_les_causes_sont_celles_des_derniers_refus(
    session: Session, cfa: Cfa, directrice: Navigateur, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries_compte, "LIGNES_MAX", 2)
    envoi = un_envoi(session, cfa.site, lignes=3, refusees=3)
    for rang in (1, 2, 3):
        une_refusee(session, envoi, rang, SANS_NOM, organisme=cfa.site)
    assert [c["Fiches"] for c in tableau(directrice.get("/transmissions"), "causes")] == ["2"]
