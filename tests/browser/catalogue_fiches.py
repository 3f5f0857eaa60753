"""The pages of a record and of work on many: list, sheet, gestures, anomalies, pairs, exports, survey."""

from tests.browser.genre import Genre
from tests.browser.vitrine_fiches import DIRECTRICE as FICHES

DREETS = "agente DREETS Bretagne"

FILTRES = (
    "/effectifs?statut=APPRENTI&statut=RUPTURE&niveau=3&age=16-17&corrigee=oui&conflit=oui&source=ERP"
    "&fraicheur=7j&tri=statut&sens=desc"
)

LISTE = (
    Genre("liste, tous ses filtres", FICHES, FILTRES),
    Genre("liste, recherche approchée", FICHES, "/effectifs", envoyer="Chercher",
          remplir=(("Chercher dans la liste", "vaillan loix"),), mene="/effectifs"),
    Genre("pourquoi ce nombre", FICHES, "/effectifs/pourquoi-ce-nombre?statut=APPRENTI"),
    Genre("pourquoi ce nombre, DREETS", DREETS, "/effectifs/pourquoi-ce-nombre"),
    Genre("employeurs de la liste", FICHES, "/effectifs/employeurs"),
    Genre("vues", FICHES, "/effectifs/vues"),
    Genre("pourquoi je ne vois pas ce jeune", FICHES, "/effectifs/je-ne-vois-pas"),
    Genre("pourquoi je ne vois pas, réponses", FICHES, "/effectifs/je-ne-vois-pas", envoyer="Chercher",
          remplir=(("Qui cherchez-vous", "double"),)),
    Genre("mon activité", FICHES, "/mon-activite"),
)  # fmt: skip

FICHE = (
    Genre("fiche riche", FICHES, "fiche riche"),
    Genre("coordonnées", FICHES, "coordonnées"),
    Genre("fiche à imprimer", FICHES, "fiche à imprimer"),
    Genre("histoire de la fiche", FICHES, "histoire de la fiche"),
    Genre("texte à corriger", FICHES, "texte à corriger"),
    Genre("date à corriger, refusée", FICHES, "date à corriger", statut=422, envoyer="Enregistrer"),
    Genre("choix à corriger", FICHES, "choix à corriger"),
    Genre("adresse à corriger", FICHES, "adresse à corriger"),
    Genre("formation à corriger", FICHES, "formation à corriger"),
    Genre("contrat à ajouter", FICHES, "contrat à ajouter", statut=422, envoyer="Enregistrer"),
    Genre("rupture à déclarer", FICHES, "rupture à déclarer"),
    Genre("cause à préciser", FICHES, "cause à préciser"),
    Genre("rupture à annuler", FICHES, "rupture à annuler"),
    Genre("rupture à contester", FICHES, "rupture à contester"),
    Genre("contrat plus transmis", FICHES, "contrat plus transmis"),
    Genre("l’ERP dit autre chose", FICHES, "l’ERP dit autre chose"),
    Genre("correction à annuler", FICHES, "correction d’une adresse à annuler"),
    Genre("fiche à retirer", FICHES, "fiche à retirer"),
    Genre("fiche à transférer", FICHES, "fiche à transférer"),
    Genre("corbeille", FICHES, "/corbeille"),
    Genre("fiche en corbeille", FICHES, "fiche en corbeille"),
    Genre("anomalies de la fiche", FICHES, "anomalies de la fiche"),
    Genre("point à taire", FICHES, "point à taire"),
)

PLUSIEURS = (
    Genre("actions sur plusieurs fiches", FICHES, "/effectifs/groupees"),
    Genre("action faite", FICHES, "action faite"),
    *(
        Genre(f"action à confirmer, {nature}", FICHES, f"action à confirmer, {nature}", statut=422,
              envoyer="Voir l’effet")
        for nature in ("correction", "transfert")
    ),
    Genre("à régler, avec des anomalies", FICHES, "/a-regler"),
    Genre("à reporter", FICHES, "/a-regler/a-reporter"),
    Genre("à reporter, à imprimer", FICHES, "/a-regler/a-reporter/imprimer"),
    Genre("fiches qui se ressemblent", FICHES, "/doublons"),
    Genre("deux fiches", FICHES, "deux fiches"),
    Genre("fusion", FICHES, "fusion"),
)  # fmt: skip

EXPORTS = (
    *(
        Genre(f"export à demander, {liste}", FICHES, f"/exports/demander/{liste}")
        for liste in ("a-regler", "ruptures", "sans-contrat")
    ),
    Genre("export refusé", FICHES, "/exports/demander/effectifs", statut=422, envoyer="Préparer le fichier"),
    Genre("export d’une DREETS", DREETS, "/exports/demander/effectifs"),
    Genre("mes exports", FICHES, "/exports"),
    Genre("export prêt", FICHES, "export"),
    Genre("export attendu", FICHES, "export attendu"),
)

ENQUETE = (
    Genre("enquête", FICHES, "/sifa"),
    Genre("enquête d’un établissement", FICHES, "enquête d’un établissement"),
    Genre("enquête, réponses", FICHES, "enquête, réponses"),
    Genre("enquête, comptés", FICHES, "enquête, comptés"),
    Genre("enquête, pas comptés", FICHES, "enquête, pas comptés"),
    Genre("enquête, à compléter", FICHES, "enquête, à compléter"),
    Genre("enquête, saisie", FICHES, "enquête, saisie"),
    Genre("enquête d’une fiche", FICHES, "enquête d’une fiche"),
    Genre("enquête, fichier", FICHES, "enquête, fichier"),
    Genre("enquête, contrôler", FICHES, "enquête, contrôler", statut=422, envoyer="Contrôler"),
)

GENRES = LISTE + FICHE + PLUSIEURS + EXPORTS + ENQUETE
