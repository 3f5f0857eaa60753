"""A CFA of two sites, a few records that its ERP sends, its director: what sequences of acts are played on."""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tdba import horloge, scope
from tdba.comptes import queries as comptes
from tdba.comptes import service as service_comptes
from tdba.comptes.models import Habilitation
from tdba.db import db
from tdba.effectifs import reception
from tdba.effectifs.contrats import ContratRecu
from tdba.effectifs.lot_recu import Envoi, LigneRecue
from tdba.effectifs.models import Effectif
from tdba.journal import Evenement
from tdba.liaisons import scellement
from tdba.liaisons.models import Pli
from tdba.organismes.models import Organisme
from tdba.points import service as points
from tdba.scope import Droit, Scope
from tdba.transmissions import lignes
from tdba.transmissions.models import Transmission
from tests import factories as f
from tests.conftest import MIDI
from tests.effectifs.aides import tous
from tests.transmissions.aides_api import une_ligne

ANNEE = "2026-2027"
EMPLOYEURS = ("11000001500013", "73282932000074")
Contrat = Mapping[str, str]


def _contrat(
    debut: str, rupture: str = "", employeur: str = EMPLOYEURS[0], fin: str = "2027-08-31"
) -> Contrat:
    return {
        "contrat_date_debut": debut,
        "contrat_date_fin": fin,
        "contrat_date_rupture": rupture,
        "siret_employeur": employeur,
    }


EN_COURS = _contrat("2026-09-01")
SANS_EMPLOYEUR = _contrat("2026-09-01", employeur="")
PLUS_COURT = _contrat("2026-09-01", fin="2027-07-31")
DECALE = _contrat("2026-09-07")
ROMPU = _contrat("2026-09-01", "2026-10-15")
SUIVANT = _contrat("2026-10-20", employeur=EMPLOYEURS[1])
CONTRATS: Sequence[Sequence[Contrat]] = (
    [EN_COURS],
    [ROMPU, SUIVANT],
    [ROMPU],
    [PLUS_COURT],
    [DECALE],
    [SANS_EMPLOYEUR],
    [SUIVANT],
    [],
)
"""What an ERP may send of contracts, from one day to the next."""

DITS: Mapping[str, Sequence[Any]] = {
    "nom_apprenant": ("LE GALL", "LE GAL", "CANARI"),
    "sexe_apprenant": ("F", None),
    "ine_apprenant": ("123456789AB", "123456789AC", None),
    "tel_apprenant": ("0612457809", "0612457810", None),
    "adresse_apprenant": ("3 rue du Port", None),
    "date_fin_formation": ("2027-08-31", "2027-07-31"),
    "date_exclusion_formation": (None, "2026-11-02"),
}
MOT = "Passe le voir avant de partir"
SECRETS = (MOT, "LE GAL", "CANARI", "Maël", "123456789A", "06124578", "rue du Port")
"""Values that no detail of the journal may hold (decision 34)."""


class Acte(NamedTuple):
    """What is about to be done: `faire` may be called again once `defaire` has undone it."""

    faire: Callable[[], Any]
    defaire: Callable[[Any], object] | None = None
    """Given what `faire` returned; None: not undone at once."""


@dataclass
class Lettre:
    """What the two channels told the reader of a letter; then the key of its answer, and the answer that stands."""

    jeton: str
    code: str
    cle_reponse: str = ""
    reponse: str | None = None

    def uuid(self, session: Session) -> UUID | None:
        """None once the letter is erased."""
        cherche = select(Pli.uuid).where(Pli.jeton_hash == scellement.empreinte(self.jeton))
        return session.execute(cherche).scalar_one_or_none()


@dataclass
class Monde:
    """The two sites, who acts, and the clock of the acts."""

    session: Session
    cfa: Organisme
    annexe: Organisme
    habilitation: Habilitation
    collegue: Habilitation
    """Somebody of the first site alone."""
    cles: tuple[str, ...] = ()
    instants: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    vues: dict[int, Any] = field(default_factory=dict)
    """Corrections as they were last seen."""
    referents: dict[int, int] = field(default_factory=dict)
    """File → who followed it when it was last seen."""
    lettres: list[Lettre] = field(default_factory=list)
    notes_effacees_au: date = date.min
    """The day of the last night that erased notes."""
    dernier: datetime = MIDI
    debut: datetime = MIDI
    """The instant before the act that is being looked at."""

    @property
    def sites(self) -> list[int]:
        return [self.cfa.id, self.annexe.id]

    @contextmanager
    def instant(self) -> Iterator[None]:
        """Each act has its second: what undoing looks for is told by instants."""
        self.dernier = MIDI + timedelta(seconds=next(self.instants))
        with horloge.regler(self.dernier):
            yield

    @property
    def suiveurs(self) -> list[int]:
        """As who files are worked on: the director, and somebody of the first site."""
        return [self.habilitation.id, self.collegue.id]

    @property
    def personnes(self) -> list[int]:
        """The same, as people."""
        return [self.collegue.personne_id, self.habilitation.personne_id]

    def portee_de(self, habilitation_id: int) -> Scope:
        self.session.commit()
        usage = comptes.usage_de(habilitation_id)
        assert usage is not None
        portee = service_comptes.portee_de(usage, horloge.aujourd_hui())
        self.session.commit()
        return portee

    def directrice(self) -> AbstractContextManager[None]:
        """Act as the director of the two sites, both locks hers."""
        return self.agissant(self.habilitation.id)

    def agissant(self, habilitation_id: int) -> AbstractContextManager[None]:
        return self._sous(self.portee_de(habilitation_id))

    def lecteur(self) -> AbstractContextManager[None]:
        """Act as the reader of a letter, who has no account."""
        return self._sous(scope.VIDE)

    def evenements_du(self, prefixe: str) -> int:
        """How many events of that kind the journal holds."""
        lus = select(func.count(Evenement.id)).where(Evenement.evenement.startswith(prefixe))
        return self.session.execute(lus).scalar_one()

    @contextmanager
    def _sous(self, acteur: Scope) -> Iterator[None]:
        self.session.commit()
        with scope.sous(acteur), self.instant():
            try:
                yield
                self.session.commit()
            except BaseException:
                self.session.rollback()
                raise
            finally:
                self.session.expire_all()

    def fiches(self) -> list[Effectif]:
        """Every record, those in the bin included."""
        requete = select(Effectif).where(Effectif.organisme_id.in_(self.sites)).order_by(Effectif.id)
        return tous(self.session, requete)

    def recevoir(self, site: int, id_erp: str, dits: Mapping[str, Any], *, source: str = "ERP") -> int:
        """A source sends a record for that site. Returns the transmission."""
        recevoir = self.lire(site, id_erp, dits, source=source)
        with self.instant():
            transmission_id = recevoir()
            points.remplacer("TRANSFEREE", [site])  # as the job that ends a transmission
        self.session.commit()
        self.session.expire_all()
        return transmission_id

    def lire(
        self, site: int, id_erp: str, dits: Mapping[str, Any], *, source: str = "ERP"
    ) -> Callable[[], int]:
        """A line of a source, read; to be called for it to be applied. Gives the transmission."""
        organisme = self.cfa if site == self.cfa.id else self.annexe
        donnees = {c: v for c, v in une_ligne(organisme, id_erp, **dits).items() if v not in (None, "")}
        lue = lignes.lire(donnees, source="ERP", couple_connu=lambda _uai, _siret: True)
        assert lue.valide, lue.erreurs
        recue = LigneRecue(
            1,
            ANNEE,
            id_erp,
            lue.valeurs,
            {s.champ: s.recu for s in lue.signalements},
            [ContratRecu(*contrat) for contrat in lignes.contrats(lue.valeurs)],
            lignes.empreinte(lue.valeurs, lue.signalements),
            site,
        )

        def recevoir() -> int:
            le = horloge.maintenant()
            # The images that undoing a file needs belong to a transmission.
            une = Transmission(uuid=uuid4(), transmetteur_id=site, source=source, recue_le=le, nb_lignes=1)
            db.session.add(une)
            db.session.flush()
            reception.recevoir(Envoi(site, source, site, une.id, le), [recue])
            return une.id

        return recevoir


def ligne(contrats: Sequence[Contrat] = (EN_COURS,), **dits: Any) -> dict[str, Any]:
    """What a source says: these contracts in their order, and these fields."""
    envoyes = {
        f"{champ}{'' if rang == 0 else f'_{rang + 1}'}": valeur
        for rang, contrat in enumerate(contrats)
        for champ, valeur in contrat.items()
    }
    return {"prenom_apprenant": "Maël", "nom_apprenant": "LE GALL", "sexe_apprenant": "F"} | dits | envoyes


def un_monde(session: Session) -> Monde:
    """Two sites of one family, and the director of both."""
    cfa, annexe = f.un_organisme(session, "CFA de Rennes"), f.un_organisme(session, "CFA annexe")
    f.une_relation(session, cfa, annexe)
    organisation = f.une_organisation(
        session, "ORGANISME_FORMATION", "CFA de Rennes", regle="ETABLISSEMENTS", organismes=[cfa, annexe]
    )
    habilitation = f.une_habilitation(session, f.une_personne(session, "Dana", "Directrice"), organisation)
    collegue = f.une_habilitation(session, f.une_personne(session, "Colin"), organisation, sites=[cfa])
    session.commit()
    return Monde(session, cfa, annexe, habilitation, collegue)


def peupler(monde: Monde, suite: str = "1") -> None:
    """The same youth twice, once on each site, and another one."""
    monde.cles = tuple(f"{nom}-{suite}" for nom in "ABC")
    dites = (
        (monde.cfa, ligne([ROMPU], ine_apprenant="123456789AB", tel_apprenant="0612457809")),
        (monde.annexe, ligne([EN_COURS], ine_apprenant="123456789AC")),
        (monde.cfa, ligne([EN_COURS], nom_apprenant="CANARI", date_de_naissance_apprenant="2006-02-03")),
    )
    for cle, (site, dits) in zip(monde.cles, dites, strict=True):
        monde.recevoir(site.id, cle, dits)


def une_rupture_a_l_annexe(monde: Monde) -> None:
    """Somebody else, where only the director follows files."""
    dits = ligne([ROMPU], nom_apprenant="PINSON", date_de_naissance_apprenant="2005-03-04")
    monde.recevoir(monde.annexe.id, "D-1", dits)


def droit(requete: Any) -> Any:
    """Read any row as the system."""
    return scope.autorisee(requete, Droit.CORRIGER)
