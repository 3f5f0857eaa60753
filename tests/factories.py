"""Rows of the tests, made through the system's session. Functions refuse unknown arguments: a typo is an error."""

import itertools
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy.orm import Session

from tdba import abonnes, horloge
from tdba.comptes.models import Habilitation, HabilitationSite, Organisation, OrganisationOrganisme, Personne
from tdba.effectifs import parcours, valeurs
from tdba.effectifs.models import Contrat, Effectif
from tdba.organismes.models import (
    Academie,
    Departement,
    Organisme,
    Region,
    RelationOrganisme,
    Reseau,
    ReseauOrganisme,
)
from tdba.transmissions import cles

_suite = itertools.count(1)

EMETTEUR = "http://127.0.0.1:5001/api/v2"


def les_territoires(session: Session) -> None:
    """Two regions, three départements, two académies."""
    session.add_all([Region(code="53", nom="Bretagne"), Region(code="76", nom="Occitanie")])
    session.add_all([Academie(code="14", nom="Rennes"), Academie(code="16", nom="Toulouse")])
    session.flush()
    session.add_all(
        [
            Departement(code="35", nom="Ille-et-Vilaine", region_code="53", academie_code="14"),
            Departement(code="29", nom="Finistère", region_code="53", academie_code="14"),
            Departement(code="31", nom="Haute-Garonne", region_code="76", academie_code="16"),
        ]
    )
    session.flush()


def un_organisme(
    session: Session,
    nom: str,
    *,
    siren: str | None = None,
    departement: str = "35",
    fiable: bool = True,
    ferme: bool = False,
) -> Organisme:
    n = next(_suite)
    base = f"{siren or f'{100_000_000 + n}'}{n:04d}"
    siret = base + _cle_luhn(base)
    chiffres = f"{n:07d}"
    zone = {"35": ("53", "14"), "29": ("53", "14"), "31": ("76", "16")}[departement]
    organisme = Organisme(
        uai=chiffres + "ABCDEFGHJKLMNPRSTUVWXYZ"[int(chiffres) % 23],
        siret=siret,
        nom=nom,
        recherche=nom.upper(),
        nature="responsable_formateur",
        commune="Rennes",
        departement_code=departement,
        region_code=zone[0],
        academie_code=zone[1],
        fiable=fiable,
        ferme=ferme,
    )
    session.add(organisme)
    session.flush()
    return organisme


def _cle_luhn(base: str) -> str:
    total = sum(
        sum(divmod(int(c) * 2, 10)) if rang % 2 == 0 else int(c) for rang, c in enumerate(reversed(base))
    )
    return str(-total % 10)


def une_relation(
    session: Session, responsable: Organisme, formateur: Organisme, *, partielle: bool = False
) -> None:
    session.add(
        RelationOrganisme(responsable_id=responsable.id, formateur_id=formateur.id, partielle=partielle)
    )
    session.flush()


def un_reseau(
    session: Session, code: str, membres: Sequence[Organisme], *, responsable: bool = False
) -> Reseau:
    reseau = Reseau(code=code, nom=code, responsable=responsable)
    session.add(reseau)
    session.flush()
    session.add_all(
        ReseauOrganisme(reseau_code=code, organisme_id=m.id, debut=date(2020, 1, 1)) for m in membres
    )
    session.flush()
    return reseau


def une_organisation(
    session: Session,
    type_: str,
    nom: str,
    *,
    regle: str,
    organismes: Sequence[Organisme] = (),
    siren: str | None = None,
    reseau_code: str | None = None,
    region_code: str | None = None,
    departement_code: str | None = None,
    academie_code: str | None = None,
) -> Organisation:
    organisation = Organisation(
        type=type_,
        nom=nom,
        regle=regle,
        siren=siren,
        reseau_code=reseau_code,
        region_code=region_code,
        departement_code=departement_code,
        academie_code=academie_code,
    )
    session.add(organisation)
    session.flush()
    session.add_all(
        OrganisationOrganisme(organisation_id=organisation.id, organisme_id=o.id) for o in organismes
    )
    session.flush()
    return organisation


def une_personne(session: Session, prenom: str, nom: str = "Testeur", *, etat: str = "ACTIVE") -> Personne:
    n = next(_suite)
    personne = Personne(
        emetteur=EMETTEUR,
        sub=f"sub-{n}",
        courriel=f"personne{n}@exemple.invalid",
        nom=nom,
        prenom=prenom,
        etat=etat,
        cree_le=horloge.maintenant(),
    )
    session.add(personne)
    session.flush()
    return personne


def une_habilitation(
    session: Session,
    personne: Personne,
    organisation: Organisation,
    *,
    role: str = "administrateur",
    debut: date = date(2025, 9, 1),
    fin: date | None = None,
    validee_par: Personne | None = None,
    sites: Sequence[Organisme] = (),
) -> Habilitation:
    habilitation = Habilitation(
        personne_id=personne.id,
        organisation_id=organisation.id,
        role=role,
        debut=debut,
        fin=fin,
        motif="test",
        validee_par_id=validee_par.id if validee_par else None,
        validee_le=horloge.maintenant() if validee_par else None,
        cree_le=horloge.maintenant(),
    )
    session.add(habilitation)
    session.flush()
    session.add_all(HabilitationSite(habilitation_id=habilitation.id, organisme_id=s.id) for s in sites)
    session.flush()
    return habilitation


Dates = tuple[date, date | None, date | None]
"""Start, term, rupture of a contract."""


JOIGNABLE: Final = {
    "sexe": "F",
    "courriel": "alix.canari@famille.fr",
    "telephone": "0612457809",
    "adresse": "3 rue du Port",
    "code_postal": "35000",
    "code_insee": "35238",
    "departement": "35",
}
"""Columns of a record about which nothing is to be said."""
EMPLOYEUR: Final = "11000001500013"


def un_effectif(
    session: Session,
    organisme: Organisme,
    *,
    nom: str = "CANARI",
    prenom: str = "Alix",
    naissance: date = date(2007, 5, 4),
    entree: date | None = date(2026, 9, 1),
    fin: date | None = date(2027, 8, 31),
    contrats: Sequence[Dates] = (),
    exclusion: date | None = None,
    annee_scolaire: str = "2026-2027",
    niveau: int | None = 3,
    **colonnes: Any,
) -> Effectif:
    """One record with its contracts, its parcours, its file and its figures, as the intake would leave them."""
    n = next(_suite)
    maintenant = horloge.maintenant()
    reglees = {"id_erp": f"erp-{n}", "source": "ERP", "rncp": "RNCP38322", "formation": "CAP Boulanger"}
    reglees |= JOIGNABLE | {"ine": f"{n:09d}HB"}
    effectif = Effectif(
        organisme_id=organisme.id,
        annee_scolaire=annee_scolaire,
        nom=nom,
        prenom=prenom,
        recherche=valeurs.recherche(nom, prenom),
        date_naissance=naissance,
        date_inscription=entree,
        date_entree=entree,
        date_fin=fin,
        date_exclusion=exclusion,
        niveau=niveau,
        cree_le=maintenant,
        maj_le=maintenant,
        transmis_le=maintenant,
        **(reglees | colonnes),
    )
    session.add(effectif)
    session.flush()
    session.add_all(
        Contrat(
            effectif_id=effectif.id,
            organisme_id=organisme.id,
            annee_scolaire=annee_scolaire,
            rang=rang,
            debut=debut,
            fin=terme,
            rupture=rupture,
            cause_rupture="démission" if rupture else None,
            employeur_siret=EMPLOYEUR,
            debut_source=debut,
        )
        for rang, (debut, terme, rupture) in enumerate(contrats)
    )
    session.flush()
    parcours.recalculer([effectif.id])
    abonnes.annoncer("apres_parcours", [effectif.id])
    session.commit()
    session.refresh(effectif)
    return effectif


def un_sans_contrat(session: Session, organisme: Organisme, *, depuis: int = 30, **options: Any) -> Effectif:
    """A youth without a contract, entered `depuis` days ago."""
    return un_effectif(session, organisme, entree=horloge.aujourd_hui() - timedelta(days=depuis), **options)


def un_apprenti(session: Session, organisme: Organisme, **options: Any) -> Effectif:
    return un_effectif(session, organisme, contrats=[(date(2026, 9, 1), date(2027, 8, 31), None)], **options)


def une_rupture(session: Session, organisme: Organisme, *, depuis: int = 30, **options: Any) -> Effectif:
    """A youth whose contract was broken `depuis` days ago."""
    rupture = horloge.aujourd_hui() - timedelta(days=depuis)
    debut = min(date(2025, 9, 1), rupture - timedelta(days=30))
    entree = options.pop("entree", debut)
    return un_effectif(
        session, organisme, entree=entree, contrats=[(debut, date(2027, 8, 31), rupture)], **options
    )


def un_sorti(session: Session, organisme: Organisme, **options: Any) -> Effectif:
    """A youth excluded in October."""
    return un_effectif(session, organisme, exclusion=date(2026, 10, 15), **options)


def un_diplome(session: Session, organisme: Organisme, **options: Any) -> Effectif:
    """A youth whose formation ended this month."""
    dates = (date(2025, 9, 1), date(2026, 10, 31), None)
    return un_effectif(
        session, organisme, entree=date(2025, 9, 1), fin=date(2026, 10, 31), contrats=[dates], **options
    )


def une_cle(session: Session, organisme: Organisme) -> str:
    """An API key of this organisme, in clear."""
    cle = cles.creer(organisme.id, libelle="test")
    session.commit()
    return cle
