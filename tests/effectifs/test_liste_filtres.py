"""Every filter of the list, alone and with the others; its order; the employers one chooses from."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from tdba import horloge
from tdba.comptes.models import Habilitation
from tdba.effectifs import ajouts
from tdba.effectifs.ajouts import FiltreAjoute
from tdba.effectifs.models import Correction, Effectif
from tests import factories as f
from tests.effectifs.aides import contrat_de, lien, noms, phrases
from tests.effectifs.conftest import Decor
from tests.pages import Navigateur, arbre, tableau, texte

SIRET = "13002526500013"


def une_correction(session: Session, effectif: Effectif, habilitation: Habilitation, etat: str) -> None:
    session.add(
        Correction(
            effectif_id=effectif.id,
            organisme_id=effectif.organisme_id,
            annee_scolaire=effectif.annee_scolaire,
            champ="nom",
            valeur=effectif.nom,
            motif="PIECE_VUE",
            personne_id=habilitation.personne_id,
            habilitation_id=habilitation.id,
            etat=etat,
            cree_le=horloge.maintenant(),
        )
    )
    session.commit()


@pytest.mark.parametrize(
    ("filtre", "attendu"),
    [
        ("age=moins-16", ["QUINZE"]),
        ("age=16-17", ["SEIZE"]),
        ("age=30-plus", ["TRENTE"]),
        ("source=FICHIER", ["SEIZE"]),
        ("corrigee=oui", ["QUINZE"]),
        ("corrigee=non", ["SEIZE", "TRENTE"]),
        ("conflit=oui", ["QUINZE"]),
        ("fraicheur=7j", ["QUINZE"]),
        ("fraicheur=30j", ["QUINZE", "SEIZE"]),
        ("fraicheur=ancienne", ["TRENTE"]),
        ("fraicheur=absente", ["TRENTE"]),
        (f"employeur={SIRET}", ["SEIZE"]),
        (f"employeur={SIRET}&age=16-17&source=FICHIER&fraicheur=30j&niveau=3", ["SEIZE"]),
        (f"employeur={SIRET}&age=30-plus", []),
    ],
)
def test_chaque_filtre_garde_les_siens_et_ils_se_combinent(
    session: Session,
    decor: Decor,
    directrice: Navigateur,
    habilitation_directrice: Habilitation,
    filtre: str,
    attendu: list[str],
) -> None:
    maintenant = horloge.maintenant()
    quinze = f.un_apprenti(session, decor.cfa, nom="QUINZE", naissance=date(2010, 11, 19), corrige=True)
    seize = f.un_apprenti(session, decor.cfa, nom="SEIZE", naissance=date(2010, 11, 18), source="FICHIER")
    trente = f.un_apprenti(session, decor.cfa, nom="TRENTE", naissance=date(1996, 11, 18))
    une_correction(session, quinze, habilitation_directrice, "CONFLIT")
    une_correction(session, seize, habilitation_directrice, "ACTIVE")
    contrat_de(session, seize).employeur_siret = SIRET
    seize.transmis_le = maintenant - timedelta(days=20)
    trente.transmis_le = maintenant - timedelta(days=40)
    trente.plus_transmis_depuis = date(2026, 10, 30)
    session.commit()
    assert [nom.removesuffix(" Alix") for nom in noms(directrice.get(f"/effectifs?{filtre}"))] == attendu


def test_un_agent_de_l_etat_ne_filtre_pas_sur_ce_qu_il_ne_lit_pas(
    session: Session, decor: Decor, agent: Callable[[str], Navigateur]
) -> None:
    f.une_rupture(session, decor.cfa, naissance=date(2007, 5, 4))
    dreets = agent("DREETS")
    for filtre in (f"employeur={SIRET}", "conflit=oui", "source=FICHIER", "fraicheur=absente"):
        reponse = dreets.get(f"/effectifs?{filtre}")
        assert len(noms(reponse)) == 1
        assert "laissé de côté" in phrases(reponse)
    assert noms(dreets.get("/effectifs?age=16-17")) == []
    assert dreets.get("/effectifs/employeurs").status_code == 403
    assert {"Choisir", "Source", "INE"}.isdisjoint(tableau(dreets.get("/effectifs"))[0])


def test_un_filtre_d_une_autre_tranche_est_propose_applique_et_retire(
    session: Session, decor: Decor, directrice: Navigateur, monkeypatch: pytest.MonkeyPatch
) -> None:
    initiale = FiltreAjoute(
        "initiale", "Initiale", lambda: [("A", "commence par A")], lambda v: Effectif.nom.like(f"{v}%")
    )
    monkeypatch.setitem(ajouts.FILTRES, "initiale", initiale)
    f.un_apprenti(session, decor.cfa, nom="ABADIE")
    f.un_apprenti(session, decor.cfa, nom="BAZIN")
    reponse = directrice.get("/effectifs?initiale=A")
    assert noms(reponse) == ["ABADIE Alix"]
    assert lien(reponse, "Retirer le filtre Initiale : commence par A") == "/effectifs"
    assert "laissé de côté" in phrases(directrice.get("/effectifs?initiale=B"))


def test_les_employeurs_de_la_liste_menent_chacun_a_ses_apprentis(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    for nom, siret in (("A", SIRET), ("B", SIRET), ("C", "35600000000048")):
        contrat_de(session, f.un_apprenti(session, decor.cfa, nom=nom)).employeur_siret = siret
    contrat_de(session, f.un_apprenti(session, decor.voisin)).employeur_siret = "55208131766522"
    session.commit()
    reponse = directrice.get("/effectifs/employeurs")
    assert [ligne["Apprenants"] for ligne in tableau(reponse)] == ["2", "1"]
    premier = next(a for a in arbre(reponse).iter("a") if "130" in texte(a))
    assert noms(directrice.get(str(premier.get("href")))) == ["A Alix", "B Alix"]


def test_la_colonne_triee_dit_son_ordre_et_l_age_va_a_rebours_de_la_naissance(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    f.un_apprenti(session, decor.cfa, nom="JEUNE", naissance=date(2009, 1, 1))
    f.un_apprenti(session, decor.cfa, nom="AINE", naissance=date(2001, 1, 1))
    reponse = directrice.get("/effectifs?tri=naissance")
    assert [ligne["Âge"] for ligne in tableau(reponse)] == ["25", "17"]
    ordres = {texte(th): th.get("aria-sort") for th in arbre(reponse).iter("th") if th.get("aria-sort")}
    assert ordres == {"Âge": "descending"}
