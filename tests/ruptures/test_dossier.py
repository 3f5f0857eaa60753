"""The page of a file: one thing to do, where the rupture's date comes from, the same person elsewhere, a frozen file."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tdba.comptes.models import Habilitation
from tdba.effectifs.models import Effectif
from tdba.organismes.models import Organisme
from tdba.ruptures import volets
from tdba.ruptures.models import Opposition
from tdba.ruptures.queries_ligne import Ligne
from tdba.ruptures.volets import Lien, Volet
from tests.conftest import MIDI
from tests.effectifs.aides import contrat_de, une_source
from tests.effectifs.aides import envoyer as corriger
from tests.factories import un_sans_contrat, une_rupture
from tests.pages import Navigateur, arbre, liens
from tests.ruptures.aides import (
    JOUR,
    dossier_de,
    evenements,
    jours,
    le_dossier,
    lectures_comptees,
    mots,
    noter,
    sans_dossier,
    un_terme,
)


def page_de(effectif: Effectif) -> str:
    return f"/dossiers/{le_dossier(effectif).id}"


# One thing to do -----------------------------------------------------------------------------------------------------


def test_la_page_dit_d_abord_d_appeler_qui_ne_l_a_jamais_ete(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    rompue = une_rupture(session, cfa)
    vue = mots(directeur, page_de(rompue))
    assert "Personne ne l’a encore contacté" in vue
    assert "Personne ne suit encore ce dossier." in vue
    noter(directeur, rompue)
    vue = mots(directeur, page_de(rompue))
    assert "À cocher quand ce sera fait : notification écrite de la rupture reçue." in vue
    assert "Suivi par Dominique Testeur." in vue


def test_une_etape_prevue_et_passee_est_rappelee_avant_les_formalites(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    rompue = une_rupture(session, cfa)
    noter(directeur, rompue, prochaine_le=jours(0))
    assert "Une étape était prévue le 18 novembre 2026" in mots(directeur, page_de(rompue))


# The three genres ----------------------------------------------------------------------------------------------------


def test_les_trois_genres_ont_leur_page(session: Session, directeur: Navigateur, cfa: Organisme) -> None:
    for effectif, mot in (
        (une_rupture(session, cfa), "Ce que vaut la date de rupture"),
        (un_terme(session, cfa), "arrivé à son terme"),
        (un_sans_contrat(session, cfa), "Un contrat est signé"),
    ):
        assert mot in mots(directeur, page_de(effectif))


@pytest.mark.parametrize(
    ("fabrique", "lieu"), [(un_sans_contrat, "sans-contrat"), (un_terme, "fin-de-contrat")]
)
def test_un_dossier_ecrit_se_lit_a_son_adresse_et_l_autre_a_celle_du_jeune(
    session: Session, directeur: Navigateur, cfa: Organisme, fabrique: object, lieu: str
) -> None:
    effectif: Effectif = fabrique(session, cfa)  # type: ignore[operator]
    assert directeur.get(f"/{lieu}/{effectif.id}").headers["Location"] == page_de(effectif)
    sans_dossier(session, effectif)
    assert f"/{lieu}/{effectif.id}" in liens(directeur.get(f"/effectifs/{effectif.id}"))
    vue = mots(directeur, f"/{lieu}/{effectif.id}")
    assert "Personne n’a encore ouvert ce dossier." in vue
    assert "Noter un appel" in vue


@pytest.mark.parametrize(
    ("fabrique", "genre"), [(un_sans_contrat, "SANS_CONTRAT"), (un_terme, "FIN_DE_CONTRAT")]
)
def test_un_geste_ecrit_le_dossier_une_seule_fois(
    session: Session, directeur: Navigateur, cfa: Organisme, fabrique: object, genre: str
) -> None:
    effectif = sans_dossier(session, fabrique(session, cfa))  # type: ignore[operator]
    for _ in range(2):
        reponse = directeur.post(f"/suivi/{genre}/{effectif.id}/ouvrir")
        assert reponse.headers["Location"] == page_de(effectif)
    ecrit = le_dossier(effectif)
    assert (ecrit.genre, ecrit.clos_du is None or ecrit.clos_du > JOUR) == (genre, True)
    assert evenements(session, "dossier.ouvert") == [{"dossier_id": ecrit.id, "genre": genre}]


def test_une_demarche_se_note_apres_un_terme_sans_dossier(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    effectif = sans_dossier(session, un_terme(session, cfa))
    donnees = {f"demarche-{effectif.id}-nature": "APPEL", f"demarche-{effectif.id}-resultat": "JOINT"}
    reponse = directeur.post(f"/effectifs/{effectif.id}/fin-de-contrat/demarches", donnees)
    assert reponse.headers["Location"] == page_de(effectif)
    assert "appel, joint" in mots(directeur, page_de(effectif))


def test_qui_n_est_pas_dans_ce_cas_n_a_pas_ce_dossier(
    session: Session, directeur: Navigateur, cfa: Organisme, voisin: Organisme
) -> None:
    rompue, ailleurs = une_rupture(session, cfa), un_terme(session, voisin)
    for effectif in (rompue, ailleurs):
        assert directeur.get(f"/fin-de-contrat/{effectif.id}").status_code == 404
        assert directeur.post(f"/suivi/FIN_DE_CONTRAT/{effectif.id}/ouvrir").status_code == 404
    assert directeur.post(f"/suivi/RUPTURE/{rompue.id}/ouvrir").status_code == 404
    assert directeur.get(f"/suivi/SANS_CONTRAT/{rompue.id}/ouvrir").status_code in (404, 405)


# The rupture's date --------------------------------------------------------------------------------------------------


def test_la_date_de_rupture_dit_sa_source_et_ce_qui_manque(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    rompue = une_rupture(session, cfa)
    une_source(session, rompue)
    session.commit()
    contrat = contrat_de(session, rompue)
    page = directeur.get(page_de(rompue))
    vue = mots(directeur, page_de(rompue))
    assert "Rupture le 19 octobre 2026, envoyée par votre ERP, reçue le" in vue
    assert "La notification écrite n’est pas cochée ci-dessus." in vue
    assert "La cause de la rupture n’est pas précisée." in vue
    for geste in ("rompre", "corriger", "rupture/annuler", "rupture/contester"):
        assert f"/contrats/{contrat.id}/{geste}" in liens(page)
    assert f"/effectifs/{rompue.id}/opposition" in liens(page)


def test_une_date_corrigee_dit_par_qui_et_une_demission_ce_qu_elle_demande(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    rompue = une_rupture(session, cfa)
    contrat = contrat_de(session, rompue)
    saisies = {"rupture": jours(-20), "cause_legale": "DEMISSION"}
    assert corriger(directeur, f"/contrats/{contrat.id}/rompre", **saisies).status_code == 303
    directeur.post(f"{page_de(rompue)}/formalites/NOTIFICATION", {"le": jours(0)})
    vue = mots(directeur, page_de(rompue))
    assert "Rupture le 29 octobre 2026, saisie ici le 18 novembre 2026 par Dominique Testeur" in vue
    assert "Cause : démission de l’apprenti." in vue
    assert "La notification écrite n’est pas cochée" not in vue
    assert "saisie du médiateur n’est pas indiqué" in vue
    assert "l’employeur a été informé n’est pas indiqué" in vue


# The same person elsewhere -------------------------------------------------------------------------------------------


def test_la_meme_personne_dans_un_autre_site_est_dite_et_liee(
    session: Session, directeur: Navigateur, cfa: Organisme, annexe: Organisme, voisin: Organisme
) -> None:
    qui: dict[str, Any] = {"nom": "SERIN", "prenom": "Lou", "naissance": date(2008, 2, 29)}
    ici = une_rupture(session, cfa, **qui)
    la = un_sans_contrat(session, annexe, **qui)
    meme_ine = une_rupture(session, annexe, nom="AUTREMENT", ine=ici.ine)
    ailleurs = une_rupture(session, voisin, **qui)
    homonyme = une_rupture(session, annexe, nom="SERIN", prenom="Lou", naissance=date(2008, 3, 1))
    ne_le_meme_jour = une_rupture(session, annexe, nom="MERLE", naissance=qui["naissance"])
    trouves = liens(directeur.get(page_de(ici)))
    assert {page_de(la), page_de(meme_ine)} <= set(trouves)
    assert page_de(ailleurs) not in trouves
    assert page_de(homonyme) not in trouves
    assert page_de(ne_le_meme_jour) not in trouves
    assert "La même personne" not in mots(directeur, page_de(homonyme))


def test_la_fiche_de_l_annee_passee_n_est_pas_un_autre_dossier(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    """The lists hold the years that are counted (decision 29): a rupture sent on two years is one file."""
    qui: dict[str, Any] = {"nom": "SERIN", "prenom": "Lou", "naissance": date(2008, 2, 29), "id_erp": "meme"}
    passee = une_rupture(session, cfa, annee_scolaire="2025-2026", **qui)
    ici = une_rupture(session, cfa, annee_scolaire="2026-2027", **qui)
    assert "La même personne" not in mots(directeur, page_de(ici))
    assert page_de(ici) in liens(directeur.get(page_de(passee)))


# Other slices, frozen files ------------------------------------------------------------------------------------------


def test_les_autres_tranches_ajoutent_leurs_sections(
    session: Session, directeur: Navigateur, cfa: Organisme, monkeypatch: pytest.MonkeyPatch
) -> None:
    def essai(ligne: Ligne) -> Volet:
        return Volet("Essai", [f"Section du dossier de {ligne.prenom}."], [Lien("Dehors", "https://exemple.invalid/", exterieur=True)])  # fmt: skip

    monkeypatch.setattr(volets, "VOLETS", [essai])
    rompue = une_rupture(session, cfa, prenom="Lou")
    page = directeur.get(page_de(rompue))
    assert "Section du dossier de Lou." in mots(directeur, page_de(rompue))
    dehors = next(a for a in arbre(page).iter("a") if a.get("href") == "https://exemple.invalid/")
    assert dehors.get("rel") == "noreferrer noopener"


def test_un_dossier_gele_se_dit_et_ne_propose_que_de_lever(
    session: Session, directeur: Navigateur, direction: Habilitation, cfa: Organisme
) -> None:
    rompue = une_rupture(session, cfa)
    noter(directeur, rompue)
    session.add(
        Opposition(
            effectif_id=rompue.id,
            organisme_id=cfa.id,
            annee_scolaire=rompue.annee_scolaire,
            recue_le=JOUR,
            personne_id=direction.personne_id,
            cree_le=MIDI,
        )
    )
    session.commit()
    page = directeur.get(page_de(rompue))
    vue = mots(directeur, page_de(rompue))
    assert "Ce dossier est gelé." in vue
    assert "appel, sans réponse" in vue
    formulaires = [f.get("action") for f in arbre(page).iter("form") if f.get("method") == "post"]
    assert not [a for a in formulaires if a and ("/dossiers/" in a or "/demarches/" in a)]
    assert f"/effectifs/{rompue.id}/opposition" in liens(page)
    numero = le_dossier(rompue).id
    for adresse, donnees in (
        (f"/dossiers/{numero}/presence", {"reponse": "OUI"}),
        (f"/dossiers/{numero}/formalites/ENTRETIEN", {"le": jours(0)}),
        (f"/dossiers/{numero}/circonstances", {"obstacles": "LOGEMENT", "version": "0"}),
    ):
        directeur.post(adresse, donnees)
    for lieu in ("demarches", "sortie", "referent", "circonstances", "formalites/ENTRETIEN"):
        assert directeur.get(f"/dossiers/{numero}/{lieu}").headers["Location"] == page_de(rompue)
    assert "Si elle revient sur son opposition" in mots(directeur, page_de(rompue))
    assert evenements(session, "dossier.formalite_cochee") == []
    assert evenements(session, "dossier.circonstances_notees") == []
    ecrit = dossier_de(rompue)
    assert ecrit is not None
    assert ecrit.presence is None


def test_la_page_coute_dix_lectures_au_plus(
    session: Session, directeur: Navigateur, cfa: Organisme, annexe: Organisme
) -> None:
    rompue = une_rupture(session, cfa, ine="123456789AB")
    un_sans_contrat(session, annexe, ine="123456789AB")
    for n in range(3):
        noter(directeur, rompue, note=f"Note {n}")
    adresse = page_de(rompue)
    with lectures_comptees() as requetes:
        assert directeur.get(adresse).status_code == 200
    assert len(requetes) <= 10, "\n".join(r[:120] for r in requetes)
