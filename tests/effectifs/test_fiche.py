"""The sheet of one apprentice: what it says, to whom, and at what cost."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba import horloge
from tdba.access import AccesRefuse
from tdba.effectifs import encarts
from tdba.effectifs.models import Effectif, EffectifSource
from tdba.effectifs.statuts import AnomalieParcours, CodeRaison
from tdba.journal import Evenement
from tests import factories as f
from tests.effectifs.aides import contrat_de, lectures, phrases
from tests.effectifs.conftest import Decor
from tests.pages import Navigateur, arbre, texte


def etapes(navigateur: Navigateur, effectif: Effectif) -> list[str]:
    page = arbre(navigateur.get(f"/effectifs/{effectif.id}"))
    liste = next(ol for ol in page.iter("ol") if ol.get("class") == "frise-liste")
    return [texte(li) for li in liste]


def valeurs(navigateur: Navigateur, effectif: Effectif) -> dict[str, str]:
    page = arbre(navigateur.get(f"/effectifs/{effectif.id}"))
    return {texte(div[0]): texte(div[1]) for div in page.iter("div") if len(div) == 2 and div[0].tag == "dt"}


def test_la_tete_dit_qui_depuis_quand_et_ou(session: Session, decor: Decor, directrice: Navigateur) -> None:
    effectif = f.une_rupture(session, decor.cfa, nom="LE GOFF", prenom="Zoé", depuis=30)
    reponse = directrice.get(f"/effectifs/{effectif.id}")
    assert texte(next(arbre(reponse).iter("h1"))) == "Zoé LE GOFF"
    vu = phrases(reponse)
    assert "19 ans" in vu
    assert "en rupture depuis le 19 octobre 2026 (30 jours)" in vu
    assert "CFA de Rennes" in vu
    assert "Si rien ne change : « délai dépassé » le 17 avril 2027." in vu


def test_un_mineur_est_dit_mineur(session: Session, decor: Decor, directrice: Navigateur) -> None:
    demain = horloge.aujourd_hui() + timedelta(days=1)
    mineure = f.un_apprenti(session, decor.cfa, naissance=demain.replace(year=2008), sexe="F")
    majeur = f.un_apprenti(session, decor.cfa, naissance=horloge.aujourd_hui().replace(year=2008))
    assert "mineure" in phrases(directrice.get(f"/effectifs/{mineure.id}"))
    assert "mineur" not in phrases(directrice.get(f"/effectifs/{majeur.id}"))


def test_un_delai_depasse_est_une_question_et_non_une_sortie(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effectif = f.un_sans_contrat(session, decor.cfa, depuis=200)
    vu = phrases(directrice.get(f"/effectifs/{effectif.id}"))
    assert "Délai dépassé le 31 juillet 2026. Toujours au CFA ?" in vu
    assert "sorti" not in vu


def test_chaque_etape_a_sa_raison_avec_ses_dates(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effectif = f.un_effectif(
        session, decor.cfa, contrats=[(date(2026, 9, 15), date(2027, 8, 31), date(2026, 10, 5))]
    )
    lues = list(etapes(directrice, effectif))
    assert "inscrit sans contrat" in lues[0]
    assert "du 1er septembre 2026 au 14 septembre 2026" in lues[0]
    assert "Contrat à partir du 15 septembre 2026, fin prévue le 31 août 2027." in lues[1]
    assert "le 5 octobre 2026 est le premier jour sans contrat" in lues[2]
    assert "à partir du 3 avril 2027" in lues[3]
    assert "depuis la rupture du 5 octobre 2026" in lues[3]


def test_un_delai_apres_un_terme_ne_parle_pas_de_rupture(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effectif = f.un_effectif(
        session,
        decor.cfa,
        entree=date(2026, 1, 5),
        contrats=[(date(2026, 1, 5), date(2026, 2, 28), None)],
        fin=date(2027, 8, 31),
    )
    lues = etapes(directrice, effectif)
    assert "délai dépassé" in lues[2]
    assert "rupture" not in " ".join(lues)


def test_toute_raison_et_toute_anomalie_ont_leurs_mots(app: object) -> None:
    """The macro knows every code: a new rule without words would be an empty sentence."""
    gabarit = app.jinja_env.get_template("effectifs/_raison.html").module  # type: ignore[attr-defined]
    jours = (date(2026, 9, 1), date(2026, 12, 1))
    phrases_ = {code: str(gabarit.raison(code.name, jours)) for code in CodeRaison}
    assert all(phrase.endswith(".") for phrase in phrases_.values())
    assert len(set(phrases_.values())) == len(CodeRaison)
    assert set(gabarit.ANOMALIES) == {anomalie.name for anomalie in AnomalieParcours}


def test_une_fiche_sans_statut_dit_pourquoi(session: Session, decor: Decor, directrice: Navigateur) -> None:
    effectif = f.un_effectif(session, decor.cfa, entree=None, fin=None)
    vu = phrases(directrice.get(f"/effectifs/{effectif.id}"))
    assert "sans statut" in vu
    assert "Cette fiche n’est comptée nulle part : la date d’entrée ou de fin de formation manque." in vu


def test_une_entree_a_venir_est_dite(session: Session, decor: Decor, directrice: Navigateur) -> None:
    effectif = f.un_effectif(session, decor.cfa, entree=date(2027, 1, 4))
    assert "entrée à venir le 4 janvier 2027" in phrases(directrice.get(f"/effectifs/{effectif.id}"))


def test_chaque_valeur_presente_dit_sa_source(session: Session, decor: Decor, directrice: Navigateur) -> None:
    effectif = f.un_apprenti(session, decor.cfa, telephone="0612345678", source="FICHIER")
    vues = valeurs(directrice, effectif)
    assert vues["Nom"] == "CANARI fichier, 18/11/2026 Corriger : Nom"
    assert vues["Année de la formation"].startswith("non renseignée Corriger : Année de la formation")
    assert vues["Sortie de formation"] == "aucune Corriger : Sortie de formation"


def test_une_valeur_mise_de_cote_est_montree_comme_recue(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effectif = f.un_apprenti(session, decor.cfa)
    session.add(
        EffectifSource(
            effectif_id=effectif.id,
            organisme_id=effectif.organisme_id,
            source="ERP",
            annee_scolaire=effectif.annee_scolaire,
            valeurs={
                "contrat_date_debut": "2026-09-01",
                "_mis_de_cote": {"duree_theorique_formation_mois": 99, "siret_employeur": "123"},
            },
            empreinte=b"x",
            recu_le=horloge.maintenant(),
        )
    )
    session.commit()
    vues = valeurs(directrice, effectif)
    assert "reçu : 99 — non utilisable" in vues["Durée théorique"]
    assert "reçu : 123 — non utilisable" in vues["Employeur (SIRET)"]


def test_la_fiche_d_un_autre_n_existe_pas(
    session: Session, decor: Decor, directrice: Navigateur, voisine: Navigateur
) -> None:
    effectif = f.un_apprenti(session, decor.cfa)
    contrat = contrat_de(session, effectif).id
    for adresse in (
        f"/effectifs/{effectif.id}",
        f"/effectifs/{effectif.id}/corriger/nom",
        f"/contrats/{contrat}/corriger",
    ):
        assert directrice.get(adresse).status_code == 200
        assert voisine.get(adresse).status_code == 404
    assert directrice.get("/effectifs/999999").status_code == 404


@pytest.mark.parametrize("type_", ["DREETS", "DRAAF", "CONSEIL_REGIONAL"])
def test_un_agent_n_ouvre_aucune_fiche(
    session: Session, decor: Decor, agent: Callable[[str], Navigateur], type_: str
) -> None:
    effectif = f.une_rupture(session, decor.cfa)
    navigateur = agent(type_)
    for adresse in (f"/effectifs/{effectif.id}", f"/effectifs/{effectif.id}/corriger/nom"):
        assert navigateur.get(adresse).status_code == 403


def test_ouvrir_une_fiche_est_journalise(session: Session, decor: Decor, directrice: Navigateur) -> None:
    effectif = f.un_apprenti(session, decor.cfa)
    directrice.get(f"/effectifs/{effectif.id}")
    requete = select(Evenement.details).where(Evenement.evenement == "effectif.consulte")
    assert session.execute(requete).scalars().all() == [{"ecran": "effectifs.fiche", "ids": [effectif.id]}]


def test_une_fiche_coute_au_plus_huit_lectures(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    simple = f.un_apprenti(session, decor.cfa)
    longue = f.un_effectif(
        session,
        decor.cfa,
        entree=date(2024, 9, 1),
        contrats=[
            (date(2024, 9, 1), date(2025, 8, 31), date(2024, 12, 1)),
            (date(2025, 2, 1), date(2025, 8, 31), date(2025, 3, 1)),
            (date(2025, 5, 1), date(2026, 8, 31), date(2025, 6, 1)),
            (date(2025, 9, 1), date(2027, 8, 31), None),
        ],
    )
    une = lectures(directrice, f"/effectifs/{simple.id}")
    assert une == lectures(directrice, f"/effectifs/{longue.id}")
    assert une <= 8


def test_une_garde_peut_refuser_la_fiche_et_la_correction(
    session: Session, decor: Decor, directrice: Navigateur, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What support registers: no sheet and no correction without a case."""
    effectif = f.un_apprenti(session, decor.cfa)

    def refuser(_effectif_id: int) -> int | None:
        raise AccesRefuse("sans demande")

    monkeypatch.setattr(encarts, "GARDES", [])
    encarts.garder(refuser)
    for adresse in (
        f"/effectifs/{effectif.id}",
        f"/effectifs/{effectif.id}/corriger/nom",
        f"/contrats/{contrat_de(session, effectif).id}/corriger",
    ):
        assert directrice.get(adresse).status_code == 403
