"""A CFA of one test alone, with its director; and the worker that does what they asked for."""

from dataclasses import dataclass
from itertools import count

from sqlalchemy import func, select

from tdba import jobs
from tdba.comptes.models import Habilitation
from tdba.jobs import Tache
from tdba.organismes.models import Organisme
from tests import factories as f
from tests.browser.site import Site

_numeros = count(1)


@dataclass(frozen=True)
class Cfa:
    """One establishment, whose director the tests name."""

    site: Site
    organisme: Organisme
    directrice: str
    habilitation: Habilitation


def un_cfa(site: Site, nom: str) -> Cfa:
    """A CFA of nobody's, whatever other tests left."""
    n = next(_numeros)
    directrice = f"Camille {nom} {n}"
    with site.systeme() as session:
        organisme = f.un_organisme(session, f"CFA {nom} {n}")
        organisation = f.une_organisation(
            session, "ORGANISME_FORMATION", organisme.nom, regle="ETABLISSEMENTS", organismes=[organisme]
        )
        habilitation = f.une_habilitation(
            session, f.une_personne(session, "Camille", f"{nom} {n}"), organisation
        )
        site.accueillir(session, directrice, habilitation)
        session.refresh(organisme)
        session.refresh(habilitation)
        return Cfa(site, organisme, directrice, habilitation)


class Ouvrier:
    """The worker, between two pages: runs what was asked for since it came, and what that asks for."""

    def __init__(self, site: Site) -> None:
        self.site = site
        with site.systeme() as session:
            self.depuis = session.execute(select(func.max(Tache.id))).scalar() or 0

    def travailler(self) -> None:
        while attendent := self._demandees():
            with self.site.fabrique.app_context():
                for nom, cle in attendent:
                    jobs.executer(nom, cle)

    def _demandees(self) -> list[tuple[str, str]]:
        with self.site.systeme() as session:
            requete = select(Tache.nom, Tache.cle).where(Tache.id > self.depuis).order_by(Tache.id)
            return list(dict.fromkeys((nom, cle) for nom, cle in session.execute(requete)))
