"""Acts on a file: steps, who follows it, presence, circumstances, checklist, closing, departure, objection."""

import itertools
from collections.abc import Callable
from datetime import date
from typing import Any, Final

from sqlalchemy import select

from tdba import horloge
from tdba.effectifs import queries
from tdba.effectifs.models import Effectif
from tdba.ruptures import (
    departs,
    queries_affectation,
    service,
    service_affectation,
    service_circonstances,
    service_dossier,
    service_formalites,
    service_oppositions,
)
from tdba.ruptures.circonstances import Circonstances
from tdba.ruptures.models import Circonstance, Demarche, Dossier
from tdba.ruptures.presence import MOTIFS
from tdba.ruptures.regles import FIN_DE_CONTRAT, RUPTURE, SANS_CONTRAT
from tests.effectifs.aides import tous
from tests.invariants.aides import MOT, Acte, Monde
from tests.invariants.lectures import dossiers

_CLES: Final = itertools.count(1)
PAS: Final = (
    ("APPEL", "JOINT"),
    ("APPEL", "SANS_REPONSE"),
    ("ENTRETIEN", "RENDEZ_VOUS"),
    ("REPONSE", "NEGATIVE"),
    ("RETOUR_ECOLE", None),
)
LE_16, LE_18, LE_25, LE_30 = (date(2026, 11, jour) for jour in (16, 18, 25, 30))
CIRCONSTANCES: Final = (
    Circonstances(("LOGEMENT",)),
    Circonstances(("MOBILITE", "SANTE"), LE_16),
    Circonstances(("SANTE",)),
    Circonstances((), None, "AUTRE_METIER", "MISSION_LOCALE", LE_16),
    Circonstances(("FINANCE",), LE_16),
)
"""One says health without its agreement, one an agreement without health: neither may be written so."""
FORMALITES: Final = ("NOTIFICATION", "ENTRETIEN", "STATUT_STAGIAIRE")


def cle() -> str:
    """The random value of a new form."""
    return f"invariants-{next(_CLES):040d}"


def un_dossier(monde: Monde, fiche: Effectif, choisir: Any) -> Dossier | None:
    connus = dossiers(monde, fiche)
    return choisir(connus) if connus else None


def _saisie(choisir: Any) -> Callable[[], service.Saisie]:
    nature, resultat = choisir(PAS)
    prochaine = LE_25 if resultat == "RENDEZ_VOUS" else choisir((LE_25, LE_30, None))
    note, garde = choisir((MOT, None)), choisir((LE_18, None))
    return lambda: service.Saisie(
        nature=nature,
        resultat=resultat,
        prochaine_le=prochaine,
        note=note,
        note_jusqu_au=garde,
        cle_formulaire=cle(),
    )


def noter(monde: Monde, fiche: Effectif, choisir: Any) -> Acte | None:
    dossier = un_dossier(monde, fiche, choisir)
    if dossier is None:
        return None
    saisie, dossier_id, qui = _saisie(choisir), dossier.id, choisir(monde.suiveurs)

    def faire() -> str:
        voulue = saisie()
        with monde.agissant(qui):
            ecrite = service.noter_demarche(
                dossier_id, voulue, maintenant=horloge.maintenant(), jour=horloge.aujourd_hui()
            )
            # The same form sent again is the same step.
            assert ecrite
            assert not service.noter_demarche(
                dossier_id, voulue, maintenant=horloge.maintenant(), jour=horloge.aujourd_hui()
            )
        return voulue.cle_formulaire

    def defaire(sa_cle: str) -> None:
        (une,) = tous(monde.session, select(Demarche).where(Demarche.cle_formulaire == sa_cle))
        _retirer(monde, une.id, qui)

    # Whoever notes the first step follows the file, and goes on following it.
    return Acte(faire, defaire if dossier.referent_id else None)


def noter_sans_dossier(monde: Monde, fiche: Effectif, choisir: Any) -> Acte:
    saisie, genre, effectif_id = _saisie(choisir), choisir((SANS_CONTRAT, FIN_DE_CONTRAT)), fiche.id

    def faire() -> bool:
        with monde.directrice():
            return service.noter_sans_dossier(
                effectif_id, genre, saisie(), maintenant=horloge.maintenant(), jour=horloge.aujourd_hui()
            )

    return Acte(faire)


def retirer_une_demarche(monde: Monde, fiche: Effectif, choisir: Any) -> Acte | None:
    siennes = Demarche.dossier_id.in_([d.id for d in dossiers(monde, fiche)])
    notees = tous(
        monde.session, select(Demarche).where(siennes, Demarche.retiree_le.is_(None)).order_by(Demarche.id)
    )
    if not notees:
        return None
    une, qui = choisir([d.id for d in notees]), choisir(monde.suiveurs)
    return Acte(lambda: _retirer(monde, une, qui))


def _retirer(monde: Monde, demarche_id: int, qui: int) -> int:
    with monde.agissant(qui):
        return service.retirer(demarche_id, maintenant=horloge.maintenant())


def confier(monde: Monde, fiche: Effectif, choisir: Any) -> Acte | None:
    dossier = un_dossier(monde, fiche, choisir)
    if dossier is None:
        return None
    relais = service_dossier.Relais(
        referent_id=choisir(monde.personnes),
        mot=choisir((MOT, None)),
        version=dossier.version,
        cle_formulaire=cle(),
    )

    def faire(dossier_id: int) -> bool:
        """To whom has it already, a word alone may be said."""
        confies = service_dossier.confier(dossier_id, relais, maintenant=horloge.maintenant())
        return bool(confies or relais.mot)

    return _sur(monde, dossier, faire)


def _sur(monde: Monde, dossier: Dossier, geste: Callable[[int], Any]) -> Acte:
    dossier_id = dossier.id

    def faire() -> Any:
        with monde.directrice():
            return geste(dossier_id)

    return Acte(faire)


def confier_en_masse(monde: Monde, _fiche: Effectif, choisir: Any) -> Acte:
    genre, referent_id = choisir((RUPTURE, RUPTURE, SANS_CONTRAT, FIN_DE_CONTRAT)), choisir(monde.personnes)
    ids = [f.id for f in monde.fiches()]

    def faire() -> tuple[int, dict[int, int | None]] | None:
        with monde.directrice():
            jour = horloge.aujourd_hui()
            concernes = queries_affectation.parmi(genre, jour, ids)
            effet = service_affectation.effet(
                concernes, service_affectation.referent(referent_id, jour), jour
            )
            attendus = {(c.effectif_id, c.genre): c.referent_id for c in effet.confies}
            fait = service_affectation.confier(attendus, referent_id, jour)
            return (referent_id, dict(fait.anciens)) if fait.anciens else None

    def defaire(fait: tuple[int, dict[int, int | None]]) -> None:
        with monde.directrice():
            assert service_affectation.rendre(*fait) == len(fait[1])

    return Acte(faire, defaire)


def dire_present(monde: Monde, fiche: Effectif, choisir: Any) -> Acte | None:
    dossier = un_dossier(monde, fiche, choisir)
    if dossier is None:
        return None
    return _sur(monde, dossier, lambda d: service_dossier.dire_present(d, maintenant=horloge.maintenant()))


def sortir(monde: Monde, fiche: Effectif, choisir: Any) -> Acte | None:
    dossier = un_dossier(monde, fiche, choisir)
    if dossier is None:
        return None
    sortie = service_dossier.Sortie(
        le=choisir((LE_16, LE_18)), motif=choisir(list(MOTIFS)), version=fiche.version, cle_formulaire=cle()
    )
    effectif_id = fiche.id

    def faire(dossier_id: int) -> None:
        ouvert = queries.a_corriger(effectif_id, verrou=True)
        service_dossier.sortir(dossier_id, ouvert, sortie, maintenant=horloge.maintenant())

    return _sur(monde, dossier, faire)


def dire_les_circonstances(monde: Monde, fiche: Effectif, choisir: Any) -> Acte | None:
    dossier = un_dossier(monde, fiche, choisir)
    if dossier is None:
        return None
    connues = tous(monde.session, select(Circonstance).where(Circonstance.dossier_id == dossier.id))
    version, dites = connues[0].version if connues else service_circonstances.JAMAIS, choisir(CIRCONSTANCES)

    def faire(dossier_id: int) -> bool:
        return service_circonstances.enregistrer(
            dossier_id, dites, version=version, maintenant=horloge.maintenant(), jour=horloge.aujourd_hui()
        )

    return _sur(monde, dossier, faire)


def cocher(monde: Monde, fiche: Effectif, choisir: Any) -> Acte | None:
    dossier = un_dossier(monde, fiche, choisir)
    if dossier is None:
        return None
    code, le = choisir(FORMALITES), choisir((LE_16, LE_18, None))
    return _sur(
        monde,
        dossier,
        lambda d: service_formalites.cocher(d, code, le, maintenant=horloge.maintenant()),
    )


def confirmer(monde: Monde, fiche: Effectif, choisir: Any) -> Acte | None:
    clos = [d for d in dossiers(monde, fiche) if d.cause_cloture == "NOUVEAU_CONTRAT"]
    return (
        _sur(
            monde,
            choisir(clos),
            lambda d: service_dossier.confirmer(d, maintenant=horloge.maintenant()),
        )
        if clos
        else None
    )


def declarer_le_depart(monde: Monde, fiche: Effectif, choisir: Any) -> Acte | None:
    dossier = un_dossier(monde, fiche, choisir)
    if dossier is None:
        return None
    le, dossier_id = choisir((LE_16, LE_18)), dossier.id
    deja = dossier.parti_le

    def faire() -> bool:
        with monde.directrice():
            departs.declarer_depart(dossier_id, le, jour=horloge.aujourd_hui())
            return deja != le

    def defaire(_fait: bool) -> None:
        with monde.directrice():
            departs.annuler_depart(dossier_id, maintenant=horloge.maintenant())

    return Acte(faire, defaire if deja is None else None)


def annuler_le_depart(monde: Monde, fiche: Effectif, choisir: Any) -> Acte | None:
    partis = [d for d in dossiers(monde, fiche) if d.parti_le is not None]
    if not partis:
        return None
    return _sur(monde, choisir(partis), lambda d: departs.annuler_depart(d, maintenant=horloge.maintenant()))


def s_opposer(monde: Monde, fiche: Effectif, _choisir: Any) -> Acte:
    effectif_id = fiche.id

    def faire() -> bool:
        with monde.directrice():
            return service_oppositions.recevoir(
                effectif_id, LE_16, maintenant=horloge.maintenant(), jour=horloge.aujourd_hui()
            )

    return Acte(faire, lambda _: _lever(monde, effectif_id))


def lever_l_opposition(monde: Monde, fiche: Effectif, _choisir: Any) -> Acte:
    effectif_id = fiche.id
    return Acte(lambda: _lever(monde, effectif_id))


def _lever(monde: Monde, effectif_id: int) -> bool:
    with monde.directrice():
        return service_oppositions.lever(effectif_id, maintenant=horloge.maintenant())
