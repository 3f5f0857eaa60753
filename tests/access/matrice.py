"""The matrix: every route × every member of the cast × every object, against the table written by hand."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tdba import access
from tdba.scope import Droit
from tests.access.conftest import Scene
from tests.access.monde import CANARI, STATUTS, Objet
from tests.access.table import Personnage
from tests.pages import Navigateur

# Arguments that do not name an object of somebody: any of these values will do.
VALEURS: dict[str, tuple[Any, ...]] = {
    "champ": ("nom",),
    "filename": ("app.css",),
    "jeton": ("x" * 43,),
    "genre": ("revue_relance",),
    "signature": ("x" * 43,),
}

# Objects that belong to a person, or that only support may name: their own tests say who sees them.
AILLEURS = frozenset(
    {
        "demande_id",
        "session_id",
        "correction_id",
        "habilitation_id",
        "invitation_id",
        "facteur_id",
        "pause_id",
        "personne_id",
    }
)

# What only an administrator of the organisation in use may open, and who settles requests for access.
EQUIPE = frozenset({"habilitations.inviter", "habilitations.inviter_en_nombre", "habilitations.revue"})
DECISIONS = frozenset({"habilitations.demandes"})

# Also for somebody who waits for a right, or has none left: the ways to ask for one.
POUR_ENTRER = frozenset(
    {
        "habilitations.acces_cfa",
        "habilitations.acces_autre",
        "habilitations.suivi_demande",
        "habilitations.annuler_demande",
        "habilitations.envoyer_lien",
        "habilitations.lien_acces",
        "habilitations.entrer_par_cle",
        "habilitations.invitation",
        "habilitations.accepter_invitation",
    }
)

# Views that refuse somebody who holds their right, and why.
REFUS_MOTIVES: dict[str, tuple[frozenset[str], int, str]] = {
    "effectifs.liste": (frozenset({"support"}), 403, "support searches from its own desk, names masked"),
    "ruptures.*": (frozenset({"support"}), 403, "a CFA's follow-up is the CFA's own (decision 26)"),
    "habilitations.ce_que_voient": (frozenset({"support"}), 403, "shows a CFA what others see of it"),
    "habilitations.qui_voit": (frozenset({"support"}), 404, "support names the CFA it asks about"),
    "effectifs.chercher": (frozenset({"support"}), 403, "support searches from its own desk, names masked"),
}

SEULEMENT: dict[str, frozenset[str]] = {
    "ruptures.dossier_sans_contrat": frozenset({"INSCRIT", "ABANDON", "A_VENIR"}),
    "ruptures.noter_sans_contrat": frozenset({"INSCRIT", "ABANDON", "A_VENIR"}),
}
"""Views about youths who never had a contract: for any other there is nothing there, which answers 404."""

ACCORDE = frozenset({200, 302, 303, 400, 409, 422})
"""Answers of a view that let the person in: a page, a redirection, or a refusal of what was typed."""


@dataclass(frozen=True)
class Cas:
    """One request and the answer that the table expects."""

    methode: str
    adresse: str
    endpoint: str
    acces: Droit | str
    objet: Objet | None

    def attendu(self, p: Personnage) -> str:
        """`entre`, `connexion`, `403`, `404` or `arrete` (stopped at the door)."""
        if self.acces in (access.ANONYME, access.CLE_API):
            return "libre"
        if not p.connecte:
            return "connexion"
        if p.arrete:
            return "libre" if self.endpoint in POUR_ENTRER else "arrete"
        if self.endpoint in EQUIPE:
            return "entre" if p.administre else "403"
        if self.endpoint in DECISIONS:
            return "entre" if p.decide else "403"
        if not isinstance(self.acces, Droit):
            return "libre"
        portee = p.atteint(self.acces.name)
        if not portee:
            return "403"
        if self.objet is not None and self.objet.organisme:
            visible = self.objet.statut is None or self.objet.statut in p.statuts
            sujet = self.endpoint not in SEULEMENT or self.objet.statut in SEULEMENT[self.endpoint]
            return "entre" if self.objet.organisme in portee and visible and sujet else "404"
        return "entre"


def cas(app: Flask, objets: dict[str, list[Objet]]) -> Iterator[Cas]:
    """Every request worth asking. An argument that the world does not know is an error: add an object to it."""
    for regle in app.url_map.iter_rules():
        acces = access.acces_de(app, regle.endpoint)
        for objet in _objets(regle, objets):
            valeurs = {nom: VALEURS[nom][0] for nom in regle.arguments if nom in VALEURS}
            if objet is not None:
                valeurs[next(iter(regle.arguments - VALEURS.keys()))] = objet.cle
            with app.test_request_context():
                adresse = regle.build(valeurs)
            assert adresse is not None, regle
            for methode in sorted((regle.methods or set()) & {"GET", "POST"}):
                yield Cas(methode, adresse[1], regle.endpoint, acces, objet)


def _objets(regle: Rule, objets: dict[str, list[Objet]]) -> list[Objet | None]:
    inconnus = regle.arguments - VALEURS.keys()
    if not inconnus:
        return [None]
    assert len(inconnus) == 1, f"{regle}: one object per address"
    nom = next(iter(inconnus))
    if nom in AILLEURS:
        return []
    assert nom in objets, f"{regle}: the world has no {nom}; add one to monde.py"
    return list(objets[nom])


def obtenu(reponse: TestResponse) -> str:
    """Sort an answer among those that the table knows."""
    vers = reponse.headers.get("Location", "") + reponse.headers.get("HX-Redirect", "")
    if "/connexion" in vers:
        return "connexion"
    if reponse.status_code in (403, 404):
        return str(reponse.status_code)
    return (
        "entre" if reponse.status_code in ACCORDE or reponse.status_code == 204 else f"{reponse.status_code}"
    )


def juger(cas_: Cas, p: Personnage, reponse: TestResponse) -> str | None:
    """Return what is wrong with an answer, or None."""
    attendu, recu = cas_.attendu(p), obtenu(reponse)
    motive = REFUS_MOTIVES.get(cas_.endpoint) or REFUS_MOTIVES.get(cas_.endpoint.split(".")[0] + ".*")
    if motive and p.qui in motive[0]:
        attendu = str(motive[1])
    if attendu == "libre":
        # Any known person, or anybody: what matters is that no name leaks, and that nothing breaks.
        return None if reponse.status_code < 500 else f"{reponse.status_code} on an open page"
    if attendu == "arrete":
        return (
            None
            if reponse.status_code in (302, 303, 403, 404, 204)
            else f"{recu} for somebody stopped at the door"
        )
    return None if recu == attendu else f"expected {attendu}, got {recu} ({reponse.status_code})"


def fuites(p: Personnage, reponse: TestResponse) -> set[str]:
    """The canaries of an answer, headers included, that this person may not see."""
    corps = reponse.get_data(as_text=True) + str(reponse.headers)
    return {m.group(0) for m in CANARI.finditer(corps) if not _permis(p, *m.groups())}


def _permis(p: Personnage, genre: str, organisme: str, rang: str) -> bool:
    if "SUPPORT" in p.droits:
        return False  # masked until a case is opened, which the matrix never does
    if genre == "LIG":
        return organisme in p.atteint("VOIR_NOMINATIF") and p.statuts != frozenset(
            {"INSCRIT", "RUPTURANT", "ABANDON"}
        )
    droit = "VOIR_COORDONNEES" if genre in ("TEL", "MEL") else "VOIR_NOMINATIF"
    return organisme in p.atteint(droit) and STATUTS[int(rang)] in p.statuts


def parcourir(scene: Scene, p: Personnage, *, htmx: bool) -> list[str]:
    """Ask everything as one person, each request undone. Returns what is wrong, one sentence each."""
    navigateur = scene.navigateurs[p.qui]
    return [
        faute
        for c in cas(scene.app, scene.monde.objets)
        for faute in _demander(scene, navigateur, p, c, htmx)
    ]


def _demander(scene: Scene, navigateur: Navigateur, p: Personnage, c: Cas, htmx: bool) -> Iterator[str]:
    scene.session.commit()
    navigateur.revenir()
    point = scene.lien.begin_nested()
    try:
        reponse = navigateur.ouvrir(c.methode, c.adresse, htmx=htmx)
        faute = juger(c, p, reponse)
        if faute:
            yield f"{p.qui}: {c.methode} {c.adresse}: {faute}"
        perdus = fuites(p, reponse)
        if perdus:
            yield f"{p.qui}: {c.methode} {c.adresse}: shows {sorted(perdus)}"
    finally:
        scene.session.rollback()
        if point.is_active:
            point.rollback()
