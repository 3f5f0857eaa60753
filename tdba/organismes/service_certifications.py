"""Writing certifications: couples, the nomenclature with its continuity, levels, and answers of the national API.

Same rules as `service`, which calls it: the caller opens the scope and commits.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from tdba.db import db
from tdba.organismes import certifications, sql
from tdba.organismes.interpretation import Fichier, Refus
from tdba.organismes.models import Certification, CertificationRome, CodeCertification, CodeInconnu
from tdba.organismes.reponse_api import Reponse
from tdba.organismes.sql import Compte

Resultat = tuple[Compte, list[Refus]]

REDEMANDER: Final = timedelta(days=30)
"""How long an answer "not known" is believed."""


def couples(fichier: Fichier, *, sans: tuple[str, ...] = ()) -> Resultat:
    """Couples (RNCP, CFD). In the file of couples both are compulsory; the other one may have an RNCP alone.

    `sans`: columns that the couple does not hold. The end of a couple is that of its RNCP record: it bounds the code too.
    """
    rangees, refus = [], []
    for ligne in fichier.lignes:
        v = ligne.valeurs
        if v["rncp"] is None or (v["cfd"] is None and fichier.format.remplacer):
            refus.append(Refus(ligne.numero, "code RNCP absent" if v["rncp"] is None else "CFD absent"))
        else:
            rangees.append({nom: valeur for nom, valeur in v.items() if nom not in sans})
    compte = sql.fusionner(Certification, ["rncp", "cfd"], rangees, remplacer=fichier.format.remplacer)
    fins = {v["rncp"]: v["echeance"] for v in rangees if v.get("echeance") is not None}
    sql.fusionner(
        CodeCertification, ["code"], [{"code": code, "fermeture": fin} for code, fin in fins.items()]
    )
    return compte, refus


def metiers(fichier: Fichier) -> Resultat:
    """Certifications that complete those known, and the jobs (ROME) that each leads to, which replace those known.

    Counts are those of certifications, as with the nomenclature and its codes.
    """
    compte, refus = couples(fichier, sans=("romes",))
    connus: dict[str, set[str]] = {}
    for ligne in fichier.lignes:
        v = ligne.valeurs
        if v["rncp"] is not None and v["romes"]:
            connus.setdefault(v["rncp"], set()).update(v["romes"])
    rangees = [{"rncp": rncp, "romes": sorted(romes)} for rncp, romes in connus.items()]
    sql.fusionner(CertificationRome, ["rncp"], rangees)
    return compte, refus


def nomenclature(fichier: Fichier, jour: date) -> Resultat:
    """CFD alone, open and closed, with those they continue. Their level is in another file (see `niveaux`)."""
    rangees, codes, refus = [], [], []
    suites = certifications.descendances(_liens(ligne.valeurs for ligne in fichier.lignes))
    for ligne in fichier.lignes:
        v = ligne.valeurs
        if v["cfd"] is None:
            refus.append(Refus(ligne.numero, "CFD absent"))
            continue
        reprises = {nom: v[nom] for nom in ("cfd", "intitule", "diplome", "ouverture", "echeance")}
        rangees.append({"rncp": None, **reprises, "active": v["echeance"] is None or v["echeance"] >= jour})
        suite = list(suites.get(v["cfd"], ()))
        dates = {"ouverture": v["ouverture"], "fermeture": v["echeance"]}
        codes.append({"code": v["cfd"], **dates, "continuite": suite})
    sql.fusionner(CodeCertification, ["code"], codes)
    return sql.fusionner(Certification, ["rncp", "cfd"], rangees), refus


def _liens(lignes: Iterable[Mapping[str, Any]]) -> Iterable[tuple[str, str]]:
    for v in lignes:
        if v["cfd"] is not None:
            yield from ((ancien, v["cfd"]) for ancien in v["anciens"])
            yield from ((v["cfd"], nouveau) for nouveau in v["nouveaux"])


def niveaux(fichier: Fichier) -> Resultat:
    """Give the nomenclature its levels."""
    return sql.niveler({ligne.valeurs["prefixe"]: ligne.valeurs["niveau"] for ligne in fichier.lignes}), []


def enregistrer(reponses: Iterable[Reponse]) -> Compte:
    """Write what the national API said, the last answer about a code or a couple staying."""
    lues = list(reponses)
    codes = {code["code"]: code for reponse in lues for code in reponse.codes}
    trouvees = {(r.couple["rncp"], r.couple["cfd"]): r.couple for r in lues}
    sql.fusionner(CodeCertification, ["code"], list(codes.values()))
    return sql.fusionner(Certification, ["rncp", "cfd"], list(trouvees.values()))


def signaler_inconnus(codes: Iterable[str], le: datetime) -> int:
    """Keep the codes that records carry and no import knows. Returns how many wait for an answer of the API."""
    distincts = sorted(set(codes))
    if distincts:
        rangees = [{"code": code, "signale_le": le} for code in distincts]
        db.session.execute(insert(CodeInconnu).on_conflict_do_nothing(), rangees)
    return len(a_demander(le))


def a_demander(le: datetime) -> list[str]:
    """Unknown codes never asked, or asked too long ago to believe the answer."""
    connus = select(CodeCertification.code)
    perime = CodeInconnu.demande_le.is_(None) | (CodeInconnu.demande_le < le - REDEMANDER)
    requete = select(CodeInconnu.code).where(perime, CodeInconnu.code.not_in(connus))
    return list(db.session.scalars(requete.order_by(CodeInconnu.code)))


def noter_demandes(codes: Iterable[str], le: datetime) -> None:
    """Say that the API was asked about these codes, whatever it answered."""
    demandes = CodeInconnu.code.in_(list(codes))
    db.session.execute(update(CodeInconnu).where(demandes).values(demande_le=le))
