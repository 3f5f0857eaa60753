"""`flask demo transmettre`: what each key sends is stored by the real API, refused as planned, and sent once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tdba import horloge, scope
from tdba.effectifs.models import Effectif
from tdba.local import demo_base, demo_envoi
from tdba.local.commun import Echec
from tdba.local.demo_envoi import CHEMIN, Demande, lignes_de
from tdba.local.demo_fiches import RENVOYEES
from tdba.local.demo_organismes import JOURS_DE_SILENCE, N_ENVOIE_PLUS, PAR_CODE
from tdba.organismes.models import Organisme
from tdba.scope import Droit
from tdba.transmissions.models import Ligne
from tests.local.aides_demo import api_et_travaux

SECRET = "une-cle-de-test-assez-longue-0123456789"
DEMANDE = Demande(effectifs=300, graine=42, url="")


EN_CORBEILLE = 2


@pytest.fixture
def api(app: Flask, session: Session) -> Callable[[str, str, list[Any]], int]:
    demo_base.preparer("test", "http://127.0.0.1:5001/api/v2", SECRET)
    return api_et_travaux(app)


def _envoyer(api: Callable[[str, str, list[Any]], int], dits: list[str] | None = None) -> None:
    dire = [].append if dits is None else dits.append
    demo_envoi.transmettre("test", SECRET, DEMANDE, dire=dire, envoyer=api)


def _compter(session: Session, modele: Any, *conditions: Any) -> int:
    requete = scope.select_for(modele, Droit.VOIR_NOMINATIF, func.count()).where(*conditions)
    return int(session.execute(requete).scalar_one())


def _prevues() -> tuple[int, int]:
    """Lines that are sent, and wrong ones among them."""
    toutes = [
        ligne
        for code in demo_base.transmetteurs()
        for ligne in lignes_de(code, effectifs=300, graine=42, jour=horloge.aujourd_hui())
    ]
    return len(toutes), sum(1 for ligne in toutes if ligne.refus)


def test_l_api_garde_tout_et_refuse_exactement_les_lignes_fausses_expres(session: Session, api: Any) -> None:
    _envoyer(api)
    lignes, fausses = _prevues()
    assert _compter(session, Ligne) == lignes + len(RENVOYEES)
    assert _compter(session, Ligne, Ligne.etat.in_(("REFUSEE", "EN_ATTENTE"))) == fausses
    assert _compter(session, Effectif) == lignes - fausses - EN_CORBEILLE


def test_le_cfa_silencieux_a_sa_derniere_reception_quarante_jours_plus_tot(
    session: Session, api: Any
) -> None:
    _envoyer(api)
    dates = dict(session.execute(select(Organisme.siret, Organisme.derniere_reception_le)).all())
    ecart = dates[PAR_CODE["FAL"].siret] - dates[PAR_CODE[N_ENVOIE_PLUS].siret]
    assert ecart == timedelta(days=JOURS_DE_SILENCE)


def test_un_envoi_interrompu_reprend_ou_il_en_etait(session: Session, api: Any) -> None:
    appels: list[int] = []

    def en_panne(adresse: str, cle: str, lot: list[Any]) -> int:
        if len(appels) == 3:
            raise Echec("the site stopped")
        appels.append(len(lot))
        return int(api(adresse, cle, lot))

    with pytest.raises(Echec):
        _envoyer(en_panne)
    assert _compter(session, Ligne) == sum(appels)
    _envoyer(api)
    assert _compter(session, Ligne) == _prevues()[0] + len(RENVOYEES)


def test_ce_qui_est_deja_envoye_ne_l_est_pas_deux_fois(session: Session, api: Any) -> None:
    _envoyer(api)
    dits: list[str] = []
    demo_envoi.transmettre("test", SECRET, DEMANDE, dire=dits.append, envoyer=pytest.fail)
    assert dits == ["  already sent"]


def test_une_autre_taille_demande_une_autre_base(session: Session, api: Any) -> None:
    _envoyer(api)
    autre = DEMANDE._replace(effectifs=400)
    with pytest.raises(Echec, match="another demo"):
        demo_envoi.transmettre("test", SECRET, autre, dire=print, envoyer=api)


def test_un_lot_tient_dans_la_limite_de_l_api() -> None:
    assert demo_envoi.LOT <= 2_000
    assert CHEMIN == "/api/v3/dossiers-apprenants"
