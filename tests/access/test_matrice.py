"""Everybody, everywhere: the answer of each route to each member of the cast is the one of the table."""

from pathlib import Path

import pytest
from flask import Flask

from tdba import access
from tdba.comptes.droits import MATRICE
from tdba.comptes.models import REGLES, TYPES, Organisation
from tdba.scope import Droit
from tests.access.conftest import Scene
from tests.access.distribution import SANS_LIGNE
from tests.access.fuites import fuites
from tests.access.matrice import parcourir
from tests.access.monde import STATUTS
from tests.access.table import TABLE, Personnage
from tests.pages import tableau

TABLE_PAR_NOM = {p.qui: p for p in TABLE}
ROUTES = Path(__file__).with_name("routes.txt")


@pytest.mark.parametrize("p", TABLE, ids=lambda p: p.qui)
@pytest.mark.parametrize("htmx", [False, True], ids=["page", "fragment"])
def test_chacun_obtient_ce_que_dit_la_table(essai: Scene, p: Personnage, htmx: bool) -> None:
    """Not logged in: login. Right absent: 403. Not yours: 404. And no name outside one's reach, in any answer."""
    fautes = list(parcourir(essai, p, htmx=htmx))
    assert not fautes, "\n".join(fautes)


@pytest.mark.parametrize(
    "p", [p for p in TABLE if p.atteint("VOIR_NOMINATIF") and "SUPPORT" not in p.droits], ids=lambda p: p.qui
)
def test_la_liste_nominative_montre_toute_la_portee_et_rien_d_autre(essai: Scene, p: Personnage) -> None:
    reponse = essai.navigateurs[p.qui].get("/effectifs?statut=tous")
    lignes = " ".join(" ".join(ligne.values()) for ligne in tableau(reponse))
    attendus = {
        f"NOMCANARI{lettre}{STATUTS.index(statut)}"
        for lettre, statut in essai.monde.effectifs
        if lettre in p.atteint("VOIR_NOMINATIF") and statut in p.statuts
    }
    presents = {
        f"NOMCANARI{lettre}{rang}"
        for lettre in "ABCFTLPS"
        for rang in range(len(STATUTS))
        if f"NOMCANARI{lettre}{rang}" in lignes
    }
    assert presents == attendus
    assert fuites(p, reponse) == set()


def test_l_assistance_lit_la_fiche_que_son_dossier_ouvre_et_elle_seule(essai: Scene) -> None:
    """Decision 24: without a case, or for another record of the same CFA, she is sent to the page that asks why."""
    ouverte, autre = (f"/effectifs/{essai.monde.effectifs['A', s].id}" for s in ("RUPTURANT", "APPRENTI"))
    avec = essai.navigateurs["support, une fiche de Dunes ouverte sous un dossier"]
    sans = essai.navigateurs["support"]
    assert "NOMCANARIA2" in avec.get(ouverte).get_data(as_text=True)
    assert [avec.get(autre).status_code, sans.get(ouverte).status_code] == [303, 303]


def test_la_distribution_est_complete(essai: Scene) -> None:
    """Everybody of the world has a line; every type of organisation and every rule of reach has somebody at work."""
    presents = essai.monde.habilitations
    assert presents.keys() == TABLE_PAR_NOM.keys() | SANS_LIGNE
    actives = {
        essai.session.get_one(Organisation, h.organisation_id)
        for qui, h in presents.items()
        if h is not None and qui in TABLE_PAR_NOM and not TABLE_PAR_NOM[qui].arrete
    }
    assert {o.type for o in actives} == set(TYPES) == set(MATRICE)
    assert {o.regle for o in actives} == set(REGLES)


def test_la_liste_des_routes_est_relue(app: Flask) -> None:
    """A route added, removed, or whose right changes shows as one line to review in routes.txt."""
    lignes = []
    for regle in app.url_map.iter_rules():
        acces = access.acces_de(app, regle.endpoint)
        methodes = ",".join(sorted((regle.methods or set()) - {"HEAD", "OPTIONS"}))
        ecrit = " écrit" if hasattr(app.view_functions[regle.endpoint], "ecrit") and "GET" in methodes else ""
        droit = acces.name if isinstance(acces, Droit) else acces
        lignes.append(f"{regle.endpoint} {methodes} {regle.rule} {droit}{ecrit}")
    assert sorted(lignes) == ROUTES.read_text().splitlines()


def test_une_vue_sans_acces_declare_ne_demarre_pas() -> None:
    app = Flask("essai")
    app.add_url_rule("/oubliee", "oubliee", lambda: "")
    access.public("témoin")(app.view_functions["static"])
    with pytest.raises(access.AccesNonDeclare, match="oubliee"):
        access.verifier_declarations(app)


def essai_ouvre(essai: Scene, qui: str, endpoint: str) -> bool:
    """The person holds the right of this view: otherwise it refuses before the token is looked at."""
    acces = access.acces_de(essai.app, endpoint)
    return not isinstance(acces, Droit) or bool(TABLE_PAR_NOM[qui].atteint(acces.name))


@pytest.mark.parametrize("qui", ["directrice de Dunes", "support"])
def test_chaque_post_sans_jeton_est_refuse(essai: Scene, qui: str) -> None:
    """Generated over the routes: no form can be sent from another site."""
    navigateur = essai.navigateurs[qui]
    for regle in essai.app.url_map.iter_rules():
        if "POST" not in (regle.methods or set()) or regle.arguments:
            continue
        if regle.endpoint.startswith("api_") or regle.endpoint == "csp":
            continue  # none comes from a page of ours: a key or a code proves the one, the other only reports
        if not essai_ouvre(essai, qui, regle.endpoint):
            continue
        reponse = navigateur.ouvrir("POST", regle.rule, jeton=False)
        assert reponse.status_code == 400, regle.endpoint


def test_les_arguments_d_adresse_sont_types_et_les_chemins_en_minuscules(app: Flask) -> None:
    for regle in app.url_map.iter_rules():
        if regle.endpoint == "static":
            continue
        for nom in regle.arguments:
            convertisseur = type(regle._converters[nom]).__name__
            assert convertisseur != "UnicodeConverter", f"{regle}: type the argument {nom}"
        fixe = "".join(morceau.split(">")[-1] for morceau in regle.rule.split("<"))
        assert fixe == fixe.lower(), regle.rule
        assert "_" not in fixe, f"{regle.rule}: words are joined by hyphens"
