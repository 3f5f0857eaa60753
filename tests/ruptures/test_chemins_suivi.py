"""Every help of the follow-up is reached by a link from where it is needed (issue 6, parts 1 to 5)."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from tdba import scope
from tdba.comptes.models import Habilitation
from tdba.db import db
from tdba.effectifs.models import Effectif
from tdba.organismes.models import Organisme
from tdba.ruptures.models import Dossier
from tdba.scope import Droit
from tests import factories as f
from tests.pages import Navigateur, arbre, liens, texte
from tests.recaps.aides import quelqu_un
from tests.ruptures.aides import JOUR, demarches, envoyer, le_dossier, mots, noter
from tests.ruptures.aides_dossiers import changer


def test_le_dossier_mene_a_toute_l_aide(session: Session, directeur: Navigateur, cfa: Organisme) -> None:
    effectif = f.une_rupture(session, cfa, depuis=40)
    numero = le_dossier(effectif).id
    vers = liens(directeur.get(f"/dossiers/{numero}"))
    aide = ("referent", "circonstances", "offres", "poste", "cerfa", "liaison", "sortie")
    attendus = {f"/dossiers/{numero}/{page}" for page in aide}
    attendus |= {f"/devenirs/dossiers/{numero}", f"/effectifs/{effectif.id}/opposition"}
    assert attendus <= {lien.partition("#")[0] for lien in vers}


@pytest.mark.parametrize(
    ("page", "vers"),
    [
        ("/ruptures", "/ruptures/declarer"),
        ("/ruptures", "/postes"),
        ("/aujourd-hui", "/vigilance"),
        ("/aujourd-hui", "/devenirs"),
        ("/devenirs", "/devenirs/a-dire"),
        ("/vigilance", "/vigilance/reglages"),
    ],
)
def test_chaque_page_du_suivi_a_son_chemin(
    session: Session, directeur: Navigateur, cfa: Organisme, page: str, vers: str
) -> None:
    f.une_rupture(session, cfa, depuis=100)
    assert vers in {lien.partition("?")[0] for lien in liens(directeur.get(page))}


def test_l_opposition_s_enregistre_aussi_depuis_la_liste_a_surveiller(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    sans = f.un_sans_contrat(session, cfa, depuis=80)
    assert f"/effectifs/{sans.id}/opposition" in liens(directeur.get(f"/vigilance/{sans.id}"))


def test_la_feuille_du_nouveau_contrat_mene_aux_outils_officiels(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    """An employer whose sector is not known: both; the addresses hold nothing of anybody."""
    page = directeur.get(f"/dossiers/{le_dossier(f.une_rupture(session, cfa)).id}/cerfa")
    dehors = {lien for lien in liens(page) if lien.startswith("https://")}
    assert {"https://celia.emploi.gouv.fr/", "https://quel-est-mon-opco.francecompetences.fr/"} <= dehors


def test_transfere_dans_la_famille_le_dossier_suit_avec_ses_demarches(
    session: Session, navigateur: Navigateur, directeur: Navigateur, cfa: Organisme, annexe: Organisme
) -> None:
    f.une_relation(session, cfa, annexe)
    effectif = f.une_rupture(session, cfa)
    noter(directeur, effectif, resultat="JOINT", note="Se confie")
    dossier = f"/dossiers/{le_dossier(effectif).id}"
    saisie = {"destination": str(annexe.id), "a_compter_du": JOUR.isoformat(), "motif": "ERREUR_DE_SITE"}
    transferer = f"/effectifs/{effectif.id}/transferer"
    assert envoyer(directeur, transferer, action="enregistrer", **saisie).status_code == 303
    assert (le_dossier(effectif).organisme_id, demarches()[0].organisme_id) == (annexe.id, annexe.id)
    assert "Se confie" in mots(navigateur.comme(quelqu_un(session, "Annexe", annexe)), dossier)


def test_le_nouveau_contrat_rompu_a_son_tour_garde_le_referent_et_mene_a_ce_qui_fut_fait(
    session: Session, directeur: Navigateur, direction: Habilitation, cfa: Organisme
) -> None:
    """Each rupture has its own clock, hence its own file: the work goes on from one to the next (issue 6, part 2)."""
    jour = timedelta(days=1)
    effectif = f.une_rupture(session, cfa, depuis=90)
    noter(directeur, effectif, resultat="JOINT")
    premier = le_dossier(effectif)
    rompu = (date(2025, 9, 1), date(2027, 8, 31), JOUR - 90 * jour)
    changer(session, effectif, rompu, (JOUR - 60 * jour, date(2027, 8, 31), JOUR - 3 * jour))
    session.commit()
    avant, apres = dossiers_de(effectif)
    assert (avant.id, avant.clos_du, apres.ouvert_du) == (premier.id, JOUR - 60 * jour, JOUR - 3 * jour)
    assert apres.referent_id == direction.personne_id
    page = directeur.get(f"/dossiers/{apres.id}")
    assert f"/dossiers/{premier.id}" in liens(page)
    assert "Ses suivis précédents" in texte(arbre(page))
    assert "Ses suivis précédents" not in mots(directeur, f"/dossiers/{premier.id}")


def dossiers_de(effectif: Effectif) -> list[Dossier]:
    requete = scope.select_for(Dossier, Droit.CORRIGER).where(Dossier.effectif_id == effectif.id)
    requete = requete.order_by(Dossier.ouvert_du).execution_options(populate_existing=True)
    return list(db.session.execute(requete).scalars())
