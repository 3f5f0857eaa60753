"""What a dossier de liaison may say, and in which words. Pure."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tdba.liaisons import donnees
from tdba.liaisons.donnees import Matiere
from tdba.liaisons.etats import Envoi, Etat, suite

ACCORD = date(2026, 11, 3)
ENVOI = datetime(2026, 11, 18, 11, 0, tzinfo=UTC)


def une_matiere(**faits: Any) -> Matiere:
    minimum = {"nom": "SERIN", "prenom": "Noé", "date_naissance": date(2007, 5, 4), "genre": "RUPTURE"}
    return Matiere(**(minimum | {"depuis": date(2026, 10, 19)} | faits))


def un_envoi(**faits: Any) -> Envoi:
    minimum = {"id": 1, "contact": "Maëlle", "donnees": ("IDENTITE",), "auteur": "Dominique"}
    return Envoi(**(minimum | {"cree_le": ENVOI, "expire_le": ENVOI + timedelta(days=15)} | faits))


def test_ce_qui_n_est_pas_connu_ne_se_propose_pas() -> None:
    assert set(donnees.valeurs(une_matiere())) == {"IDENTITE", "NAISSANCE", "SITUATION"}


def test_la_sante_ne_se_dit_ni_sans_accord_ni_parmi_les_autres_difficultes() -> None:
    sans_accord = donnees.valeurs(une_matiere(obstacles=("SANTE", "MOBILITE")))
    assert "SANTE" not in sans_accord
    assert "sant" not in sans_accord["OBSTACLES"].lower()
    assert "SANTE" not in donnees.valeurs(une_matiere(accord_sante_le=ACCORD))
    seule = donnees.valeurs(une_matiere(obstacles=("SANTE",), accord_sante_le=ACCORD))
    assert "OBSTACLES" not in seule
    assert "accord du 3 novembre 2026" in seule["SANTE"].replace("\xa0", " ")


@pytest.mark.parametrize(
    ("genre", "mots"),
    [
        ("RUPTURE", "contrat rompu le 19 octobre 2026"),
        ("FIN_DE_CONTRAT", "contrat arrivé à terme sans suite, sans contrat depuis le 19 octobre 2026"),
        ("SANS_CONTRAT", "sans contrat depuis le 19 octobre 2026"),
    ],
)
def test_chaque_genre_de_dossier_a_ses_mots(genre: str, mots: str) -> None:
    assert donnees.valeurs(une_matiere(genre=genre))["SITUATION"].replace("\xa0", " ") == mots


def test_une_valeur_immense_est_coupee_et_tient_sur_une_ligne() -> None:
    coupee = donnees.valeurs(une_matiere(formation="mot\n" * 500))["FORMATION"]
    assert (len(coupee), coupee[-1], "\n" in coupee) == (donnees.VALEUR_MAX, "…", False)


def test_seul_ce_qui_est_choisi_est_dit_dans_l_ordre_de_lecture() -> None:
    lignes = donnees.contenu(une_matiere(commune="Rennes"), {"SITUATION", "IDENTITE"})
    assert [libelle for libelle, _ in lignes] == ["Nom et prénom", "Situation"]


@pytest.mark.parametrize(
    ("faits", "apres", "etat"),
    [
        ({}, timedelta(days=14), Etat.EN_ATTENTE),
        ({}, timedelta(days=15), Etat.EXPIREE),
        ({"revoquee_le": ENVOI}, timedelta(), Etat.REVOQUEE),
        ({"essais": 4}, timedelta(), Etat.EN_ATTENTE),
        ({"essais": 5, "revoquee_le": ENVOI}, timedelta(), Etat.DETRUITE),
        ({"ouverte_le": ENVOI}, timedelta(days=20), Etat.OUVERTE),
        ({"ouverte_le": ENVOI, "repondu_le": ENVOI, "reponse": "AUTRE"}, timedelta(), Etat.REPONDUE),
    ],
)
def test_chaque_envoi_dit_ou_il_en_est(faits: dict[str, Any], apres: timedelta, etat: Etat) -> None:
    envoi = un_envoi(**faits)
    assert envoi.etat(ENVOI + apres) is etat
    assert suite(envoi, ENVOI + apres)


def test_un_conseiller_dont_le_nom_a_ete_efface_reste_dit() -> None:
    assert un_envoi(contact=None).destinataire == "un conseiller dont le nom a été effacé"
