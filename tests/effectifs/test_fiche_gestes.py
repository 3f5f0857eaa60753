"""The sheet, where one works: the one thing to do, what is wrong beside its field, what was corrected."""

import pytest
from sqlalchemy.orm import Session

from tdba.effectifs import ajouts, encarts
from tdba.effectifs.ajouts import Annotation
from tdba.effectifs.encarts import Encart
from tdba.effectifs.models import Effectif
from tdba.organismes.models import Entreprise
from tests import factories as f
from tests.effectifs.aides import contrat_de, envoyer, phrases
from tests.effectifs.conftest import Decor
from tests.pages import Navigateur, arbre, liens, tableau, texte


def valeurs(navigateur: Navigateur, effectif: Effectif) -> dict[str, str]:
    page = arbre(navigateur.get(f"/effectifs/{effectif.id}"))
    return {texte(div[0]): texte(div[1]) for div in page.iter("div") if len(div) == 2 and div[0].tag == "dt"}


def bouton(navigateur: Navigateur, effectif: Effectif) -> tuple[str, str]:
    """The one primary action of the head."""
    page = arbre(navigateur.get(f"/effectifs/{effectif.id}"))
    (seul,) = [a for a in page.iter("a") if "btn-primary" in str(a.get("class"))]
    return texte(seul), str(seul.get("href"))


def annoter(monkeypatch: pytest.MonkeyPatch, *annotations: Annotation) -> None:
    monkeypatch.setattr(ajouts, "ANNOTATIONS", [lambda _: annotations])


def test_une_tranche_voisine_ajoute_son_encart(
    session: Session, decor: Decor, directrice: Navigateur, monkeypatch: pytest.MonkeyPatch
) -> None:
    effectif = f.un_apprenti(session, decor.cfa)
    monkeypatch.setattr(encarts, "ENCARTS", [])
    encarts.ajouter(
        lambda _: Encart("Dossier de rupture", "Prochain appel demain.", "/x", "Ouvrir le dossier")
    )
    encarts.ajouter(lambda _: None)
    vu = phrases(directrice.get(f"/effectifs/{effectif.id}"))
    assert "Dossier de rupture : Prochain appel demain." in vu
    assert bouton(directrice, effectif) == ("Ouvrir le dossier", "/x")


def test_ce_qui_n_est_pas_compte_passe_avant_ce_que_propose_une_tranche(
    session: Session, decor: Decor, directrice: Navigateur, monkeypatch: pytest.MonkeyPatch
) -> None:
    effectif = f.un_apprenti(session, decor.cfa)
    monkeypatch.setattr(encarts, "ENCARTS", [lambda _: Encart("Suivi", "À appeler.", "/suivi", "Ouvrir")])
    annoter(
        monkeypatch,
        Annotation("CONFORT", "ine", None, 4, "L’INE manque.", "Indiquer l’INE"),
        Annotation("FIN", "date_fin", None, 1, "La fin de la formation manque.", "Indiquer la fin"),
    )
    assert bouton(directrice, effectif) == (
        "Indiquer la fin",
        f"/effectifs/{effectif.id}/corriger/date_fin",
    )
    assert "La fin de la formation manque." in phrases(directrice.get(f"/effectifs/{effectif.id}"))
    annoter(monkeypatch, Annotation("CONFORT", "ine", None, 4, "L’INE manque.", "Indiquer l’INE"))
    assert bouton(directrice, effectif) == ("Ouvrir", "/suivi")


def test_une_anomalie_est_dite_a_cote_de_son_champ(
    session: Session, decor: Decor, directrice: Navigateur, monkeypatch: pytest.MonkeyPatch
) -> None:
    effectif = f.un_apprenti(session, decor.cfa)
    contrat = contrat_de(session, effectif)
    annoter(
        monkeypatch,
        Annotation("A", "ine", None, 3, "L’INE manque.", "Indiquer l’INE", taire_url="/taire"),
        Annotation("B", "fin", contrat.id, 2, "Le contrat dépasse la formation.", "Corriger le contrat"),
        Annotation("C", "inconnu", None, 4, "Rien à voir avec un champ.", "Regarder", url="/voir"),
    )
    vues = valeurs(directrice, effectif)
    assert "L’INE manque. Indiquer l’INE Ne plus signaler" in vues["INE"]
    assert "Le contrat dépasse la formation. Corriger le contrat" in vues["Fin prévue"]
    reponse = directrice.get(f"/effectifs/{effectif.id}")
    assert {"/taire", "/voir", "#champ-ine", f"#champ-fin-{contrat.id}"} <= set(liens(reponse))
    idents = {e.get("id") for e in arbre(reponse).iter()}
    assert {"champ-ine", f"champ-fin-{contrat.id}"} <= idents


def test_une_valeur_corrigee_est_soulignee_datee_et_garde_l_ancienne(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effectif = f.un_apprenti(session, decor.cfa)
    adresse = f"/effectifs/{effectif.id}/corriger/nom"
    assert envoyer(directrice, adresse, valeur="MARTIN").status_code == 303
    vu = valeurs(directrice, effectif)["Nom"]
    assert "MARTIN corrigé le 18/11/2026" in vu
    assert "Valeurs précédentes CANARI, avant la correction du 18/11/2026" in vu
    page = arbre(directrice.get(f"/effectifs/{effectif.id}"))
    assert "MARTIN" in [texte(e) for e in page.iter("span") if e.get("class") == "valeur-corrigee"]
    (ligne,) = tableau(directrice.get(f"/effectifs/{effectif.id}"), "historique")
    assert (ligne["Quoi"], ligne["Avant"], ligne["Après"]) == ("Nom", "CANARI", "MARTIN")


def test_un_contrat_dit_son_employeur_sa_cause_et_ce_qui_est_conteste(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effectif = f.une_rupture(session, decor.cfa)
    contrat = contrat_de(session, effectif)
    session.add(Entreprise(siret="55208131766522", nom="BOULANGERIE DU PORT"))
    contrat.employeur_siret, contrat.cause_legale = "55208131766522", "DEMISSION"
    contrat.contestation, contrat.debut_source = "NON_NOTIFIEE", None
    session.commit()
    vu = phrases(directrice.get(f"/effectifs/{effectif.id}"))
    assert "Contrat 1, BOULANGERIE DU PORT ajouté ici, pas encore transmis par votre ERP" in vu
    assert "Démission de l’apprenti" in vu
    assert "Vous contestez cette rupture : nous n’avons reçu aucune notification." in vu
