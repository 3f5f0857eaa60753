"""What the comparison of two records shows: values for templates, no words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tdba import scope
from tdba.doublons import choix, queries, suivi
from tdba.doublons.choix import Comparaison, Ligne
from tdba.doublons.models import Doublon
from tdba.doublons.ressemblance import PHRASES, PRESQUE_CERTAIN
from tdba.doublons.service_fusion import Face
from tdba.effectifs import queries as fiches
from tdba.effectifs import raisons
from tdba.effectifs.models import Effectif
from tdba.effectifs.raisons import EtapeLue
from tdba.scope import Droit


@dataclass(frozen=True, slots=True, kw_only=True)
class Cote:
    """One of the two records."""

    cote: str
    effectif: Effectif
    site: str
    etape: EtapeLue | None
    recue_le: datetime | None
    contrats: int
    demarches: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ecran:
    """Both records, and what is chosen so far."""

    doublon: Doublon
    a: Cote
    b: Cote
    comparaison: Comparaison
    garder: str
    choix: Mapping[str, str]
    contact: bool
    """Contact data may be shown, of both records (VOIR_COORDONNEES, decision 21)."""

    @property
    def raisons(self) -> list[str]:
        return [PHRASES[code] for code in self.doublon.raisons]

    @property
    def presque_certain(self) -> bool:
        return self.doublon.score >= PRESQUE_CERTAIN

    @property
    def garde(self) -> Cote:
        return self.a if self.garder == "a" else self.b

    @property
    def absorbe(self) -> Cote:
        return self.b if self.garder == "a" else self.a

    @property
    def ajouts(self) -> list[Any]:
        """Contracts that the record kept takes from the other one."""
        return choix.vouloir(self.comparaison, self.garder, self.choix).ajouts

    def choisi(self, ligne: Ligne) -> str:
        return choix.cote_de(ligne, self.garder, self.choix)

    def visible(self, ligne: Ligne) -> bool:
        return self.contact or not ligne.contact


def composer(face: Face, garder: str | None, choisis: Mapping[str, str], jour: date) -> Ecran:
    """Read what the page says around the values."""
    a, b = face.a.effectif, face.b.effectif
    sites = queries.noms_des_sites([a.organisme_id, b.organisme_id])
    recues = queries.recues_le([a.id, b.id])
    nombres = (len(face.a.contrats), len(face.b.contrats))

    def cote(nom: str, effectif: Effectif, contrats: int) -> Cote:
        return Cote(
            cote=nom,
            effectif=effectif,
            site=sites[effectif.organisme_id],
            etape=raisons.etape_du_jour(fiches.etapes_de(effectif.id), jour),
            recue_le=recues.get(effectif.id, effectif.transmis_le),
            contrats=contrats,
            demarches=suivi.demarches_de(effectif.id),
        )

    return Ecran(
        doublon=face.doublon,
        a=cote("a", a, nombres[0]),
        b=cote("b", b, nombres[1]),
        comparaison=face.comparaison,
        garder=garder or choix.suggerer(a, b, nombres),
        choix=choisis,
        contact=_joignables(a, b),
    )


def _joignables(a: Effectif, b: Effectif) -> bool:
    portee = scope.courant().portee(Droit.VOIR_COORDONNEES)
    ici = portee.organismes is None or {a.organisme_id, b.organisme_id} <= portee.organismes
    return ici and portee.statuts is None
