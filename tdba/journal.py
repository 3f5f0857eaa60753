"""The journal: append-only, without any personal value nor hash (decision 34).

The catalogue fixes, for each event, the names of its details; a wrong or missing one raises at the call.
Details are ids, field names, counts and codes. A job seals committed rows so that a later change shows.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Index, LargeBinary, insert, literal_column, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from tdba import horloge, scope
from tdba.db import Base, Cle, Grand, db, table_de

CATALOGUE: Final[Mapping[str, frozenset[str]]] = {
    "compte.connecte": frozenset({"niveau"}),
    "compte.refuse": frozenset({"raison"}),
    "compte.niveau_eleve": frozenset({"niveau"}),
    "compte.deconnecte": frozenset(),
    "compte.modifie": frozenset({"champs"}),
    "compte.organisation_choisie": frozenset({"organisation_id"}),
    "compte.session_fermee": frozenset({"nombre"}),
    "facteur.ajoute": frozenset({"genre"}),
    "facteur.retire": frozenset({"genre"}),
    "facteur.verifie": frozenset({"moyen"}),
    "facteur.refuse": frozenset({"moyen"}),
    "facteur.codes_crees": frozenset({"nombre"}),
    "facteur.remise_demandee": frozenset({"demande_id", "motif"}),
    "facteur.remis": frozenset({"demande_id", "nombre"}),
    "facteur.remise_ecartee": frozenset({"demande_id"}),
    "habilitation.accordee": frozenset({"organisation_id", "role", "motif"}),
    "habilitation.changee": frozenset({"role", "sites"}),
    "habilitation.retiree": frozenset({"motif"}),
    "habilitation.validee": frozenset(),
    "invitation.envoyee": frozenset({"role"}),
    "invitation.renvoyee": frozenset({"envois"}),
    "invitation.retiree": frozenset(),
    "invitation.acceptee": frozenset({"habilitation_id"}),
    "invitation.refusee": frozenset({"raison"}),
    "revue.ouverte": frozenset({"habilitation_id"}),
    "revue.relancee": frozenset({"habilitation_id", "relances"}),
    "revue.repondue": frozenset({"habilitation_id", "reponse"}),
    "revue.gardee_d_office": frozenset({"habilitation_id"}),
    "engagement.accepte": frozenset({"version"}),
    "partage_suivi.ouvert": frozenset({"organisation_id"}),
    "partage_suivi.ferme": frozenset({"organisation_id"}),
    "acces.demande": frozenset({"demande_id", "type"}),
    "acces.annule": frozenset({"demande_id"}),
    "acces.lien_envoye": frozenset({"demande_id"}),
    "acces.lien_refuse": frozenset({"raison"}),
    "acces.cle_refusee": frozenset({"demande_id"}),
    "acces.accorde": frozenset({"demande_id", "voie"}),
    "acces.refuse": frozenset({"demande_id"}),
    "effectif.consulte": frozenset({"ecran", "ids"}),
    "vue.enregistree": frozenset({"partagee"}),
    "vue.modifiee": frozenset({"champs"}),
    "vue.supprimee": frozenset(),
    "liste.colonnes_choisies": frozenset({"colonnes"}),
    "alerte.lectures": frozenset({"nombre", "habitude", "lieu"}),
    "lectures.en_pause": frozenset({"nombre", "habitude", "lieu"}),
    "lectures.reprises": frozenset({"raison"}),
    "effectif.corrige": frozenset({"champ", "correction_id", "motif"}),
    "effectif.correction_reportee": frozenset({"correction_id", "reportee"}),
    "effectif.correction_annulee": frozenset({"champ", "correction_id"}),
    "effectif.mis_a_la_corbeille": frozenset({"retrait_id", "motif"}),
    "effectif.restaure": frozenset({"retrait_id"}),
    "effectif.efface": frozenset({"retrait_id"}),
    "effectif.transfere": frozenset({"transfert_id", "ancien_organisme_id", "motif"}),
    "effectif.transfert_annule": frozenset({"transfert_id", "ancien_organisme_id"}),
    "effectif.action_groupee": frozenset({"action_id", "nature", "nombre"}),
    "effectif.action_groupee_annulee": frozenset({"action_id", "nature", "nombre"}),
    "effectif.ouvert_par_support": frozenset({"demande_id", "motif"}),
    "dossier.demarche_notee": frozenset({"dossier_id", "demarche_id", "nature"}),
    "demande.ouverte": frozenset({"demande_id"}),
    "demande.repondue": frozenset({"demande_id"}),
    "demande.close": frozenset({"demande_id"}),
    "appelant.code_montre": frozenset(),
    "appelant.verifie": frozenset({"demande_id"}),
    "appelant.refuse": frozenset({"demande_id"}),
    "support.voir_comme": frozenset({"demande_id", "habilitation_id", "motif"}),
    "support.voir_comme_arrete": frozenset({"demande_id"}),
    "transmission.recue": frozenset({"transmission_id", "lignes", "refusees"}),
    "transmission.consultee": frozenset({"transmission_id", "ids"}),
    "transmission.exportee": frozenset({"transmission_id", "ids"}),
    "silence.signale": frozenset({"habitude"}),
    "silence.clos": frozenset(),
    "guide.ecrit": frozenset({"code"}),
    "guide.retire": frozenset({"code"}),
    "transmission.annulee": frozenset({"transmission_id", "retablies", "supprimees", "laissees"}),
    "transmission.confirmee": frozenset({"transmission_id", "lignes"}),
    "transmission.traitee": frozenset({"transmission_id"}),
    "transmission.rejeu_demande": frozenset({"transmission_id", "lignes"}),
    "transmission.rejouee": frozenset({"transmission_id", "reprises", "refusees", "ecartees"}),
    "quarantaine.resolue": frozenset({"quarantaine_id", "trouve_id"}),
    "quarantaine.rouverte": frozenset({"quarantaine_id"}),
    "quarantaine.ecartee": frozenset({"quarantaine_id", "motif"}),
    "transmission.essayee": frozenset({"lignes", "refusees"}),
    "transmission.envoi_clos": frozenset({"transmission_id", "plus_transmis", "retenu"}),
    "depot.recu": frozenset({"depot_id"}),
    "depot.illisible": frozenset({"depot_id", "code"}),
    "depot.apparie": frozenset({"depot_id"}),
    "depot.lu": frozenset({"depot_id", "lignes", "refusees"}),
    "depot.ligne_corrigee": frozenset({"depot_id", "ligne_id", "champs"}),
    "depot.valeur_remplacee": frozenset({"depot_id", "champ", "lignes"}),
    "depot.confirme": frozenset({"depot_id"}),
    "depot.applique": frozenset({"depot_id", "lignes"}),
    "depot.annulation_demandee": frozenset({"depot_id"}),
    "depot.annule": frozenset({"depot_id", "laissees"}),
    "depot.abandonne": frozenset({"depot_id"}),
    "depot.fiche_saisie": frozenset({"depot_id"}),
    "depot.essai": frozenset({"lignes", "refusees"}),
    "depot.entretien": frozenset({"abandonnes", "images", "fichiers"}),
    "rapprochement.fait": frozenset({"rapprochement_id", "annonces", "comptes", "ecarts"}),
    "rapprochement.ligne_reglee": frozenset({"rapprochement_id", "rang", "reglee"}),
    "rapprochement.entretien": frozenset({"oublies"}),
    "export.demande": frozenset(
        {"export_id", "liste", "format", "finalite", "colonnes", "filtres", "nombre"}
    ),
    "export.fait": frozenset({"export_id", "ids"}),
    "export.refuse": frozenset({"export_id", "raison"}),
    "export.telecharge": frozenset({"export_id"}),
    "export.effaces": frozenset({"nombre"}),
    "cle_api.creee": frozenset({"cle_id"}),
    "cle_api.revoquee": frozenset({"cle_id", "raison"}),
    "cle_api.preavis": frozenset({"cle_id", "cause"}),
    "appairage.demande": frozenset({"appairage_id"}),
    "appairage.code_refuse": frozenset({"raison"}),
    "appairage.accorde": frozenset({"appairage_id"}),
    "appairage.refuse": frozenset({"appairage_id", "raison"}),
    "appairage.remis": frozenset({"appairage_id", "cle_id"}),
    "delegation.donnee": frozenset({"delegue_id"}),
    "delegation.arretee": frozenset({"delegue_id"}),
    "anomalie.tue": frozenset({"code", "motif"}),
    "anomalie.relevee": frozenset({"code"}),
    "anomalies.reconstruites": frozenset({"lus", "ouverts", "clos"}),
    "doublon.ecarte": frozenset({"doublon_id", "autre_id"}),
    "doublon.rouvert": frozenset({"doublon_id", "autre_id"}),
    "doublon.fusionne": frozenset({"fusion_id", "absorbe_id", "champs", "contrats"}),
    "doublon.fusion_annulee": frozenset({"fusion_id", "absorbe_id", "laissees"}),
    "doublons.detectes": frozenset({"compares", "ouverts", "disparus", "coupes"}),
    "sifa.fiche_remplie": frozenset({"champs"}),
    "sifa.reponses": frozenset({"annee", "champs"}),
    "sifa.fichier_fait": frozenset({"fichier_id", "annee", "format", "nombre"}),
    "sifa.deposee": frozenset({"annee", "deposee"}),
    "sifa.fichier_controle": frozenset({"annee", "lignes"}),
    "sifa.points_faits": frozenset({"organismes", "ouverts"}),
    "points.reconstruits": frozenset({"organismes", "ouverts", "clos"}),
    "parcours.recalcule": frozenset({"organismes", "lus", "modifies"}),
    "indicateurs.reconstruits": frozenset({"organismes"}),
    "referentiel.importe": frozenset({"jeu", "crees", "modifies", "inchanges", "refuses"}),
    "certifications.demandees": frozenset({"cle", "attendues", "demandees", "trouvees", "echecs"}),
    "entreprises.demandees": frozenset({"attendues", "demandees", "trouvees", "echecs"}),
    "effectifs.completes": frozenset({"lus", "modifies"}),
    "travail.relance": frozenset({"tache_id"}),
    "entretien.purge": frozenset({"lignes", "travaux"}),
}
"""Event → the exact names of its details."""

reference_requete: ContextVar[str] = ContextVar("reference_requete", default="")
"""Reference of the current request, printed on error pages: joins a journal row to a technical log line."""


class Evenement(Base):
    __tablename__ = "journal"
    __table_args__ = (
        Index("ix_journal_objet", "objet_type", "objet_id"),
        Index("ix_journal_personne_id", "personne_id", "id"),
        # Whose names a page or a file showed: what the story of a record is read by.
        Index(
            "ix_journal_ids",
            literal_column("(details -> 'ids')").label("ids"),
            postgresql_using="gin",
            postgresql_ops={"ids": "jsonb_path_ops"},
            postgresql_where=text("details ? 'ids'"),
        ),
        {"info": {"ajout_seul": True}},
    )
    id: Mapped[Cle]
    le: Mapped[datetime]
    evenement: Mapped[str]
    personne_id: Mapped[Grand | None]
    habilitation_id: Mapped[Grand | None]
    organisme_id: Mapped[int | None]
    """The organisme concerned, when there is exactly one."""
    objet_type: Mapped[str | None]
    objet_id: Mapped[Grand | None]
    details: Mapped[dict[str, Any]]
    reference: Mapped[str]


class Sceau(Base):
    """A sealed range of the journal: its digest chains to the previous seal."""

    __tablename__ = "sceau"
    __table_args__ = ({"info": {"ajout_seul": True}},)
    id: Mapped[Cle]
    premier_id: Mapped[Grand]
    dernier_id: Mapped[Grand]
    nombre: Mapped[int]
    empreinte: Mapped[bytes] = mapped_column(LargeBinary)
    precedent: Mapped[bytes] = mapped_column(LargeBinary)
    le: Mapped[datetime]


class EvenementInconnu(Exception):
    """The event or its details are not those of the catalogue: a bug at the call site."""


def consigner(
    evenement: str,
    *,
    organisme_id: int | None = None,
    objet: tuple[str, int] | None = None,
    session: Session | None = None,
    **details: Any,
) -> None:
    """Write one event in the current transaction, so that it shares its fate.

    `objet` is (table, id). Raises EvenementInconnu when the details are not exactly those of the catalogue.
    """
    if CATALOGUE.get(evenement) != details.keys():
        raise EvenementInconnu(f"{evenement} with {sorted(details)}")
    acteur = scope.courant()
    rangee = {
        "le": horloge.maintenant(),
        "evenement": evenement,
        "personne_id": acteur.personne_id,
        "habilitation_id": acteur.habilitation_id,
        "organisme_id": organisme_id if organisme_id is not None else acteur.organisme_acteur_id,
        "objet_type": objet[0] if objet else None,
        "objet_id": objet[1] if objet else None,
        "details": details,
        "reference": reference_requete.get(),
    }
    # Inline: everybody may add to the journal, few may read it back.
    (session or db.session()).execute(insert(table_de(Evenement)).values(rangee).inline())


def sceller(jusqu_a: int) -> int:
    """Seal the rows after the last seal up to id `jusqu_a`, which must be below every running transaction.

    Returns how many rows were sealed. Runs as the system; the caller commits.
    """
    session = db.session()
    dernier = session.execute(select(Sceau).order_by(Sceau.id.desc()).limit(1)).scalar_one_or_none()
    debut = dernier.dernier_id if dernier else 0
    lignes = session.execute(
        select(Evenement).where(Evenement.id > debut, Evenement.id <= jusqu_a).order_by(Evenement.id)
    ).scalars()
    rangees = list(lignes)
    if not rangees:
        return 0
    precedent = dernier.empreinte if dernier else b""
    session.add(
        Sceau(
            premier_id=rangees[0].id,
            dernier_id=jusqu_a,
            nombre=len(rangees),
            empreinte=empreinte(rangees, precedent),
            precedent=precedent,
            le=horloge.maintenant(),
        )
    )
    return len(rangees)


def verifier() -> list[int]:
    """Return the ids of the seals that no longer match their rows or their predecessor: the journal was changed."""
    session = db.session()
    faux: list[int] = []
    precedent, fin = b"", 0
    for sceau in session.execute(select(Sceau).order_by(Sceau.id)).scalars():
        if not intact(sceau, precedent, fin):
            faux.append(sceau.id)
        precedent, fin = sceau.empreinte, sceau.dernier_id
    return faux


def intact(sceau: Sceau, precedent: bytes, fin: int) -> bool:
    """A seal still matches its rows, and the seal before it, whose digest is `precedent` and last row `fin`."""
    requete = select(Evenement).where(Evenement.id > fin, Evenement.id <= sceau.dernier_id)
    rangees = list(db.session().execute(requete.order_by(Evenement.id)).scalars())
    if len(rangees) != sceau.nombre or sceau.precedent != precedent:
        return False
    return empreinte(rangees, sceau.precedent) == sceau.empreinte


def empreinte(evenements: Sequence[Evenement], precedent: bytes) -> bytes:
    """Digest of a run of events, chained to the digest before it."""
    condense = hashlib.sha256(precedent)
    for e in evenements:
        champs = [e.id, e.le.timestamp(), e.evenement, e.personne_id, e.habilitation_id, e.organisme_id]
        champs += [e.objet_type, e.objet_id, e.details, e.reference]
        condense.update(json.dumps(champs, sort_keys=True).encode())
    return condense.digest()
