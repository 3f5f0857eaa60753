"""Readings of the first access: what may be asked for, and where one's own request stands. Organismes are public data."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, exists, func, or_, select

from tdba.comptes.models import Habilitation, Organisation, OrganisationOrganisme, Personne
from tdba.db import db
from tdba.habilitations import acces
from tdba.habilitations.acces import Tenue
from tdba.habilitations.models import DemandeAcces, LienAcces
from tdba.organismes.models import (
    Academie,
    Departement,
    Organisme,
    Region,
    RelationOrganisme,
    Reseau,
    ReseauOrganisme,
)
from tdba.textes import sans_accents

RESULTATS_MAX: Final = 25
RECHERCHE_MIN: Final = 2
_ACCENTS: Final = ("ÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸ'’-", "AAACEEEEIIOOUUUY   ")


@dataclass(frozen=True, slots=True)
class MaDemande:
    """One's own request, with the names that the page shows."""

    demande: DemandeAcces
    organisme: Organisme | None
    organisation_nom: str | None

    @property
    def nom(self) -> str:
        return self.organisme.nom if self.organisme else self.organisation_nom or ""


def _vue(condition: ColumnElement[bool]) -> MaDemande | None:
    requete = (
        select(DemandeAcces, Organisme, Organisation.nom)
        .outerjoin(Organisme, Organisme.id == DemandeAcces.organisme_id)
        .outerjoin(Organisation, Organisation.id == DemandeAcces.organisation_id)
        .where(condition)
        .order_by(DemandeAcces.id.desc())
        .limit(1)
    )
    ligne = db.session.execute(requete).one_or_none()
    return MaDemande(*ligne) if ligne else None


def ma_demande(personne_id: int) -> MaDemande | None:
    """The open request of a person; there is at most one."""
    return _vue((DemandeAcces.personne_id == personne_id) & (DemandeAcces.etat == "EN_ATTENTE"))


def derniere_demande(personne_id: int) -> MaDemande | None:
    """The last request of a person, whatever became of it."""
    return _vue(DemandeAcces.personne_id == personne_id)


def organisme(organisme_id: int) -> Organisme | None:
    """An establishment that may be asked for: a closed one has nobody to let in."""
    requete = select(Organisme).where(Organisme.id == organisme_id, Organisme.ferme.is_(False))
    return db.session.execute(requete).scalar_one_or_none()


def proposes(siret: str | None) -> list[Organisme]:
    """The open establishments of this SIRET, else those of its legal entity."""
    if not siret:
        return []
    for condition in (Organisme.siret == siret, Organisme.siren == siret[:9]):
        requete = select(Organisme).where(condition, Organisme.ferme.is_(False))
        trouves = db.session.execute(requete.order_by(Organisme.nom, Organisme.id).limit(RESULTATS_MAX))
        if lignes := list(trouves.scalars()):
            return lignes
    return []


def chercher(texte: str) -> list[Organisme]:
    """Open establishments that have every word in their name, UAI, SIRET or town; 25 at most."""
    normalise = sans_accents(texte)
    chiffres = normalise.replace(" ", "")
    mots = [chiffres] if chiffres.isdigit() else normalise.split()
    if sum(map(len, mots)) < RECHERCHE_MIN:
        return []
    ville = func.translate(func.upper(Organisme.commune), *_ACCENTS)
    contient = [
        or_(Organisme.recherche.contains(mot, autoescape=True), ville.contains(mot, autoescape=True))
        for mot in mots
    ]
    requete = select(Organisme).where(Organisme.ferme.is_(False), *contient)
    return list(
        db.session.execute(requete.order_by(Organisme.nom, Organisme.id).limit(RESULTATS_MAX)).scalars()
    )


def etablissements(siren: str) -> list[int]:
    """Ids of every establishment of a legal entity."""
    return list(
        db.session.execute(
            select(Organisme.id).where(Organisme.siren == siren).order_by(Organisme.id)
        ).scalars()
    )


def territoires(regle: str) -> list[tuple[str, str]]:
    """What a rule is about, as (code, name): regions, départements, académies or networks."""
    modeles: Mapping[str, Any] = {
        "REGION": Region,
        "DEPARTEMENT": Departement,
        "ACADEMIE": Academie,
        "RESEAU": Reseau,
    }
    modele = modeles.get(regle)
    if modele is None:
        return []
    lignes = db.session.execute(select(modele.code, modele.nom).order_by(modele.nom))
    return [(code, nom) for code, nom in lignes]


def _tenue(jour: date) -> ColumnElement[bool]:
    """The organisation has an administrator today."""
    return exists(
        select(Habilitation.id)
        .join(Personne, Personne.id == Habilitation.personne_id)
        .where(
            Habilitation.organisation_id == Organisation.id,
            Habilitation.role == "administrateur",
            Habilitation.debut <= jour,
            or_(Habilitation.fin.is_(None), Habilitation.fin > jour),
            Personne.etat.in_(("ACTIVE", "ENDORMIE")),
        )
        .correlate(Organisation)
    )


def tenues(sirens: Collection[str], jour: date) -> dict[str, list[Tenue]]:
    """By legal entity, the organisations of CFA with an administrator today that cover one of its establishments."""
    par_siren: dict[str, dict[int, tuple[str, str, set[int]]]] = {siren: {} for siren in sirens}
    base = select(Organisation.id, Organisation.nom, Organisation.regle)
    cfa = (Organisation.type == acces.CFA, _tenue(jour))
    entites = base.add_columns(Organisation.siren).where(*cfa, Organisation.siren.in_(sirens))
    for ident, nom, regle, siren in db.session.execute(entites):
        par_siren[siren].setdefault(ident, (nom, regle, set()))
    liens = (
        base.add_columns(Organisme.siren, Organisme.id)
        .join(OrganisationOrganisme, OrganisationOrganisme.organisation_id == Organisation.id)
        .join(Organisme, Organisme.id == OrganisationOrganisme.organisme_id)
        .where(*cfa, Organisation.regle == "ETABLISSEMENTS", Organisme.siren.in_(sirens))
    )
    for ident, nom, regle, siren, organisme_id in db.session.execute(liens):
        par_siren[siren].setdefault(ident, (nom, regle, set()))[2].add(organisme_id)
    return {
        siren: [Tenue(ident, nom, regle, frozenset(ids)) for ident, (nom, regle, ids) in trouvees.items()]
        for siren, trouvees in par_siren.items()
    }


def garants(organisme_id: int, jour: date) -> list[tuple[int, str]]:
    """Organisations that may vouch for an establishment and have somebody to do it: (id, name).

    Its full responsables, and the heads of its networks (decision 20).
    """
    responsables = select(RelationOrganisme.responsable_id).where(
        RelationOrganisme.formateur_id == organisme_id, RelationOrganisme.partielle.is_(False)
    )
    du_cfa = select(OrganisationOrganisme.organisation_id).where(
        OrganisationOrganisme.organisme_id.in_(responsables)
    )
    sirens = select(Organisme.siren).where(Organisme.id.in_(responsables))
    reseaux = select(ReseauOrganisme.reseau_code).where(
        ReseauOrganisme.organisme_id == organisme_id,
        ReseauOrganisme.debut <= jour,
        or_(ReseauOrganisme.fin.is_(None), ReseauOrganisme.fin > jour),
    )
    region = select(Organisme.region_code).where(Organisme.id == organisme_id).scalar_subquery()
    du_territoire = or_(Organisation.regle == "RESEAU", Organisation.region_code == region)
    requete = select(Organisation.id, Organisation.nom).where(
        _tenue(jour),
        or_(
            (Organisation.type == acces.CFA)
            & or_(
                (Organisation.regle == "ETABLISSEMENTS") & Organisation.id.in_(du_cfa),
                (Organisation.regle == "SIREN") & Organisation.siren.in_(sirens),
            ),
            (Organisation.type == acces.RESEAU) & Organisation.reseau_code.in_(reseaux) & du_territoire,
        ),
    )
    lignes = db.session.execute(requete.order_by(Organisation.nom, Organisation.id))
    return [(ident, nom) for ident, nom in lignes]


def dernier_lien(demande_id: int) -> LienAcces | None:
    requete = select(LienAcces).where(LienAcces.demande_acces_id == demande_id)
    return db.session.execute(requete.order_by(LienAcces.id.desc()).limit(1)).scalar_one_or_none()


def lien(empreinte: bytes) -> LienAcces | None:
    """The link of this hash, locked: used once, whatever the number of clicks."""
    requete = select(LienAcces).where(LienAcces.empreinte == empreinte).with_for_update()
    return db.session.execute(requete).scalar_one_or_none()


def liens_envoyes(organisme_id: int, depuis: datetime) -> int:
    """Links mailed to the address of an establishment since an instant, whoever asked."""
    requete = (
        select(func.count())
        .select_from(LienAcces)
        .join(DemandeAcces, DemandeAcces.id == LienAcces.demande_acces_id)
        .where(DemandeAcces.organisme_id == organisme_id, LienAcces.cree_le > depuis)
    )
    return int(db.session.execute(requete).scalar_one())
