"""Two people, or a person and an ERP, on one record at the same instant, over real connections: nobody's work is lost."""

import contextvars
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine

from tdba import horloge, scope
from tdba.comptes import queries as comptes
from tdba.comptes import service as service_comptes
from tdba.db import db
from tdba.doublons import service_fusion
from tdba.effectifs import (
    changements,
    corbeille,
    correction,
    execution_groupee,
    groupees,
    queries,
    service_groupees,
    transfert,
)
from tdba.effectifs.changements import VersionPerimee
from tdba.effectifs.models import Effectif
from tdba.errors import ErreurMetier
from tdba.scope import Introuvable
from tests import base_test
from tests import factories as f
from tests.conftest import MIDI
from tests.invariants import gestes, lectures, verites
from tests.invariants.aides import ROMPU, Monde, ligne, peupler, un_monde

Geste = Callable[[], object]
TOURS = 2
AUTRE_FIN, NUMERO = date(2027, 7, 31), "0612457811"


@pytest.fixture(scope="module")
def base(urls: dict[str, str], app: Flask) -> Iterator[None]:
    """A database of these tests' own: what is done here is committed. A wait longer than five seconds is a failure."""
    url = base_test.copier(urls["superutilisateur"], "deux_a_la_fois")
    moteur = create_engine(url, connect_args={"options": "-c timezone=UTC -c lock_timeout=5000"})
    with app.app_context(), horloge.regler(MIDI):
        anciens = dict(db.engines)
        db.engines[None] = moteur  # type: ignore[index]
        try:
            with scope.systeme("test"):
                f.les_territoires(db.session())
                db.session.commit()
            yield
        finally:
            db.session.remove()
            db.engines.update(anciens)  # type: ignore[attr-defined]
            moteur.dispose()
            base_test.effacer(urls["superutilisateur"], url)


@pytest.fixture(params=range(TOURS))
def monde(base: None) -> Iterator[Monde]:
    """A family of its own for each test: nobody looks like those of another."""
    with scope.systeme("test"):
        un = un_monde(db.session())
        peupler(un)
        yield un
        db.session.rollback()


def ensemble(app: Flask, monde: Monde, *faits: Geste, en_systeme: Geste | None = None) -> list[Any]:
    """Do these at once, each over its own connection, as the director; what each returns, or was refused by."""
    monde.session.commit()
    usage = comptes.usage_de(monde.habilitation.id)
    assert usage is not None
    directrice = service_comptes.portee_de(usage, horloge.aujourd_hui())
    monde.session.commit()
    depart = Barrier(len(faits) + (en_systeme is not None))

    def jouer(fait: Geste, acteur: scope.Scope | None) -> Any:
        with app.app_context(), scope.systeme("test") if acteur is None else scope.sous(acteur):
            depart.wait(timeout=5)
            try:
                rendu = fait()
                db.session.commit()
            except (ErreurMetier, Introuvable, VersionPerimee) as refus:
                db.session.rollback()
                return refus
            finally:
                db.session.remove()
            return rendu

    taches = [(fait, directrice) for fait in faits] + ([(en_systeme, None)] if en_systeme else [])
    with ThreadPoolExecutor(len(taches)) as fils:
        futurs = [fils.submit(contextvars.Context().run, jouer, *tache) for tache in taches]
        rendus = [futur.result(timeout=20) for futur in futurs]
    monde.session.expire_all()
    verites.verifier(monde, "")
    return rendus


def la(monde: Monde, cle: str) -> Effectif:
    return next(f for f in monde.fiches() if f.id_erp.startswith(f"{cle}-") and f.id_erp in monde.cles)


def telephone(effectif_id: int, version: int) -> Geste:
    def faire() -> int:
        ouvert = queries.a_corriger(effectif_id, verrou=True)
        changes = changements.de_champs(
            ouvert, {"telephone": NUMERO}, version=version, jour=horloge.aujourd_hui()
        )
        correction.corriger(ouvert, changes, pourquoi=gestes.POURQUOI, maintenant=horloge.maintenant())
        return ouvert.effectif.version

    return faire


def fin_du_contrat(effectif_id: int, version: int) -> Geste:
    def faire() -> int:
        ouvert = queries.a_corriger(effectif_id, verrou=True)
        changes = changements.de_contrat(
            ouvert, ouvert.contrats[0], {"fin": AUTRE_FIN}, version=version, jour=horloge.aujourd_hui()
        )
        correction.corriger(ouvert, changes, pourquoi=gestes.POURQUOI, maintenant=horloge.maintenant())
        return ouvert.effectif.version

    return faire


def test_deux_corrections_de_la_meme_version_l_une_attend_et_revoit(app: Flask, monde: Monde) -> None:
    fiche = la(monde, "C")
    saisies = (telephone, fin_du_contrat)
    rendus = ensemble(app, monde, *(saisie(fiche.id, fiche.version) for saisie in saisies))
    assert sorted(isinstance(r, VersionPerimee) for r in rendus) == [False, True]
    (seconde,) = (s for s, r in zip(saisies, rendus, strict=True) if isinstance(r, VersionPerimee))
    monde.session.expire_all()
    (rendu,) = ensemble(app, monde, seconde(fiche.id, la(monde, "C").version))
    assert isinstance(rendu, int)
    assert la(monde, "C").telephone == NUMERO
    assert lectures.contrats(monde, la(monde, "C"))[0].fin == AUTRE_FIN


def test_une_correction_et_un_envoi_de_l_erp_au_meme_instant(app: Flask, monde: Monde) -> None:
    """The one that comes second either sees both values, or finds a correction to respect."""
    fiche = la(monde, "C")
    envoi = monde.lire(
        fiche.organisme_id, fiche.id_erp, ligne(tel_apprenant="0612457810", adresse_apprenant="3 rue du Port")
    )
    refus, _ = ensemble(app, monde, telephone(fiche.id, fiche.version), en_systeme=envoi)
    monde.session.expire_all()
    if isinstance(refus, VersionPerimee):
        ensemble(app, monde, telephone(fiche.id, la(monde, "C").version))
    apres = la(monde, "C")
    assert (apres.telephone, apres.adresse) == (NUMERO, "3 rue du Port")
    (tenue,) = lectures.en_vigueur(monde, apres, "ACTIVE", "CONFLIT")
    assert monde.vues[tenue]["etat"] == ("ACTIVE" if isinstance(refus, VersionPerimee) else "CONFLIT")


@pytest.mark.parametrize("corrigee", ["A", "B"])
def test_une_fusion_et_une_correction(app: Flask, monde: Monde, corrigee: str) -> None:
    """Neither goes through over the other: whoever comes second sees what the first one did."""
    gardee, fiche = la(monde, "A"), la(monde, corrigee)
    (paire,) = [
        p
        for p in lectures.paires(monde, gardee, "OUVERT")
        if p in lectures.paires(monde, la(monde, "B"), "OUVERT")
    ]
    versions = (gardee.version, la(monde, "B").version)

    def fusionner() -> int:
        demande = service_fusion.Demande(garder="a", choix={}, versions=versions)
        return service_fusion.fusionner(paire, demande, maintenant=horloge.maintenant()).id

    fusion, corrige = ensemble(app, monde, fusionner, telephone(fiche.id, fiche.version))
    assert isinstance(fusion, int) != isinstance(corrige, int)
    monde.session.expire_all()
    if isinstance(corrige, int):
        assert isinstance(fusion, VersionPerimee | ErreurMetier)
        assert la(monde, corrigee).telephone == NUMERO
    else:
        assert isinstance(corrige, VersionPerimee if corrigee == "A" else Introuvable)


def test_la_corbeille_et_une_correction(app: Flask, monde: Monde) -> None:
    """Corrected then put in the bin, with its correction; or the correction finds no record any more."""
    fiche = la(monde, "C")

    def retirer() -> int:
        return corbeille.retirer(
            fiche_id, motif="DOUBLON", commentaire=None, demande_id=None, maintenant=horloge.maintenant()
        ).id

    fiche_id = fiche.id
    retrait_id, corrige = ensemble(app, monde, retirer, telephone(fiche_id, fiche.version))
    ensemble(app, monde, lambda: corbeille.restaurer(retrait_id, maintenant=horloge.maintenant()).id)
    assert isinstance(corrige, Introuvable) or la(monde, "C").telephone == NUMERO


def test_un_transfert_et_un_envoi_de_l_erp(app: Flask, monde: Monde) -> None:
    """Whichever is first, the youth has one record, where the person said."""
    fiche = la(monde, "C")
    fiche_id, destination = fiche.id, monde.annexe.id

    def partir() -> int:
        demande = transfert.Demande(
            destination=destination, a_compter_du=date(2026, 11, 2), motif="CHANGEMENT_DE_SITE"
        )
        return transfert.transferer(fiche_id, demande, maintenant=horloge.maintenant()).id

    envoi = monde.lire(fiche.organisme_id, fiche.id_erp, ligne([ROMPU], tel_apprenant="0612457810"))
    rendus = ensemble(app, monde, partir, en_systeme=envoi)
    assert not any(isinstance(r, Exception) for r in rendus)
    assert la(monde, "C").organisme_id == destination


def test_une_action_groupee_et_une_correction(app: Flask, monde: Monde) -> None:
    fiche = la(monde, "C")
    numeros = {f.id: f.version for f in monde.fiches() if f.id_erp in monde.cles}
    action_id = action_sur(app, monde, list(numeros))
    corrige, _ = ensemble(
        app,
        monde,
        telephone(fiche.id, fiche.version),
        en_systeme=lambda: execution_groupee.executer(db.session.commit, action_id),
    )
    monde.session.expire_all()
    assert {f.date_fin for f in monde.fiches() if f.id in numeros} == {AUTRE_FIN}
    if isinstance(corrige, VersionPerimee):
        ensemble(app, monde, telephone(fiche.id, la(monde, "C").version))
    assert la(monde, "C").telephone == NUMERO


def action_sur(app: Flask, monde: Monde, ids: list[int]) -> int:
    """A bulk correction of the end of the formation, confirmed by the director."""

    def preparer() -> int:
        action = service_groupees.preparer(
            groupees.CORRECTION, service_groupees.des_choisies(ids), horloge.maintenant()
        )
        parametres = {"champ": "date_fin", "valeur": AUTRE_FIN.isoformat()}
        service_groupees.confirmer(action, parametres, "PIECE_VUE", None)
        return action.id

    (action_id,) = ensemble(app, monde, preparer)
    assert isinstance(action_id, int)
    return action_id
