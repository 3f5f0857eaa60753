"""Why I see this, who can see my CFA, and what the State and the network see of it (decisions 20, 24, 26)."""

from typing import Final, cast

from flask import Response, flash, g, make_response, redirect, render_template, request, url_for

from tdba import horloge, scope
from tdba.access import AccesRefuse, access, connecte
from tdba.comptes import queries as comptes
from tdba.db import db
from tdba.habilitations import acces, queries_transparence, service_equipe, service_partage
from tdba.habilitations.blueprint import bp
from tdba.organismes import queries as organismes
from tdba.scope import Droit, Introuvable

ID_MAX: Final = 2**31 - 1


@bp.get("/pourquoi")
@connecte("chacun peut savoir d’où viennent ses droits")
def pourquoi() -> Response:
    """The habilitation in use: what it opens, by which rule, who granted it, until when."""
    courant = scope.courant()
    raison = queries_transparence.raison(g.acteur.habilitation_id, horloge.aujourd_hui())
    if raison is None:
        raise Introuvable
    return make_response(
        render_template(
            "habilitations/pourquoi.html",
            raison=raison,
            ouverts=[(d, courant.portee(d)) for d in Droit if courant.a(d)],
            fermes=[d for d in acces.attend_validation(raison.usage.organisation.type) if not courant.a(d)]
            if raison.usage.habilitation.validee_par_id is None
            else [],
        )
    )


@bp.get("/qui-voit")
@access(Droit.CONFIGURER)
def qui_voit() -> Response:
    """Every organisation that can see one's CFA, and by which right; names of people for one's own only."""
    siens = _mes_organismes()
    return make_response(
        render_template(
            "habilitations/qui_voit.html",
            regards=queries_transparence.qui_voit(siens, horloge.aujourd_hui()),
            cfa=sorted(organismes.par_ids(siens).values(), key=lambda o: (o.nom, o.id)),
            mienne=g.acteur.organisation_id,
        )
    )


@bp.get("/ce-que-voient")
@access(Droit.CONFIGURER)
def ce_que_voient() -> Response:
    """What the State and the network see of one's CFA, in words, with their very page of figures (decision 26)."""
    if g.acteur.organisation_type != acces.CFA:
        raise AccesRefuse("page d’un CFA")
    siens, jour = _mes_organismes(), horloge.aujourd_hui()
    raison = queries_transparence.raison(g.acteur.habilitation_id, jour)
    assert raison is not None  # noqa: S101 - a right is held, so an habilitation is in use
    return make_response(
        render_template(
            "habilitations/ce_que_voient.html",
            cfa=sorted(organismes.par_ids(siens).values(), key=lambda o: (o.nom, o.id)),
            partage=raison.usage.organisation.partage_suivi_depuis,
            ailleurs=sorted(comptes.partagent_leur_suivi(siens, jour)),
            reseaux=queries_transparence.reseaux_de(siens, jour),
            gere=service_equipe.gere_sous(g.acteur.habilitation_id, jour),
        )
    )


@bp.post("/ce-que-voient/partager")
@access(Droit.CONFIGURER, facteur="partager le suivi de vos jeunes")
def partager_suivi() -> Response:
    """Share the follow-up of one's CFA with its network, from today on."""
    service_partage.ouvrir(g.acteur.habilitation_id, horloge.aujourd_hui())
    db.session.commit()
    flash("Votre réseau lit maintenant votre suivi. Vous pouvez arrêter ce partage à tout moment.", "success")
    return _vers_ce_que_voient()


@bp.post("/ce-que-voient/ne-plus-partager")
@access(Droit.CONFIGURER)
def ne_plus_partager_suivi() -> Response:
    """Share no more: taking back never waits for a second factor."""
    service_partage.fermer(g.acteur.habilitation_id, horloge.aujourd_hui())
    db.session.commit()
    flash("Votre réseau ne lit plus votre suivi.", "success")
    return _vers_ce_que_voient()


def _vers_ce_que_voient() -> Response:
    return cast("Response", redirect(url_for("habilitations.ce_que_voient"), 303))


def _mes_organismes() -> frozenset[int]:
    """One's own establishments. Support, whose reach is everywhere, names one: `?organisme=`."""
    siens = scope.courant().portee(Droit.CONFIGURER).organismes
    if siens is not None:
        return siens
    texte = request.args.get("organisme", "")
    if not (texte.isdecimal() and len(texte) <= 10 and int(texte) <= ID_MAX):
        raise Introuvable
    if not organismes.par_ids([int(texte)]):
        raise Introuvable
    return frozenset({int(texte)})
