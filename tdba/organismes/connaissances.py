"""What a process knows of certifications and communes: the codes it was asked about, until their version changes.

A batch costs one short statement, three more for the codes not met yet, and its lines none. Workers fork for each job:
reading the whole référentiel would cost a second to a job of one line. Imports and a job alone write it, never the path
of a request; triggers change the version with each write (migration 0021).
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ARRAY, Text, bindparam, func, or_, select, union, update

from tdba.db import db
from tdba.organismes.certifications import Certifications, Code, Couple, Session, ecrire_cfd, ecrire_rncp
from tdba.organismes.models import Certification, CodeCertification, Departement, VersionReferentiel
from tdba.organismes.models import Commune as CommuneConnue
from tdba.organismes.residence import Commune, Communes


@dataclass(frozen=True, slots=True)
class Connaissances:
    """What is known of codes and communes at one instant."""

    versions: dict[str, int]
    certifications: Certifications
    communes: Communes

    def completer(self, source: dict[str, Any]) -> dict[str, Any]:
        """What the référentiel says of a record, from the values of its source: columns of `effectif`."""
        formation = self.certifications.resoudre(
            source["rncp"], source["cfd"], Session(source["date_entree"], source["date_fin"])
        )
        residence = self.communes.situer(source["code_insee"], source["code_postal"])
        return {
            "rncp": formation.rncp,
            "cfd": formation.cfd,
            "formation": formation.intitule or source["formation"],
            "niveau": formation.niveau,
            "code_insee": residence.code_insee,
            "departement": residence.departement,
        }


class _Memoire:
    """What was read under one version; `demandes` are the codes about which there is nothing more to read."""

    def __init__(self) -> None:
        self.versions: dict[str, int] = {}
        self.codes_demandes: set[str] = set()
        self.codes: dict[str, Code] = {}
        self.couples: set[Couple] = set()
        self.lieux_demandes: set[str] = set()
        self.communes: dict[str, Commune] = {}
        self.connaissances = Connaissances({}, Certifications((), {}), Communes((), ()))


_VERSIONS: Final = select(VersionReferentiel.nom, VersionReferentiel.numero)
_memoires: Final[list[_Memoire]] = [_Memoire()]


def pour(
    *,
    rncps: Collection[str] = (),
    cfds: Collection[str] = (),
    insees: Collection[str] = (),
    postaux: Collection[str] = (),
) -> Connaissances:
    """What the current transaction may know of these codes, and of those asked before."""
    versions = {ligne.nom: ligne.numero for ligne in db.session.execute(_VERSIONS)}
    if _memoires[0].versions != versions:
        _memoires[0] = _Memoire()
        _memoires[0].versions = versions
    memoire = _memoires[0]
    codes = ({ecrire_rncp(c) for c in rncps} | {ecrire_cfd(c) for c in cfds}) - memoire.codes_demandes
    lieux = {*insees, *postaux} - memoire.lieux_demandes
    if codes or lieux or not memoire.connaissances.versions:
        _lire_codes(memoire, sorted(codes))
        _lire_communes(memoire, sorted(lieux))
        memoire.connaissances = Connaissances(
            versions,
            Certifications(memoire.couples, memoire.codes),
            Communes(memoire.communes.values(), db.session.scalars(select(Departement.code))),
        )
    return memoire.connaissances


def restant_a_appliquer() -> dict[str, int]:
    """Names and numbers of the versions that records were not completed with yet."""
    v = VersionReferentiel
    requete = select(v.nom, v.numero).where(v.numero != v.appliquee)
    return {ligne.nom: ligne.numero for ligne in db.session.execute(requete)}


def noter_appliquees(versions: dict[str, int]) -> None:
    """Say that every record now agrees with these versions."""
    for nom, numero in versions.items():
        db.session.execute(
            update(VersionReferentiel).where(VersionReferentiel.nom == nom).values(appliquee=numero)
        )


def _lire_codes(memoire: _Memoire, codes: list[str]) -> None:
    """Read these codes, those of their continuity, their certifications, and the validity of all that these name."""
    if not codes:
        return
    c, k = Certification, CodeCertification
    demandes = bindparam("codes", codes, type_=ARRAY(Text))
    suite = union(
        select(func.unnest(demandes).label("code")),
        select(func.unnest(k.continuite)).where(k.code == func.any(demandes)),
    ).cte("suite")
    dedans = select(suite.c.code)
    couples = db.session.execute(
        select(c.rncp, c.cfd, c.intitule, c.niveau, c.ouverture, c.echeance, c.active).where(
            or_(c.rncp.in_(dedans), c.cfd.in_(dedans))
        )
    )
    lus = [Couple(*couple) for couple in couples]
    nommes = {code for couple in lus for code in (couple.rncp, couple.cfd) if code is not None}
    utiles = select(suite.c.code).union_all(
        select(func.unnest(bindparam("nommes", sorted(nommes), type_=ARRAY(Text))))
    )
    valides = db.session.execute(
        select(k.code, k.ouverture, k.fermeture, k.continuite).where(k.code.in_(utiles))
    )
    memoire.couples |= set(lus)
    lues = {code: Code(du, au, tuple(autres)) for code, du, au, autres in valides}
    memoire.codes = memoire.codes | lues
    memoire.codes_demandes |= set(codes)


def _lire_communes(memoire: _Memoire, lieux: list[str]) -> None:
    """Read the communes that have these INSEE or postal codes, or had them: the two kinds may look alike."""
    if not lieux:
        return
    c = CommuneConnue
    demandes = bindparam("lieux", lieux, type_=ARRAY(Text))
    trouvees = or_(
        c.code_insee == func.any(demandes),
        c.codes_postaux.overlap(demandes),
        c.anciens_codes.overlap(demandes),
    )
    lues = db.session.execute(
        select(c.code_insee, c.departement_code, c.codes_postaux, c.anciens_codes).where(trouvees)
    )
    for insee, departement, postaux, anciens in lues:
        memoire.communes[insee] = Commune(insee, departement, tuple(postaux), tuple(anciens))
    memoire.lieux_demandes |= set(lieux)
