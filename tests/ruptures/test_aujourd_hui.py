"""The home page "Aujourd’hui": whom to call this week and why, receptions, figures (ux.md, screen A)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event, update
from sqlalchemy.orm import Session

from tdba import horloge, scope
from tdba.db import db
from tdba.effectifs.models import Effectif
from tdba.organismes.models import Organisme
from tdba.ruptures.models import Dossier
from tdba.scope import Droit
from tests.conftest import MIDI
from tests.factories import un_apprenti, un_diplome, un_effectif, un_sans_contrat, un_sorti, une_rupture
from tests.pages import Navigateur, arbre, liens, tableau, texte

JOUR = horloge.jour_de_paris(MIDI)


def prevoir(session: Session, effectif: Effectif, *, dans: int | None) -> None:
    """A step was noted; the next one is in `dans` days, or none is planned."""
    prochaine = None if dans is None else JOUR + timedelta(days=dans)
    valeurs = {"derniere_demarche_le": MIDI, "prochaine_le": prochaine}
    requete = update(Dossier).where(Dossier.effectif_id == effectif.id).values(valeurs)
    db.session.execute(scope.pour_ecriture(requete, Droit.CORRIGER))
    session.commit()


def raisons(page: Any) -> dict[str, str]:
    """First name → why that youth is on the home page."""
    return {ligne["Apprenant"].split()[0]: ligne["Situation"] for ligne in tableau(page, "a-appeler")}


def phrase(page: Any) -> str:
    return next(texte(p) for p in arbre(page).iter("p") if p.get("class") == "chapeau")


def test_la_premiere_phrase_compte_les_appels_et_les_delais_proches(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    une_rupture(session, cfa, depuis=10)
    une_rupture(session, cfa, depuis=172)
    un_sans_contrat(session, cfa, depuis=80)
    assert phrase(directeur.get("/aujourd-hui")) == (
        "3 jeunes à appeler cette semaine ; 2 atteignent leur délai avant le 2 décembre 2026."
    )


def test_sans_personne_a_appeler_la_page_le_dit(directeur: Navigateur) -> None:
    page = directeur.get("/aujourd-hui")
    assert phrase(page) == (
        "Aucun jeune à appeler cette semaine ; aucun n’atteint son délai avant le 2 décembre 2026."
    )
    assert "Personne n’est à appeler cette semaine" in texte(arbre(page))


def test_un_premier_appel_est_du_des_la_rupture_et_a_45_jours_sans_contrat(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    une_rupture(session, cfa, prenom="Rompue", depuis=0)
    un_sans_contrat(session, cfa, prenom="Patiente", depuis=44)
    un_sans_contrat(session, cfa, prenom="Attendue", depuis=45)
    trouvees = raisons(directeur.get("/aujourd-hui"))
    assert sorted(trouvees) == ["Attendue", "Rompue"]
    assert trouvees["Rompue"].endswith("Aucun premier contact.")


@pytest.mark.parametrize(("dans", "cette_semaine"), [(-3, True), (0, True), (4, True), (5, False)])
def test_une_etape_est_a_faire_si_elle_est_prevue_jusqu_a_dimanche(
    session: Session, directeur: Navigateur, cfa: Organisme, dans: int, cette_semaine: bool
) -> None:
    prevoir(session, une_rupture(session, cfa, prenom="Lou", depuis=60), dans=dans)
    trouvees = raisons(directeur.get("/aujourd-hui"))
    assert list(trouvees) == (["Lou"] if cette_semaine else [])
    if cette_semaine:
        assert trouvees["Lou"].endswith("Étape prévue cette semaine.")


@pytest.mark.parametrize(("dans", "a_appeler"), [(None, True), (10, False), (20, True)])
def test_un_delai_proche_appelle_si_rien_n_est_prevu_avant_lui(
    session: Session, directeur: Navigateur, cfa: Organisme, dans: int | None, a_appeler: bool
) -> None:
    """The rupture of 30 May 2026: training is maintained until 30 November, in twelve days."""
    prevoir(session, une_rupture(session, cfa, prenom="Lou", depuis=172), dans=dans)
    trouvees = raisons(directeur.get("/aujourd-hui"))
    assert list(trouvees) == (["Lou"] if a_appeler else [])
    if a_appeler:
        assert trouvees["Lou"].endswith("Le délai approche, rien n’est prévu avant.")


def test_un_delai_passe_n_est_plus_un_appel_mais_son_dernier_jour_en_est_un(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    """The rupture of 18 May 2026 is maintained until 18 November, today."""
    une_rupture(session, cfa, prenom="Passee", depuis=185)
    une_rupture(session, cfa, prenom="DernierJour", depuis=184)
    assert list(raisons(directeur.get("/aujourd-hui"))) == ["DernierJour"]


def test_dix_lignes_au_plus_les_echeances_les_plus_proches(
    session: Session, directeur: Navigateur, cfa: Organisme, annexe: Organisme, voisin: Organisme
) -> None:
    for depuis in range(13):
        une_rupture(session, (cfa, annexe)[depuis % 2], prenom=f"J{depuis}", depuis=depuis)
    une_rupture(session, voisin, prenom="Voisine", depuis=170)
    page = directeur.get("/aujourd-hui")
    assert list(raisons(page)) == [f"J{depuis}" for depuis in range(12, 2, -1)]
    assert "10 sur 13." in texte(arbre(page))
    d_un_site = directeur.get(f"/aujourd-hui?site={annexe.id}")
    assert set(raisons(d_un_site)) == {f"J{depuis}" for depuis in range(1, 13, 2)}
    assert directeur.get(f"/aujourd-hui?site={voisin.id}").status_code == 404


def test_un_contrat_arrive_a_terme_s_appelle_comme_une_rupture(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    terme = JOUR - timedelta(days=10)
    entree = terme - timedelta(days=300)
    un_effectif(session, cfa, prenom="Terme", entree=entree, contrats=[(entree, terme, None)])
    assert raisons(directeur.get("/aujourd-hui"))["Terme"].endswith("Aucun premier contact.")


def test_les_sites_sont_des_onglets_et_le_regard_choisi_reste(
    session: Session, directeur: Navigateur, cfa: Organisme, annexe: Organisme
) -> None:
    page = directeur.get(f"/aujourd-hui?site={annexe.id}&qui=moi")
    adresses = liens(page)
    assert f"/aujourd-hui?site={cfa.id}&qui=moi" in adresses
    assert f"/aujourd-hui?site={annexe.id}" in adresses
    assert "parmi les dossiers que vous suivez" in texte(arbre(page))


def test_le_pied_dit_ce_que_voient_les_autres(directeur: Navigateur) -> None:
    page = directeur.get("/aujourd-hui")
    assert "/ce-que-voient" in " ".join(liens(page))


def chiffres(page: Any) -> dict[str, tuple[str, str]]:
    """Title of a figure → its value, and the same day last year."""
    trouves = {}
    for bloc in arbre(page).iter("div"):
        if bloc.get("class") == "chiffre":
            mots = [texte(dd) for dd in bloc.iter("dd")]
            trouves[texte(bloc.find("dt"))] = (mots[0].split()[0], mots[1])
    return trouves


def test_les_chiffres_du_jour_et_de_l_an_dernier(
    session: Session, directeur: Navigateur, cfa: Organisme, voisin: Organisme
) -> None:
    un_apprenti(session, cfa)
    un_diplome(session, cfa)
    un_apprenti(session, cfa, corbeille_le=MIDI)
    un_apprenti(session, voisin)
    un_sans_contrat(session, cfa)
    une_rupture(session, cfa)
    un_sorti(session, cfa)
    un_sans_contrat(session, cfa, depuis=-30)
    un_sans_contrat(session, cfa, depuis=400, fin=date(2026, 8, 31), annee_scolaire="2025-2026")
    un_diplome(session, cfa, annee_scolaire="2025-2026")
    assert chiffres(directeur.get("/aujourd-hui")) == {
        "Apprentis": ("2", "1 au 18 novembre 2025."),
        "Inscrits sans contrat": ("1", "1 au 18 novembre 2025."),
        "En rupture ou contrat arrivé à terme": ("1", "0 au 18 novembre 2025."),
        "Sortis ou délai dépassé": ("1", "0 au 18 novembre 2025."),
    }


def test_sans_rien_l_an_dernier_la_comparaison_dit_pourquoi(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    un_apprenti(session, cfa)
    assert chiffres(directeur.get("/aujourd-hui"))["Apprentis"] == (
        "1",
        "Aucun apprenant transmis au 18 novembre 2025.",
    )


def test_la_derniere_reception_de_chaque_site(
    session: Session, directeur: Navigateur, cfa: Organisme, annexe: Organisme
) -> None:
    cfa.derniere_reception_le = datetime(2026, 11, 18, 4, 12, tzinfo=UTC)
    session.commit()
    contenu = texte(arbre(directeur.get("/aujourd-hui")))
    assert "CFA Rennes : reçu de votre ERP ce matin à 05 h 12." in contenu
    assert "CFA Saint-Malo : rien n’a encore été reçu de votre ERP." in contenu


def test_la_page_lit_peu_et_pese_peu(
    session: Session, directeur: Navigateur, cfa: Organisme, connexion: Connection
) -> None:
    for depuis in range(15):
        une_rupture(session, cfa, depuis=depuis)
    directeur.get("/aujourd-hui")
    lectures: list[str] = []

    def noter(_lien: Any, _curseur: Any, ordre: str, *_: Any) -> None:
        if ordre.lstrip().startswith("SELECT") and "set_config" not in ordre:
            lectures.append(ordre)

    event.listen(connexion, "before_cursor_execute", noter)
    try:
        page = directeur.get("/aujourd-hui")
    finally:
        event.remove(connexion, "before_cursor_execute", noter)
    assert len(lectures) <= 8
    assert len(page.data) < 60_000
