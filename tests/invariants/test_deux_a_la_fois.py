"""Two people, or a person and an ERP, on one record at the same instant, over real connections: nobody's work is lost."""

from datetime import date

import pytest
from flask import Flask

from tdba import horloge
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
from tdba.errors import ErreurMetier
from tdba.scope import Introuvable
from tests.invariants import gestes_valeurs, lectures
from tests.invariants.a_deux import Geste, ensemble, la
from tests.invariants.aides import ROMPU, Monde, ligne

AUTRE_FIN, NUMERO = date(2027, 7, 31), "0612457811"


def telephone(effectif_id: int, version: int) -> Geste:
    def faire() -> int:
        ouvert = queries.a_corriger(effectif_id, verrou=True)
        changes = changements.de_champs(
            ouvert, {"telephone": NUMERO}, version=version, jour=horloge.aujourd_hui()
        )
        correction.corriger(
            ouvert, changes, pourquoi=gestes_valeurs.POURQUOI, maintenant=horloge.maintenant()
        )
        return ouvert.effectif.version

    return faire


def fin_du_contrat(effectif_id: int, version: int) -> Geste:
    def faire() -> int:
        ouvert = queries.a_corriger(effectif_id, verrou=True)
        changes = changements.de_contrat(
            ouvert, ouvert.contrats[0], {"fin": AUTRE_FIN}, version=version, jour=horloge.aujourd_hui()
        )
        correction.corriger(
            ouvert, changes, pourquoi=gestes_valeurs.POURQUOI, maintenant=horloge.maintenant()
        )
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
