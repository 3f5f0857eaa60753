"""Where what transmissions leave to settle is settled (decision 5): the pages of this slice, for the list of points."""

from flask import url_for

from tdba.points import genres
from tdba.points.genres import Lie
from tdba.points.mots import Details
from tdba.transmissions import catalogue_causes, libelles, sql_points


def inscrire() -> None:
    """Own these genres of points. Called at boot."""
    genres.inscrire("LIGNES_REFUSEES", _vers_la_transmission, ouverts=sql_points.REFUSEES, traduire=_en_mots)
    genres.inscrire("RETENUE", _vers_la_fiche_retenue, ouverts=sql_points.RETENUES)
    genres.inscrire("COUPLE_INCONNU", _vers_les_inconnus, ouverts=sql_points.INCONNUS)
    genres.inscrire("SILENCE", _vers_les_transmissions, ouverts=sql_points.SILENCES)


def _en_mots(details: Details) -> Details:
    """The cause as its own page names it; a sentence without a known cause is quoted."""
    cause = catalogue_causes.cause(details["message"])
    if cause is catalogue_causes.AUTRE:
        return {**details, "champ": _champ(details)}
    dit = cause.libelle[0].lower() + cause.libelle[1:]
    return {**details, "message": dit, "champ": _champ(details) if cause.par_champ else ""}


def _champ(details: Details) -> str:
    return libelles.libelle(details["champ"]) if details["champ"] else ""


def _vers_la_transmission(point: Lie) -> str:
    return url_for("transmissions.detail", transmission_uuid=point.details["transmission"])


def _vers_la_fiche_retenue(point: Lie) -> str:
    return url_for("effectifs.en_corbeille", effectif_id=point.effectif_id)


def _vers_les_inconnus(_point: Lie) -> str:
    return url_for("quarantaines.liste")


def _vers_les_transmissions(point: Lie) -> str:
    return url_for("transmissions.liste", organisme=point.organisme_id)
