"""What a hostile or hurried person sends to the follow-up: somebody else's ids, impossible days, texts not to be kept."""

import csv
import io
import json
from typing import Any, Final

import pytest
from flask import Flask, url_for
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from tdba import horloge, scope
from tdba.comptes.models import Habilitation, Organisation
from tdba.courriels import Courriel
from tdba.db import db
from tdba.devenirs import fichier
from tdba.jobs import Tache
from tdba.journal import Evenement
from tdba.organismes.models import Organisme
from tdba.recaps import service as recaps
from tdba.ruptures.models import Dossier
from tdba.scope import Droit
from tests import factories as f
from tests.pages import Navigateur
from tests.recaps.aides import LUNDI, quelqu_un
from tests.ruptures.aides import (
    JOUR,
    demarches,
    envoyer,
    le_dossier,
    lectures_comptees,
    noter,
    un_terme,
)

TRANCHES: Final = ("ruptures", "vigilance", "offres", "liaisons", "devenirs")
ECRITES: Final = (
    "demarche, dossier, circonstance, formalite, opposition, devenir, vigilance_geste, liaison, pli, poste, "
    "recherche_alentour, contrat, correction"
)
NIR: Final = "1 85 05 78 006 084 36"


# Somebody else's -----------------------------------------------------------------------------------------------------


def gestes_sur(app: Flask, ids: dict[str, Any]) -> list[str]:
    """The address of every POST of the follow-up that names something, found on the map of the application itself."""
    with app.test_request_context():
        return [
            url_for(regle.endpoint, **{nom: ids[nom] for nom in regle.arguments})
            for regle in app.url_map.iter_rules()
            if "POST" in (regle.methods or ())
            and regle.endpoint.split(".")[0] in TRANCHES
            and {"dossier_id", "effectif_id", "demarche_id"} & regle.arguments
        ]


def comptes(session: Session) -> dict[str, int]:
    session.commit()
    return {
        table: session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
        for table in ECRITES.split(", ")
    }


@pytest.fixture
def suivis(session: Session, navigateur: Navigateur, voisin: Organisme) -> dict[str, Any]:
    """The neighbour's file, youth and step, and what else an address asks for."""
    effectif = f.une_rupture(session, voisin, depuis=40)
    noter(navigateur.comme(quelqu_un(session, "Voisine", voisin)), effectif, resultat="JOINT")
    ids = {"dossier_id": le_dossier(effectif).id, "effectif_id": effectif.id, "liaison_id": 1}
    return ids | {"demarche_id": demarches()[0].id, "genre": "SANS_CONTRAT", "code": "ENTRETIEN", "jalon": 30}


def test_aucun_geste_ne_touche_le_dossier_d_un_autre_ni_celui_qu_un_reseau_ne_lit_pas(
    session: Session,
    app: Flask,
    navigateur: Navigateur,
    directeur: Navigateur,
    voisin: Organisme,
    suivis: dict[str, Any],
) -> None:
    """Every POST there is, whoever adds the next one: not yours, not shared and not there are the same answer."""
    reseau = une_tete(session, navigateur, voisin)
    avant, inconnu = comptes(session), dict.fromkeys(("dossier_id", "effectif_id", "demarche_id"), 2**63 - 1)
    adresses = gestes_sur(app, suivis)
    assert len(adresses) >= 24
    saisie = {"reponse": "OUI", "etat": "ECOLE", "action": "enregistrer"}
    for qui in (directeur, reseau):
        reponses = {a: qui.post(a, saisie).status_code for a in adresses}
        assert {a: code for a, code in reponses.items() if code != 404} == {}
    rien = {a: directeur.post(a, saisie).status_code for a in gestes_sur(app, suivis | inconnu)}
    assert {a: code for a, code in rien.items() if code != 404} == {}
    assert comptes(session) == avant


def une_tete(session: Session, navigateur: Navigateur, membre: Organisme) -> Navigateur:
    """Somebody of a network whose only member shares nothing."""
    f.un_reseau(session, "AFTRAL", [membre], responsable=True)
    tete = f.une_organisation(session, "TETE_DE_RESEAU", "AFTRAL", regle="RESEAU", reseau_code="AFTRAL")
    second = f.une_personne(session, "Second")
    return navigateur.comme(
        f.une_habilitation(session, f.une_personne(session, "Camille"), tete, validee_par=second)
    )


def test_un_lot_forge_n_affecte_que_ses_propres_dossiers_ouverts(
    session: Session, directeur: Navigateur, direction: Habilitation, cfa: Organisme, suivis: dict[str, Any]
) -> None:
    sien = f.une_rupture(session, cfa)
    lot = f"R{suivis['effectif_id']}-0 S{sien.id}-0 T{sien.id}-0 R999999999999999999-0 R{sien.id}-0"
    saisie = {"referent": str(direction.personne_id), "lot": lot}
    assert directeur.post("/affectation/RUPTURE", saisie).status_code == 303
    assert le_dossier(sien).referent_id == direction.personne_id
    du_voisin = scope.select_for(Dossier, Droit.CORRIGER, Dossier.referent_id)
    tenu = session.execute(du_voisin.where(Dossier.id == suivis["dossier_id"])).scalar_one()
    assert tenu != direction.personne_id
    ailleurs = directeur.post(
        "/affectation/annuler", headers={"Referer": "https://ailleurs.example/dossiers/1"}
    )
    assert ailleurs.headers["Location"] == "/ruptures"
    assert le_dossier(sien).referent_id is None


@pytest.mark.parametrize("jour", ["0001-01-01", "9999-12-31"])
def test_un_jour_du_bout_du_calendrier_est_refuse_partout(
    session: Session, directeur: Navigateur, cfa: Organisme, jour: str
) -> None:
    effectif = f.une_rupture(session, cfa, depuis=40)
    sans = f.un_sans_contrat(session, cfa, depuis=80)
    dossier = f"/dossiers/{le_dossier(effectif).id}"
    pas, vu = f"demarche-{effectif.id}-", f"vu-{sans.id}-"
    circonstances = {"obstacles": "SANTE", "accord_sante": "y", "accord_sante_le": jour, "version": "0"}
    ailleurs = {"transmis_ailleurs_a": "AUTRE", "transmis_ailleurs_le": jour, "version": "0"}
    sortie = {"le": jour, "motif": "INCONNU", "version": str(effectif.version), "action": "enregistrer"}
    avant = comptes(session)
    for adresse, saisie in (
        (f"{dossier}/demarches", {pas + "nature": "AUTRE", pas + "prochaine_le": jour}),
        (f"{dossier}/circonstances", circonstances),
        (f"{dossier}/circonstances", ailleurs),
        (f"{dossier}/formalites/ENTRETIEN", {"le": jour}),
        (f"{dossier}/sortie", sortie),
        (f"/effectifs/{effectif.id}/opposition", {"recue_le": jour}),
        (f"/vigilance/{sans.id}/vu", {vu + "revoir_le": jour}),
    ):
        assert directeur.post(adresse, saisie).status_code == 422, (adresse, saisie)
    assert comptes(session) == avant


@pytest.mark.parametrize("ecrit", [f"Son numéro : {NIR}", "x" * 10_000])
def test_aucun_texte_libre_ne_garde_un_numero_de_securite_sociale_ni_un_roman(
    session: Session, directeur: Navigateur, direction: Habilitation, cfa: Organisme, ecrit: str
) -> None:
    effectif, sans = f.une_rupture(session, cfa, depuis=40), f.un_sans_contrat(session, cfa, depuis=80)
    dossier = f"/dossiers/{le_dossier(effectif).id}"
    avant = comptes(session)
    for adresse, champ, reste in (
        (f"{dossier}/demarches", f"demarche-{effectif.id}-note", {f"demarche-{effectif.id}-nature": "AUTRE"}),
        (f"{dossier}/referent", "mot", {"referent": str(direction.personne_id)}),
        (f"{dossier}/liaison", "contact", {"courriel": "a@mission.example", "accord": "y"}),
        (f"/vigilance/{sans.id}/vu", f"vu-{sans.id}-note", {}),
    ):
        page = envoyer(directeur, adresse, **({champ: ecrit} | reste))
        assert page.status_code == 422, adresse
    assert comptes(session) == avant
    assert le_dossier(effectif).referent_id is None


# Names where there are none ------------------------------------------------------------------------------------------


def test_apres_tous_les_gestes_ni_journal_ni_tache_ni_courriel_ni_trace_ni_adresse_ne_nomme(
    session: Session, directeur: Navigateur, direction: Habilitation, cfa: Organisme, caplog: Any
) -> None:
    caplog.set_level("DEBUG")
    effectif, sans = f.une_rupture(session, cfa, depuis=100), f.un_sans_contrat(session, cfa, depuis=80)
    dossier, secret = f"/dossiers/{le_dossier(effectif).id}", "CANARI se confie"
    obstacles = {"obstacles": "LOGEMENT", "souhait": "ARRET"}
    adviser = {"contact": "Maëlle Canaride", "courriel": "maelle@mission.example", "accord": "y"}
    reponses = [
        noter(directeur, effectif, note=secret),
        envoyer(directeur, f"{dossier}/referent", referent=str(direction.personne_id), mot=secret),
        envoyer(directeur, f"{dossier}/circonstances", **obstacles),
        directeur.post(f"{dossier}/formalites/ENTRETIEN", {"le": JOUR.isoformat()}),
        envoyer(directeur, f"{dossier}/liaison", moyens=["TELEPHONE"], **adviser),
        directeur.post(f"{dossier}/poste", {"poste-etat": "PROPOSE", "poste-version": "0"}),
        envoyer(directeur, f"/vigilance/{sans.id}/vu", **{f"vu-{sans.id}-note": secret}),
        directeur.post(
            f"/devenirs{dossier}/90", {"etat": "ECOLE", "vu": "INCONNU-DONNEES", "depuis": "dossier"}
        ),
        directeur.post("/ruptures/declarer", {"q": "CANARI Alix"}),
        directeur.post(f"/effectifs/{effectif.id}/opposition", {"recue_le": JOUR.isoformat()}),
    ]
    assert {r.status_code for r in reponses} <= {200, 303}
    with horloge.regler(LUNDI):
        recaps.envoyer(db.session.commit, LUNDI)
    dits = [json.dumps(d) for d in session.scalars(select(Evenement.details))]
    dits += list(session.scalars(select(Tache.cle)))
    dits += [f"{c.sujet} {c.texte} {c.html}" for c in session.scalars(select(Courriel))]
    dits += [str(vars(trace)) for trace in caplog.records if trace.name.startswith("tdba")]
    dits += [str(r.headers.get("Location")) for r in reponses]
    assert len(dits) > 20
    for nom in ("canari", "alix", "0612457809", effectif.ine or "?", effectif.date_naissance.isoformat()):
        assert [dit for dit in dits if nom.lower() in dit.lower()] == [], nom


def test_aucune_page_ne_lit_une_fois_par_ligne(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    def peupler(combien: int) -> str:
        for _ in range(combien):
            f.une_rupture(session, cfa, depuis=100)
            un_terme(session, cfa, depuis=30)
            f.un_sans_contrat(session, cfa, depuis=80)
        ids = [d for (d,) in session.execute(text("SELECT effectif_id FROM dossier WHERE genre = 'RUPTURE'"))]
        return "&".join(f"ids={cle}" for cle in ids)

    def couts(choisis: str) -> dict[str, int]:
        lus = {}
        for page in (
            f"/affectation/RUPTURE?referent=1&{choisis}",
            "/aujourd-hui",
            "/devenirs/a-dire",
            "/devenirs/jeunes",
            "/recapitulatif/appels",
            "/ruptures?groupe=terme",
            "/vigilance",
        ):
            directeur.get(page)
            with lectures_comptees() as requetes:
                assert directeur.get(page).status_code == 200
            lus[page.partition("?")[0]] = len(requetes)
        return lus

    peu = couts(peupler(3))
    assert couts(peupler(12)) == peu


@pytest.mark.parametrize("cellule", ["=1+1", " =1+1", "\n@SUM(A1)", "\u2003+33", "\t-1", "-2+3"])
def test_aucune_cellule_du_fichier_des_resultats_n_est_une_formule(cellule: str) -> None:
    """Names of employers come from a register, titles from an ERP: a blank before the sign hides nothing."""
    lignes = list(
        csv.reader(io.StringIO(fichier.ecrire(["A"], [[cellule]]).decode("utf-8-sig")), delimiter=";")
    )
    assert lignes[1] == [f"'{cellule}"]


def test_une_demarche_d_un_reseau_ne_le_fait_pas_referent(
    session: Session, navigateur: Navigateur, cfa: Organisme, direction: Habilitation
) -> None:
    """A network's staff follow nobody, even where the CFA shares its follow-up (decision 26)."""
    effectif = f.une_rupture(session, cfa)
    reseau = une_tete(session, navigateur, cfa)
    session.execute(update(Organisation).values(partage_suivi_depuis=JOUR))
    assert noter(reseau, effectif, resultat="JOINT").status_code == 303
    assert (len(demarches()), le_dossier(effectif).referent_id) == (1, None)
    assert noter(navigateur.comme(direction), effectif, resultat="JOINT").status_code == 303
    assert le_dossier(effectif).referent_id == direction.personne_id


def test_un_reseau_a_qui_personne_ne_partage_n_y_lit_personne(
    session: Session, navigateur: Navigateur, direction: Habilitation, cfa: Organisme
) -> None:
    """Nor names, nor the employer of a vacant post, nor a count: the page opens and is empty (decision 26)."""
    jeunes = [f.une_rupture(session, cfa, depuis=depuis) for depuis in (40, 100)]
    f.un_sans_contrat(session, cfa, depuis=80)
    poste = {"poste-etat": "PROPOSE", "poste-version": "0"}
    directeur = navigateur.comme(direction)
    assert directeur.post(f"/dossiers/{le_dossier(jeunes[0]).id}/poste", poste).status_code == 303
    reseau = une_tete(session, navigateur, cfa)
    lus = {}
    for page in (
        "/aujourd-hui",
        "/ruptures",
        "/ruptures?groupe=terme",
        "/ruptures?geles=oui",
        "/sans-contrat",
        "/vigilance",
        "/postes?etat=TOUS",
        "/devenirs",
        "/devenirs/a-dire",
        "/devenirs/jeunes",
        "/devenirs.csv",
        "/recapitulatif/appels",
        "/affectation/RUPTURE?tout=oui",
    ):
        reponse = reseau.get(page)
        assert reponse.status_code == 200, page
        lus[page] = reponse.get_data(as_text=True)
        assert "CANARI" not in lus[page], page
        assert f.EMPLOYEUR not in "".join(c for c in lus[page] if c.isalnum()), page
    assert lus["/devenirs.csv"].splitlines()[1].startswith("Ensemble;Ruptures;0;0")
