"""Gestures of these tests: send a form as a browser does, read a page, read what the database holds."""

from typing import Any

from sqlalchemy import Select, event, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tdba import horloge, scope
from tdba.effectifs.models import Contrat, Correction, Effectif, EffectifSource
from tdba.effectifs.statuts import Statut
from tdba.journal import Evenement
from tdba.scope import Droit
from tests.pages import Navigateur, arbre, champs, tableau, texte


def tous(session: Session, requete: Select[Any]) -> list[Any]:
    """Read rows as they are in the database; the test's session may hold older ones."""
    requete = scope.autorisee(requete, Droit.CORRIGER).execution_options(populate_existing=True)
    return list(session.execute(requete).scalars())


def contrat_de(session: Session, effectif: Effectif, rang: int = 0) -> Contrat:
    requete = select(Contrat).where(Contrat.effectif_id == effectif.id).order_by(Contrat.rang)
    return tous(session, requete)[rang]


def adresse(contrat: Contrat) -> str:
    return f"/contrats/{contrat.id}/corriger"


def envoyer(
    navigateur: Navigateur, url: str, *, action: str = "enregistrer", htmx: bool = False, **saisies: str
) -> TestResponse:
    """Open the form, change some fields, and send it as a browser does."""
    formulaire = champs(navigateur.get(url), url)
    envoi = formulaire | {"motif": "PIECE_VUE", "action": action} | saisies
    return navigateur.post(url, envoi, htmx=htmx)


def corrections(session: Session) -> list[Correction]:
    return tous(session, select(Correction).order_by(Correction.id))


def statut_du_jour(session: Session, effectif: Effectif) -> Statut:
    session.refresh(effectif)
    rang = sum(borne <= horloge.aujourd_hui() for borne in effectif.bornes)
    return Statut(effectif.statuts[rang - 1])


def evenements(session: Session, nom: str) -> list[dict[str, Any]]:
    requete = select(Evenement.details).where(Evenement.evenement == nom).order_by(Evenement.id)
    return list(session.execute(requete).scalars())


def une_source(session: Session, effectif: Effectif, **dits: Any) -> EffectifSource:
    """What the ERP last sent about this record."""
    source = EffectifSource(
        effectif_id=effectif.id,
        organisme_id=effectif.organisme_id,
        source="ERP",
        annee_scolaire=effectif.annee_scolaire,
        valeurs={"nom_apprenant": effectif.nom, "prenom_apprenant": effectif.prenom} | dits,
        empreinte=b"x",
        recu_le=horloge.maintenant(),
    )
    session.add(source)
    session.commit()
    return source


def noms(reponse: TestResponse) -> list[str]:
    return [ligne["Nom"].removesuffix(" corrigé") for ligne in tableau(reponse, "apprenants")]


def phrases(reponse: TestResponse) -> str:
    return texte(next(e for e in arbre(reponse).iter("main")))


def lien(reponse: TestResponse, libelle: str) -> str:
    return next(str(a.get("href")) for a in arbre(reponse).iter("a") if texte(a).startswith(libelle))


def chercher(navigateur: Navigateur, q: str, adresse: str = "/effectifs/recherche") -> TestResponse:
    envoi = navigateur.post(adresse, {"q": q})
    assert envoi.status_code == 303
    return navigateur.get(envoi.headers["Location"])


def lectures(navigateur: Navigateur, adresse: str) -> int:
    """How many SELECTs one page costs, those of the session and of the reach included."""
    requetes: list[str] = []

    def noter(_c: object, _k: object, sql: str, *_: object) -> None:
        if sql.lstrip().upper().startswith(("SELECT", "WITH")) and "set_config" not in sql:
            requetes.append(sql)

    event.listen(Engine, "before_cursor_execute", noter)
    try:
        assert navigateur.get(adresse).status_code == 200
    finally:
        event.remove(Engine, "before_cursor_execute", noter)
    return len(requetes)
