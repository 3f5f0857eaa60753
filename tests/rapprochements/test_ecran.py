"""A list that somebody gives, name by name; and who may see it, what is journaled, what is forgotten."""

import csv
import io
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba import horloge, scope
from tdba.organismes.models import Organisme
from tdba.rapprochements.models import Rapprochement, RapprochementLigne
from tdba.scope import Droit
from tdba.support.masque import masquer
from tdba.support.queries_organisme import comptes
from tests import factories as f
from tests.conftest import MIDI
from tests.depots.aides import xlsx
from tests.pages import Navigateur, champs, liens, tableau
from tests.points.aides import direction
from tests.rapprochements.aides import MULTIPART, comparer, phrase, raisons, rangees
from tests.transmissions.aides_api import evenements, travailler


@pytest.fixture
def dunes(session: Session) -> Organisme:
    f.les_territoires(session)
    return f.un_organisme(session, "Dunes")


@pytest.fixture
def oyat(session: Session, dunes: Organisme) -> Organisme:
    return f.un_organisme(session, "Oyat")


@pytest.fixture
def directrice(session: Session, navigateur: Navigateur, dunes: Organisme) -> Navigateur:
    return direction(session, navigateur, dunes)


def test_des_identifiants_colles(session: Session, dunes: Organisme, directrice: Navigateur) -> None:
    f.un_apprenti(session, dunes, id_erp="A")
    absente = f.un_apprenti(session, dunes, id_erp="B", nom="BERT")
    page = comparer(directrice, avec="COLLEE", liste="A\nC\nC")
    assert "Votre ERP annonce 3 apprentis, nous en comptons 2" in phrase(page)
    assert "Après ces 3 gestes : 2 = 2" in phrase(page)
    assert [r.split(" :")[0].split(".")[0] for r in raisons(page)] == [
        "Jamais reçue pour cet établissement, ni acceptée ni refusée",
        "Votre liste nomme cette personne deux fois",
        "Comptée ici, absente de votre liste",
    ]
    lues = [e for e in evenements(session, "effectif.consulte") if e["ecran"] == "rapprochement"]
    assert lues == [{"ecran": "rapprochement", "ids": [absente.id]}]


def test_un_fichier_avec_des_noms_et_des_statuts(
    session: Session, dunes: Organisme, directrice: Navigateur
) -> None:
    f.un_apprenti(session, dunes, nom="ABEL", prenom="Léa")
    f.un_apprenti(session, dunes, nom="BERT", prenom="Zoé")
    f.une_rupture(session, dunes, nom="CARL", prenom="Ali")
    contenu = xlsx(
        ["Nom", "Prénom", "Né(e) le", "Statut"],
        ["Abel", "Lea", "04/05/2007", "apprenti"],
        ["Bert", "Zoé", "04/05/2007", "abandon"],
        ["Carl", "Ali", "04/05/2007", "apprenti"],
    )
    page = comparer(directrice, avec="FICHIER", fichier=(io.BytesIO(contenu), "liste.xlsx"))
    assert "Votre ERP annonce 2 apprentis, nous en comptons autant, mais 2 personnes diffèrent" in phrase(
        page
    )
    autre, compte = raisons(page)
    assert "Ici, « en rupture » : Contrat rompu : le 19 octobre 2026" in autre
    assert "Votre ERP dit : « apprenti »" in autre
    assert "Votre ERP ne la compte pas" in compte
    assert "Votre ERP dit : « sorti »" in compte


def test_un_fichier_illisible_se_dit_et_ce_qui_est_saisi_reste(directrice: Navigateur) -> None:
    page = comparer(
        directrice, avec="FICHIER", fichier=(io.BytesIO(b"%PDF-1.4"), "liste.pdf"), jour="2026-11-17"
    )
    assert page.status_code == 422
    assert "pas un tableau" in phrase(page)
    assert champs(page, "/rapprochement")["jour"] == "2026-11-17"


def test_un_autre_site_une_autre_annee_un_double(
    session: Session, navigateur: Navigateur, dunes: Organisme, oyat: Organisme
) -> None:
    ailleurs = f.un_apprenti(session, oyat, id_erp="A", nom="ABEL")
    avant = f.un_apprenti(session, dunes, id_erp="B", nom="BERT", annee_scolaire="2025-2026")
    tenu = f.un_apprenti(session, dunes, id_erp="C", nom="CARL")
    double = f.un_apprenti(session, dunes, id_erp="vieux", nom="CARL")
    reseau = direction(session, navigateur, dunes, oyat)
    page = comparer(reseau, avec="COLLEE", liste="A\nB\nC", organisme=str(dunes.id))
    dits = phrase(page)
    assert "Transmise pour un autre établissement : Oyat, année 2026-2027." in dits
    assert "Transmise pour une autre année : 2025-2026." in dits
    assert "Deux fiches ici pour la même personne" in dits
    assert {f"/effectifs/{e.id}" for e in (ailleurs, avant, tenu, double)} <= set(liens(page))
    assert "Après ces 3 gestes : 2 = 2" in dits


def test_un_autre_cfa_de_sa_portee_seulement(
    session: Session, dunes: Organisme, oyat: Organisme, directrice: Navigateur
) -> None:
    f.un_apprenti(session, oyat, id_erp="A", nom="ABEL")
    assert dunes.id != oyat.id
    page = comparer(directrice, avec="COLLEE", liste="A")
    assert "Jamais reçue" in phrase(page)
    assert "Oyat" not in page.text


def test_le_rapprochement_d_un_autre_cfa_n_existe_pas(
    session: Session, navigateur: Navigateur, dunes: Organisme, oyat: Organisme, directrice: Navigateur
) -> None:
    assert dunes.id
    page = comparer(directrice, avec="COLLEE", liste="A")
    voisine = direction(session, navigateur, oyat)
    adresse = page.request.path
    assert voisine.get(adresse).status_code == 404
    assert voisine.get(f"{adresse}.csv").status_code == 404
    assert voisine.get(f"{adresse}/imprimer").status_code == 404
    assert voisine.post(f"{adresse}/refaire").status_code == 404
    assert voisine.post(f"{adresse}/lignes/1").status_code == 404
    assert tableau(voisine.get("/rapprochement"), "passes") == []
    assert directrice.post(f"{adresse}/lignes/2").status_code == 404


def test_on_ne_compare_pas_l_etablissement_d_un_autre(
    oyat: Organisme, session: Session, navigateur: Navigateur
) -> None:
    deux = [f.un_organisme(session, nom) for nom in ("Un", "Deux")]
    page = comparer(direction(session, navigateur, *deux), avec="COLLEE", liste="A", organisme=str(oyat.id))
    assert page.status_code == 422
    assert "Choisissez l’établissement" in phrase(page)


def test_refaire_garde_la_liste_donnee(session: Session, dunes: Organisme, directrice: Navigateur) -> None:
    page = comparer(directrice, avec="COLLEE", liste="A\nB")
    f.un_apprenti(session, dunes, id_erp="B")
    encore = directrice.get(str(directrice.post(f"{page.request.path}/refaire").location))
    assert "Votre ERP annonce 2 apprentis, nous en comptons 1" in phrase(encore)
    assert [r["Personne"][-1:] for r in rangees(encore)] == ["i"]


def test_le_fichier_n_a_pas_de_formule_et_se_journalise(
    session: Session, dunes: Organisme, directrice: Navigateur
) -> None:
    absente = f.un_apprenti(session, dunes, id_erp="=1+1", nom="-BERT")
    page = comparer(directrice, avec="COLLEE", liste="A")
    reponse = directrice.get(f"{page.request.path}.csv")
    assert "attachment" in reponse.headers["Content-Disposition"]
    lignes = list(csv.reader(io.StringIO(reponse.data.decode("utf-8-sig")), delimiter=";"))
    assert lignes[2][:2] == ["'-BERT Alix", "'=1+1"]
    assert {"ecran": "rapprochement.export", "ids": [absente.id]} in evenements(session, "effectif.consulte")


def test_le_support_voit_la_meme_page_sans_les_noms(
    session: Session, navigateur: Navigateur, dunes: Organisme, directrice: Navigateur
) -> None:
    f.un_apprenti(session, dunes, nom="CANARI", prenom="Alix")
    page = comparer(directrice, avec="COLLEE", liste="Nom;Prénom\nMOINEAU;Zoé")
    organisation = f.une_organisation(session, "SUPPORT", "Assistance", regle="NATION")
    second = f.une_personne(session, "Second")
    sam = f.une_habilitation(session, f.une_personne(session, "Sam"), organisation, validee_par=second)
    support = navigateur.comme(sam)
    assert page.request.path in liens(support.get(f"/support/organismes/{dunes.id}"))
    vue = support.get(page.request.path)
    assert vue.status_code == 200
    for nom in ("CANARI", "MOINEAU", "Alix", "Zoé"):
        assert nom not in vue.text
        assert nom not in support.get(f"{page.request.path}.csv").text
        assert nom not in support.get(f"{page.request.path}/imprimer").text
    assert len(rangees(vue)) == 2
    assert support.post(f"{page.request.path}/lignes/1").status_code == 403
    assert support.post(f"{page.request.path}/refaire").status_code == 403
    assert masquer("CANARI", "Alix") in vue.text


def test_au_bout_de_trente_jours_tout_est_oublie(
    session: Session, dunes: Organisme, directrice: Navigateur
) -> None:
    from tdba.jobs import enqueue_after_commit

    assert dunes.id
    page = comparer(directrice, avec="COLLEE", liste="A\nB")
    for jours, restent in ((30, 2), (31, 0)):
        with horloge.regler(MIDI + timedelta(days=jours)):
            enqueue_after_commit("rapprochements.oublier")
            travailler(session)
        with scope.systeme("test"):
            requete = scope.autorisee(select(RapprochementLigne.rang), Droit.CORRIGER)
            assert len(session.execute(requete).scalars().all()) == restent
    assert directrice.get(page.request.path).status_code == 404
    assert evenements(session, "rapprochement.entretien") == [{"oublies": 1}]


def test_les_annees_comptees_sont_celles_des_chiffres(
    session: Session, dunes: Organisme, directrice: Navigateur
) -> None:
    f.un_apprenti(session, dunes, id_erp="A", annee_scolaire="2026-2026")
    f.un_apprenti(session, dunes, id_erp="B")
    page = comparer(directrice, avec="COLLEE", liste="A\nB")
    assert "2 = 2 : rien à faire." in phrase(page)
    assert "dans les années 2026 et 2026-2027" in phrase(page)


def test_nous_comptons_comme_la_page_des_chiffres(
    session: Session, dunes: Organisme, directrice: Navigateur
) -> None:
    for fabrique in (f.un_apprenti, f.un_diplome, f.une_rupture, f.un_sorti, f.un_sans_contrat):
        fabrique(session, dunes)
    chiffres = comptes(dunes.id, MIDI.date())
    page = comparer(directrice, avec="COLLEE", liste="A")
    assert f"nous en comptons {chiffres['APPRENTI'] + chiffres['FIN_DE_FORMATION']}" in phrase(page)
    page = comparer(directrice, avec="COLLEE", liste="A", population="APPRENANTS")
    assert f"nous en comptons {sum(chiffres.values()) - chiffres['ABANDON']}" in phrase(page)


def test_un_jour_passe(session: Session, dunes: Organisme, directrice: Navigateur) -> None:
    f.une_rupture(session, dunes, id_erp="A", depuis=30)
    avant = comparer(directrice, avec="COLLEE", liste="A", jour="2026-10-01")
    assert "1 = 1 : rien à faire." in phrase(avant)
    assert "Ici, « en rupture »" in phrase(comparer(directrice, avec="COLLEE", liste="A"))
    futur = comparer(directrice, avec="COLLEE", liste="A", jour=date(2026, 12, 1).isoformat())
    assert futur.status_code == 422


def test_sans_jeton_rien_n_est_lu(directrice: Navigateur, dunes: Organisme) -> None:
    assert dunes.id
    reponse = directrice.ouvrir(
        "POST",
        "/rapprochement",
        jeton=False,
        data={"avec": "COLLEE", "liste": "A"},
        content_type=MULTIPART,
    )
    assert reponse.status_code == 400
    assert tableau(directrice.get("/rapprochement"), "passes") == []


def test_une_longue_difference_se_lit_par_pages(
    session: Session, dunes: Organisme, directrice: Navigateur
) -> None:
    assert dunes.id
    page = comparer(directrice, avec="COLLEE", liste="\n".join(f"A{n}" for n in range(150)))
    adresse = page.request.path
    assert len(rangees(page)) == 100
    assert "150 : jamais reçue" in phrase(page)
    assert f"{adresse}?debut=100" in liens(page)
    suite = directrice.get(f"{adresse}?debut=100", htmx=True)
    assert len(rangees(suite)) == 50
    reponse = directrice.post(f"{adresse}/lignes/101?debut=100")
    assert str(reponse.location).endswith("?debut=100#ligne-101")
    assert directrice.get(f"{adresse}?debut=-1").status_code == 404
    assert directrice.post(f"{adresse}/lignes/{10**20}").status_code == 404


def test_ce_qui_est_garde_dit_les_comptes(session: Session, dunes: Organisme, directrice: Navigateur) -> None:
    f.un_apprenti(session, dunes, id_erp="A")
    comparer(directrice, avec="COLLEE", liste="A\nB")
    with scope.systeme("test"):
        requete = scope.autorisee(select(Rapprochement), Droit.CORRIGER)
        garde = session.execute(requete).scalar_one()
    assert (garde.nb_annonces, garde.nb_comptes, garde.origine, garde.etat) == (2, 1, "LISTE", "PRET")
    (fait,) = evenements(session, "rapprochement.fait")
    assert (fait["annonces"], fait["comptes"], fait["ecarts"]) == (2, 1, 1)
