"""The search and the page of a CFA: everything support needs to find, and no name of a youth."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from tdba.effectifs.models import Effectif
from tdba.organismes.models import Organisme
from tdba.support import queries
from tdba.transmissions import service
from tdba.transmissions.cles import Emetteur
from tests.factories import un_apprenti, un_effectif, un_organisme, un_reseau, une_relation
from tests.pages import Navigateur, arbre, tableau, texte, titre
from tests.support.conftest import CANARIS, Equipe, ecrire


def chercher(qui: Navigateur, q: str) -> str:
    """Search, and return the address of the results."""
    reponse = qui.post("/support/recherche", {"q": q})
    assert reponse.status_code == 303
    return str(reponse.headers["Location"])


@pytest.mark.parametrize(
    "q",
    [
        "oiseau",
        "Serin OISEAU",
        "Oiseau serin",
        "ois ser",
        "oiseau 04/05/2007",
        "04/05/2007",
        "0123456789x",
        "erp-55a",
    ],
)
def test_une_fiche_se_trouve_sans_montrer_ni_ecrire_de_nom(
    session: Session, alix: Navigateur, jeune: Effectif, q: str
) -> None:
    jeune.id_erp = "erp-55a"
    session.commit()
    adresse = chercher(alix, q)
    assert q.split(" ", maxsplit=1)[0].lower() not in adresse.lower()
    page = alix.get(adresse)
    (ligne,) = tableau(page, "fiches")
    assert ligne["Apprenant"] == f"O. S••••• fiche {jeune.id}"
    assert (ligne["Naissance"], ligne["CFA"]) == ("2007", "CFA Rennes")
    assert ligne["Statut"] == "en rupture"
    corps = page.get_data(as_text=True)
    assert [c for c in CANARIS if c in corps] == []


@pytest.mark.parametrize("q", ["oiseau 05/05/2007", "moineau", "oiseau%", "ois_au", "0123456789"])
def test_tout_ce_qui_est_tape_doit_correspondre(alix: Navigateur, jeune: Effectif, q: str) -> None:
    page = alix.get(chercher(alix, q))
    assert tableau(page, "fiches") == []
    assert "Rien ne correspond" in texte(arbre(page))


def test_des_mots_trop_courts_ou_une_date_impossible_sont_dits(alix: Navigateur, jeune: Effectif) -> None:
    assert "trois lettres" in texte(arbre(alix.get(chercher(alix, "oi"))))
    assert "La date 31/02/2007 n’existe pas" in texte(arbre(alix.get(chercher(alix, "oiseau 31/02/2007"))))


def test_au_dela_de_vingt_cinq_fiches_la_page_demande_de_preciser(
    session: Session, alix: Navigateur, cfa: Organisme
) -> None:
    for _ in range(26):
        un_apprenti(session, cfa, nom="COMMUN")
    page = alix.get(chercher(alix, "commun"))
    assert len(tableau(page, "fiches")) == 25
    assert "D’autres fiches correspondent" in texte(arbre(page))


def test_une_fiche_a_venir_et_une_fiche_sans_statut_sont_dites_en_mots(
    session: Session, alix: Navigateur, cfa: Organisme
) -> None:
    un_effectif(session, cfa, nom="FUTUR", entree=date(2027, 1, 4))
    un_effectif(session, cfa, nom="FUTURE", entree=None, fin=None)
    lignes = tableau(alix.get(chercher(alix, "futur")), "fiches")
    assert [ligne["Statut"] for ligne in lignes] == ["entrée à venir", "sans statut"]


def test_la_recherche_d_un_autre_n_est_pas_affichee(equipe: Equipe, jeune: Effectif) -> None:
    adresse = chercher(equipe.alix, "oiseau")
    page = equipe.sacha.get(adresse)
    assert tableau(page, "fiches") == []
    assert "n’est pas affichée" in texte(arbre(page))


@pytest.mark.parametrize("cle", ["0", "-1", "x", str(2**31), str(2**63), "9" * 30, "٣"])
def test_une_cle_qu_aucune_ligne_ne_peut_porter_ne_casse_rien(
    alix: Navigateur, directeur: Navigateur, cle: str
) -> None:
    for adresse in ("/support/fiches/", "/support/organismes/", "/support/dossiers/"):
        assert alix.get(adresse + cle).status_code == 404
    for requete in (
        "/support?apres=",
        "/support?r=",
        "/support/dossiers?fiche=",
        "/support/dossiers?organisme=",
    ):
        assert alix.get(requete + cle).status_code == 200
    assert directeur.get(f"/support/demandes?avant={cle}").status_code == 200


def test_les_demandes_se_lisent_page_par_page_sans_trou_ni_doublon(
    alix: Navigateur, directeur: Navigateur, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    objets = [f"Demande {n}" for n in range(5)]
    for objet in objets:
        ecrire(directeur, objet)
    for qui, depart, table, attendus in (
        (alix, "/support", "en-cours", objets),
        (directeur, "/support/demandes", "demandes", objets[::-1]),
    ):
        adresse, lus = depart, []
        while adresse:
            page = qui.get(adresse)
            lus += [ligne["Demande"].split(", ")[1] for ligne in tableau(page, table)]
            adresse = next((str(a.get("href")) for a in arbre(page).iter("a") if a.get("rel") == "next"), "")
        assert lus == attendus


def test_un_cfa_se_trouve_par_son_nom_son_uai_et_son_siret(
    session: Session, alix: Navigateur, cfa: Organisme
) -> None:
    cfa.recherche = f"{cfa.nom.upper()} {cfa.uai} {cfa.siret}"
    session.commit()
    for q in ("rennes cfa", str(cfa.uai), cfa.siret, f"{cfa.siret[:3]} {cfa.siret[3:]}"):
        (ligne,) = tableau(alix.get(chercher(alix, q)), "organismes")
        assert ligne["Nom"] == "CFA Rennes"


def test_une_transmission_et_une_demande_se_trouvent_par_leur_numero(
    session: Session, alix: Navigateur, directeur: Navigateur, cfa: Organisme
) -> None:
    emetteur = Emetteur(cle_id=None, organisme_id=cfa.id, ecriture=frozenset({cfa.id}))  # type: ignore[arg-type]
    transmission, _ = service.recevoir([{"nom_apprenant": "OISEAU"}], emetteur, source="ERP")
    session.commit()
    page = alix.get(chercher(alix, str(transmission.uuid)))
    assert tableau(page, "trouvees")[0]["Organisme"] == "CFA Rennes"
    assert "OISEAU" not in page.get_data(as_text=True)
    numero = ecrire(directeur)
    assert str(numero) in tableau(alix.get(chercher(alix, f"n° {numero}")), "trouvee")[0]["Demande"]


def test_la_page_d_un_cfa_dit_qui_il_est_et_qui_y_travaille(
    session: Session, alix: Navigateur, directeur: Navigateur, cfa: Organisme, jeune: Effectif
) -> None:
    annexe = un_organisme(session, "CFA Annexe")
    une_relation(session, cfa, annexe, partielle=True)
    un_reseau(session, "CMA", [cfa])
    numero = ecrire(directeur)
    page = alix.get(f"/support/organismes/{cfa.id}")
    assert titre(page) == "CFA Rennes"
    corps = texte(arbre(page))
    assert "CFA Annexe (en partie)" in corps
    assert "CMA" in corps
    assert [p["Personne"] for p in tableau(page, "personnes")] == ["Dominique Testeur"]
    assert str(numero) in tableau(page, "demandes")[0]["Demande"]
    assert "CFA Rennes" in texte(arbre(alix.get(f"/support/organismes/{annexe.id}")))
    assert alix.get(f"/support/organismes/{cfa.id + 1000}").status_code == 404
