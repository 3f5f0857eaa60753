"""To see as somebody ("voir comme") is read-only, with a reason, a banner, under their own reach (decision 24)."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tdba import access, horloge, scope
from tdba.comptes import queries as comptes
from tdba.comptes import service as droits
from tdba.comptes.models import Habilitation
from tdba.effectifs.models import Effectif
from tdba.organismes.models import Organisme
from tdba.scope import Droit, RoleSql, Scope
from tdba.support import service_voir_comme
from tdba.support.routes_voir_comme import PROPRES
from tests.conftest import MIDI
from tests.factories import un_organisme, une_habilitation, une_organisation, une_personne, une_rupture
from tests.pages import Navigateur, arbre, champs, texte, titre
from tests.support.aides_voir_comme import bandeau, regarder, un_passage, voit
from tests.support.conftest import Equipe, ecrire, evenements, ouvrir_un_dossier

# --- What is seen ----------------------------------------------------------------------------------------------


def test_de_la_demande_a_l_ecran_et_retour_au_masque(
    alix: Navigateur, numero: int, direction: Habilitation, jeune: Effectif
) -> None:
    """The whole journey: a case, a reason, the other's screens with their names, then stopping."""
    formulaire = champs(alix.get(f"/support/dossiers/{numero}/voir-comme"))
    formulaire |= {"habilitation": str(direction.id), "motif": "CHIFFRES"}
    assert alix.post(f"/support/dossiers/{numero}/voir-comme", formulaire).location == "/"
    fiche = alix.get(f"/effectifs/{jeune.id}")
    assert (fiche.status_code, titre(fiche)) == (200, "Serin OISEAU")
    phrase = "Vous voyez l’écran de Dominique Testeur, CFA Rennes, en lecture seule, jusqu’à 12 h 30. Arrêter"
    assert phrase in bandeau(fiche)
    assert alix.post("/support/voir-comme/arreter").location == f"/support/dossiers/{numero}"
    assert alix.get(f"/effectifs/{jeune.id}").location == f"/support/fiches/{jeune.id}"
    assert "Vous voyez l’écran" not in bandeau(alix.get("/support"))


def test_le_menu_et_l_organisation_sont_ceux_de_la_personne(
    regard: Navigateur, directeur: Navigateur
) -> None:
    directeur.get("/ruptures")  # what was said of the case is said once
    vue, sienne = regard.get("/ruptures"), directeur.get("/ruptures")
    assert texte(arbre(vue).find(".//nav")) == texte(arbre(sienne).find(".//nav"))
    assert texte(arbre(vue).find(".//main")) == texte(arbre(sienne).find(".//main"))
    assert regard.get("/equipe").status_code == 200


def test_jamais_plus_que_ce_que_la_personne_atteint(session: Session, regard: Navigateur) -> None:
    ailleurs = une_rupture(session, un_organisme(session, "CFA Brest", departement="29"), nom="PINSON")
    page = regard.get(f"/effectifs/{ailleurs.id}")
    assert page.status_code == 404
    assert "Vous voyez l’écran de Dominique Testeur" in bandeau(page)


def test_les_noms_lus_le_sont_par_l_assistance(
    session: Session, equipe: Equipe, numero: int, direction: Habilitation, jeune: Effectif
) -> None:
    regarder(equipe.alix, numero, direction)
    equipe.alix.get(f"/effectifs/{jeune.id}")
    lecture = evenements(session, "effectif.consulte")[-1]
    assert lecture.details["ids"] == [jeune.id]
    assert lecture.personne_id == equipe.alix_id
    assert lecture.habilitation_id not in (None, direction.id)
    (debut,) = evenements(session, "support.voir_comme")
    assert debut.details == {"demande_id": numero, "habilitation_id": direction.id, "motif": "ECRAN"}
    assert debut.personne_id == equipe.alix_id


@pytest.mark.parametrize(
    ("type_", "regle", "role"),
    [
        ("ORGANISME_FORMATION", {"regle": "ETABLISSEMENTS"}, RoleSql.FAMILLE),
        ("DREETS", {"regle": "REGION", "region_code": "53"}, RoleSql.TERRITOIRE),
    ],
)
def test_la_portee_et_le_role_sont_ceux_de_la_personne_et_qui_lit_reste_l_assistance(
    session: Session,
    equipe: Equipe,
    numero: int,
    direction: Habilitation,
    type_: str,
    regle: dict[str, str],
    role: RoleSql,
) -> None:
    organisation = une_organisation(session, type_, "Vue", **regle)  # type: ignore[arg-type]
    garante = une_personne(session, "Garante")
    vue = une_habilitation(session, une_personne(session, "Vue"), organisation, validee_par=garante)
    passage = un_passage(session, numero, vue, equipe.alix_id)
    support = Scope(droits={Droit.SUPPORT: scope.TOUS}, role=RoleSql.NATIONAL, personne_id=equipe.alix_id)
    with scope.sous(support):
        regard = service_voir_comme.regard(passage.id, maintenant=MIDI)
    usage = comptes.usage_de(vue.id)
    assert regard is not None
    assert usage is not None
    assert regard.scope.droits == droits.portee_de(usage, horloge.aujourd_hui()).droits
    assert (regard.scope.role, regard.scope.personne_id) == (role, equipe.alix_id)


# --- Read-only -------------------------------------------------------------------------------------------------


def actes(app: Flask) -> Iterator[tuple[str, str]]:
    """Every POST of the application that asks for a person, with an address."""
    valeurs = {"int": "1", "uuid": "6f1f4d5e-0000-4000-8000-000000000000"}
    for regle in app.url_map.iter_rules():
        declare = access.acces_de(app, regle.endpoint)
        if "POST" not in (regle.methods or ()) or declare in (access.ANONYME, access.CLE_API):
            continue
        adresse = regle.rule
        for nom, convertisseur in regle._converters.items():
            genre = type(convertisseur).__name__
            morceau = adresse[adresse.index("<") : adresse.index(">") + 1]
            valeur = (
                valeurs["uuid"]
                if "UUID" in genre
                else str(getattr(convertisseur, "min", None) or valeurs["int"])
            )
            if "Any" in genre:
                valeur = min(convertisseur.items)
            assert nom in morceau
            adresse = adresse.replace(morceau, valeur)
        yield regle.endpoint, adresse


def test_aucun_acte_ne_passe_mais_arreter_et_ce_que_l_assistance_fait_pour_elle_meme(
    app: Flask, regard: Navigateur
) -> None:
    passes = []
    for endpoint, adresse in actes(app):
        if endpoint in PROPRES:
            continue
        reponse = regard.post(adresse)
        page = reponse.get_data(as_text=True)
        dit = "Rien n’a été enregistré" in page or "ne fait pas partie de ses écrans" in page
        if reponse.status_code != 403 or not dit:
            passes.append(endpoint)
    assert passes == []


def test_un_refus_dit_pourquoi_et_laisse_tout_en_place(
    session: Session, regard: Navigateur, jeune: Effectif
) -> None:
    for htmx in (False, True):
        reponse = regard.post(f"/effectifs/{jeune.id}/corriger/nom", {"valeur": "PIE"}, htmx=htmx)
        assert reponse.status_code == 403
        assert "vous ne pouvez rien changer" in reponse.get_data(as_text=True)
    session.refresh(jeune)
    assert jeune.nom == "OISEAU"
    assert voit(regard)


@pytest.mark.parametrize(
    "adresse",
    ["/mon-compte", "/support", "/support/demandes", "/support/ecrire", "/demandes-acces", "/audit"],
)
def test_le_compte_et_les_echanges_de_la_personne_ne_sont_pas_ses_ecrans(
    regard: Navigateur, adresse: str
) -> None:
    page = regard.get(adresse)
    assert page.status_code == 403
    assert "ne fait pas partie de ses écrans" in page.get_data(as_text=True)
    assert "Arrêter" in bandeau(page)


# --- Who may be seen -------------------------------------------------------------------------------------------


def test_il_faut_une_raison_une_personne_et_une_demande_ouverte(
    session: Session, alix: Navigateur, numero: int, direction: Habilitation
) -> None:
    assert regarder(alix, numero, direction, motif="").status_code == 422
    assert regarder(alix, numero, direction, motif="CURIOSITE").status_code == 422
    assert alix.post(f"/support/dossiers/{numero}/voir-comme", {"motif": "ECRAN"}).status_code == 422
    alix.post(f"/support/dossiers/{numero}/clore")
    assert regarder(alix, numero, direction).status_code == 422
    assert evenements(session, "support.voir_comme") == []


def test_seules_les_personnes_de_l_organisation_de_la_demande_peuvent_etre_vues(
    session: Session, alix: Navigateur, numero: int, direction: Habilitation
) -> None:
    ailleurs = une_organisation(session, "DREETS", "DREETS", regle="REGION", region_code="53")
    agente = une_habilitation(session, une_personne(session, "Agnès"), ailleurs)
    assert regarder(alix, numero, agente).status_code == 422
    direction.fin = horloge.aujourd_hui()
    assert regarder(alix, numero, direction).status_code == 422


def test_pour_un_appel_ce_sont_celles_du_cfa_de_la_demande(
    alix: Navigateur, cfa: Organisme, direction: Habilitation, voisine: Navigateur
) -> None:
    sans_cfa = ouvrir_un_dossier(alix)
    assert "personne n’y a d’accès" in alix.get(f"/support/dossiers/{sans_cfa}/voir-comme").get_data(
        as_text=True
    )
    reponse = alix.post(f"/support/dossiers?organisme={cfa.id}", {"objet": "Appel du CFA"})
    numero = int(str(reponse.location).rsplit("/", 1)[1])
    page = alix.get(f"/support/dossiers/{numero}/voir-comme")
    assert "Dominique Testeur" in page.get_data(as_text=True)
    assert "Claude" not in page.get_data(as_text=True)
    assert regarder(alix, numero, direction).location == "/"


@pytest.mark.parametrize("type_", ["SUPPORT", "CONFORMITE", "AUDIT"])
def test_ni_l_assistance_ni_la_conformite_ni_l_audit_ne_sont_vus(
    session: Session, navigateur: Navigateur, equipe: Equipe, type_: str
) -> None:
    organisation = une_organisation(session, type_, "Contrôle", regle="NATION")
    garante = une_personne(session, "Garante")
    controle = une_habilitation(session, une_personne(session, "Ursule"), organisation, validee_par=garante)
    numero = ecrire(navigateur.comme(controle))
    assert regarder(equipe.alix, numero, controle).status_code == 422
    passage = un_passage(session, numero, controle, equipe.alix_id)
    support = Scope(droits={Droit.SUPPORT: scope.TOUS}, role=RoleSql.NATIONAL, personne_id=equipe.alix_id)
    with scope.sous(support):
        assert service_voir_comme.regard(passage.id, maintenant=MIDI) is None
