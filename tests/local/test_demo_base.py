"""`flask demo preparer` and `personnes`: written once, on the right database, and what each person then reaches."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tdba import horloge, scope
from tdba.comptes import queries
from tdba.comptes.models import Personne
from tdba.comptes.service import portee_de
from tdba.installation import Marque, MauvaiseBase
from tdba.local import demo_base
from tdba.local.demo_commandes import groupe
from tdba.local.demo_identifiants import cle_api
from tdba.local.demo_marque import poser_marque
from tdba.local.demo_organismes import PAR_CODE
from tdba.organismes.models import Organisme
from tdba.scope import Droit
from tdba.transmissions import cles
from tdba.transmissions.models import CleApi

EMETTEUR = "http://127.0.0.1:5001/api/v2"
SECRET = "une-cle-de-test-assez-longue-0123456789"


@pytest.fixture
def pays(session: Session) -> Mapping[str, int]:
    """The invented country, written; gives the id of each organisme by its code."""
    assert demo_base.preparer("test", EMETTEUR, SECRET)
    par_siret = dict(session.execute(select(Organisme.siret, Organisme.id)).all())
    return {code: par_siret[o.siret] for code, o in PAR_CODE.items()}


def _scope(session: Session, sub: str) -> scope.Scope:
    personne = session.scalars(select(Personne).where(Personne.sub == sub)).one()
    habilitation, _ = queries.habilitations_de(personne.id)[0]
    usage = queries.usage_de(habilitation.id)
    assert usage is not None
    return portee_de(usage, horloge.aujourd_hui())


def _noms(session: Session, pays: Mapping[str, int], sub: str) -> set[str]:
    """Codes of the organismes whose apprentices this person may read by name."""
    ids = _scope(session, sub).portee(Droit.VOIR_NOMINATIF).organismes
    assert ids is not None
    return {code for code, organisme_id in pays.items() if organisme_id in ids}


def test_une_seconde_fois_ne_change_rien(session: Session, pays: Mapping[str, int]) -> None:
    def compter() -> list[int]:
        tables = (Organisme, Personne, Marque)
        comptes = [session.scalars(select(func.count()).select_from(table)).one() for table in tables]
        cles_ = scope.select_for(CleApi, Droit.CONFIGURER, func.count())
        return [*comptes, session.execute(cles_).scalar_one()]

    avant = compter()
    assert demo_base.preparer("test", EMETTEUR, SECRET) is False
    assert compter() == avant
    assert avant[0] == 60


def test_la_production_est_refusee(session: Session) -> None:
    with pytest.raises(MauvaiseBase):
        demo_base.preparer("production", EMETTEUR, SECRET)


def test_une_base_d_une_autre_nature_est_refusee(session: Session) -> None:
    poser_marque("nature", "bench")
    with pytest.raises(MauvaiseBase):
        demo_base.preparer("test", EMETTEUR, SECRET)


def test_une_base_sans_marque_mais_pas_vide_est_tenue_pour_celle_de_la_production(session: Session) -> None:
    session.add(Organisme(siret="00000001800010", nom="Un vrai CFA"))
    session.flush()
    with pytest.raises(MauvaiseBase):
        demo_base.preparer("test", EMETTEUR, SECRET)


def test_la_base_vide_recoit_sa_marque(session: Session, pays: Mapping[str, int]) -> None:
    assert session.scalar(select(Marque.valeur).where(Marque.nom == "nature")) == "test"


def test_la_directrice_des_dunes_lit_ses_trois_sites_et_la_membre_le_sien(
    session: Session, pays: Mapping[str, int]
) -> None:
    assert _noms(session, pays, "demo-directrice-dunes") == {"DUN", "DU2", "DU3"}
    assert _noms(session, pays, "demo-membre-lannion") == {"DU2"}


def test_le_responsable_plein_lit_ses_formateurs_et_le_partiel_non(
    session: Session, pays: Mapping[str, int]
) -> None:
    assert _noms(session, pays, "demo-directeur-midi") == {"MID", "VIO", "CAN", "GAR"}
    assert _noms(session, pays, "demo-directrice-baie") == {"BAI"}
    indicateurs = _scope(session, "demo-directrice-baie").portee(Droit.VOIR_INDICATEURS).organismes
    assert indicateurs == {pays["BAI"], pays["EST"]}


def test_la_dreets_validee_lit_des_noms_et_celle_qui_attend_n_en_lit_pas(
    session: Session, pays: Mapping[str, int]
) -> None:
    bretagne = {code for code, o in PAR_CODE.items() if o.etablissement.region == "53"}
    assert _noms(session, pays, "demo-dreets-bretagne") == bretagne
    assert _noms(session, pays, "demo-dreets-attente") == set()
    assert _scope(session, "demo-dreets-attente").a(Droit.VOIR_INDICATEURS)


def test_les_reseaux_suivent_leurs_membres_du_jour(session: Session, pays: Mapping[str, int]) -> None:
    chiffres = _scope(session, "demo-tete-reseau").portee(Droit.VOIR_INDICATEURS).organismes
    assert chiffres is not None
    assert pays["FAL"] in chiffres
    assert pays["OLI"] not in chiffres  # it left
    assert _noms(session, pays, "demo-tete-reseau") == set()
    assert _noms(session, pays, "demo-tete-reseau-responsable") == {"MEN", "CAU", "TER", "TRC"}
    bretons = _scope(session, "demo-tete-reseau-bretagne").portee(Droit.VOIR_INDICATEURS).organismes
    assert bretons == {pays[code] for code in ("DUN", "DU2", "DU3", "POI")}


def test_chaque_cle_ouvre_l_api_pour_ceux_que_son_cfa_transmet(
    session: Session, pays: Mapping[str, int]
) -> None:
    for code in demo_base.transmetteurs():
        emetteur = cles.reconnaitre(f"Bearer {cle_api(SECRET, code)}", adresse="127.0.0.1")
        assert emetteur.organisme_id == pays[code]
        for organisme in PAR_CODE.values():
            if organisme.transmetteur == code:
                assert pays[organisme.code] in emetteur.ecriture


def test_un_autre_secret_donne_d_autres_cles_et_revoque_les_premieres(
    session: Session, pays: Mapping[str, int]
) -> None:
    demo_base.preparer("test", EMETTEUR, SECRET + "?")
    assert cles.reconnaitre(f"Bearer {cle_api(SECRET + '?', 'DUN')}", adresse=None)
    with pytest.raises(cles.CleRefusee):
        cles.reconnaitre(f"Bearer {cle_api(SECRET, 'DUN')}", adresse=None)


def test_les_personnes_suivent_l_adresse_du_fournisseur_d_identite(
    session: Session, pays: Mapping[str, int]
) -> None:
    ailleurs = "http://127.0.0.1:6001/api/v2"
    demo_base.preparer("test", ailleurs, SECRET)
    emetteurs = session.scalars(select(Personne.emetteur).where(Personne.sub.startswith("demo-")))
    assert set(emetteurs) == {ailleurs}


def test_la_commande_ecrit_la_liste_du_fournisseur(app: Flask, session: Session, tmp_path: Path) -> None:
    fichier = tmp_path / "personnes.json"
    resultat = app.test_cli_runner().invoke(groupe, ["personnes", "--json", str(fichier)])
    assert resultat.exit_code == 0, resultat.output
    assert "Camille Le Goff" in resultat.output
    assert json.loads(fichier.read_text("utf-8"))[0]["sub"] == "demo-directrice-dunes"


def test_une_demo_d_une_autre_version_demande_a_etre_refaite(
    session: Session, pays: Mapping[str, int]
) -> None:
    session.execute(update(Marque).where(Marque.nom == demo_base.PREPAREE).values(valeur="0"))
    with pytest.raises(MauvaiseBase, match="another version"):
        demo_base.preparer("test", EMETTEUR, SECRET)
