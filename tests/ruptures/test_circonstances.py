"""Circumstances of a youth: a closed list, health only with their agreement, two people at once (decisions 16 and 18)."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba import scope
from tdba.organismes.models import Organisme
from tdba.ruptures.circonstances import Circonstances, au_journal, changes, en_mots, ranger, refus_de
from tdba.ruptures.models import Circonstance
from tdba.scope import Droit
from tests.factories import une_rupture
from tests.pages import Navigateur, arbre, champs, texte
from tests.ruptures.aides import JOUR, envoyer, evenements, jours, le_dossier, mots

HIER = date(2026, 11, 17)


@pytest.mark.parametrize(
    ("dites", "champ"),
    [
        (Circonstances(("SANTE",)), "accord_sante_le"),
        (Circonstances(("SANTE",), date(2026, 11, 19)), "accord_sante_le"),
        (Circonstances(transmis_ailleurs_a="MISSION_LOCALE"), "transmis_ailleurs_le"),
        (Circonstances(transmis_ailleurs_le=HIER), "transmis_ailleurs_a"),
        (
            Circonstances(transmis_ailleurs_a="AUTRE", transmis_ailleurs_le=date(2026, 11, 19)),
            "transmis_ailleurs_le",
        ),
    ],
)
def test_ce_qui_n_a_pas_sa_date_ou_son_accord_est_refuse(dites: Circonstances, champ: str) -> None:
    refus = refus_de(dites, JOUR)
    assert refus is not None
    assert refus.champ == champ


def test_la_sante_se_note_avec_l_accord_du_jour_meme() -> None:
    assert refus_de(Circonstances(("SANTE",), JOUR), JOUR) is None


def test_retirer_la_sante_efface_son_accord() -> None:
    assert ranger(Circonstances(("LOGEMENT",), HIER)) == Circonstances(("LOGEMENT",), None)


def test_le_journal_ne_tient_que_des_noms_de_champs_et_jamais_celui_de_l_accord() -> None:
    champs_changes = changes(Circonstances(), Circonstances(("SANTE",), HIER))
    assert champs_changes == ["obstacles", "accord_sante_le"]
    assert au_journal(champs_changes) == au_journal(["accord_sante_le"]) == ["obstacles"]


def test_ce_qui_est_note_se_lit_en_phrases() -> None:
    assert en_mots(Circonstances(("LOGEMENT", "SANTE"), HIER, "AUTRE_METIER")) == [
        "Ce qui fait obstacle : logement et santé.",
        "Son souhait : changer de métier.",
    ]


# On the page ---------------------------------------------------------------------------------------------------------


def lue(session: Session) -> Circonstance | None:
    requete = scope.autorisee(select(Circonstance), Droit.CORRIGER).execution_options(populate_existing=True)
    trouvee: Circonstance | None = session.execute(requete).scalar_one_or_none()
    return trouvee


def noter(directeur: Navigateur, dossier_id: int, obstacles: list[str], **saisies: Any) -> Any:
    adresse = f"/dossiers/{dossier_id}/circonstances"
    return envoyer(directeur, adresse, obstacles=obstacles, **saisies)


def test_la_situation_notee_se_lit_sur_le_dossier(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    dossier = le_dossier(une_rupture(session, cfa))
    reponse = noter(
        directeur,
        dossier.id,
        ["LOGEMENT", "MOBILITE"],
        souhait="MEME_METIER",
        transmis_ailleurs_a="MISSION_LOCALE",
        transmis_ailleurs_le=jours(-2),
    )
    assert reponse.status_code == 303
    page = mots(directeur, f"/dossiers/{dossier.id}")
    assert "Ce qui fait obstacle : logement et mobilité, transports." in page
    assert "continuer dans le même métier" in page
    assert "Déjà transmis à la mission locale le 16 novembre 2026." in page
    assert evenements(session, "dossier.circonstances_notees") == [
        {
            "dossier_id": dossier.id,
            "champs": ["obstacles", "souhait", "transmis_ailleurs_a", "transmis_ailleurs_le"],
        }
    ]


def test_la_sante_sans_accord_est_refusee_et_la_saisie_revient(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    dossier = le_dossier(une_rupture(session, cfa))
    reponse = noter(directeur, dossier.id, ["SANTE"], accord_sante_le=jours(0))
    assert reponse.status_code == 422
    assert "avec l’accord du jeune" in texte(arbre(reponse))
    assert lue(session) is None


def test_retirer_la_sante_ne_laisse_rien_d_elle(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    dossier = le_dossier(une_rupture(session, cfa))
    noter(directeur, dossier.id, ["SANTE"], accord_sante="y", accord_sante_le=jours(0))
    notee = lue(session)
    assert notee is not None
    assert (notee.obstacles, notee.accord_sante_le) == (["SANTE"], JOUR)
    noter(directeur, dossier.id, ["FINANCE"])
    apres = lue(session)
    assert apres is not None
    assert (apres.obstacles, apres.accord_sante_le, apres.version) == (["FINANCE"], None, 2)
    assert "anté" not in texte(
        next(
            s
            for s in arbre(directeur.get(f"/dossiers/{dossier.id}")).iter("section")
            if s.get("aria-labelledby") == "circonstances"
        )
    )


def test_deux_saisies_croisees_se_voient_avant_que_l_une_remplace_l_autre(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    dossier = le_dossier(une_rupture(session, cfa))
    adresse = f"/dossiers/{dossier.id}/circonstances"
    ancienne = champs(directeur.get(adresse), adresse)
    noter(directeur, dossier.id, ["LOGEMENT"])
    reponse = directeur.post(adresse, ancienne | {"obstacles": ["FAMILLE"]})
    assert reponse.status_code == 409
    vue = texte(arbre(reponse))
    assert "Dominique Testeur a noté" in vue
    assert "obstacle : logement." in vue
    rendue = champs(reponse, adresse)
    assert rendue["obstacles"] == "FAMILLE"
    assert directeur.post(adresse, rendue | {"obstacles": ["FAMILLE"]}).status_code == 303
    tenue = lue(session)
    assert tenue is not None
    assert tenue.obstacles == ["FAMILLE"]


def test_envoyer_deux_fois_n_ecrit_qu_une_fois(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    dossier = le_dossier(une_rupture(session, cfa))
    adresse = f"/dossiers/{dossier.id}/circonstances"
    saisie = champs(directeur.get(adresse), adresse) | {"obstacles": ["LOGEMENT"]}
    for _ in range(2):
        assert directeur.post(adresse, saisie).status_code == 303
    assert "C’était déjà noté" in mots(directeur, f"/dossiers/{dossier.id}")
    assert len(evenements(session, "dossier.circonstances_notees")) == 1


def test_une_valeur_hors_de_la_liste_est_refusee(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    dossier = le_dossier(une_rupture(session, cfa))
    for saisies in ({"obstacles": ["RELIGION"]}, {"obstacles": [], "souhait": "FUIR"}):
        assert envoyer(directeur, f"/dossiers/{dossier.id}/circonstances", **saisies).status_code == 422
    assert lue(session) is None


def test_la_situation_d_un_autre_cfa_n_existe_pas(
    session: Session, directeur: Navigateur, voisin: Organisme
) -> None:
    adresse = f"/dossiers/{le_dossier(une_rupture(session, voisin)).id}/circonstances"
    assert directeur.get(adresse).status_code == 404
    assert directeur.post(adresse, {"obstacles": "LOGEMENT", "version": "0"}).status_code == 404
    assert lue(session) is None
