"""Two people, or a person and an intake, or a reader in a hurry, on one file at the same instant, over real connections."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from tdba import horloge, scope
from tdba.effectifs.models import Effectif
from tdba.liaisons import service_plis, service_retours
from tdba.ruptures import departs, queries_affectation, service, service_affectation, service_dossier
from tdba.ruptures.models import Demarche, Dossier
from tdba.ruptures.regles import RUPTURE
from tests.effectifs.aides import tous
from tests.invariants import gestes_aide, lectures
from tests.invariants.a_deux import Geste, ensemble, la
from tests.invariants.aides import ROMPU, SUIVANT, Monde, ligne
from tests.invariants.gestes_suivi import LE_16, LE_25, cle

SYSTEME = scope.Scope(role=scope.RoleSql.NATIONAL, systeme="test")


@pytest.fixture
def fiche(monde: Monde) -> Effectif:
    """Somebody whose contract was broken."""
    return la(monde, "A")


def le_dossier(monde: Monde, fiche: Effectif) -> Dossier:
    monde.session.expire_all()
    (dossier,) = [d for d in lectures.dossiers(monde, fiche) if d.genre == RUPTURE]
    return dossier


def premier(options: Sequence[Any]) -> Any:
    return options[0]


def relais(dossier_id: int, referent_id: int, version: int) -> Geste:
    voulu = service_dossier.Relais(referent_id=referent_id, mot=None, version=version, cle_formulaire=cle())
    return lambda: service_dossier.confier(dossier_id, voulu, maintenant=horloge.maintenant())


def note(dossier_id: int, sa_cle: str) -> Geste:
    saisie = service.Saisie(
        nature="APPEL", resultat="JOINT", prochaine_le=LE_25, note=None, cle_formulaire=sa_cle
    )
    return lambda: service.noter_demarche(
        dossier_id, saisie, maintenant=horloge.maintenant(), jour=horloge.aujourd_hui()
    )


def combien(monde: Monde, evenement: str, dossier_id: int) -> int:
    lus = monde.session.execute(
        text("SELECT count(*) FROM journal WHERE evenement = :e AND (details->>'dossier_id')::bigint = :d"),
        {"e": evenement, "d": dossier_id},
    )
    return int(lus.scalar_one())


def test_deux_relais_de_la_meme_version_l_un_revoit_l_autre(
    app: Flask, monde: Monde, fiche: Effectif
) -> None:
    dossier = le_dossier(monde, fiche)
    numero, version = dossier.id, dossier.version
    rendus = ensemble(app, monde, *(relais(numero, qui, version) for qui in monde.personnes))
    assert sorted(isinstance(r, service_dossier.DossierPerime) for r in rendus) == [False, True]
    (gagnant,) = (q for q, r in zip(monde.personnes, rendus, strict=True) if isinstance(r, int))
    apres = le_dossier(monde, fiche)
    assert (apres.referent_id, apres.version) == (gagnant, version + 1)
    assert combien(monde, "dossier.confie", numero) == 1


def test_un_relais_et_une_affectation_en_masse(app: Flask, monde: Monde, fiche: Effectif) -> None:
    """Whoever comes second finds that the file changed hands, and leaves it."""
    dossier = le_dossier(monde, fiche)
    numero, version, (directrice, collegue) = dossier.id, dossier.version, monde.personnes
    fiche_id = fiche.id

    def en_masse() -> int:
        jour = horloge.aujourd_hui()
        (vu,) = queries_affectation.parmi(RUPTURE, jour, [fiche_id])
        attendus = {(vu.effectif_id, vu.genre): None}
        return len(service_affectation.confier(attendus, collegue, jour).anciens)

    rendu, confies = ensemble(app, monde, relais(numero, directrice, version), en_masse)
    assert isinstance(rendu, int) != bool(confies)
    apres = le_dossier(monde, fiche)
    assert (apres.referent_id, apres.version) == (collegue if confies else directrice, version + 1)


def test_un_appel_et_l_envoi_du_nouveau_contrat(app: Flask, monde: Monde, fiche: Effectif) -> None:
    """The intake closes the file while somebody notes a call in it: the call is kept, the file is closed."""
    numero = le_dossier(monde, fiche).id
    envoi = monde.lire(fiche.organisme_id, fiche.id_erp, ligne([ROMPU, SUIVANT]))
    rendus = ensemble(app, monde, note(numero, cle()), en_systeme=envoi)
    assert not any(isinstance(r, Exception) for r in rendus)
    apres = le_dossier(monde, fiche)
    assert apres.cause_cloture == "NOUVEAU_CONTRAT"
    assert (apres.derniere_demarche_le is not None, apres.prochaine_le) == (True, LE_25)


def test_un_appel_et_un_depart_declare(app: Flask, monde: Monde, fiche: Effectif) -> None:
    numero = le_dossier(monde, fiche).id

    def partir() -> object:
        return departs.declarer_depart(numero, LE_16, jour=horloge.aujourd_hui()).id

    rendus = ensemble(app, monde, note(numero, cle()), partir)
    assert not any(isinstance(r, Exception) for r in rendus)
    apres = le_dossier(monde, fiche)
    assert (apres.cause_cloture, apres.prochaine_le) == ("PARTI", LE_25)


def test_un_depart_declare_et_un_envoi_de_l_erp(app: Flask, monde: Monde, fiche: Effectif) -> None:
    """Both change the closing, both lock the record first: none waits for the other for ever."""
    numero = le_dossier(monde, fiche).id
    envoi = monde.lire(fiche.organisme_id, fiche.id_erp, ligne([ROMPU, SUIVANT]))

    def partir() -> object:
        return departs.declarer_depart(numero, LE_16, jour=horloge.aujourd_hui()).id

    rendus = ensemble(app, monde, partir, en_systeme=envoi)
    assert not any(isinstance(r, Exception) for r in rendus)
    assert le_dossier(monde, fiche).cause_cloture == "NOUVEAU_CONTRAT"


def test_un_double_clic_est_une_demarche(app: Flask, monde: Monde, fiche: Effectif) -> None:
    numero, sa_cle = le_dossier(monde, fiche).id, cle()
    rendus = ensemble(app, monde, note(numero, sa_cle), note(numero, sa_cle))
    assert sorted(rendus) == [False, True]
    assert combien(monde, "dossier.demarche_notee", numero) == 1


def test_deux_reponses_a_une_lettre_la_premiere_compte(app: Flask, monde: Monde, fiche: Effectif) -> None:
    """Two clicks of its reader, then two workers bring it back: one answer, one step."""
    numero = le_dossier(monde, fiche).id
    with horloge.regler(monde.dernier + timedelta(seconds=1)):
        _faire(gestes_aide.envoyer_une_lettre(monde, fiche, premier))
        _faire(gestes_aide.ouvrir_la_lettre(monde, fiche, premier))
    (lettre,) = monde.lettres

    def reponse(dite: str) -> Geste:
        return lambda: service_plis.repondre(lettre.cle_reponse, dite, horloge.maintenant())

    rendus = ensemble(app, monde, reponse("RENDEZ_VOUS"), reponse("INJOIGNABLE"), acteur=scope.VIDE)
    assert len(set(rendus)) == 1
    uuid = lettre.uuid(monde.session)
    assert uuid is not None

    def rapporter() -> None:
        service_retours.recevoir(uuid, horloge.maintenant())

    ensemble(app, monde, rapporter, rapporter, acteur=SYSTEME)
    (pas,) = tous(monde.session, select(Demarche).where(Demarche.cle_formulaire == f"liaison-{uuid}"))
    assert pas.dossier_id == numero
    assert pas.resultat == service_retours.RESULTATS[rendus[0]]
    assert combien(monde, "liaison.repondue", numero) == 1


def _faire(acte: Any) -> None:
    faire: Callable[[], Any] = acte.faire
    assert faire()
