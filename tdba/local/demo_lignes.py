"""Lines of the API (domain.md §4.2), as a school's software would send them. Pure."""

import datetime as dt
from collections.abc import Callable, Iterator
from datetime import UTC, date, time
from random import Random
from typing import Any, Final, NamedTuple

from tdba.horloge import PARIS
from tdba.local.demo_cas import cas_de, id_erp_de
from tdba.local.demo_doublons import doubles_de
from tdba.local.demo_entreprises import PAR_NOM, connu_pour
from tdba.local.demo_jeunes import Jeune, fiches
from tdba.local.demo_organismes import (
    JOURS_DE_SILENCE,
    N_ENVOIE_PLUS,
    PAR_CODE,
    SIREN_DES_DUNES,
    Organisme,
    quotas,
    responsable_de,
)
from tdba.local.demo_parcours import annee_scolaire, rentree
from tdba.local.demo_personnages import PERSONNAGES
from tdba.local.demo_refus import REFUS
from tdba.local.demo_tirage import generateur

UNE_REFUSEE_SUR: Final = 100
REFUSEES_DES_DUNES: Final = len(REFUS)
"""The CFA of the guided visit shows every refusal."""

_TYPES_CFA: Final = ("09", "06", "07", "10", None, "03")
# Former situation (SIFA codes), by group of levels, for a first year.
_SITUATIONS: Final = {
    3: (1021, 1021, 1023, 2001, 1009, 5907),
    4: (3103, 3003, 2003, 1021, 5903),
    5: (2005, 2007, 3033, 3133, 5903),
    6: (4003, 4103, 4011, 4113, 2005, 9900),
}
_DEJA_APPRENTI: Final = {3: 3101, 4: 3131, 5: 4101, 6: 4113}


_EMPLOYEURS_CHOISIS: Final = {
    id_erp_de(nom): PAR_NOM[p.employeur] for nom, p in PERSONNAGES.items() if p.employeur
}


class Ligne(NamedTuple):
    """What is sent, and the kind of refusal it is meant for (None: a good line)."""

    contenu: Any
    refus: str | None = None


def jour_connu(organisme: Organisme, aujourd_hui: date) -> date:
    """The day of which the software of `organisme` speaks: the past for the one that stopped sending."""
    if organisme.code == N_ENVOIE_PLUS:
        return aujourd_hui - dt.timedelta(days=JOURS_DE_SILENCE)
    return aujourd_hui


def lignes(organisme: Organisme, *, effectifs: int, graine: int, aujourd_hui: date) -> Iterator[Ligne]:
    """Every line about `organisme` for a demo of `effectifs` records, wrong ones among them, in sending order."""
    jour = jour_connu(organisme, aujourd_hui)
    annees = (rentree(jour) - 1, rentree(jour))
    alea = generateur(graine, "lignes", organisme.code)
    voulues = quotas(effectifs)[organisme.code]
    choisies = [
        (j, a)
        for j in (
            *cas_de(organisme.etablissement, graine, jour, annees),
            *doubles_de(organisme.code, graine, jour, annees),
        )
        for a in j.scolarite.annees
    ]
    tirees = fiches(organisme.etablissement, voulues - len(choisies), graine, jour, annees)
    prevues = max(voulues // UNE_REFUSEE_SUR, REFUSEES_DES_DUNES if organisme.code == "DUN" else 1)
    pas = max(1, voulues // prevues)
    refusees = 0
    for rang, (tire, annee) in enumerate([*choisies, *tirees], 1):
        jeune = _chez_un_employeur_connu(tire, organisme)
        contenu = ligne(alea, organisme, _signataire(organisme, jeune), jeune, annee, jour)
        yield Ligne(contenu)
        if rang % pas == 0 and refusees < prevues:
            # Numbered by organisme so that small CFA do not all show the same refusal.
            nom, abimer = REFUS[(organisme.etablissement.rang - 1 + refusees) % len(REFUS)]
            refusees += 1
            yield Ligne(abimer({**contenu, "id_erp_apprenant": f"R{refusees:05d}"}), nom)


def _chez_un_employeur_connu(jeune: Jeune, organisme: Organisme) -> Jeune:
    """At the CFA of the guided visit, employers have a name."""
    if organisme.siren != SIREN_DES_DUNES:
        return jeune
    insee = organisme.etablissement.commune.insee
    rang, choisi = int(jeune.id_erp[1:]), _EMPLOYEURS_CHOISIS.get(jeune.id_erp)
    contrats = tuple(
        c._replace(employeur=choisi or connu_pour(c.employeur, insee, rang)) for c in jeune.scolarite.contrats
    )
    return jeune._replace(scolarite=jeune.scolarite._replace(contrats=contrats))


def ligne(
    alea: Random, organisme: Organisme, responsable: Organisme, jeune: Jeune, annee: int, jour: date
) -> dict[str, Any]:
    """The line of one youth for one school year; what the software does not know is left out."""
    ecrire = _ECRITURES[organisme.etablissement.rang % len(_ECRITURES)]
    contenu = {
        **_apprenant(jeune, ecrire),
        **_situation(alea, organisme, jeune, annee),
        **_etablissements(organisme, responsable),
        **_formation(jeune, annee, ecrire),
        **_statut(jeune, jour, ecrire),
    }
    for rang, contrat in enumerate(jeune.scolarite.contrats, 1):
        suffixe = "" if rang == 1 else f"_{rang}"
        contenu |= {
            f"contrat_date_debut{suffixe}": ecrire(contrat.debut),
            f"contrat_date_fin{suffixe}": ecrire(contrat.fin),
            f"siret_employeur{suffixe}": contrat.employeur
            if alea.random() < 0.995
            else contrat.employeur[:9],
            f"contrat_date_rupture{suffixe}": contrat.rupture and ecrire(contrat.rupture),
            f"cause_rupture_contrat{suffixe}": contrat.cause,
        }
    return {champ: valeur for champ, valeur in contenu.items() if valeur is not None}


Ecriture = Callable[[date], str]


def _a_minuit_utc(jour: date) -> str:
    return f"{jour.isoformat()}T00:00:00.000Z"


def _a_minuit_de_paris(jour: date) -> str:
    instant = dt.datetime.combine(jour, time(), tzinfo=PARIS).astimezone(UTC)
    return f"{instant:%Y-%m-%dT%H:%M:%S}.000Z"


# Three families of software, three ways to write the same day (decision 11).
_ECRITURES: Final[tuple[Ecriture, ...]] = (date.isoformat, _a_minuit_utc, _a_minuit_de_paris)


def _apprenant(jeune: Jeune, ecrire: Ecriture) -> dict[str, Any]:
    identite = jeune.identite
    return {
        "nom_apprenant": identite.nom,
        "prenom_apprenant": identite.prenom,
        "date_de_naissance_apprenant": ecrire(identite.naissance),
        "id_erp_apprenant": jeune.id_erp,
        "sexe_apprenant": identite.sexe,
        "ine_apprenant": identite.ine,
        "email_contact": identite.courriel,
        "tel_apprenant": identite.telephone,
        "responsable_apprenant_mail1": identite.courriel_responsable,
        "adresse_apprenant": identite.adresse,
        "code_postal_apprenant": identite.commune.code_postal,
        "code_commune_insee_apprenant": identite.commune.insee,
    }


def _situation(alea: Random, organisme: Organisme, jeune: Jeune, annee: int) -> dict[str, Any]:
    """What the SIFA survey asks; software often lacks it, which gives the "À régler" list its content."""
    niveau = min(jeune.certification.niveau, 6)
    codes = _SITUATIONS[niveau]
    situation = (
        codes[int(alea.random() * len(codes))] if annee == jeune.scolarite.cohorte else _DEJA_APPRENTI[niveau]
    )
    naissance = jeune.identite.commune_naissance
    handicap = alea.random() < 0.04
    return {
        "code_postal_de_naissance_apprenant": naissance.code_postal if alea.random() < 0.8 else None,
        "code_commune_insee_de_naissance_apprenant": naissance.insee if alea.random() < 0.6 else None,
        "derniere_situation": situation if alea.random() < 0.85 else None,
        "dernier_organisme_uai": naissance.departement if alea.random() < 0.8 else None,
        "type_cfa": _TYPES_CFA[organisme.etablissement.rang % len(_TYPES_CFA)],
        "rqth_apprenant": handicap if alea.random() < 0.7 else None,
    }


def _signataire(organisme: Organisme, jeune: Jeune) -> Organisme:
    """Who signs. Three in ten of the CFA de l’Estuaire are signed by its partial responsable."""
    if organisme.code == "EST" and int(jeune.id_erp[1:]) % 10 < 3:
        return PAR_CODE["BAI"]
    return PAR_CODE[responsable_de(organisme.code)]


def _etablissements(organisme: Organisme, responsable: Organisme) -> dict[str, Any]:
    return {
        "etablissement_responsable_uai": responsable.uai,
        "etablissement_responsable_siret": responsable.siret,
        "etablissement_formateur_uai": organisme.uai,
        "etablissement_formateur_siret": organisme.siret,
        "etablissement_lieu_de_formation_uai": organisme.uai,
        "etablissement_lieu_de_formation_siret": organisme.siret,
    }


def _formation(jeune: Jeune, annee: int, ecrire: Ecriture) -> dict[str, Any]:
    scolarite, certification = jeune.scolarite, jeune.certification
    return {
        "annee_scolaire": annee_scolaire(annee, civile=scolarite.civile),
        "annee_formation": min(5, annee - scolarite.cohorte + 1),
        "formation_rncp": certification.rncp,
        "formation_cfd": certification.cfd,
        "libelle_court_formation": certification.intitule,
        "date_inscription_formation": ecrire(scolarite.inscription),
        "date_entree_formation": ecrire(scolarite.entree),
        "date_fin_formation": ecrire(scolarite.fin),
        "duree_theorique_formation_mois": certification.annees * 12,
        "date_exclusion_formation": scolarite.exclusion and ecrire(scolarite.exclusion),
        "cause_exclusion_formation": scolarite.cause_exclusion,
        "formation_presentielle": True,
    }


def _statut(jeune: Jeune, jour: date, ecrire: Ecriture) -> dict[str, Any]:
    """The former status: 3 in contract, 2 enrolled, 0 gone, and since when."""
    scolarite = jeune.scolarite
    if parti := scolarite.sortie or scolarite.exclusion:
        return {"statut_apprenant": 0, "date_metier_mise_a_jour_statut": ecrire(parti)}
    contrat = scolarite.contrats[-1] if scolarite.contrats else None
    if contrat and contrat.rupture and contrat.rupture <= jour:
        return {"statut_apprenant": 2, "date_metier_mise_a_jour_statut": ecrire(contrat.rupture)}
    if contrat and contrat.debut <= jour:
        return {"statut_apprenant": 3, "date_metier_mise_a_jour_statut": ecrire(contrat.debut)}
    return {"statut_apprenant": 2, "date_metier_mise_a_jour_statut": ecrire(scolarite.inscription)}
