"""The year as it is played: four CFA and their ERPs, one director, the jobs of each night."""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from tdba import horloge, jobs, scope
from tdba.comptes import queries as comptes
from tdba.comptes import service as service_comptes
from tdba.comptes.models import Habilitation
from tdba.db import db
from tdba.effectifs import reception
from tdba.effectifs.contrats import ContratRecu
from tdba.effectifs.lot_recu import RETENUE, Envoi, LigneRecue
from tdba.jobs import Tache
from tdba.organismes.models import Organisme
from tdba.transmissions import lignes
from tdba.transmissions.models import Transmission
from tests import factories as f
from tests.invariants.un_an_oracle import APPRENTI, INSCRIT, Faits, Jour
from tests.invariants.un_an_vies import DEBUT, SITES, Fiche, des_vies
from tests.transmissions.aides_api import une_ligne

NUIT: Final = (
    "effectifs.vider_la_corbeille",
    "ruptures.ouvrir_du_jour",
    "ruptures.constater_les_departs",
    "ruptures.purger_notes",
)
"""The nightly jobs that this year is about."""
JOURS_D_ENVOI: Final = ((0, 1, 2, 3, 4, 5, 6), (0, 2, 4), (1,), ())
"""On which days of the week each ERP sends what changed; all send everything on the first of the month."""


def instant(jour: date, heure: int, minute: int = 0, seconde: int = 0) -> datetime:
    """That hour in Paris: on the two nights of summer time the days have 23 and 25 hours."""
    return datetime.combine(jour, time(heure, minute, seconde), horloge.PARIS).astimezone(UTC)


@dataclass
class Annee:
    """Where the year stands, and what the product should know."""

    session: Session
    sites: Sequence[Organisme]
    habilitation: Habilitation
    fiches: list[Fiche]
    hasard: random.Random
    jour: date = DEBUT
    ouverts: dict[int, int] = field(default_factory=dict)
    """Open files, by record, as last read."""
    virtuels: set[tuple[int, str]] = field(default_factory=set)
    """Records and kinds of the files that lists show before they are written."""
    en_double: frozenset[str] = frozenset()
    """Keys of the people who have a record in each school year."""
    promesses: dict[date, list[Callable[[], None]]] = field(default_factory=dict)
    """What people will undo, and when."""
    ecrits: set[tuple[int, str, date | None]] = field(default_factory=set)
    """Files that were written one day, by record, kind and day since which they run."""
    faits: Counter[str] = field(default_factory=Counter)
    """What happened how many times."""

    def au(self, fiche: Fiche) -> Jour | None:
        return fiche.vie.au(self.jour) if fiche.recu else None

    def connues(self) -> list[Fiche]:
        """The records that the product holds, out of the bin."""
        return [une for une in self.fiches if une.recu and not une.en_corbeille]

    def promettre(self, dans: int, a_faire: Callable[[], None]) -> None:
        """Have this done in so many days."""
        self.promesses.setdefault(self.jour + timedelta(days=dans), []).append(a_faire)

    @contextmanager
    def directrice(self) -> Iterator[None]:
        """Act as the director of the four CFA, both locks hers."""
        self.session.commit()
        usage = comptes.usage_de(self.habilitation.id)
        assert usage is not None
        acteur = service_comptes.portee_de(usage, horloge.aujourd_hui())
        self.session.commit()
        with scope.sous(acteur):
            try:
                yield
                self.session.commit()
            except BaseException:
                self.session.rollback()
                raise
            finally:
                self.session.expire_all()

    # Sends ----------------------------------------------------------------------------------------------------------

    def envoyer(self) -> None:
        """The batches of the day."""
        for site in range(SITES):
            tout = self.jour.day == 1
            if tout or self.jour.weekday() in JOURS_D_ENVOI[site]:
                self._envoyer(site, tout=tout)

    def _envoyer(self, site: int, *, tout: bool) -> None:
        a_dire = []
        for fiche in self.fiches:
            dits = fiche.dit_au(self.jour) if fiche.site == site and not fiche.remplacee else None
            if dits and (tout or dits != fiche.envoye):
                a_dire.append((fiche, dits))
        if not a_dire:
            return
        organisme_id, le = self.sites[site].id, horloge.maintenant()
        lues = [self._lire(rang, fiche, dits) for rang, (fiche, dits) in enumerate(a_dire)]
        une = Transmission(
            uuid=uuid4(), transmetteur_id=organisme_id, source="ERP", recue_le=le, nb_lignes=len(lues)
        )
        db.session.add(une)
        db.session.flush()
        envoi = Envoi(organisme_id, "ERP", organisme_id, une.id, le)
        resultats = {r.ligne_id: r for r in reception.recevoir(envoi, lues)}
        for rang, (fiche, dits) in enumerate(a_dire):
            self._prendre(fiche, dits, resultats[rang])
        self.session.commit()
        self.faits["lots"] += 1
        self.faits["lignes"] += len(lues)

    def _prendre(self, fiche: Fiche, dits: Faits, resultat: Any) -> None:
        fiche.envoye = dits
        if resultat.etat == RETENUE:
            assert fiche.en_corbeille
            fiche.envoye = None
            self.faits["retenues"] += 1
            return
        fiche.effectif_id = resultat.effectif_id
        fiche.prendre(dits)
        for autre in self.fiches if fiche.annee != "2027-2028" else ():
            if autre is not fiche and autre.cle == fiche.cle:
                autre.remplacee = True

    def _lire(self, rang: int, fiche: Fiche, dits: Faits) -> LigneRecue:
        organisme, qui = self.sites[fiche.site], fiche.rang
        contrats = {
            f"contrat_date_{nom}{'' if n == 0 else f'_{n + 1}'}": valeur.isoformat()
            for n, contrat in enumerate(dits.contrats)
            for nom, valeur in zip(("debut", "fin", "rupture"), contrat, strict=True)
            if valeur
        }
        ligne = une_ligne(
            organisme,
            fiche.cle,
            annee_scolaire=fiche.annee,
            nom_apprenant="N" + "".join("ABCDEFGHIJ"[int(c)] for c in f"{qui:03d}"),
            date_de_naissance_apprenant=f"{2004 + qui % 8}-{1 + qui % 12:02d}-{1 + qui % 28:02d}",
            ine_apprenant=f"{qui:09d}HB",
            date_inscription_formation=dits.entree.isoformat(),
            date_entree_formation=dits.entree.isoformat(),
            date_fin_formation=dits.fin.isoformat(),
            **contrats,
        )
        if dits.exclusion:
            ligne["date_exclusion_formation"] = dits.exclusion.isoformat()
        lue = lignes.lire(ligne, source="ERP", couple_connu=lambda _uai, _siret: True)
        assert lue.valide, lue.erreurs
        contrats_lus = [ContratRecu(*contrat) for contrat in lignes.contrats(lue.valeurs)]
        empreinte = lignes.empreinte(lue.valeurs, lue.signalements)
        return LigneRecue(
            rang, fiche.annee, fiche.cle, lue.valeurs, {}, contrats_lus, empreinte, organisme.id
        )

    # Jobs -----------------------------------------------------------------------------------------------------------

    def travailler(self) -> None:
        """The jobs that a batch asked for about files; what it asked of others is left aside."""
        demandees = select(Tache.nom, Tache.cle).where(Tache.nom == "ruptures.ouvrir").distinct()
        for nom, cle in self.session.execute(demandees).all():
            jobs.executer(nom, cle)
            self.faits[nom] += 1
        self.session.execute(delete(Tache))
        self.session.commit()

    def nuit(self) -> None:
        """The nightly jobs, as the worker runs them."""
        for nom in NUIT:
            with scope.systeme(nom):
                jobs.REGISTRE[nom].fonction(self.session.commit)
                self.session.commit()

    def constater_les_departs(self) -> None:
        """What the night learns: who entered a CFA of another family while followed in the former one."""
        for fiche in self.connues():
            autre = fiche.ailleurs
            if autre is None or autre.recu is None or fiche.depart_ecarte or autre.en_corbeille:
                continue
            la_bas, ici = self.au(autre), self.ouvert(fiche)
            if (
                ici is not None
                and la_bas is not None
                and fiche.faits.entree < autre.faits.entree <= self.jour
                and la_bas.statut in (INSCRIT, APPRENTI)
            ):
                fiche.partis.setdefault(ici, autre.faits.entree)
                self.faits["departs"] += 1

    def ouvert(self, fiche: Fiche) -> str | None:
        """The kind of the file that must be open today: the lives' dates, and who left."""
        jour = self.au(fiche)
        if jour is None or jour.genre is None or jour.depuis is None:
            return None
        parti = fiche.partis.get(jour.genre)
        return None if parti and self.jour >= max(parti, jour.depuis) else jour.genre

    def oublier_les_effaces(self) -> None:
        """What the bin erased for good."""
        restent = set(self.session.execute(text("SELECT id FROM effectif")).scalars())
        for fiche in self.fiches:
            if fiche.effectif_id and fiche.effectif_id not in restent:
                assert fiche.en_corbeille
                fiche.oublier()
                self.faits["effacees"] += 1


def une_annee(session: Session, nombre: int, graine: int) -> Annee:
    """Four CFA of four families, their director, and the lives to come."""
    f.les_territoires(session)
    sites = [
        f.un_organisme(session, f"CFA {nom}") for nom in ("de Rennes", "du Blosne", "de Redon", "de Vitré")
    ]
    organisation = f.une_organisation(
        session, "ORGANISME_FORMATION", "CFA", regle="ETABLISSEMENTS", organismes=sites
    )
    habilitation = f.une_habilitation(session, f.une_personne(session, "Dana", "Directrice"), organisation)
    session.commit()
    fiches = des_vies(nombre, graine)
    hasard = random.Random(graine)  # noqa: S311 - invented lives
    doubles = frozenset(cle for cle, n in Counter(une.cle for une in fiches).items() if n > 1)
    return Annee(session, sites, habilitation, fiches, hasard, en_double=doubles)
