"""Lines read a second by one process, beside what cannot be avoided in the same run: parsing JSON, copying a dict.

Target: 20,000 full lines (37 fields) a second on one core, since 6,000 are to be read and stored in that second.
Run: `python -m benchmarks.lignes`. Every value is invented.
"""

import json
import time
from collections.abc import Callable
from typing import Any

from tdba.transmissions.lignes import ERP, empreinte, lire, sans_donnees_interdites

LIGNE: dict[str, Any] = {
    "nom_apprenant": "Lenôtre",
    "prenom_apprenant": "Gaston",
    "date_de_naissance_apprenant": "2005-10-28T00:00:00.000Z",
    "id_erp_apprenant": "A-000001",
    "sexe_apprenant": "M",
    "code_postal_de_naissance_apprenant": "44000",
    "code_commune_insee_de_naissance_apprenant": "44109",
    "email_contact": "gaston.lenotre@exemple.fr",
    "adresse_apprenant": "64 bis, route de Paris, bâtiment C",
    "code_postal_apprenant": "44000",
    "code_commune_insee_apprenant": "44109",
    "ine_apprenant": "123456789AB",
    "tel_apprenant": "06 28 00 00 00",
    "responsable_apprenant_mail1": "parent.un@exemple.fr",
    "responsable_apprenant_mail2": "parent.deux@exemple.fr",
    "dernier_organisme_uai": "0440012Z",
    "derniere_situation": 4001,
    "type_cfa": "09",
    "statut_apprenant": 3,
    "date_metier_mise_a_jour_statut": "2025-09-01T00:00:00.000Z",
    "etablissement_responsable_uai": "0440005S",
    "etablissement_responsable_siret": "73282932000074",
    "etablissement_formateur_uai": "0440010X",
    "etablissement_formateur_siret": "35600000000048",
    "annee_scolaire": "2025-2026",
    "annee_formation": 1,
    "formation_rncp": "RNCP37537",
    "formation_cfd": "50022141",
    "date_inscription_formation": "2025-09-01T00:00:00.000Z",
    "date_entree_formation": "2025-08-31T22:00:00.000Z",
    "date_fin_formation": "2027-07-31T00:00:00.000Z",
    "duree_theorique_formation_mois": 24,
    "libelle_court_formation": "CAP PATISSIER",
    "formation_presentielle": True,
    "contrat_date_debut": "2025-09-15T00:00:00.000Z",
    "contrat_date_fin": "2027-07-31T00:00:00.000Z",
    "siret_employeur": "73282932000074",
}


def _lignes(n: int) -> list[dict[str, Any]]:
    """`n` different people, so that nothing can be remembered from one line to the next."""
    return [
        LIGNE
        | {
            "nom_apprenant": f"Lenôtre {rang}",
            "id_erp_apprenant": f"A-{rang:06d}",
            "email_contact": f"gaston.{rang}@exemple.fr",
            "tel_apprenant": f"06 28 {rang // 100 % 10_000:04d} {rang % 100:02d}",
        }
        for rang in range(n)
    ]


def _par_seconde(geste: Callable[[Any], object], elements: list[Any]) -> float:
    debut = time.perf_counter()
    for element in elements:
        geste(element)
    return len(elements) / (time.perf_counter() - debut)


def mesurer(n: int = 20_000) -> dict[str, float]:
    """Return lines a second of each gesture; `plancher_*` are the floors to compare with."""
    lignes = _lignes(n)
    # 1 line in 20 comes from overseas, where the phone number goes through libphonenumber.
    outre_mer = [
        ligne | {"tel_apprenant": "0692123456"} if not rang % 20 else ligne
        for rang, ligne in enumerate(lignes)
    ]
    # Another habit of ERP: every day sent as the instant of its midnight in Paris.
    minuits = [
        {
            champ: valeur.replace("T00:", "T22:") if isinstance(valeur, str) else valeur
            for champ, valeur in ligne.items()
        }
        for ligne in lignes
    ]
    refusees = [
        ligne | {"annee_scolaire": "2025", "email_contact": "", "date_fin_formation": "demain"}
        for ligne in lignes
    ]
    valeurs = [lire(ligne, source=ERP).valeurs for ligne in lignes]
    return {
        "plancher_json": _par_seconde(json.loads, [json.dumps(ligne) for ligne in lignes]),
        "plancher_copie": _par_seconde(dict, lignes),
        "lire": _par_seconde(lambda ligne: lire(ligne, source=ERP), lignes),
        "lire_outre_mer": _par_seconde(lambda ligne: lire(ligne, source=ERP), outre_mer),
        "lire_minuits_de_paris": _par_seconde(lambda ligne: lire(ligne, source=ERP), minuits),
        "lire_refusees": _par_seconde(lambda ligne: lire(ligne, source=ERP), refusees),
        "empreinte": _par_seconde(empreinte, valeurs),
        "sans_donnees_interdites": _par_seconde(sans_donnees_interdites, lignes),
    }


def main() -> None:
    lu = lire(LIGNE, source=ERP)
    assert lu.valide, lu.erreurs
    print(f"{len(LIGNE)} fields a line, lines a second:")
    for nom, debit in mesurer().items():
        print(f"  {nom:<24}{debit:>12,.0f}")


if __name__ == "__main__":
    main()
