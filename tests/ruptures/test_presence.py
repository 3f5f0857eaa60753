"""« Toujours au CFA ? » : yes in one gesture, no with its day and its reason, "sorti" only then (decision 9)."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba.effectifs.models import Effectif
from tdba.effectifs.statuts import Statut
from tdba.organismes.models import Organisme
from tdba.ruptures import presence
from tdba.ruptures.regles import situation
from tests.effectifs.aides import corrections, statut_du_jour, tous
from tests.factories import un_apprenti, une_rupture
from tests.pages import Navigateur, arbre, champs, liens, texte
from tests.ruptures.aides import JOUR, demarches, envoyer, evenements, jours, le_dossier, mots

DEPUIS_LONGTEMPS = 200
"""Days: the 180 of a rupture are over."""


def au(jour: date) -> Any:
    return situation("RUPTURE", date(2026, 5, 2), jour)


def test_la_question_ne_se_pose_qu_une_fois_le_delai_depasse() -> None:
    veille, jour = date(2026, 10, 28), date(2026, 10, 29)
    assert not presence.a_demander(au(veille), None, None, veille)
    assert presence.a_demander(au(jour), None, None, jour)


def test_apres_oui_elle_revient_trente_jours_plus_tard() -> None:
    dit = date(2026, 11, 1)
    for jours_apres, posee in ((0, False), (29, False), (30, True)):
        jour = dit + timedelta(days=jours_apres)
        assert presence.a_demander(au(jour), "OUI", dit, jour) is posee


def test_un_oui_d_avant_le_delai_ne_vaut_plus_et_un_non_defait_non_plus() -> None:
    jour = date(2026, 11, 1)
    assert presence.a_demander(au(jour), "OUI", date(2026, 10, 20), jour)
    assert presence.a_demander(au(jour), "NON", jour, jour)


def test_chaque_raison_laisse_une_demarche() -> None:
    assert presence.MOTIFS.keys() == presence.DEMARCHES.keys()


# On the page ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def passee(session: Session, cfa: Organisme) -> Effectif:
    """A rupture whose delay is exceeded."""
    return une_rupture(session, cfa, depuis=DEPUIS_LONGTEMPS)


def test_oui_se_dit_en_un_geste_et_la_question_attend_trente_jours(
    session: Session, directeur: Navigateur, passee: Effectif
) -> None:
    dossier = le_dossier(passee)
    page = f"/dossiers/{dossier.id}"
    assert "Ce jeune est-il toujours au CFA ?" in mots(directeur, page)
    for _ in range(2):
        assert directeur.post(f"{page}/presence", {"reponse": "OUI"}).status_code == 303
    vue = mots(directeur, page)
    assert "Ce jeune est-il toujours" not in vue
    assert "Toujours au CFA : répondu le 18 novembre 2026 par Dominique Testeur" in vue
    assert evenements(session, "dossier.presence_dite") == [{"dossier_id": dossier.id, "reponse": "OUI"}]


def test_dans_la_liste_oui_rend_la_ligne_et_non_mene_a_la_question(
    directeur: Navigateur, passee: Effectif
) -> None:
    adresse = f"/dossiers/{le_dossier(passee).id}/presence"
    oui = directeur.post(adresse, {"reponse": "OUI"}, htmx=True)
    assert oui.status_code == 200
    assert oui.get_data(as_text=True).lstrip().startswith("<tr")
    non = directeur.post(adresse, {"reponse": "NON"}, htmx=True)
    assert non.headers["HX-Redirect"] == f"/dossiers/{le_dossier(passee).id}/sortie"


def test_non_dit_l_effet_puis_ecrit_la_sortie_que_l_on_peut_annuler(
    session: Session, directeur: Navigateur, passee: Effectif
) -> None:
    dossier = le_dossier(passee)
    non = directeur.post(f"/dossiers/{dossier.id}/presence", {"reponse": "NON"})
    adresse = f"/dossiers/{dossier.id}/sortie"
    assert non.headers["Location"] == adresse
    depasse = JOUR - timedelta(days=DEPUIS_LONGTEMPS - 180)
    formulaire = champs(directeur.get(adresse), adresse)
    assert formulaire["le"] == depasse.isoformat()
    vu = directeur.post(adresse, formulaire | {"motif": "ECOLE", "action": "voir"})
    assert vu.status_code == 200
    assert "Ce que cette réponse changera" in texte(arbre(vu))
    assert corrections(session) == []
    assert "Sortie notée" not in mots(directeur, f"/dossiers/{dossier.id}")
    rendue = champs(vu, adresse) | {"action": "enregistrer"}
    for _ in range(2):
        assert directeur.post(adresse, rendue).status_code == 303
    session.refresh(passee)
    assert passee.date_exclusion == depasse
    assert statut_du_jour(session, passee) is Statut.ABANDON
    clos = le_dossier(passee)
    assert (clos.cause_cloture, clos.presence) == ("EXCLUSION", "NON")
    assert [d.nature for d in demarches()] == ["RETOUR_ECOLE"]
    page = directeur.get(f"/dossiers/{dossier.id}")
    assert "Sortie notée ici le" in texte(arbre(page))
    annulation = next(a for a in liens(page) if a.endswith("/annuler"))
    assert envoyer(directeur, annulation).status_code == 303
    assert "Ce jeune est-il toujours au CFA ?" in mots(directeur, f"/dossiers/{dossier.id}")


def test_parti_vers_un_autre_cfa_clot_le_dossier_sans_toucher_la_fiche(
    session: Session, directeur: Navigateur, passee: Effectif
) -> None:
    dossier = le_dossier(passee)
    adresse = f"/dossiers/{dossier.id}/sortie"
    vu = envoyer(directeur, adresse, motif="AUTRE_CFA", action="voir", le=jours(-5))
    assert "rien de vos notes ne part" in texte(arbre(vu))
    assert (
        envoyer(directeur, adresse, motif="AUTRE_CFA", action="enregistrer", le=jours(-5)).status_code == 303
    )
    session.refresh(passee)
    assert passee.date_exclusion is None
    assert corrections(session) == []
    assert (le_dossier(passee).cause_cloture, le_dossier(passee).parti_le) == (
        "PARTI",
        JOUR - timedelta(days=5),
    )
    page = mots(directeur, f"/dossiers/{dossier.id}")
    assert "Parti vers un autre CFA depuis le 13 novembre 2026." in page
    assert directeur.post(f"/dossiers/{dossier.id}/depart/annuler").status_code == 303
    assert le_dossier(passee).clos_du != JOUR - timedelta(days=5)


@pytest.mark.parametrize(
    ("saisies", "phrase"),
    [
        ({"motif": "SORTI", "le": jours(1)}, "Ce jour est à venir"),
        ({"motif": "SORTI", "le": jours(-DEPUIS_LONGTEMPS - 1)}, "Ce suivi commence le"),
        ({"motif": "", "le": jours(-1)}, "Choisissez une raison"),
        ({"motif": "SORTI", "le": ""}, "Indiquez le jour."),
    ],
)
@pytest.mark.parametrize("action", ["voir", "enregistrer"])
def test_une_reponse_impossible_est_refusee_et_rien_n_est_ecrit(
    session: Session,
    directeur: Navigateur,
    passee: Effectif,
    saisies: dict[str, str],
    phrase: str,
    action: str,
) -> None:
    reponse = envoyer(directeur, f"/dossiers/{le_dossier(passee).id}/sortie", action=action, **saisies)
    assert reponse.status_code == 422
    assert phrase in texte(arbre(reponse))
    assert demarches() == []
    assert corrections(session) == []


def test_une_fiche_changee_entre_temps_montre_les_deux(
    session: Session, directeur: Navigateur, passee: Effectif
) -> None:
    adresse = f"/dossiers/{le_dossier(passee).id}/sortie"
    ancienne = champs(directeur.get(adresse), adresse)
    envoyer(directeur, f"/effectifs/{passee.id}/corriger/date_exclusion", valeur=jours(-3), motif="DECISION", action="enregistrer")  # fmt: skip
    reponse = directeur.post(adresse, ancienne | {"motif": "SORTI", "action": "enregistrer"})
    assert reponse.status_code == 409
    assert "la sortie est notée le 15 novembre 2026" in texte(arbre(reponse))
    assert demarches() == []


def test_un_dossier_clos_ne_demande_plus_rien(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    rompue = une_rupture(session, cfa, depuis=DEPUIS_LONGTEMPS, exclusion=JOUR - timedelta(days=2))
    page = f"/dossiers/{le_dossier(rompue).id}"
    directeur.post(f"{page}/presence", {"reponse": "OUI"})
    assert "la question ne se pose plus" in mots(directeur, page)
    reponse = envoyer(directeur, f"{page}/sortie", motif="SORTI", le=jours(-1), action="enregistrer")
    assert reponse.status_code == 422
    assert "la question ne se pose plus" in texte(arbre(reponse))
    assert (le_dossier(rompue).presence, demarches()) == (None, [])


def test_le_dossier_d_un_autre_ne_repond_pas(
    session: Session, directeur: Navigateur, voisin: Organisme, cfa: Organisme
) -> None:
    un_apprenti(session, cfa)
    page = f"/dossiers/{le_dossier(une_rupture(session, voisin, depuis=DEPUIS_LONGTEMPS)).id}"
    for adresse in (f"{page}/presence", f"{page}/sortie", f"{page}/confirmer", f"{page}/depart/annuler"):
        assert directeur.post(adresse, {"reponse": "OUI"}).status_code == 404
    assert directeur.get(f"{page}/sortie").status_code == 404
    assert tous(session, select(Effectif).where(Effectif.date_exclusion.is_not(None))) == []
