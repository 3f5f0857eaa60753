"""Rows of a file without an identifier, about people that the ERP already sends under one.

A file that names people would otherwise create a second record beside the ERP's. The same name and birth date, in the
same establishment and year, is the same record, when it is the only one (product.md §2.1: "21 apprentis au lieu de 19").
"""

from collections.abc import Sequence
from datetime import date
from typing import Final

from tdba import scope
from tdba.effectifs import valeurs
from tdba.tableaux import nombres
from tdba.transmissions import lignes, service
from tdba.transmissions.cles import Emetteur
from tdba.transmissions.service import LigneStockee

_CHAMP: Final = "id_erp_apprenant"
_CONNUES: Final = """
SELECT n.rang, min(e.id_erp)
FROM unnest(%(rangs)s::int[], %(organismes)s::int[], %(annees)s::text[], %(noms)s::text[], %(naissances)s::date[])
     AS n(rang, organisme_id, annee, nom, naissance)
JOIN effectif e ON e.organisme_id = n.organisme_id AND e.annee_scolaire = n.annee AND e.recherche = n.nom
               AND e.date_naissance = n.naissance
GROUP BY n.rang HAVING count(*) = 1
"""


def sous_leur_identifiant(stockees: Sequence[LigneStockee], emetteur: Emetteur) -> list[LigneStockee]:
    """The same lines, those about a known person under the identifier we know; a line that gives one keeps it."""
    sans = [
        (rang, s)
        for rang, s in enumerate(stockees)
        if not s.erreurs and not s.contenu.get(_CHAMP) and s.organisme_id
    ]
    resultat = list(stockees)
    if not sans:
        return resultat
    connues = _connues(sans)
    a_relire = [
        stockees[rang].contenu | {_CHAMP: id_erp}
        for rang, id_erp in connues.items()
        if id_erp != stockees[rang].id_erp
    ]
    rangs = [rang for rang, id_erp in connues.items() if id_erp != stockees[rang].id_erp]
    relues = service.examiner(a_relire, emetteur, source=lignes.FICHIER)
    for rang, relue in zip(rangs, relues, strict=True):
        resultat[rang] = relue
    return resultat


def _connues(sans: Sequence[tuple[int, LigneStockee]]) -> dict[int, str]:
    noms: list[str] = []
    naissances: list[date] = []
    for _, stockee in sans:
        lues = lignes.lire(stockee.contenu, source=lignes.FICHIER, couple_connu=lambda *_: True).valeurs
        noms.append(valeurs.recherche(lues["nom_apprenant"], lues["prenom_apprenant"]))
        naissances.append(lues["date_de_naissance_apprenant"])
    trouvees = scope.connexion("personnes déjà connues d’un fichier").exec_driver_sql(
        _CONNUES,
        {
            "rangs": nombres(rang for rang, _ in sans),
            "organismes": nombres(s.organisme_id for _, s in sans),
            "annees": [s.annee_scolaire for _, s in sans],
            "noms": noms,
            "naissances": naissances,
        },
    )
    return {rang: id_erp for rang, id_erp in trouvees}  # noqa: C416 - rows are not typed as pairs
