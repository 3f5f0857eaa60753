"""The file of the survey: what would be in it, which lines are left out and why, and taking it away."""

from typing import Final

from flask import Response, make_response, render_template
from flask.typing import ResponseReturnValue

from tdba import horloge, lectures, scope
from tdba.access import access
from tdba.db import db
from tdba.scope import Droit, Introuvable
from tdba.sifa import controle, queries, regles, service
from tdba.sifa.blueprint import bp
from tdba.sifa.routes import CHEMIN, PAGE, bilan_de, campagne_voulue, fil

TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@bp.get(f"{CHEMIN}/fichier")
@access(Droit.CORRIGER)
def fichier(annee: int, organisme_id: int) -> ResponseReturnValue:
    """Check the file before it is taken: its lines, those left out, and what was made before."""
    site, voulue = queries.etablissement(organisme_id), campagne_voulue(annee)
    dossiers = queries.dossiers(organisme_id, annee)
    fabrique = service.Fabrique(dossiers)
    refuses = fabrique.refuses[:PAGE]
    doubles = [fabrique.pris[place] for place in controle.repetees(fabrique.rangees)[:PAGE]]
    lectures.noms_lus("sifa.fichier", sorted({d.effectif_id for d in (*refuses, *doubles)}))
    empreinte = fabrique.empreinte
    return make_response(
        render_template(
            "sifa/fichier.html",
            site=site,
            campagne=voulue,
            bilan=bilan_de(dossiers),
            lignes=len(fabrique.pris),
            incompletes=fabrique.incomplets,
            refuses=refuses,
            doubles=doubles,
            gravites=regles.Gravite,
            faits=[(f, bytes(f.empreinte) == empreinte) for f in queries.fichiers_de(organisme_id, annee)],
            fil=fil(site, annee, ("Fichier", None)),
        )
    )


@bp.post(f"{CHEMIN}/fichier.<any(csv, xlsx):extension>")
@access(Droit.CORRIGER)
def telecharger(annee: int, organisme_id: int, extension: str) -> Response:
    """Make the file and take it away; a trace of it is kept, with its digest, and the reading of each name."""
    site, _ = queries.etablissement(organisme_id), campagne_voulue(annee)
    # Every line says how to reach the youth: for who may see that too (decision 21).
    if organisme_id not in (scope.courant().portee(Droit.VOIR_COORDONNEES).organismes or ()):
        raise Introuvable
    fabrique = service.Fabrique(queries.dossiers(organisme_id, annee))
    service.garder_la_trace(organisme_id, annee, fabrique, extension.upper(), horloge.maintenant())
    db.session.commit()
    lectures.noms_lus("sifa.telecharge", [d.effectif_id for d in fabrique.pris])
    reponse = make_response(fabrique.contenu(extension.upper()))
    reponse.headers["Content-Type"] = TYPES[extension]
    nom = f"sifa-{annee}-{site.uai or site.siret}.{extension}"
    reponse.headers["Content-Disposition"] = f'attachment; filename="{nom}"'
    return reponse
