"""Chosen cases of the CFA des Dunes: one of each thing a screen must show, whatever the day the demo starts. Pure.

Without them a demo started in March would hold nobody near the end of their 90 days. Dates are days from today.
"""

from datetime import date, timedelta
from random import Random
from typing import Final, NamedTuple

from tdba.local.demo_certifications import CERTIFICATIONS
from tdba.local.demo_jeunes import Etablissement, Jeune
from tdba.local.demo_noms import DIFFICILES
from tdba.local.demo_parcours import Contrat, Scolarite, rentree, tirer_employeur
from tdba.local.demo_personnages import PERSONNAGES
from tdba.local.demo_personnes import tirer_identite, tirer_nom
from tdba.local.demo_tirage import generateur


class Cas(NamedTuple):
    """Contracts are (start, end, rupture or None)."""

    site: str
    niveau: int
    entree: int
    fin: int
    contrats: tuple[tuple[int, int, int | None], ...] = ()
    exclusion: int | None = None
    sortie: int | None = None
    nom: tuple[str, str, str] | None = None
    """Surname, first name, sex of whoever the visit calls by name; None: drawn."""


CAS: Final = (
    # ruptures, by segment of decision 31: 0-44 days, 45-89, 90-179, 180 and more
    Cas("DUN", 3, -80, 600, ((-78, 600, -3),)),
    Cas("DUN", 3, -300, 400, ((-290, 400, -9),)),
    Cas("DUN", 4, -290, 410, ((-280, 410, -21),)),
    Cas("DU2", 3, -95, 610, ((-90, 610, -30),)),
    Cas("DU3", 3, -310, 390, ((-300, 390, -43),)),
    Cas("DUN", 3, -320, 390, ((-310, 390, -48),)),
    Cas("DU2", 4, -330, 380, ((-320, 380, -61),)),
    Cas("DUN", 5, -340, 370, ((-330, 370, -75),)),
    Cas("DU3", 3, -330, 380, ((-325, 380, -88),)),
    Cas("DUN", 3, -350, 360, ((-340, 360, -92),)),
    Cas("DUN", 4, -355, 350, ((-350, 350, -118),)),
    Cas("DU2", 3, -360, 350, ((-355, 350, -150),)),
    Cas("DUN", 3, -340, 380, ((-330, 380, -172),)),
    Cas("DUN", 3, -360, 370, ((-350, 370, -179),)),
    Cas("DUN", 4, -360, 360, ((-355, 360, -196),)),
    Cas("DU3", 3, -362, 360, ((-360, 360, -240),)),
    # a rupture announced, one followed by a new contract, one by two, one the CFA says has left
    Cas("DUN", 3, -300, 400, ((-295, 400, 12),)),
    Cas("DUN", 3, -300, 400, ((-295, 400, -110), (-80, 400, None))),
    Cas("DU2", 4, -330, 380, ((-325, 380, -240), (-210, 380, -100), (-60, 380, None))),
    Cas("DUN", 3, -330, 380, ((-320, 380, -130),), None, -90),
    # without a contract since the entry, by segment: 0-44, 45-74, 75-90, beyond
    Cas("DUN", 3, -6, 650),
    Cas("DU2", 3, -38, 620),
    Cas("DUN", 4, -52, 640),
    Cas("DUN", 3, -70, 630),
    Cas("DU3", 3, -76, 640),
    Cas("DUN", 3, -83, 620),
    Cas("DUN", 3, -88, 610),
    Cas("DUN", 5, -89, 610),
    Cas("DUN", 3, -97, 600),
    Cas("DU2", 3, -130, 570),
    # terms: one contract ended and no next yet, one next contract, one close to the end of the session
    Cas("DUN", 4, -360, 300, ((-360, -25, None),)),
    Cas("DUN", 3, -340, 330, ((-335, -40, None), (-20, 330, None))),
    Cas("DUN", 3, -345, 20, ((-340, -8, None),)),
    # entries to come, ends of formation, exclusions
    Cas("DUN", 3, 14, 700, ((14, 700, None),)),
    Cas("DU2", 4, 25, 710),
    Cas("DUN", 5, -360, -12, ((-355, -12, None),)),
    Cas("DUN", 3, -350, 9, ((-345, 9, None),)),
    Cas("DUN", 3, -300, 400, ((-290, 400, None),), -15),
    Cas("DU3", 4, -200, 500, (), -120),
    *(Cas(p.site, p.niveau, p.entree, p.fin, p.contrats, nom=p.nom) for p in PERSONNAGES.values()),
)

_CAUSES: Final = ("démission", "rupture pendant la période d’essai", "résiliation", None)


def id_erp(rang: int) -> str:
    """The number, in the software of the CFA, of the case at that place."""
    return f"C{rang + 1:05d}"


def id_erp_de(personnage: str) -> str:
    """The same, of somebody of the visit."""
    return id_erp(len(CAS) - len(PERSONNAGES) + list(PERSONNAGES).index(personnage))


def cas_de(
    etablissement: Etablissement, graine: int, aujourd_hui: date, annees: tuple[int, ...]
) -> list[Jeune]:
    """The chosen cases of one site, two in three under a difficult name: together they carry them all."""
    alea = generateur(graine, "cas", etablissement.code)
    jeunes = []
    for rang, cas in enumerate(CAS):
        if cas.site != etablissement.code:
            continue
        enseignees = [
            c for c in CERTIFICATIONS if c.niveau == cas.niveau and c.filiere in etablissement.filieres
        ] or [c for c in CERTIFICATIONS if c.niveau == cas.niveau]
        certification = enseignees[int(alea.random() * len(enseignees))]
        nom = tirer_nom(alea, "F" if alea.random() < certification.part_filles else "M")
        if cas.nom:
            nom = cas.nom
        elif rang % 3:
            nom = DIFFICILES[(rang - 1 - rang // 3) % len(DIFFICILES)]
        identite = tirer_identite(
            alea,
            nom=nom,
            numero=etablissement.rang * 10_000 + 9_000 + rang,
            niveau=certification.niveau,
            entree=aujourd_hui + timedelta(days=cas.entree),
            lieu=etablissement.commune,
            region=etablissement.region,
        )
        contrats = tuple(_contrat(alea, rang, dates, aujourd_hui) for dates in cas.contrats)
        scolarite = _scolarite(cas, contrats, aujourd_hui, annees)
        jeunes.append(Jeune(id_erp(rang), identite, certification, scolarite))
    return jeunes


def _contrat(alea: Random, rang: int, dates: tuple[int, int, int | None], aujourd_hui: date) -> Contrat:
    debut, fin, rupture = (None if n is None else aujourd_hui + timedelta(days=n) for n in dates)
    assert debut is not None  # noqa: S101 - the table writes every start and end
    assert fin is not None  # noqa: S101
    cause = None if rupture is None else _CAUSES[rang % len(_CAUSES)]
    return Contrat(debut, fin, rupture, cause, tirer_employeur(alea))


def _scolarite(
    cas: Cas, contrats: tuple[Contrat, ...], aujourd_hui: date, annees: tuple[int, ...]
) -> Scolarite:
    entree, fin = aujourd_hui + timedelta(days=cas.entree), aujourd_hui + timedelta(days=cas.fin)
    exclusion = None if cas.exclusion is None else aujourd_hui + timedelta(days=cas.exclusion)
    presentes = tuple(annee for annee in annees if rentree(entree) <= annee <= rentree(fin))
    return Scolarite(
        inscription=entree - timedelta(days=30),
        entree=entree,
        fin=fin,
        contrats=contrats,
        exclusion=exclusion,
        cause_exclusion="absences répétées" if exclusion else None,
        sortie=None if cas.sortie is None else aujourd_hui + timedelta(days=cas.sortie),
        cohorte=rentree(entree),
        # An entry of the next school year is already in this year's software.
        annees=presentes or annees[-1:],
        civile=False,
    )
