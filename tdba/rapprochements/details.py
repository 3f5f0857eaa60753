"""What each row keeps of its reason: dates, ids, codes; names of people are read when the row is shown."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from tdba.effectifs.raisons import EtapeLue
from tdba.organismes import queries as organismes
from tdba.rapprochements import queries_fiches, queries_lignes
from tdba.rapprochements.comparaison import Ecart, Raison
from tdba.rapprochements.queries_fiches import Fait
from tdba.rapprochements.queries_lignes import LigneLue

_DES_LIGNES: Final = (Raison.REFUSEE, Raison.EN_ATTENTE, Raison.INCONNU)
_STATUTS: Final = (Raison.AUTRE_STATUT, Raison.STATUT_COMPTE)
_FAUTES_MAX: Final = 3


class Faits(NamedTuple):
    """All that the rows of one comparison quote."""

    fiches: Mapping[int, Fait]
    lignes: Mapping[int, LigneLue]
    etapes: Mapping[int, EtapeLue]
    corriges: Mapping[int, Sequence[str]]
    organismes: Mapping[int, str]


def lire(organisme_id: int, jour: date, ecarts: Sequence[Ecart]) -> Faits:
    """Read what the rows quote, in five statements whatever their number."""
    liees = {
        e.lie for e in ecarts if e.lie is not None and e.raison in (Raison.DOUBLON, Raison.DOUBLON_AILLEURS)
    }
    fiches = queries_fiches.faits({e.effectif_id for e in ecarts if e.effectif_id is not None} | liees)
    autrement = [e.effectif_id for e in ecarts if e.raison in _STATUTS and e.effectif_id is not None]
    recues = [e.lie for e in ecarts if e.raison in _DES_LIGNES and e.lie is not None]
    vus = organismes.par_ids({f.organisme_id for f in fiches.values()})
    return Faits(
        fiches,
        queries_lignes.lues(organisme_id, recues),
        queries_fiches.etapes_du_jour(autrement, jour),
        queries_fiches.champs_corriges(autrement),
        {cle: organisme.nom for cle, organisme in vus.items()},
    )


def details(ecart: Ecart, faits: Faits) -> dict[str, Any]:
    """What the row of this difference keeps."""
    if ecart.raison in _DES_LIGNES:
        return _de_la_ligne(faits.lignes[ecart.lie or 0])
    if ecart.effectif_id is None:
        return {}
    if ecart.raison in _STATUTS:
        return _du_statut(ecart.effectif_id, faits)
    fait = faits.fiches[ecart.effectif_id]
    if ecart.lie is not None:
        return {"autre": ecart.lie, "organisme": faits.organismes[faits.fiches[ecart.lie].organisme_id]}
    return {
        "organisme": faits.organismes[fait.organisme_id],
        "annee": fait.annee_scolaire,
        "corbeille": _iso(fait.corbeille),
        "plus_transmise": _iso(fait.plus_transmise),
        "transmis": _iso(fait.transmis),
        "source": fait.source,
    }


def _de_la_ligne(ligne: LigneLue) -> dict[str, Any]:
    fautes = [[(e.get("path") or [""])[0], e.get("message", "")] for e in ligne.erreurs[:_FAUTES_MAX]]
    return {
        "ligne": ligne.rang,
        "ligne_id": ligne.id,
        "transmission_id": ligne.transmission_id,
        "transmission": str(ligne.transmission),
        "le": ligne.recue_le.isoformat(),
        "erreurs": fautes,
    }


def _du_statut(effectif_id: int, faits: Faits) -> dict[str, Any]:
    """The step of that day, with the date that makes it; without a step, the entry is to come or dates are wrong."""
    etape = faits.etapes.get(effectif_id)
    dits: dict[str, Any] = {"corriges": list(faits.corriges.get(effectif_id, ()))}
    if etape is None:
        return dits
    return dits | {
        "statut": etape.statut,
        "motif": etape.motif,
        "code": etape.code,
        "reperes": [jour.isoformat() for jour in etape.reperes],
        "du": etape.du.isoformat(),
    }


def _iso(jour: date | None) -> str | None:
    return None if jour is None else jour.isoformat()
