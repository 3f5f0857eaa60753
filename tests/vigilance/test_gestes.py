"""Marking seen: out of the list until a day, put back, with a note that is erased; on the sheet; for a network."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from tdba import horloge, jobs, scope
from tdba.comptes.models import Habilitation, Organisation
from tdba.db import db
from tdba.journal import Evenement
from tdba.organismes.models import Organisme
from tdba.ruptures.models import Opposition
from tdba.vigilance import service
from tests.conftest import MIDI
from tests.factories import un_effectif
from tests.pages import Navigateur, arbre, champs, liens, tableau, texte
from tests.vigilance.aides import FIN, JOUR, gestes, noms, un_contrat_recent, un_tranquille, voir

NOTE = "Parler à la tutrice lundi."


def evenements(session: Session, nom: str) -> list[Any]:
    return [e for e in session.query(Evenement).order_by(Evenement.id) if e.evenement == nom]


def partager(session: Session, depuis: date | None) -> None:
    requete = update(Organisation).where(Organisation.type == "ORGANISME_FORMATION")
    session.execute(requete.values(partage_suivi_depuis=depuis))
    session.commit()


def le(jours: int) -> Any:
    return horloge.regler(MIDI + timedelta(days=jours))


def test_vu_fait_quitter_la_liste_jusqu_au_jour_dit(
    session: Session, directeur: Navigateur, navigateur: Navigateur, direction: Habilitation, cfa: Organisme
) -> None:
    lou = un_contrat_recent(session, cfa, prenom="Lou")
    assert voir(directeur, lou, revoir_le="2026-11-23", note=NOTE).status_code == 303
    page = directeur.get("/vigilance")
    assert noms(page) == []
    assert "Lou CANARI quitte la liste jusqu’au 23 novembre 2026" in texte(arbre(page)).replace("\xa0", " ")
    (vue,) = tableau(directeur.get("/vigilance?regle=vus"), "vigilance")
    assert vue["Dernier regard"] == f"Vu le 18/11/2026 par Dominique Testeur, à revoir le 23/11/2026 {NOTE}"
    with le(4):
        assert noms(navigateur.comme(direction).get("/vigilance")) == []
        assert "1 jeune déjà vu" in texte(arbre(navigateur.comme(direction).get("/vigilance"))).replace(
            "\xa0", " "
        )
    with le(5):
        assert noms(navigateur.comme(direction).get("/vigilance")) == ["Lou"]


def test_sans_jour_dit_on_revoit_a_la_fin_de_la_regle(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    lou = un_contrat_recent(session, cfa, depuis=8)
    assert (
        champs(directeur.get(f"/vigilance/{lou.id}/vu"), f"/vigilance/{lou.id}/vu")[f"vu-{lou.id}-revoir_le"]
        == "2026-12-25"
    )
    voir(directeur, lou, revoir_le="")
    (geste,) = gestes(session, lou)
    assert (geste.regle, geste.revoir_le, geste.note_jusqu_au) == ("PREMIERS_JOURS", date(2026, 12, 25), None)


def test_une_autre_regle_ramene_dans_la_liste_avant_ce_jour(
    session: Session, directeur: Navigateur, navigateur: Navigateur, direction: Habilitation, cfa: Organisme
) -> None:
    lou = un_contrat_recent(session, cfa, prenom="Lou", depuis=40)
    voir(directeur, lou, revoir_le="2027-06-30")
    with le(22):  # the third month
        (ligne,) = tableau(navigateur.comme(direction).get("/vigilance"), "vigilance")
    assert ligne["Pourquoi"].startswith("Troisième mois du contrat commencé le 9 octobre 2026")


def test_deux_regles_vues_ensemble_ne_gardent_qu_une_note(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    rompus = [(date(2025, 9, 1), FIN, date(2025, 12, 1)), (date(2026, 1, 5), FIN, date(2026, 5, 1))]
    recent = (JOUR - timedelta(days=10), FIN, None)
    lou = un_effectif(session, cfa, entree=date(2025, 9, 1), contrats=[*rompus, recent])
    voir(directeur, lou, note=NOTE)
    assert [(g.regle, g.note) for g in gestes(session, lou)] == [
        ("PREMIERS_JOURS", NOTE),
        ("DEUX_RUPTURES", None),
    ]
    assert noms(directeur.get("/vigilance")) == []
    (evenement,) = evenements(session, "vigilance.vu")
    assert evenement.details == {"regles": ["PREMIERS_JOURS", "DEUX_RUPTURES"]}


def test_envoye_deux_fois_c_est_une_fois(session: Session, directeur: Navigateur, cfa: Organisme) -> None:
    lou = un_contrat_recent(session, cfa)
    assert [voir(directeur, lou).status_code for _ in range(2)] == [303, 303]
    assert len(gestes(session, lou)) == 1
    autre = voir(directeur, lou, cle_formulaire="autre-onglet")
    assert autre.status_code == 422
    assert "la liste a changé" in texte(arbre(autre))


@pytest.mark.parametrize(
    ("saisie", "mots"),
    [
        ({"revoir_le": "2026-11-18"}, "Choisissez un jour à venir"),
        ({"revoir_le": "2027-11-19"}, "Choisissez un jour à venir"),
        ({"note": "n° 1 07 05 35 238 012 42"}, "numéro de sécurité sociale"),
        ({"note": "x" * 501}, "ne peut pas dépasser 500"),
    ],
)
def test_un_jour_passe_ou_une_note_interdite_se_refusent_en_gardant_ce_qui_est_ecrit(
    session: Session, directeur: Navigateur, cfa: Organisme, saisie: dict[str, Any], mots: str
) -> None:
    lou = un_contrat_recent(session, cfa)
    reponse = voir(directeur, lou, **saisie)
    assert reponse.status_code == 422
    assert mots in texte(arbre(reponse))
    for nom, valeur in saisie.items():
        assert champs(reponse, f"/vigilance/{lou.id}/vu")[f"vu-{lou.id}-{nom}"].strip() == valeur
    assert gestes(session, lou) == []


def test_dans_la_ligne_le_geste_rend_la_ligne_et_se_defait(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    lou = un_contrat_recent(session, cfa, prenom="Lou")
    assert "Marquer vu" in directeur.get(f"/vigilance/{lou.id}/vu", htmx=True).text
    ligne = voir(directeur, lou, htmx=True)
    assert ligne.status_code == 200
    assert "<html" not in ligne.text
    assert "quitte la liste" in ligne.text
    assert "Remettre dans la liste" in ligne.text
    rendue = directeur.post(f"/vigilance/{lou.id}/remettre", htmx=True)
    assert "De nouveau à surveiller" in rendue.text
    assert noms(directeur.get("/vigilance")) == ["Lou"]
    assert "Vu le 18/11/2026 par Dominique Testeur" in directeur.get(f"/vigilance/{lou.id}").text
    assert directeur.post(f"/vigilance/{lou.id}/remettre").status_code == 303
    assert len(evenements(session, "vigilance.remis")) == 1


def test_qu_aucune_regle_ne_nomme_ou_d_un_autre_cfa_n_existe_pas(
    session: Session, directeur: Navigateur, cfa: Organisme, voisin: Organisme
) -> None:
    for effectif in (un_tranquille(session, cfa), un_contrat_recent(session, voisin)):
        assert directeur.get(f"/vigilance/{effectif.id}").status_code == 404
        assert voir(directeur, effectif).status_code == 404
        assert gestes(session, effectif) == []
    assert directeur.post(f"/vigilance/{effectif.id}/remettre").status_code == 404


def test_qui_s_est_oppose_n_est_ni_dans_la_liste_ni_vu(
    session: Session, directeur: Navigateur, direction: Habilitation, cfa: Organisme
) -> None:
    lou = un_contrat_recent(session, cfa)
    session.add(
        Opposition(
            effectif_id=lou.id,
            organisme_id=cfa.id,
            annee_scolaire=lou.annee_scolaire,
            recue_le=JOUR,
            personne_id=direction.personne_id,
            cree_le=MIDI,
        )
    )
    session.commit()
    assert noms(directeur.get("/vigilance")) == []
    assert voir(directeur, lou).status_code == 404
    assert gestes(session, lou) == []


def test_la_note_s_efface_apres_son_dernier_jour_et_le_regard_reste(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    lou = un_contrat_recent(session, cfa)
    voir(directeur, lou, note=NOTE, note_mois="1", revoir_le="2027-06-30")
    (geste,) = gestes(session, lou)
    assert geste.note_jusqu_au == date(2026, 12, 18)
    with le(30):
        jobs.REGISTRE["vigilance.effacer_les_notes"].fonction()
    assert gestes(session, lou)[0].note == NOTE
    with le(31), scope.systeme("test"):
        assert service.effacer_les_notes(horloge.aujourd_hui()) == 1
        db.session.commit()
    (geste,) = gestes(session, lou)
    assert (geste.note, geste.note_jusqu_au, geste.revoir_le) == (None, None, date(2027, 6, 30))


def test_la_fiche_dit_pourquoi_et_mene_au_geste(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    lou, tranquille = un_contrat_recent(session, cfa), un_tranquille(session, cfa)
    page = directeur.get(f"/effectifs/{lou.id}")
    assert "9e jour du contrat" in texte(arbre(page))
    assert f"/vigilance/{lou.id}" in liens(page)
    assert f"/vigilance/{tranquille.id}" not in liens(directeur.get(f"/effectifs/{tranquille.id}"))
    voir(directeur, lou, revoir_le="2026-12-01")
    assert "Vu, à revoir le 1er décembre 2026" in texte(arbre(directeur.get(f"/effectifs/{lou.id}")))


def test_le_reseau_ne_surveille_que_la_ou_le_suivi_est_partage_et_ne_lit_que_ses_notes(
    session: Session, directeur: Navigateur, reseau: Navigateur, cfa: Organisme, voisin: Organisme
) -> None:
    lou = un_contrat_recent(session, cfa, prenom="Lou")
    un_contrat_recent(session, voisin, prenom="Voisine")
    voir(directeur, lou, note=NOTE)
    assert noms(reseau.get("/vigilance")) == []
    assert reseau.get(f"/vigilance/{lou.id}").status_code == 404
    partager(session, date(2026, 9, 1))
    page = reseau.get("/vigilance?regle=vus")
    assert noms(page) == ["Lou"]
    assert "par Dominique Testeur" in page.text
    assert NOTE not in page.text
    assert "/exports/demander/vigilance" not in page.text
    assert reseau.get("/exports/demander/vigilance").status_code == 403


def test_lire_la_liste_se_journalise_et_ne_lit_pas_une_fois_par_ligne(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    lus = [un_contrat_recent(session, cfa).id for _ in range(3)]
    directeur.get("/vigilance")
    (evenement,) = [
        e for e in evenements(session, "effectif.consulte") if e.details["ecran"] == "vigilance.liste"
    ]
    assert sorted(evenement.details["ids"]) == sorted(lus)
