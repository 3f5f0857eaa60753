"""Gestures of these tests: ask for a file, let the jobs work, open what comes out."""

import csv
import io
import json
import zipfile
from typing import Any

from python_calamine import CalamineWorkbook
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tdba import jobs, scope
from tdba.db import db
from tdba.exports.models import Export, ExportBloc
from tdba.jobs import Tache
from tdba.journal import Evenement
from tdba.scope import Droit
from tests.pages import Navigateur, arbre

NOMS = ("nom", "prenom")


def formulaire(qui: Navigateur, adresse: str) -> MultiDict[str, str]:
    """What the form holds when it opens, boxes ticked in advance included."""
    page = qui.get(adresse)
    assert page.status_code == 200, page.status_code
    envoi: MultiDict[str, str] = MultiDict()
    for element in arbre(page).iter("input"):
        coche = element.get("type") not in ("checkbox", "radio") or element.get("checked") is not None
        if element.get("name") and coche:
            envoi.add(str(element.get("name")), str(element.get("value", "")))
    return envoi


def demander(
    qui: Navigateur,
    adresse: str = "/exports/demander/effectifs",
    *,
    colonnes: tuple[str, ...] | None = NOMS,
    **saisies: Any,
) -> TestResponse:
    """Ask for a file, its columns chosen, as a browser does."""
    envoi = formulaire(qui, adresse)
    if colonnes is not None:
        envoi.setlist("colonnes", list(colonnes))
    for nom, valeur in ({"finalite": "REUNION", "format": "XLSX"} | saisies).items():
        envoi.setlist(nom, list(valeur) if isinstance(valeur, tuple) else [valeur])
    return qui.ouvrir("POST", adresse, data=envoi)


def travailler(session: Session) -> None:
    """Run the jobs of this slice that wait."""
    session.commit()
    with scope.systeme("test"):
        attendent = [(t.nom, t.cle) for t in db.session.execute(select(Tache)).scalars()]
        db.session.rollback()
    for nom, cle in dict.fromkeys(a for a in attendent if a[0] == "exports.faire"):
        jobs.executer(nom, cle)


def refaire(export: Export) -> None:
    """The same job, asked again."""
    with scope.systeme("test"):
        jobs.enqueue_after_commit("exports.faire", export_id=export.id)
        db.session.commit()
    jobs.executer("exports.faire", json.dumps({"export_id": export.id}, separators=(",", ":")))


def exports(session: Session) -> list[Export]:
    session.commit()
    with scope.systeme("test"):
        requete = scope.autorisee(select(Export), Droit.SUPPORT).order_by(Export.id)
        return list(session.execute(requete.execution_options(populate_existing=True)).scalars())


def dernier(session: Session) -> Export:
    return exports(session)[-1]


def blocs(session: Session) -> list[tuple[int, int]]:
    """(export, size) of every block kept."""
    requete = scope.autorisee(select(ExportBloc), Droit.SUPPORT)
    lus = session.execute(requete.execution_options(populate_existing=True)).scalars()
    return [(b.export_id, len(b.contenu)) for b in lus]


def exporter(
    session: Session, qui: Navigateur, adresse: str = "/exports/demander/effectifs", **options: Any
) -> TestResponse:
    """Ask, work, take away."""
    demande = demander(qui, adresse, **options)
    assert demande.status_code == 303, demande.get_data(as_text=True)[-3000:]
    travailler(session)
    export = dernier(session)
    assert export.etat == "PRET", (export.etat, export.refus)
    return qui.post(f"/exports/{export.uuid}/fichier")


def feuilles(reponse: TestResponse) -> dict[str, list[list[Any]]]:
    """The sheets of a workbook."""
    assert reponse.status_code == 200
    livre = CalamineWorkbook.from_filelike(io.BytesIO(reponse.data))
    return {nom: livre.get_sheet_by_name(nom).to_python() for nom in livre.sheet_names}


def lignes(reponse: TestResponse) -> list[list[Any]]:
    """The rows of the data sheet, titles left out."""
    return feuilles(reponse)["Liste"][1:]


def archive(reponse: TestResponse) -> tuple[list[list[str]], str, str]:
    """The rows of a zipped CSV, its notice, and the name of the CSV."""
    assert reponse.status_code == 200
    with zipfile.ZipFile(io.BytesIO(reponse.data)) as lue:
        nom = next(n for n in lue.namelist() if n.endswith(".csv"))
        brut, notice = lue.read(nom), lue.read("LISEZMOI.txt").decode()
    assert brut.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(brut.decode("utf-8-sig")), delimiter=";")), notice, nom


def evenements(session: Session, nom: str) -> list[dict[str, Any]]:
    requete = select(Evenement).where(Evenement.evenement == nom).order_by(Evenement.id)
    return [dict(e.details) | {"personne_id": e.personne_id} for e in session.execute(requete).scalars()]
