"""From a list to its file: asked with a reason, made by a job, kept a day for one person (issue 5 part 7, decisions 27, 34, 41)."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from tests import factories as f
from tests.exports.aides import (
    archive,
    demander,
    dernier,
    evenements,
    exporter,
    exports,
    feuilles,
    formulaire,
    lignes,
    travailler,
)
from tests.exports.conftest import Decor
from tests.pages import Navigateur, arbre, liens, texte

DEMANDER = "/exports/demander/effectifs"


def mots(reponse: object) -> str:
    return texte(next(e for e in arbre(reponse).iter("main")))  # type: ignore[arg-type]


def test_le_fichier_a_les_lignes_de_la_liste_dans_son_ordre(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    for nom, organisme in (("MARTIN", decor.cfa), ("AMAR", decor.annexe), ("ZOLA", decor.cfa)):
        f.un_apprenti(session, organisme, nom=nom)
    f.un_apprenti(session, decor.voisin, nom="AILLEURS")
    f.un_sans_contrat(session, decor.cfa, nom="SEUL")
    adresse = f"{DEMANDER}?statut=APPRENTI&tri=nom&sens=desc"
    assert [ligne[0] for ligne in lignes(exporter(session, directrice, adresse))] == [
        "ZOLA",
        "MARTIN",
        "AMAR",
    ]


def test_la_page_dit_ce_qui_sort_et_combien_sont_mineurs(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    f.un_apprenti(session, decor.cfa)
    f.un_apprenti(session, decor.cfa, naissance=date(2010, 1, 1))
    page = mots(directrice.get(DEMANDER))
    assert "2 apprenants, dont 1 concernant une personne mineure" in page
    assert "La liste n’est pas filtrée" in page


def test_les_coordonnees_ne_sortent_que_choisies(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    f.un_apprenti(session, decor.cfa, telephone="0612345678", courriel="x@exemple.invalid")
    assert "telephone" not in formulaire(directrice, DEMANDER).getlist("coordonnees")
    titres, ligne = feuilles(exporter(session, directrice, colonnes=None))["Liste"]
    assert "Téléphone" not in titres
    (ligne,) = lignes(exporter(session, directrice, coordonnees=("telephone",)))
    assert ligne == ["CANARI", "Alix", "06 12 34 56 78"]


def test_chaque_colonne_dit_ce_que_dit_la_fiche(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    f.une_rupture(session, decor.cfa, depuis=30, sexe="F")
    codes = (
        "statut",
        "depuis",
        "sexe",
        "contrat_rupture",
        "age",
        "niveau",
        "etablissement",
        "date_naissance",
    )
    titres, ligne = feuilles(exporter(session, directrice, colonnes=codes))["Liste"]
    assert dict(zip(titres, ligne, strict=True)) == {
        "Date de naissance": date(2007, 5, 4),
        "Âge": 19,
        "Sexe": "féminin",
        "Statut": "en rupture",
        "Statut depuis le": date(2026, 10, 19),
        "Niveau": 3,
        "Établissement": "CFA de Rennes",
        "Dernier contrat, rupture": date(2026, 10, 19),
    }


def test_le_fichier_dit_de_qui_il_vient_et_pourquoi(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    f.un_apprenti(session, decor.cfa)
    fichier = exporter(session, directrice, f"{DEMANDER}?statut=APPRENTI", finalite="OPCO")
    apropos = dict(feuilles(fichier)["À propos"])
    export = dernier(session)
    assert int(apropos["Export n°"]) == export.id
    assert apropos["Demandé par"] == "Dana Directrice"
    assert apropos["Pour"] == "CFA Rennes"
    assert apropos["Finalité"] == "Répondre à l’OPCO ou à un financeur"
    assert apropos["Filtres"] == "apprenti"
    assert apropos["Le"] == "18 novembre 2026 à 12 h 00"
    assert "protection des données" in apropos["Rappel"]
    assert f"export-{export.id}-effectifs.xlsx" in fichier.headers["Content-Disposition"]


def test_le_csv_sort_avec_sa_notice_et_sans_formule(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    f.un_apprenti(session, decor.cfa, nom="=1+1")
    rangees, notice, nom = archive(exporter(session, directrice, format="CSV"))
    assert rangees == [["Nom", "Prénom"], ["'=1+1", "Alix"]]
    assert "Demandé par : Dana Directrice" in notice
    assert nom == f"export-{dernier(session).id}-effectifs.csv"


def test_une_recherche_sort_ce_qu_elle_montrait_puis_s_oublie(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    for nom in ("MARTIN", "MARTINEZ", "AMAR"):
        f.un_apprenti(session, decor.cfa, nom=nom)
    adresse = directrice.post("/effectifs/recherche", {"q": "martin"}).headers["Location"]
    demande = demander(directrice, adresse.replace("/effectifs", DEMANDER, 1))
    assert demande.status_code == 303
    assert "martin" not in demande.headers["Location"]
    assert dernier(session).recherche == "martin"
    assert "r=" not in dernier(session).criteres
    travailler(session)
    assert dernier(session).recherche is None
    fichier = directrice.post(f"/exports/{dernier(session).uuid}/fichier")
    assert [ligne[0] for ligne in lignes(fichier)] == ["MARTIN", "MARTINEZ"]


def test_la_recherche_d_une_autre_personne_ne_s_exporte_pas(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    f.un_apprenti(session, decor.cfa)
    page = directrice.get(f"{DEMANDER}?r=abcdefgh12")
    assert "ne peut pas être exportée depuis cette adresse" in mots(page)
    assert directrice.post(f"{DEMANDER}?r=abcdefgh12", {"finalite": "OPCO"}).status_code == 422
    assert exports(session) == []


def test_un_filtre_laisse_de_cote_n_elargit_pas_le_fichier(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    f.un_apprenti(session, decor.cfa)
    page = directrice.get(f"{DEMANDER}?site={decor.voisin.id}")
    assert "ne peut pas être exportée depuis cette adresse" in mots(page)


def test_sans_raison_ni_precision_rien_ne_se_prepare(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    f.un_apprenti(session, decor.cfa)
    sans = demander(directrice, finalite="")
    assert sans.status_code == 422
    assert "Dites à quoi servira ce fichier" in mots(sans)
    autre = demander(directrice, finalite="AUTRE", precision="")
    assert "Précisez à quoi servira ce fichier" in mots(autre)
    vide = demander(directrice, colonnes=())
    assert "Choisissez au moins une colonne" in mots(vide)
    assert exports(session) == []


def test_une_liste_vide_ne_s_exporte_pas(session: Session, decor: Decor, directrice: Navigateur) -> None:
    assert "il n’y a rien à exporter" in mots(demander(directrice))


def test_l_ods_s_arrete_a_cinq_mille_lignes(
    session: Session, decor: Decor, directrice: Navigateur, monkeypatch: pytest.MonkeyPatch
) -> None:
    for nom in ("AMAR", "BAUD"):
        f.un_apprenti(session, decor.cfa, nom=nom)
    assert [ligne[0] for ligne in lignes(exporter(session, directrice, format="ODS"))] == ["AMAR", "BAUD"]
    for module in ("forms.LIGNES_ODS", "service.LIGNES_ODS"):
        monkeypatch.setattr(f"tdba.exports.{module}", 1)
    assert "ODS" not in [e.get("value") for e in arbre(directrice.get(DEMANDER)).iter("input")]
    monkeypatch.setattr("tdba.exports.forms.LIGNES_ODS", 10)
    refuse = demander(directrice, format="ODS")
    assert refuse.status_code == 422
    assert "jusqu’à 5 000 lignes" in mots(refuse)


def test_la_page_suit_le_fichier_et_sait_attendre(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    f.un_apprenti(session, decor.cfa)
    suivi = demander(directrice).headers["Location"]
    attente = directrice.get(suivi)
    assert "La préparation du fichier va commencer" in mots(attente)
    assert any(e.get("data-hx-trigger") == "every 2s" for e in arbre(attente).iter("div"))
    travailler(session)
    pret = directrice.get(suivi)
    assert "Le fichier est prêt : 1 ligne" in mots(pret).replace("\u00a0", " ")
    assert not any(e.get("data-hx-trigger") for e in arbre(pret).iter("div"))
    assert "Préparer une réunion" in mots(directrice.get("/exports"))


def test_envoye_deux_fois_c_est_un_seul_fichier(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    f.un_apprenti(session, decor.cfa)
    envoi = formulaire(directrice, DEMANDER)
    envoi.setlist("finalite", ["OPCO"])
    lieux = {directrice.ouvrir("POST", DEMANDER, data=envoi).headers["Location"] for _ in range(2)}
    assert len(lieux) == 1
    assert len(exports(session)) == 1
    assert len(evenements(session, "export.demande")) == 1


def test_la_liste_mene_a_son_export_avec_ses_filtres(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    f.un_apprenti(session, decor.cfa)
    page = directrice.get("/effectifs?statut=APPRENTI&tri=entree")
    (lien,) = [a for a in liens(page) if a.startswith(DEMANDER)]
    assert lien == f"{DEMANDER}?statut=APPRENTI&tri=entree"
