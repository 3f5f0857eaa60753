"""Who takes names away: nobody more than their screens, under both locks, at the moment when the file is made (decision 22)."""

from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select, true
from sqlalchemy.orm import Session

from tdba import scope
from tdba.comptes.models import Habilitation, HabilitationSite, Organisation, Personne
from tdba.db import db
from tdba.errors import ErreurMetier
from tdba.exports import queries, queries_effectifs, service
from tdba.exports.catalogue import LISTES
from tdba.exports.colonnes import EFFECTIFS, permises
from tdba.exports.models import Export, ExportBloc
from tdba.exports.service import Demande
from tdba.portee import Droit, Portee, RoleSql, Scope
from tdba.scope import Introuvable
from tests import factories as f
from tests.conftest import MIDI
from tests.exports.aides import (
    blocs,
    demander,
    dernier,
    evenements,
    exporter,
    exports,
    feuilles,
    formulaire,
    travailler,
)
from tests.exports.conftest import Decor
from tests.pages import Navigateur, arbre, texte

AGENT = frozenset({Droit.VOIR_NOMINATIF, Droit.VOIR_COORDONNEES})


def test_le_fichier_d_une_autre_personne_n_existe_pas(
    session: Session, decor: Decor, directrice: Navigateur, voisine: Navigateur
) -> None:
    f.un_apprenti(session, decor.cfa)
    exporter(session, directrice)
    uuid = dernier(session).uuid
    assert voisine.get(f"/exports/{uuid}").status_code == 404
    assert voisine.post(f"/exports/{uuid}/fichier").status_code == 404
    assert "Vous n’avez encore rien exporté" in texte(arbre(voisine.get("/exports")))
    assert evenements(session, "export.telecharge")[1:] == []


def test_meme_un_collegue_du_cfa_ne_prend_pas_le_fichier(
    session: Session, decor: Decor, directrice: Navigateur, habilitation: Habilitation, navigateur: Navigateur
) -> None:
    f.un_apprenti(session, decor.cfa)
    exporter(session, directrice)
    collegue = f.une_habilitation(
        session, f.une_personne(session, "Cleo"), organisation_de(session, habilitation)
    )
    assert navigateur.comme(collegue).get(f"/exports/{dernier(session).uuid}").status_code == 404


def organisation_de(session: Session, habilitation: Habilitation) -> Organisation:
    organisation = session.get(Organisation, habilitation.organisation_id)
    assert organisation is not None
    return organisation


def test_le_support_n_exporte_aucun_nom(session: Session, decor: Decor, assistante: Navigateur) -> None:
    f.un_apprenti(session, decor.cfa)
    for adresse in ("/exports", "/exports/demander/effectifs"):
        assert assistante.get(adresse).status_code == 403


@pytest.mark.parametrize("quoi", ["fin", "compte", "role"])
def test_un_droit_retire_entre_la_demande_et_le_travail_ne_laisse_rien_sortir(
    session: Session, decor: Decor, directrice: Navigateur, habilitation: Habilitation, quoi: str
) -> None:
    f.un_apprenti(session, decor.cfa)
    suivi = demander(directrice).headers["Location"]
    if quoi == "fin":
        habilitation.fin = MIDI.date()
    elif quoi == "compte":
        personne = session.get(Personne, habilitation.personne_id)
        assert personne is not None
        personne.etat = "FERMEE"
    else:
        organisation_de(session, habilitation).type = "CONSEIL_REGIONAL"
    travailler(session)
    export = dernier(session)
    assert (export.etat, export.refus) == ("ECHOUE", "DROIT_RETIRE")
    assert blocs(session) == []
    (refus,) = evenements(session, "export.refuse")
    assert refus["raison"] == "DROIT_RETIRE"
    if quoi == "fin":
        habilitation.fin = None
        session.commit()
        assert "Rien n’en est sorti" in texte(arbre(directrice.get(suivi)))


def test_un_site_quitte_avant_le_travail_arrete_le_fichier(
    session: Session, decor: Decor, directrice: Navigateur, habilitation: Habilitation
) -> None:
    f.un_apprenti(session, decor.cfa)
    f.un_apprenti(session, decor.annexe)
    demander(directrice, f"/exports/demander/effectifs?site={decor.annexe.id}")
    session.add(HabilitationSite(habilitation_id=habilitation.id, organisme_id=decor.cfa.id))
    travailler(session)
    assert (dernier(session).etat, dernier(session).refus) == ("ECHOUE", "FILTRE_DISPARU")


def test_un_agent_prend_les_statuts_de_sa_liste_et_ses_colonnes_seules(
    session: Session, decor: Decor, agent: Callable[[str], Navigateur]
) -> None:
    f.un_sans_contrat(session, decor.cfa, nom="SEUL", telephone="0612345678", ine="123456789AB")
    f.un_apprenti(session, decor.cfa, nom="APPRENTI")
    qui = agent("DREETS")
    fichier = exporter(
        session, qui, colonnes=("nom", "age", "statut"), coordonnees=("telephone",), finalite="APPELS"
    )
    titres, *rangees = feuilles(fichier)["Liste"]
    assert titres == ["Nom", "Âge", "Statut", "Téléphone"]
    assert rangees == [["SEUL", 19, "inscrit sans contrat", "06 12 34 56 78"]]
    offertes = [e.get("value") for e in arbre(qui.get("/exports/demander/effectifs")).iter("input")]
    for interdite in ("date_naissance", "ine", "contrat_debut", "adresse", "courriel_responsable_1"):
        assert interdite not in offertes


@pytest.mark.parametrize("colonne", ["ine", "date_naissance", "recherche", "telephone"])
def test_une_colonne_sans_droit_tapee_a_la_main_est_refusee(
    session: Session, decor: Decor, agent: Callable[[str], Navigateur], colonne: str
) -> None:
    """DRAAF read names, without contact data."""
    f.un_sans_contrat(session, decor.cfa)
    qui = agent("DRAAF")
    assert "coordonnees" not in formulaire(qui, "/exports/demander/effectifs")
    assert demander(qui, colonnes=("nom", colonne)).status_code == 422
    assert demander(qui, coordonnees=(colonne,)).status_code in (303, 422)
    for export in exports(session):
        assert colonne not in export.colonnes


def test_le_service_refuse_une_colonne_sans_droit_meme_sans_formulaire(
    session: Session, decor: Decor
) -> None:
    f.un_sans_contrat(session, decor.cfa)
    siens = {Droit.VOIR_NOMINATIF: Portee(frozenset({decor.cfa.id}))}
    demande = Demande(
        jeton=uuid4(),
        etat=None,
        recherche=None,
        finalite="OPCO",
        precision=None,
        format="CSV",
        colonnes=["nom", "ine"],
    )
    session.commit()
    with scope.sous(Scope(siens, RoleSql.FAMILLE)):
        with pytest.raises(ErreurMetier, match="pas dans vos droits"):
            service.demander(LISTES["EFFECTIFS"], demande, maintenant=MIDI, jour=MIDI.date())
        db.session.rollback()


def test_une_colonne_fermee_depuis_la_demande_arrete_le_fichier(
    session: Session, decor: Decor, agent: Callable[[str], Navigateur]
) -> None:
    f.un_sans_contrat(session, decor.cfa)
    demander(agent("DRAAF"))
    dernier(session).colonnes = ["nom", "telephone"]
    travailler(session)
    assert (dernier(session).etat, dernier(session).refus) == ("ECHOUE", "COLONNE_FERMEE")


def test_les_noms_qui_quittent_l_organisation_demandent_un_second_facteur(
    session: Session, decor: Decor, app: Flask, directrice: Navigateur, agent: Callable[[str], Navigateur]
) -> None:
    """Decision 27: the State proves it, a CFA that takes its own list away does not."""
    f.un_sans_contrat(session, decor.cfa)
    qui = agent("DREETS")
    exporter(session, qui)
    avant = app.extensions["tdba"]
    app.extensions["tdba"] = replace(avant, second_facteur="oui")
    try:
        assert directrice.get("/exports/demander/effectifs").status_code == 200
        for detour in (
            qui.get("/exports/demander/effectifs"),
            qui.post("/exports/demander/effectifs", {"finalite": "OPCO"}),
            qui.post(f"/exports/{dernier(session).uuid}/fichier"),
        ):
            assert detour.status_code == 303
            assert "/second-facteur" in detour.headers["Location"]
    finally:
        app.extensions["tdba"] = avant
    assert dernier(session).telechargements == 1


def _lire(portee: Scope, jeunes: list[int], *, premier_verrou: bool = True) -> list[list[object]]:
    """The names that a batch gives under this scope."""
    colonnes = [c for c in EFFECTIFS if c.code in ("nom", "ine", "telephone")]
    db.session.commit()
    with scope.sous(portee, lecture_seule=True):
        try:
            etat = queries_effectifs.comprendre({}, None)
            return sorted(list(r)[1:] for r in queries_effectifs.lignes(etat, jeunes, colonnes, MIDI.date()))
        finally:
            db.session.rollback()


def test_le_second_verrou_tient_seul(session: Session, decor: Decor, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first lock says "everywhere"; PostgreSQL still gives the CFA's rows alone, and a territory its statuses."""
    sien = f.un_sans_contrat(session, decor.cfa, nom="SIEN")
    apprenti = f.un_apprenti(session, decor.cfa, nom="APPRENTI")
    autre = f.un_sans_contrat(session, decor.voisin, nom="AUTRE")
    cles = [sien.id, apprenti.id, autre.id]
    siens = Portee(frozenset({decor.cfa.id}))

    droits = {Droit.VOIR_NOMINATIF: siens, Droit.CORRIGER: siens, Droit.VOIR_COORDONNEES: siens}
    monkeypatch.setattr(scope, "predicat", lambda *_a, **_k: true())
    assert [r[0] for r in _lire(Scope(droits, RoleSql.FAMILLE), cles)] == ["APPRENTI", "SIEN"]
    agent = {Droit.VOIR_NOMINATIF: siens, Droit.VOIR_COORDONNEES: siens}
    assert [r[0] for r in _lire(Scope(agent, RoleSql.TERRITOIRE), cles)] == ["SIEN"]


def test_le_premier_verrou_tient_seul(session: Session, decor: Decor) -> None:
    sien = f.un_sans_contrat(session, decor.cfa, nom="SIEN", ine="123456789AB", telephone="0612345678")
    autre = f.un_sans_contrat(session, decor.annexe, nom="ANNEXE", ine="123456789AC", telephone="0612345679")
    deux = Portee(frozenset({decor.cfa.id, decor.annexe.id}))
    un = Portee(frozenset({decor.cfa.id}))
    droits = {Droit.VOIR_NOMINATIF: deux, Droit.CORRIGER: un, Droit.VOIR_COORDONNEES: un}
    lus = _lire(Scope(droits, RoleSql.NATIONAL), [sien.id, autre.id])
    assert lus == [["ANNEXE", None, None], ["SIEN", "123456789AB", "0612345678"]]


def test_les_fichiers_sont_a_leur_personne_pour_postgresql_aussi(
    session: Session, decor: Decor, directrice: Navigateur, habilitation: Habilitation
) -> None:
    f.un_apprenti(session, decor.cfa)
    exporter(session, directrice)
    siens = {Droit.VOIR_NOMINATIF: Portee(frozenset({decor.cfa.id}))}
    for personne_id, attendus in ((habilitation.personne_id, 1), (habilitation.personne_id + 999, 0)):
        db.session.commit()
        for role in (RoleSql.FAMILLE, RoleSql.TERRITOIRE):
            with scope.sous(Scope(siens, role, personne_id=personne_id)):
                for modele in (Export, ExportBloc):
                    requete = scope.autorisee(select(modele), Droit.VOIR_NOMINATIF)
                    assert len(db.session.execute(requete).all()) == attendus
                db.session.rollback()


def test_les_colonnes_de_sifa_ne_sont_dans_aucun_export() -> None:
    """Decision 16: what is asked for the survey alone leaves with it alone."""
    codes = {c.code for c in EFFECTIFS}
    assert not codes & {"nir", "rqth", "nationalite", "categorie_sociale", "responsable_legal"}


def test_les_coordonnees_demandent_leur_droit() -> None:
    sans = permises(EFFECTIFS, {Droit.VOIR_NOMINATIF, Droit.CORRIGER}.__contains__)
    assert not any(c.coordonnee for c in sans)
    assert {"telephone", "courriel", "adresse"} <= {
        c.code for c in permises(EFFECTIFS, (AGENT | {Droit.CORRIGER}).__contains__)
    }


def test_ce_qui_n_est_pas_un_export_n_existe_pas(session: Session, directrice: Navigateur) -> None:
    with scope.sous(Scope(personne_id=1)):
        with pytest.raises(Introuvable):
            queries.le_mien(uuid4())
        db.session.rollback()
