"""What a line or a row announces: who, and under which status on that day, by its own dates. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from tdba.effectifs import valeurs as regles
from tdba.effectifs.statuts import ContratDates, parcours
from tdba.rapprochements import populations
from tdba.rapprochements.comparaison import Dit
from tdba.transmissions import lignes


class Annonce(NamedTuple):
    """One person as the ERP names them. `statut` None: it does not say, or its dates do not tell."""

    id_erp: str | None = None
    nom: str | None = None
    prenom: str | None = None
    naissance: date | None = None
    statut: int | None = None
    absente: bool = False
    """Its dates say that the formation had not begun on that day."""
    ligne: int | None = None
    """Rank of its line, in its file or in its transmission."""
    source: int | None = None
    """The line that was received, when there is one."""

    def compte(self, population: str) -> bool:
        """Announced among those compared; a list that gives no status names those it counts."""
        if self.statut is None:
            return not self.absente
        return populations.compte(self.statut, population)

    def dit(self, rang: int, population: str) -> Dit:
        nommee = bool(self.nom and self.prenom)
        recherche = regles.recherche(self.nom or "", self.prenom or "") if nommee else None
        return Dit(rang, self.id_erp, recherche, self.naissance, self.compte(population), self.source)

    def json(self) -> dict[str, Any]:
        """As it is stored: what is known alone."""
        dite = self._asdict() | {"naissance": self.naissance.isoformat() if self.naissance else None}
        return {nom: valeur for nom, valeur in dite.items() if valeur not in (None, False)}


def depuis_json(dite: Mapping[str, Any]) -> Annonce:
    """Read back what `Annonce.json` wrote."""
    naissance = dite.get("naissance")
    return Annonce(**(dict(dite) | {"naissance": date.fromisoformat(naissance) if naissance else None}))


def qui(lue: Mapping[str, Any]) -> Annonce:
    """Who a line that was read is about."""
    return Annonce(
        id_erp=lue.get("id_erp_apprenant"),
        nom=lue.get("nom_apprenant"),
        prenom=lue.get("prenom_apprenant"),
        naissance=lue.get("date_de_naissance_apprenant"),
    )


def de_la_ligne(contenu: object, *, source: str, annee: str | None, jour: date) -> Annonce:
    """Read a received line, refused or not: whatever of it can be read, and the status that its dates make that day."""
    lue = lignes.lire(contenu, source=source).valeurs
    trouve = parcours(
        entree=lue.get("date_entree_formation"),
        fin=lue.get("date_fin_formation"),
        contrats=[ContratDates(c.debut, c.fin, c.rupture) for c in lignes.contrats(lue)],
        exclusion=regles.de_la_source(lue)["date_exclusion"],
        historique=[(int(s), date.fromisoformat(d)) for s, d in regles.historique([], lue)],
        annee_scolaire=lue.get("annee_scolaire") or annee or "",
    )
    statut = trouve.au(jour)
    return qui(lue)._replace(statut=statut, absente=statut is None and bool(trouve.etapes))
