"""Random sequences of sendings, corrections, undoing and arbitrations keep what decision 17 promises."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba import horloge, scope
from tdba.comptes.models import Habilitation
from tdba.effectifs import conflits, contrats_manuels, correction, queries
from tdba.effectifs.changements import Changement
from tdba.effectifs.contrats import ContratRecu
from tdba.effectifs.correction import Pourquoi
from tdba.effectifs.models import Contrat, Effectif
from tdba.effectifs.queries import Ouvert
from tdba.effectifs.valeurs import depuis_texte
from tests import factories as f
from tests.effectifs.aides import corrections, tous
from tests.effectifs.aides_contrats import recevoir
from tests.effectifs.conftest import Decor

DEBUT = date(2026, 9, 1)
FINS = (date(2027, 6, 30), date(2027, 7, 31), date(2027, 8, 31))
INES = ("0000000001A", "0000000002B", "0000000003C")
POURQUOI = Pourquoi(motif="PIECE_VUE")
REGLAGES = settings(
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


class Geste(NamedTuple):
    nom: str
    champ: str
    rang: int


GESTES = st.builds(
    Geste,
    st.sampled_from(["envoyer", "corriger", "corriger", "annuler", "garder", "ajouter"]),
    st.sampled_from(["ine", "fin"]),
    st.integers(0, 2),
)


@contextmanager
def agir(habilitation: Habilitation) -> Iterator[None]:
    acteur = replace(scope.courant(), personne_id=habilitation.personne_id, habilitation_id=habilitation.id)
    with scope.sous(acteur):
        yield


def ouvrir(session: Session, effectif: Effectif) -> Ouvert:
    session.expire_all()
    return queries.a_corriger(effectif.id, verrou=True)


def valeurs(ouvert: Ouvert) -> list[Any]:
    """What is effective, and what is in force."""
    e = ouvert.effectif
    en_vigueur = sorted((c.id, c.etat, c.valeur, c.valeur_conflit) for c in ouvert.corrections)
    contrats = sorted((c.id, c.debut, c.fin, c.rupture) for c in ouvert.contrats)
    return [e.ine, e.nom, list(e.bornes), list(e.statuts), e.corrige, contrats, en_vigueur]


def envoyer(session: Session, effectif: Effectif, geste: Geste) -> None:
    recevoir(session, effectif, ContratRecu(DEBUT, FINS[geste.rang]), ine=INES[geste.rang])


def corriger(session: Session, effectif: Effectif, geste: Geste) -> None:
    """Correct, undo, check that nothing moved, correct again."""
    avant = valeurs(ouvrir(session, effectif))
    for annulee in (True, False):
        ouvert = ouvrir(session, effectif)
        contrat = ouvert.contrats[0] if geste.champ == "fin" and ouvert.contrats else None
        if geste.champ == "fin" and contrat is None:
            return
        voulue = FINS[geste.rang] if geste.champ == "fin" else INES[geste.rang]
        if getattr(contrat or ouvert.effectif, geste.champ) == voulue:
            return
        faites = correction.corriger(
            ouvert,
            [Changement(geste.champ, contrat, voulue)],
            pourquoi=POURQUOI,
            maintenant=horloge.maintenant(),
        )
        session.commit()
        if not annulee or not faites:
            return
        correction.annuler(ouvrir(session, effectif), [c.id for c in faites], maintenant=horloge.maintenant())
        session.commit()
        assert valeurs(ouvrir(session, effectif)) == avant


def annuler(session: Session, effectif: Effectif, geste: Geste) -> None:
    ouvert = ouvrir(session, effectif)
    if ouvert.corrections:
        une = ouvert.corrections[geste.rang % len(ouvert.corrections)]
        correction.annuler(ouvert, [une.id], maintenant=horloge.maintenant())
        session.commit()


def garder(session: Session, effectif: Effectif, geste: Geste) -> None:
    ouvert = ouvrir(session, effectif)
    contredites = [c for c in ouvert.corrections if c.etat == "CONFLIT"]
    if contredites:
        conflits.garder(ouvert, contredites[0], demande_id=None, maintenant=horloge.maintenant())
        session.commit()


def ajouter(session: Session, effectif: Effectif, geste: Geste) -> None:
    ouvert = ouvrir(session, effectif)
    if not ouvert.contrats:
        dits = {"debut": DEBUT, "fin": FINS[geste.rang]}
        contrats_manuels.ajouter(ouvert, dits, pourquoi=POURQUOI, maintenant=horloge.maintenant())
        session.commit()


FAIRE = {"envoyer": envoyer, "corriger": corriger, "annuler": annuler, "garder": garder, "ajouter": ajouter}


def expliquer(ouvert: Ouvert) -> None:
    """Every effective value is the one of its correction in force, else the one that the source says."""
    e = ouvert.effectif
    for champ, contrat in (("ine", None), *(("fin", c) for c in ouvert.contrats)):
        en_vigueur = correction.en_vigueur(ouvert, champ, contrat)
        effective = getattr(contrat or e, champ)
        if en_vigueur is not None:
            assert effective == depuis_texte(champ, en_vigueur.valeur)
        elif ouvert.valeurs_source is not None and (contrat is None or contrat.debut_source is not None):
            assert effective == depuis_texte(champ, correction.source_dit(ouvert, champ, contrat))
    assert e.corrige is bool(ouvert.corrections)


@REGLAGES
@given(gestes=st.lists(GESTES, min_size=4, max_size=9))
def test_rien_ne_disparait_tout_s_annule_et_toute_valeur_s_explique(
    session: Session, decor: Decor, habilitation_directrice: Habilitation, gestes: list[Geste]
) -> None:
    with agir(habilitation_directrice):
        effectif = f.un_effectif(session, decor.cfa)
        connues: set[int] = set()
        for geste in gestes:
            FAIRE[geste.nom](session, effectif, geste)
            expliquer(ouvrir(session, effectif))
            ids = {c.id for c in corrections(session)}
            assert connues <= ids
            connues = ids
        assert len(tous(session, select(Contrat).where(Contrat.effectif_id == effectif.id))) <= 2
        session.commit()
