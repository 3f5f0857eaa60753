"""Screen for somebody who waits for their access: a file is read, checked, shown to them alone; nothing enters."""

from flask import Response, g
from wtforms import FileField
from wtforms.validators import DataRequired

from tdba import web
from tdba.access import connecte
from tdba.db import db
from tdba.debits import debit
from tdba.depots import libelles, service_essai
from tdba.depots.blueprint import bp
from tdba.depots.routes import recevoir_le_fichier
from tdba.depots.service_essai import Rapport
from tdba.depots.televersement import FormulaireIllisible
from tdba.errors import ErreurMetier
from tdba.forms import BaseForm

ATTEND = "qui attend son accès peut déjà vérifier son fichier ; rien n’en est gardé"


class EssaiForm(BaseForm):
    fichier = FileField(
        "Votre liste d’apprenants",
        description="Au format .xlsx, .csv ou .ods, 5 Mo et 2 000 lignes au plus.",
        validators=[DataRequired("Choisissez un fichier sur votre ordinateur.")],
    )


@bp.get("/acces/essai-fichier")
@connecte(ATTEND, meme_arrete=True)
def essai() -> Response:
    """What the trial does, and its form."""
    return _rendre(EssaiForm())


@bp.post("/acces/essai-fichier")
@connecte(ATTEND, meme_arrete=True)
@debit("essai_fichier")
def essayer() -> Response:
    """The report is this answer: it stands nowhere else."""
    recu = recevoir_le_fichier(service_essai.TAILLE_MAX)
    try:
        rapport = service_essai.essayer(recu.nom, recu.blocs)
        db.session.commit()
    except (ErreurMetier, FormulaireIllisible) as erreur:
        db.session.rollback()
        form = EssaiForm(formdata=None)
        if isinstance(erreur, FormulaireIllisible):
            erreur = ErreurMetier("L’envoi du fichier a été coupé : recommencez.", champ="fichier")
        form.fichier.errors = [erreur.message]
        return _rendre(form, code=422)
    return _rendre(EssaiForm(formdata=None), rapport)


def _rendre(form: BaseForm, rapport: Rapport | None = None, *, code: int = 200) -> Response:
    menu = {"menu": None} if g.acteur.blocage is not None else {}
    return web.page_or_partial(
        "depots/essai.html",
        "depots/_essai.html",
        code=code,
        form=form,
        rapport=rapport,
        libelles=libelles,
        **menu,
    )
