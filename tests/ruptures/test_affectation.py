"""Handing files to a référent, many at once: the effect first, one gesture, the way back (issue 6, part 1)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba import scope
from tdba.comptes.models import Habilitation, Organisation, Personne
from tdba.effectifs.models import Effectif
from tdba.journal import Evenement
from tdba.organismes.models import Organisme
from tdba.ruptures.models import Dossier
from tdba.scope import Droit
from tests.factories import (
    un_organisme,
    un_sans_contrat,
    une_habilitation,
    une_organisation,
    une_personne,
    une_relation,
    une_rupture,
)
from tests.pages import Navigateur, arbre, champs, tableau, texte
from tests.ruptures.test_listes_groupes import oublier

CONFIER = "/affectation/RUPTURE"


@pytest.fixture
def paul(session: Session, direction: Habilitation) -> Personne:
    """A colleague of the director, on every site."""
    personne = une_personne(session, "Paul", "DURAND")
    habilitation = une_habilitation(
        session, personne, session.get_one(Organisation, direction.organisation_id), role="membre"
    )
    assert habilitation.id
    session.commit()
    return personne


@pytest.fixture
def malo(session: Session, direction: Habilitation, annexe: Organisme) -> Personne:
    """A colleague limited to the annex."""
    personne = une_personne(session, "Malo", "BERNARD")
    organisation = session.get_one(Organisation, direction.organisation_id)
    une_habilitation(session, personne, organisation, role="membre", sites=[annexe])
    session.commit()
    return personne


def referents(session: Session) -> Mapping[int, int | None]:
    """Record → who follows it."""
    session.expire_all()
    dossiers = session.execute(scope.autorisee(select(Dossier), Droit.CORRIGER)).scalars()
    return {dossier.effectif_id: dossier.referent_id for dossier in dossiers}


def effet(
    navigateur: Navigateur, a: Personne, *jeunes: Effectif, adresse: str = CONFIER, **autres: str
) -> Any:
    parametres = "&".join([f"ids={j.id}" for j in jeunes] + [f"{n}={v}" for n, v in autres.items()])
    return navigateur.get(f"{adresse}?referent={a.id}&{parametres}")


def confier(navigateur: Navigateur, page: Any, adresse: str = CONFIER) -> Any:
    return navigateur.post(adresse, champs(page, adresse))


def test_l_effet_est_dit_avant_et_rien_n_est_ecrit(
    session: Session, directeur: Navigateur, cfa: Organisme, paul: Personne
) -> None:
    jeunes = [une_rupture(session, cfa, prenom=prenom) for prenom in ("Lou", "Sam", "Noa")]
    page = effet(directeur, paul, *jeunes)
    assert "3 dossiers passeront à Paul DURAND : 3 sans référent, 0 suivi aujourd’hui" in texte(arbre(page))
    assert set(referents(session).values()) == {None}


def test_sans_referent_choisi_les_lignes_cochees_restent_choisies(
    session: Session, directeur: Navigateur, cfa: Organisme, paul: Personne
) -> None:
    jeune = une_rupture(session, cfa)
    page = directeur.get(f"{CONFIER}?referent=&ids={jeune.id}")
    assert "Choisissez à qui les confier" in texte(arbre(page))
    gardes = [i.get("value") for i in arbre(page).iter("input") if i.get("name") == "ids"]
    assert gardes == [str(jeune.id)]


def test_les_lignes_cochees_changent_de_referent_et_elles_seules(
    session: Session, directeur: Navigateur, cfa: Organisme, paul: Personne
) -> None:
    cochee, autre = (une_rupture(session, cfa, prenom=prenom) for prenom in ("Lou", "Sam"))
    reponse = confier(directeur, effet(directeur, paul, cochee))
    assert reponse.status_code == 303
    assert referents(session) == {cochee.id: paul.id, autre.id: None}
    page = directeur.get(reponse.location)
    assert "1 dossier confié à Paul DURAND." in texte(arbre(page))
    assert any("Suivi par Paul DURAND" in ligne["Démarches"] for ligne in tableau(page))


def test_tout_ce_que_montre_la_liste_est_confie_sous_ses_filtres(
    session: Session, directeur: Navigateur, cfa: Organisme, paul: Personne
) -> None:
    mineurs = [une_rupture(session, cfa, naissance=date(2010, 1, 1)) for _ in range(30)]
    majeur = une_rupture(session, cfa, naissance=date(2000, 1, 1))
    confier(directeur, effet(directeur, paul, tout="oui", mineurs="oui"))
    assert referents(session) == {m.id: paul.id for m in mineurs} | {majeur.id: None}


def test_un_dossier_sans_contrat_se_confie_aussi(
    session: Session, directeur: Navigateur, cfa: Organisme, paul: Personne
) -> None:
    jeune = un_sans_contrat(session, cfa)
    adresse = "/affectation/SANS_CONTRAT"
    confier(directeur, effet(directeur, paul, jeune, adresse=adresse), adresse)
    assert referents(session) == {jeune.id: paul.id}


def test_un_dossier_pas_encore_ecrit_l_est_en_le_confiant(
    session: Session, directeur: Navigateur, cfa: Organisme, paul: Personne
) -> None:
    jeune = un_sans_contrat(session, cfa)
    oublier(session, jeune)
    adresse = "/affectation/SANS_CONTRAT"
    confier(directeur, effet(directeur, paul, jeune, adresse=adresse), adresse)
    assert referents(session) == {jeune.id: paul.id}


def test_annuler_rend_les_referents_d_avant_sauf_a_qui_a_change_depuis(
    session: Session, directeur: Navigateur, cfa: Organisme, paul: Personne, direction: Habilitation
) -> None:
    sien, libre, repris = (une_rupture(session, cfa, prenom=prenom) for prenom in ("Lou", "Sam", "Noa"))
    moi = session.get_one(Personne, direction.personne_id)
    confier(directeur, effet(directeur, moi, sien))
    reponse = confier(directeur, effet(directeur, paul, sien, libre, repris))
    dossier = session.execute(
        scope.autorisee(select(Dossier).where(Dossier.effectif_id == repris.id), Droit.CORRIGER)
    ).scalar_one()
    dossier.referent_id = moi.id
    session.commit()
    directeur.post("/affectation/annuler", champs(directeur.get(reponse.location), "/affectation/annuler"))
    assert referents(session) == {sien.id: moi.id, libre.id: None, repris.id: moi.id}
    page = texte(arbre(directeur.get("/ruptures")))
    assert "Affectation annulée : 2 dossiers sur 3 rendus." in page
    assert "Vous pouvez revenir en arrière" not in page


def test_deux_envois_n_en_font_qu_un(
    session: Session, directeur: Navigateur, cfa: Organisme, paul: Personne
) -> None:
    page = effet(directeur, paul, une_rupture(session, cfa))
    confier(directeur, page)
    confier(directeur, page)
    evenements = select(Evenement.evenement).where(Evenement.evenement == "dossiers.confies")
    assert len(session.execute(evenements).all()) == 1


def test_qui_a_change_de_mains_entre_temps_est_laisse(
    session: Session, directeur: Navigateur, cfa: Organisme, paul: Personne, direction: Habilitation
) -> None:
    jeune = une_rupture(session, cfa)
    page = effet(directeur, paul, jeune)
    moi = session.get_one(Personne, direction.personne_id)
    confier(directeur, effet(directeur, moi, jeune))
    reponse = confier(directeur, page)
    assert referents(session) == {jeune.id: moi.id}
    assert "1 dossier laissé tel quel" in texte(arbre(directeur.get(reponse.location)))


def test_un_collegue_ne_recoit_que_les_dossiers_de_ses_etablissements(
    session: Session, directeur: Navigateur, cfa: Organisme, annexe: Organisme, malo: Personne
) -> None:
    ailleurs = une_rupture(session, cfa, prenom="Lou")
    chez_lui = une_rupture(session, annexe, prenom="Sam")
    page = effet(directeur, malo, ailleurs, chez_lui)
    assert "1 dossier d’un établissement que Malo BERNARD ne suit pas : laissé tel quel." in texte(
        arbre(page)
    )
    confier(directeur, page)
    forge = {"referent": str(malo.id), "lot": f"R{ailleurs.id}-0"}
    assert directeur.post(CONFIER, forge).status_code == 303
    assert referents(session) == {ailleurs.id: None, chez_lui.id: malo.id}


@pytest.mark.parametrize("memes", [{"ine": "123456789AB"}, {"nom": "SERIN", "prenom": "Lou"}])
def test_deux_dossiers_d_un_meme_jeune_ont_un_seul_referent(
    session: Session,
    directeur: Navigateur,
    cfa: Organisme,
    annexe: Organisme,
    voisin: Organisme,
    paul: Personne,
    memes: dict[str, str],
) -> None:
    naissance = date(2008, 5, 4)
    ici = une_rupture(session, cfa, naissance=naissance, **memes)
    la = un_sans_contrat(session, annexe, naissance=naissance, **memes)
    dehors = une_rupture(session, voisin, naissance=naissance, **memes)
    autre = une_rupture(session, annexe, naissance=naissance, nom="AUTRE", prenom="Lou")
    page = effet(directeur, paul, ici)
    assert "Parmi eux, 1 autre dossier de ces mêmes jeunes" in texte(arbre(page))
    confier(directeur, page)
    suivis = referents(session)
    assert (suivis[ici.id], suivis[la.id]) == (paul.id, paul.id)
    assert (suivis[dehors.id], suivis[autre.id]) == (None, None)


def test_on_ne_confie_ni_a_un_inconnu_ni_les_jeunes_du_voisin(
    session: Session, directeur: Navigateur, voisin: Organisme, cfa: Organisme, paul: Personne
) -> None:
    etranger = une_personne(session, "Yann", "DEHORS")
    jeune, autrui = une_rupture(session, cfa), une_rupture(session, voisin)
    assert "n’ont pas été confiés" in texte(arbre(effet(directeur, etranger, jeune)))
    forge = {"referent": str(etranger.id), "lot": f"R{jeune.id}-0"}
    assert directeur.post(CONFIER, forge).status_code == 422
    assert "Aucun dossier à confier." in texte(arbre(effet(directeur, paul, autrui)))
    assert directeur.post(CONFIER, {"referent": str(paul.id), "lot": f"R{autrui.id}-0"}).status_code == 303
    assert set(referents(session).values()) == {None}


@pytest.mark.parametrize("lot", ["", "R12", "X12-0", "R12-x", "R" + "9" * 30 + "-0"])
def test_un_lot_illisible_est_refuse(directeur: Navigateur, paul: Personne, lot: str) -> None:
    assert directeur.post(CONFIER, {"referent": str(paul.id), "lot": lot}).status_code == 422


def test_les_miens_ceux_de_personne_et_ceux_d_un_collegue(
    session: Session, directeur: Navigateur, cfa: Organisme, paul: Personne, direction: Habilitation
) -> None:
    jeunes = {prenom: une_rupture(session, cfa, prenom=prenom) for prenom in ("Mien", "Sien", "Libre")}
    moi = session.get_one(Personne, direction.personne_id)
    confier(directeur, effet(directeur, moi, jeunes["Mien"]))
    confier(directeur, effet(directeur, paul, jeunes["Sien"]))

    def noms(qui: str, adresse: str = "/ruptures") -> list[str]:
        return [ligne["Apprenant"].split()[0] for ligne in tableau(directeur.get(f"{adresse}?qui={qui}"))]

    assert (noms("moi"), noms("personne"), noms(str(paul.id))) == (["Mien"], ["Libre"], ["Sien"])
    assert noms("moi", "/aujourd-hui") == ["Mien"]
    assert directeur.get("/ruptures?qui=999999").status_code == 404


def test_un_responsable_du_cfa_peut_recevoir_ses_dossiers_pas_celui_qui_n_en_repond_qu_en_partie(
    session: Session, directeur: Navigateur, cfa: Organisme, voisin: Organisme, direction: Habilitation
) -> None:
    plein, partiel = voisin, un_organisme(session, "CFA Vannes", departement="29")
    une_relation(session, plein, cfa)
    une_relation(session, partiel, cfa, partielle=True)
    recus = []
    for nom, etablissement in (("PLEIN", plein), ("PARTIEL", partiel)):
        organisation = une_organisation(
            session, "ORGANISME_FORMATION", nom, regle="ETABLISSEMENTS", organismes=[etablissement]
        )
        personne = une_personne(session, "Chef", nom)
        une_habilitation(session, personne, organisation)
        recus.append(personne)
    une_rupture(session, cfa)
    offerts = texte(arbre(directeur.get("/ruptures")))
    assert "Chef PLEIN" in offerts
    assert "Chef PARTIEL" not in offerts
