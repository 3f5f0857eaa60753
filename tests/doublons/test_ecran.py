"""The screens of duplicates: who sees which pair, what is said, and « ce n'est pas la même personne »."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from tdba import scope
from tdba.doublons import queries
from tdba.organismes.models import Organisme
from tdba.portee import Droit, Portee, RoleSql, Scope
from tests import factories as f
from tests.doublons.aides import deux_fiches, direction, doublons, nu, paires
from tests.pages import Navigateur, arbre, champs, liens, tableau, texte
from tests.points.aides import ouverts
from tests.transmissions.aides_api import evenements


@pytest.fixture
def cfa(session: Session) -> Organisme:
    f.les_territoires(session)
    return f.un_organisme(session, "CFA Rennes")


@pytest.fixture
def annexe(session: Session, cfa: Organisme) -> Organisme:
    annexe = f.un_organisme(session, "CFA Saint-Malo")
    f.une_relation(session, cfa, annexe)
    return annexe


def chapeau(page: object) -> str:
    return next(texte(p) for p in arbre(page).iter("p") if "chapeau" in p.get("class", ""))  # type: ignore[arg-type]


def envoyer(navigateur: Navigateur, doublon_id: int, **saisies: str) -> object:
    """Send the form of the merge as a browser does."""
    adresse = f"/doublons/{doublon_id}/fusionner"
    formulaire = champs(navigateur.get(f"/doublons/{doublon_id}"), adresse)
    return navigateur.post(adresse, formulaire | {"action": "voir"} | saisies)


def test_la_liste_montre_les_paires_les_plus_vraisemblables_d_abord(
    session: Session, navigateur: Navigateur, cfa: Organisme, annexe: Organisme
) -> None:
    deux_fiches(session, cfa, annexe, nom="LE GAL")
    nu(f.un_apprenti, session, cfa, nom="MORVAN", prenom="Anne")
    nu(f.un_apprenti, session, cfa, nom="MORVAN", prenom="Anne")
    page = direction(session, navigateur, cfa).get("/doublons")
    assert "2 paires de fiches se ressemblent" in chapeau(page)
    lignes = tableau(page)
    assert [ligne["Vraisemblance"].split(",")[0] for ligne in lignes] == [
        "presque certainement la même personne",
        "peut-être la même personne",
    ]
    assert "CFA Saint-Malo" in lignes[1]["Fiche 2"]
    assert lignes[1]["Ce qui est pareil"].startswith("noms à une lettre près, même date de naissance")


def test_un_formateur_qui_n_atteint_qu_un_site_ne_voit_ni_la_paire_ni_son_point(
    session: Session, navigateur: Navigateur, cfa: Organisme, annexe: Organisme
) -> None:
    deux_fiches(session, cfa, annexe)
    (doublon,) = doublons(session)
    responsable, formateur = direction(session, navigateur, cfa), direction(session, navigateur, annexe)
    assert "1 point à régler" in chapeau(responsable.get("/a-regler?genre=DOUBLON"))
    assert f"/doublons/{doublon.id}" in liens(responsable.get("/a-regler?genre=DOUBLON"))
    assert responsable.get(f"/doublons/{doublon.id}").status_code == 200
    assert formateur.get(f"/doublons/{doublon.id}").status_code == 404
    assert "Aucune fiche" in chapeau(formateur.get("/doublons"))


def test_le_point_ne_se_montre_pas_a_qui_n_atteint_que_la_premiere_fiche(
    session: Session, navigateur: Navigateur, cfa: Organisme, annexe: Organisme
) -> None:
    deux_fiches(session, annexe, cfa)
    (point,) = ouverts(session, "DOUBLON")
    assert point.organisme_id == annexe.id
    page = direction(session, navigateur, annexe).get("/a-regler?genre=DOUBLON")
    assert chapeau(page) == "Rien n’est à régler."
    assert tableau(direction(session, navigateur, cfa).get("/a-regler?genre=DOUBLON"))


@pytest.mark.parametrize(
    "adresse", ["/doublons/{}", "/doublons/{}/fusionner", "/doublons/{}/ecarter", "/doublons/{}/rouvrir"]
)
def test_la_paire_d_un_autre_cfa_est_introuvable(
    session: Session, navigateur: Navigateur, cfa: Organisme, adresse: str
) -> None:
    deux_fiches(session, cfa)
    (doublon,) = doublons(session)
    autre = direction(session, navigateur, f.un_organisme(session, "CFA Brest"))
    chemin = adresse.format(doublon.id)
    assert (autre.get(chemin) if chemin.count("/") == 2 else autre.post(chemin)).status_code == 404
    assert doublons(session)[0].etat == "OUVERT"


def test_le_second_verrou_tient_seul(session: Session, cfa: Organisme, annexe: Organisme) -> None:
    deux_fiches(session, cfa, annexe)
    session.commit()
    for organismes, vues in (({cfa.id}, 0), ({annexe.id}, 0), ({cfa.id, annexe.id}, 1)):
        portee = Portee(organismes=frozenset(organismes))
        droits = {Droit.VOIR_NOMINATIF: portee, Droit.CORRIGER: portee}
        with scope.sous(Scope(droits=droits, role=RoleSql.FAMILLE)):
            assert len(session.execute(text("SELECT id FROM doublon")).all()) == vues
            changees = session.execute(text("UPDATE doublon SET score = 80 RETURNING id")).all()
            assert len(changees) == vues
            session.rollback()
    with (
        scope.sous(Scope(role=RoleSql.TERRITOIRE)),
        pytest.raises(ProgrammingError),
        session.begin_nested(),
    ):
        session.execute(text("SELECT id FROM doublon"))


def test_la_comparaison_marque_les_differences_par_un_mot(
    session: Session, navigateur: Navigateur, cfa: Organisme
) -> None:
    a, b = deux_fiches(session, cfa, nom="LE GAL", ine="123456789AB", telephone="0611223344")
    page = direction(session, navigateur, cfa).get(f"/doublons/{doublons(session)[0].id}")
    lignes = {ligne["Champ"]: ligne for ligne in tableau(page)}
    assert lignes["Nom"]["Différence"] == "différent"
    assert lignes["Prénom"]["Différence"] == "identique"
    assert "123456789AB" in lignes["INE"]["Fiche 2"]
    assert lignes["Contrat 1"]["Différence"] == "le même contrat"
    assert {"ecran": "doublons.comparer", "ids": [a.id, b.id]} in evenements(session, "effectif.consulte")


def test_ce_que_la_fusion_changera_est_dit_avant(
    session: Session, navigateur: Navigateur, cfa: Organisme
) -> None:
    nu(f.un_sans_contrat, session, cfa, nom="LE GALL", prenom="Maël", id_erp="7")
    nu(f.un_apprenti, session, cfa, nom="LE GALL", prenom="Maël")
    (doublon,) = doublons(session)
    page = envoyer(direction(session, navigateur, cfa), doublon.id, garder="a")
    dit = " ".join(texte(arbre(page)).split())
    assert "ne sera plus comptée : apprenti depuis le" in dit
    assert "Le statut passera de « inscrit sans contrat » à « apprenti »" in dit
    assert "1 contrat ajouté" in dit
    assert paires(session)


def test_ce_n_est_pas_la_meme_personne_puis_son_annulation(
    session: Session, navigateur: Navigateur, cfa: Organisme
) -> None:
    a, b = deux_fiches(session, cfa)
    (doublon,) = doublons(session)
    directeur = direction(session, navigateur, cfa)
    for _ in range(2):
        reponse = directeur.post(f"/doublons/{doublon.id}/ecarter", {"commentaire": "des homonymes"})
        assert reponse.status_code == 303
    assert paires(session, "ECARTE") == [(a.id, b.id)]
    assert ouverts(session, "DOUBLON") == []
    assert evenements(session, "doublon.ecarte") == [{"doublon_id": doublon.id, "autre_id": b.id}]
    assert "des homonymes" in texte(arbre(directeur.get(f"/doublons/{doublon.id}")))
    directeur.post(f"/doublons/{doublon.id}/rouvrir")
    assert paires(session) == [(a.id, b.id)]
    assert len(ouverts(session, "DOUBLON")) == 1
    assert doublons(session)[0].commentaire is None


def test_un_numero_de_securite_sociale_est_refuse(
    session: Session, navigateur: Navigateur, cfa: Organisme
) -> None:
    deux_fiches(session, cfa)
    page = direction(session, navigateur, cfa).post(
        f"/doublons/{doublons(session)[0].id}/ecarter", {"commentaire": "1 07 05 35 123 456"}
    )
    assert page.status_code == 422
    assert "numéro de sécurité sociale" in texte(arbre(page))
    assert paires(session)


def test_la_fiche_dit_qu_elle_ressemble_a_une_autre(
    session: Session, navigateur: Navigateur, cfa: Organisme
) -> None:
    a, _ = deux_fiches(session, cfa)
    page = direction(session, navigateur, cfa).get(f"/effectifs/{a.id}")
    assert "Cette fiche ressemble à une autre" in texte(arbre(page))
    assert f"/doublons/{doublons(session)[0].id}" in liens(page)


def test_les_pages_se_suivent_et_une_ligne_perdue_ramene_au_debut(
    session: Session, navigateur: Navigateur, cfa: Organisme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    for n, nom in enumerate(("ARZEL", "BLEUZEN", "COLLIN")):
        for _ in range(2):
            nu(f.un_apprenti, session, cfa, nom=nom, prenom="Anne", niveau=n + 3)
    directeur = direction(session, navigateur, cfa)
    premiere = directeur.get("/doublons")
    suivante = next(lien for lien in liens(premiere) if "apres=" in lien)
    vues = [ligne["Fiche 1"][:5] for page in (premiere, directeur.get(suivante)) for ligne in tableau(page)]
    assert sorted(vues) == ["ARZEL", "BLEUZ", "COLLI"]
    assert "voici le début de la liste" in texte(arbre(directeur.get("/doublons?apres=999999")))
    assert directeur.get("/doublons?site=999999").status_code == 404


def test_le_premier_verrou_tient_seul(session: Session, cfa: Organisme, annexe: Organisme) -> None:
    deux_fiches(session, cfa, annexe)
    (doublon,) = doublons(session)
    for organismes in ({cfa.id}, {annexe.id}, set()):
        portee = Portee(organismes=frozenset(organismes))
        droits = {Droit.VOIR_NOMINATIF: portee, Droit.CORRIGER: portee}
        with scope.sous(Scope(droits=droits, role=RoleSql.NATIONAL)):
            assert queries.liste(None, None).total == 0
            assert queries.de_la_fiche(doublon.effectif_id) == []
            with pytest.raises(scope.Introuvable):
                queries.paire(doublon.id)
            session.rollback()
