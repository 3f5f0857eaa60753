"""The matrix: every route × every member of the cast × every object, against the table written by hand."""

import zlib
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tdba import access
from tdba.scope import Droit
from tests.access.conftest import Scene
from tests.access.exceptions import (
    ACCORDE,
    ADMINISTRER,
    AVANT_LA_VUE,
    AVEC,
    CHAQUE_FICHE,
    DE_LA_VUE,
    DECISIONS,
    EN_ETAT,
    EN_SON_NOM,
    EQUIPE,
    JAMAIS_MONTRES,
    MONTRES,
    POUR_ENTRER,
    REFUS_A_L_ASSISTANCE,
    RESTENT,
    SAISIES,
    SANS_CHERCHER,
    SANS_SUIVI,
    SEULEMENT,
    SUIVI,
    VALEURS,
)
from tests.access.fuites import fuites
from tests.access.monde import Objet
from tests.access.table import TOUS_STATUTS, Personnage
from tests.pages import Navigateur


@dataclass(frozen=True)
class Cas:
    """One request and the answer that the table expects."""

    methode: str
    adresse: str
    endpoint: str
    acces: Droit | str
    objet: Objet | None

    def attendu(self, p: Personnage) -> str:
        """`entre`, `connexion`, `acces` (sent to the page that says why), `403`, `404`, or `libre`: anything but a leak."""
        if self.acces in (access.ANONYME, access.CLE_API):
            return "libre"
        if not p.connecte:
            return "connexion"
        if p.arrete:
            return "libre" if self.endpoint in POUR_ENTRER else "acces"
        if p.regarde and self.endpoint in EN_SON_NOM:
            return "libre"
        if p.regarde and (self.methode != "GET" or self._jamais_montre()):
            return "403"
        if (self.endpoint in EQUIPE and not p.administre) or (self.endpoint in DECISIONS and not p.decide):
            return "403"
        return self._selon_le_droit(p)

    def _selon_le_droit(self, p: Personnage) -> str:
        portee = p.atteint(self.acces.name) if isinstance(self.acces, Droit) else None
        if portee is not None and not portee:
            return "403"
        if portee is not None and "SUPPORT" in p.droits:
            motif = REFUS_A_L_ASSISTANCE.get(self.endpoint) or REFUS_A_L_ASSISTANCE.get(
                self.endpoint.split(".")[0] + ".*"
            )
            if motif is not None:
                return motif[0]
        if portee is not None and self._reserve(p):
            return "403"
        reponse = self._selon_l_objet(p, portee)
        a_un_autre = self.endpoint.startswith(ADMINISTRER) and (p.regarde or not p.administre)
        return "403" if reponse == "entre" and a_un_autre else reponse

    def _reserve(self, p: Personnage) -> bool:
        """Refused whatever the object: to a network, what is the CFA's own; to who reads some statuses, raw lines."""
        if self.endpoint.startswith(("points.", "anomalies.")):
            return p.suivi is not None
        if self.objet is not None and self.objet.droit is not None and not p.atteint(self.objet.droit):
            return True
        if self.objet is not None and self.objet.au_cfa and p.suivi is not None:
            return True
        return self.endpoint == "transmissions.refusees" and p.statuts != TOUS_STATUTS

    def _selon_l_objet(self, p: Personnage, portee: frozenset[str] | None) -> str:
        objet = self.objet
        if objet is None:
            return "entre" if portee is not None else "libre"
        if objet.absent:
            return "404" if self.endpoint not in SANS_CHERCHER else "entre"
        if portee is None or (objet.personne and not self.endpoint.startswith("support.")):
            return "entre" if objet.personne == p.qui else "404"
        if not objet.organisme:
            return "entre"
        if (objet.statut is not None or objet.nominatif) and "SUPPORT" not in p.droits:
            portee &= p.atteint(
                "VOIR_NOMINATIF"
            )  # without it, PostgreSQL shows no record, whatever else is held
        if self.endpoint in AVEC:
            portee &= p.atteint(AVEC[self.endpoint])
        if self.suivi and p.suivi is not None:
            portee = p.suivi
        visible = objet.statut is None or objet.statut in p.statuts
        sujet = self.endpoint not in SEULEMENT or objet.statut in SEULEMENT[self.endpoint]
        sujet &= self.endpoint not in EN_ETAT or objet.etat == EN_ETAT[self.endpoint]
        sujet &= objet.etat not in RESTENT or self.endpoint in RESTENT[objet.etat]
        atteint = portee.issuperset(objet.organisme + objet.aussi)
        return "entre" if atteint and visible and sujet else "404"

    def proche(self, p: Personnage) -> bool:
        """The object is of an organisme that this person reaches with the right of the view."""
        return (
            isinstance(self.acces, Droit)
            and self.objet is not None
            and self.objet.organisme in p.atteint(self.acces.name)
        )

    @property
    def suivi(self) -> bool:
        """It shows, or changes, what a CFA follows."""
        return self.endpoint.startswith(SUIVI) and self.endpoint not in SANS_SUIVI

    def _jamais_montre(self) -> bool:
        return self.endpoint.startswith(JAMAIS_MONTRES) and self.endpoint not in MONTRES


def cas(app: Flask, objets: dict[str, list[Objet]]) -> Iterator[Cas]:
    """Every request worth asking. An argument that the world does not know is an error: add an object to it."""
    for regle in app.url_map.iter_rules():
        acces = access.acces_de(app, regle.endpoint)
        for objet in _objets(regle, objets):
            valeurs = {nom: VALEURS[nom][0] for nom in regle.arguments if nom in VALEURS}
            valeurs |= DE_LA_VUE.get(regle.endpoint, {})
            if objet is not None:
                inconnus = regle.arguments - valeurs.keys()
                valeurs |= {nom: objet.autres.get(nom, objet.cle) for nom in inconnus}
            with app.test_request_context():
                adresse = regle.build(valeurs)
            assert adresse is not None, regle
            for methode in sorted((regle.methods or set()) & {"GET", "POST"}):
                yield Cas(methode, adresse[1], regle.endpoint, acces, objet)


def _objets(regle: Rule, objets: dict[str, list[Objet]]) -> list[Objet | None]:
    inconnus = regle.arguments - VALEURS.keys() - DE_LA_VUE.get(regle.endpoint, {}).keys()
    if not inconnus:
        return [None]
    nommes = inconnus & objets.keys()
    if nommes == {"effectif_id", "organisme_id"}:
        nommes = {"effectif_id"}  # a record, at its establishment and at another one
    assert len(nommes) == 1, f"{regle}: the world has one object per address; see monde.py and receptions.py"
    nom = next(iter(nommes))
    if inconnus != nommes:
        return _croiser(objets[nom], inconnus - nommes)
    if nom == "demande_id" and not regle.endpoint.startswith("support."):
        return [
            o for o in objets[nom] if o.absent
        ]  # a request for access: the keys of the world are support cases
    return list(objets[nom])


def _croiser(objets: list[Objet], autres: AbstractSet[str]) -> list[Objet | None]:
    """Each object with what is inside it, then with what is inside the next one: that is not there."""
    assert all(autres <= o.autres.keys() for o in objets), f"say which {autres} each object has"
    etrangers = []
    for rang, objet in enumerate(objets):
        suivants = [*objets[rang + 1 :], *objets[:rang]]
        ailleurs = next(s.autres for s in suivants if s.autres != objet.autres)
        etrangers.append(replace(objet, autres=ailleurs, absent=True))
    return [*objets, *etrangers]


def choisis(tous: list[Cas], p: Personnage, *, chaque_objet: bool, moitie: int | None = None) -> list[Cas]:
    """The requests worth asking as one person: every route, every method, every answer that the table expects.

    With `chaque_objet`, every object that is reached, or that only its status hides (records: one of each organisme,
    but for CHAQUE_FICHE), and two of the other organismes to read; two also of what is followed, behind one door. Without, and wherever the table refuses before it
    looks at the object: one object per route and answer. Which one turns with the person and the view, so that the cast
    asks them all. `moitie`: of what is refused before the view, one half, pages asking the one and fragments the other.
    """
    groupes: dict[tuple[str, ...], list[Cas]] = {}
    for c in tous:
        attendu, objet = c.attendu(p), c.objet
        groupe: tuple[str, ...] = (c.endpoint, attendu)
        if chaque_objet or attendu not in AVANT_LA_VUE:
            groupe += (c.methode,)
        if chaque_objet and objet is not None and attendu in ("entre", "404"):
            if c.proche(p) and (objet.statut is None or c.endpoint in CHAQUE_FICHE):
                groupe += (objet.organisme, str(objet.cle))
            elif c.proche(p) and c.methode == "GET" and not c.suivi:
                groupe += (objet.organisme,)
            elif c.methode == "GET":
                groupe += (str(zlib.crc32(objet.organisme.encode()) % 2),)
        groupes.setdefault(groupe, []).append(c)
    tour = zlib.crc32(p.qui.encode())
    retenus = [groupe[zlib.crc32(cle[0].encode(), tour) % len(groupe)] for cle, groupe in groupes.items()]
    if moitie is not None:
        retenus = [c for c in retenus if not _de_l_autre_moitie(c, p, tour + moitie)]
    return retenus if chaque_objet else _un_sur_quatre(retenus, p, tour)


def _de_l_autre_moitie(c: Cas, p: Personnage, tour: int) -> bool:
    return c.attendu(p) in AVANT_LA_VUE and (zlib.crc32(c.endpoint.encode()) + tour) % 2 == 0


def _un_sur_quatre(choix: list[Cas], p: Personnage, tour: int) -> list[Cas]:
    """Open pages, of which one only asks that they leak nothing, once in four: which ones turns with the person."""
    libres = [c for c in choix if c.attendu(p) == "libre"]
    passes = {id(c) for rang, c in enumerate(libres) if (rang + tour) % 4}
    return [c for c in choix if id(c) not in passes]


def obtenu(reponse: TestResponse) -> str:
    """Sort an answer among those that the table knows."""
    vers = reponse.headers.get("Location", "") + reponse.headers.get("HX-Redirect", "")
    if urlsplit(vers).path == "/connexion":
        return "connexion"
    if vers == "/acces":
        return "acces"
    if reponse.status_code in (403, 404):
        return str(reponse.status_code)
    return "entre" if reponse.status_code in ACCORDE else f"{reponse.status_code}"


def juger(cas_: Cas, p: Personnage, reponse: TestResponse) -> str | None:
    """Return what is wrong with an answer, or None."""
    attendu, recu = cas_.attendu(p), obtenu(reponse)
    if attendu == "libre":
        # Any known person, or anybody: what matters is that no name leaks, and that nothing breaks.
        return None if reponse.status_code < 500 else f"{reponse.status_code} on an open page"
    return None if recu == attendu else f"expected {attendu}, got {recu} ({reponse.status_code})"


def parcourir(
    scene: Scene, p: Personnage, *, htmx: bool, parmi: Callable[[Cas], bool] | None = None
) -> Iterator[str]:
    """Ask everything as one person, each request undone. Yields what is wrong, one sentence each.

    Objects are gone through as pages; fragments, and a selection of routes (`parmi`), ask one for each answer.
    """
    demandes = [c for c in tous_les_cas(scene) if parmi is None or parmi(c)]
    tout = parmi is None
    for c in choisis(demandes, p, chaque_objet=tout and not htmx, moitie=int(htmx) if tout else None):
        yield from _demander(scene, scene.navigateurs[p.qui], p, c, htmx)


def tous_les_cas(scene: Scene) -> list[Cas]:
    """The same list for everybody, made once."""
    if not scene.cas:
        scene.cas[:] = list(cas(scene.app, scene.monde.objets))
    return scene.cas


def _saisie(c: Cas) -> dict[str, str] | None:
    return SAISIES.get(c.endpoint) if c.methode == "POST" else None


def _demander(scene: Scene, navigateur: Navigateur, p: Personnage, c: Cas, htmx: bool) -> Iterator[str]:
    scene.session.commit()
    navigateur.revenir()
    point = scene.lien.begin_nested()
    try:
        reponse = navigateur.ouvrir(c.methode, c.adresse, htmx=htmx, data=_saisie(c))
        faute = juger(c, p, reponse)
        if faute:
            yield f"{p.qui}: {c.methode} {c.adresse}: {faute}"
        perdus = fuites(p, reponse, suivi=c.suivi)
        if perdus:
            yield f"{p.qui}: {c.methode} {c.adresse}: shows {sorted(perdus)}"
    finally:
        scene.session.rollback()
        if point.is_active:
            point.rollback()
