"""Correcting a date or a name: the effect before, the trace after, nothing twice."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba import abonnes, horloge, scope
from tdba.comptes.models import Habilitation
from tdba.effectifs import encarts
from tdba.effectifs.models import Periode
from tdba.effectifs.statuts import Statut
from tdba.journal import Evenement
from tdba.scope import Droit
from tests import factories as f
from tests.effectifs.aides import (
    adresse,
    contrat_de,
    corrections,
    envoyer,
    evenements,
    phrases,
    statut_du_jour,
    une_source,
)
from tests.effectifs.conftest import Decor
from tests.pages import Navigateur, champs, tableau


def test_l_effet_se_voit_avant_d_enregistrer(session: Session, decor: Decor, directrice: Navigateur) -> None:
    effectif = f.une_rupture(session, decor.cfa, depuis=30)
    reponse = envoyer(directrice, adresse(contrat_de(session, effectif)), action="voir", rupture="")
    assert reponse.status_code == 200
    vu = phrases(reponse)
    assert (
        "Le statut passera de « en rupture » à « apprenti » au 1er septembre 2025 ; le dossier de rupture sera clos."
        in vu
    )
    assert "À reporter dans votre ERP" in vu
    assert corrections(session) == []
    assert statut_du_jour(session, effectif) is Statut.RUPTURANT


def test_enregistrer_change_la_date_le_statut_et_l_historique_dans_la_meme_reponse(
    session: Session, decor: Decor, directrice: Navigateur, habilitation_directrice: Habilitation
) -> None:
    effectif = f.une_rupture(session, decor.cfa, depuis=30)
    contrat = contrat_de(session, effectif)
    envoi = envoyer(directrice, adresse(contrat), rupture="", commentaire="vu le contrat")
    assert envoi.headers["Location"] == f"/effectifs/{effectif.id}#contrat-{contrat.id}"
    assert contrat_de(session, effectif).rupture is None
    assert statut_du_jour(session, effectif) is Statut.APPRENTI
    (correction,) = corrections(session)
    rupture = horloge.aujourd_hui() - timedelta(days=30)
    assert (correction.champ, correction.valeur, correction.valeur_avant) == (
        "rupture",
        None,
        rupture.isoformat(),
    )
    assert (correction.motif, correction.commentaire, correction.etat) == (
        "PIECE_VUE",
        "vu le contrat",
        "ACTIVE",
    )
    assert correction.personne_id == habilitation_directrice.personne_id
    fiche = directrice.get(f"/effectifs/{effectif.id}")
    assert "Contrat corrigé à 12 h 00." in phrases(fiche)
    (ligne,) = tableau(fiche, "historique")
    assert ligne["Quoi"] == "Rupture du contrat 1"
    assert "Dana Directrice" in ligne["Qui et quand"]
    assert "Annuler cette correction" in ligne["État"]


def test_les_periodes_et_les_bornes_disent_la_meme_chose_apres_une_correction(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effectif = f.une_rupture(session, decor.cfa)
    envoyer(directrice, adresse(contrat_de(session, effectif)), rupture="2026-11-02")
    session.refresh(effectif)
    requete = (
        select(Periode.du, Periode.statut).where(Periode.effectif_id == effectif.id).order_by(Periode.rang)
    )
    periodes = [tuple(p) for p in session.execute(scope.autorisee(requete, Droit.CORRIGER))]
    assert periodes == list(zip(effectif.bornes, effectif.statuts, strict=True))
    assert (date(2026, 11, 2), Statut.RUPTURANT) in periodes


def test_chaque_date_changee_a_sa_correction_et_son_evenement(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effectif = f.un_apprenti(session, decor.cfa)
    envoyer(directrice, adresse(contrat_de(session, effectif)), debut="2026-09-15", fin="2027-07-31")
    faites = corrections(session)
    assert [(c.champ, c.valeur) for c in faites] == [("debut", "2026-09-15"), ("fin", "2027-07-31")]
    assert evenements(session, "effectif.corrige") == [
        {"champ": c.champ, "correction_id": c.id, "motif": "PIECE_VUE"} for c in faites
    ]


def test_le_journal_ne_garde_aucune_valeur(session: Session, decor: Decor, directrice: Navigateur) -> None:
    effectif = f.un_apprenti(session, decor.cfa)
    envoyer(directrice, f"/effectifs/{effectif.id}/corriger/nom", valeur="SECRET", commentaire="confidence")
    dits = str(session.execute(select(Evenement.details)).scalars().all())
    assert "SECRET" not in dits.upper()
    assert "confidence" not in dits


def test_une_fiche_changee_entre_temps_montre_les_deux_valeurs_et_laisse_choisir(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effectif = f.un_apprenti(session, decor.cfa)
    url = adresse(contrat_de(session, effectif))
    ouvert = champs(directrice.get(url), url)
    envoyer(directrice, url, fin="2027-07-31")
    perime = ouvert | {"fin": "2027-06-30", "motif": "PIECE_VUE", "action": "enregistrer"}
    reponse = directrice.post(url, perime)
    assert reponse.status_code == 409
    vu = phrases(reponse)
    assert "sur la fiche, 31 juillet 2027 ; votre saisie, 30 juin 2027" in vu
    assert contrat_de(session, effectif).fin == date(2027, 7, 31)
    choix = champs(reponse, url) | {"action": "enregistrer"}
    assert directrice.post(url, choix).status_code == 303
    assert contrat_de(session, effectif).fin == date(2027, 6, 30)


def test_un_formulaire_envoye_deux_fois_n_ecrit_qu_une_fois(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effectif = f.un_apprenti(session, decor.cfa)
    url = adresse(contrat_de(session, effectif))
    envoi = champs(directrice.get(url), url) | {
        "fin": "2027-07-31",
        "motif": "PIECE_VUE",
        "action": "enregistrer",
    }
    premiere, seconde = directrice.post(url, envoi), directrice.post(url, envoi)
    assert premiere.headers["Location"] == seconde.headers["Location"]
    assert len(corrections(session)) == 1
    assert "C’était déjà enregistré" in phrases(directrice.get(f"/effectifs/{effectif.id}"))


def test_un_nom_corrige_se_retrouve_a_la_recherche(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effectif = f.un_apprenti(session, decor.cfa, nom="CANARI", prenom="Alix")
    vu = envoyer(directrice, f"/effectifs/{effectif.id}/corriger/nom", action="voir", valeur="Le  Goff")
    assert "Le nom affiché passera de « CANARI » à « LE GOFF »" in phrases(vu)
    assert envoyer(directrice, f"/effectifs/{effectif.id}/corriger/nom", valeur="Le  Goff").status_code == 303
    session.refresh(effectif)
    assert (effectif.nom, effectif.recherche, effectif.corrige, effectif.version) == (
        "LE GOFF",
        "LE GOFF ALIX",
        True,
        2,
    )
    assert (
        directrice.post("/effectifs/recherche", {"q": "goff"}).headers["Location"]
        == f"/effectifs/{effectif.id}"
    )


def test_la_correction_retient_ce_que_l_erp_disait(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effectif = f.un_apprenti(session, decor.cfa)
    une_source(session, effectif, contrat_date_debut="2026-09-01", contrat_date_fin="2027-08-31")
    url = adresse(contrat_de(session, effectif))
    envoyer(directrice, url, fin="2027-07-31")
    envoyer(directrice, url, fin="2027-06-30")
    premiere, seconde = corrections(session)
    assert (premiere.etat, seconde.etat) == ("REMPLACEE", "ACTIVE")
    assert (seconde.valeur_avant, seconde.valeur_source) == ("2027-07-31", "2027-08-31")
    assert "Déjà corrigé ici. Votre ERP envoie : 31 août 2027, reçu le" in phrases(directrice.get(url))


def test_revenir_a_ce_que_dit_l_erp_clot_la_correction_sans_en_ouvrir_une_autre(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effectif = f.un_apprenti(session, decor.cfa)
    une_source(session, effectif, contrat_date_debut="2026-09-01", contrat_date_fin="2027-08-31")
    url = adresse(contrat_de(session, effectif))
    envoyer(directrice, url, fin="2027-07-31")
    envoyer(directrice, url, fin="2027-08-31")
    (correction,) = corrections(session)
    assert correction.etat == "ANNULEE"
    session.refresh(effectif)
    assert not effectif.corrige
    assert evenements(session, "effectif.correction_annulee") == [
        {"champ": "fin", "correction_id": correction.id}
    ]


def test_ceux_qui_suivent_les_parcours_sont_prevenus_avant_et_apres_dans_la_transaction(
    session: Session, decor: Decor, directrice: Navigateur, monkeypatch: pytest.MonkeyPatch
) -> None:
    effectif = f.une_rupture(session, decor.cfa)
    vus: list[tuple[str, int]] = []

    def noter(moment: str) -> abonnes.Abonne:
        def abonne(ids: Any) -> None:
            requete = "SELECT statuts[width_bucket(%(jour)s::date, bornes)] FROM effectif WHERE id = %(id)s"
            lien = scope.connexion("test")
            statut = lien.exec_driver_sql(requete, {"jour": horloge.aujourd_hui(), "id": ids[0]}).scalar_one()
            vus.append((moment, statut))

        return abonne

    for moment in ("avant_parcours", "apres_parcours"):
        monkeypatch.setitem(abonnes._ABONNES, moment, [noter(moment)])  # type: ignore[misc]
    envoyer(directrice, adresse(contrat_de(session, effectif)), rupture="")
    assert vus == [("avant_parcours", Statut.RUPTURANT), ("apres_parcours", Statut.APPRENTI)]


def test_avec_htmx_le_formulaire_prend_la_place_du_contrat_et_la_fiche_revient_entiere(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effectif = f.une_rupture(session, decor.cfa)
    contrat = contrat_de(session, effectif)
    url = adresse(contrat)
    formulaire = directrice.get(url, htmx=True)
    corps = formulaire.get_data(as_text=True).lstrip()
    assert corps.startswith(f'<section id="contrat-{contrat.id}"')
    assert f'data-hx-target="#contrat-{contrat.id}"' in corps
    refuse = directrice.post(url, champs(formulaire, url) | {"debut": ""}, htmx=True)
    assert refuse.status_code == 422
    assert refuse.get_data(as_text=True).lstrip().startswith(f'<section id="contrat-{contrat.id}"')
    fait = envoyer(directrice, url, htmx=True, rupture="")
    assert fait.status_code == 200
    assert fait.headers["HX-Retarget"] == "#fiche"
    rendu = fait.get_data(as_text=True)
    assert rendu.lstrip().startswith('<div id="fiche">')
    assert "apprenti" in rendu
    assert "Contrat corrigé à" in rendu


def test_l_assistance_corrige_sous_une_demande(
    session: Session, decor: Decor, assistante: Navigateur, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encarts, "GARDES", [lambda _: 12])
    effectif = f.une_rupture(session, decor.cfa)
    assert envoyer(assistante, adresse(contrat_de(session, effectif)), rupture="").status_code == 303
    assert [c.demande_id for c in corrections(session)] == [12]
    assert statut_du_jour(session, effectif) is Statut.APPRENTI
    assert "L’assistance, demande n° 12" in phrases(assistante.get(f"/effectifs/{effectif.id}"))
