"""The pages of the follow-up: worklists, a file, help at hand, what is sent outside, watch list, outcomes, digest."""

from tests.browser.genre import Genre
from tests.browser.vitrine_suivi import DIRECTRICE as SUIVI

DREETS = "agente DREETS Bretagne"
LETTRE = (
    ("Prénom et nom du conseiller", "Maëlle Conseillère"),
    ("Son adresse électronique", "maelle@mission.example"),
)

LISTES = (
    Genre("ruptures, rangées", SUIVI, "/ruptures"),
    Genre("ruptures, les miennes", SUIVI, "/ruptures?qui=moi&segment=0-44"),
    Genre("contrats à terme", SUIVI, "/ruptures?groupe=terme"),
    Genre("dossiers gelés", SUIVI, "/ruptures?geles=oui"),
    Genre("sans contrat, rangées", SUIVI, "/sans-contrat"),
    Genre("ce qui changera en confiant", SUIVI, "affectation"),
    Genre("rupture à chercher", SUIVI, "/ruptures/declarer"),
    Genre("ruptures trouvées", SUIVI, "/ruptures/declarer", envoyer="Chercher",
          remplir=(("Apprenti concerné", "Lena Quere"),), mene="/ruptures/declarer"),
    Genre("récapitulatif", SUIVI, "/recapitulatif/appels"),
    Genre("récapitulatif, vide", SUIVI, "/recapitulatif/reponses"),
    Genre("récapitulatif d’une autre organisation", SUIVI, "récapitulatif d’une autre organisation"),
    Genre("compte, récapitulatif", SUIVI, "/mon-compte"),
)  # fmt: skip

DOSSIER = (
    Genre("dossier riche", SUIVI, "dossier riche"),
    Genre("dossier clos", SUIVI, "dossier clos"),
    Genre("dossier au délai passé", SUIVI, "dossier au délai passé"),
    Genre("dossier gelé", SUIVI, "dossier gelé"),
    Genre("terme que personne n’a ouvert", SUIVI, "terme que personne n’a ouvert"),
    Genre("étape à noter, terme", SUIVI, "étape à noter, terme"),
    Genre("sortie refusée", SUIVI, "sortie", statut=422, envoyer="Enregistrer"),
    Genre("situation du jeune", SUIVI, "situation du jeune"),
    Genre("formalité", SUIVI, "formalité"),
    Genre("confier le dossier", SUIVI, "confier le dossier"),
    Genre("opposition à noter", SUIVI, "opposition à noter"),
    Genre("opposition", SUIVI, "opposition"),
)

AIDE = (
    Genre("offres", SUIVI, "offres"),
    Genre("offres à imprimer", SUIVI, "offres à imprimer"),
    Genre("poste", SUIVI, "poste"),
    Genre("postes", SUIVI, "/postes"),
    Genre("feuille du Cerfa", SUIVI, "feuille du Cerfa"),
    Genre("liaison refusée", SUIVI, "liaison à envoyer", statut=422, envoyer="Envoyer le lien"),
    Genre("liaison envoyée", SUIVI, "liaison à envoyer", envoyer="Envoyer le lien", remplir=LETTRE,
          cocher=("Téléphone", "informés de cette transmission")),
    Genre("liaison à imprimer", SUIVI, "liaison à envoyer", envoyer="Imprimer plutôt",
          cocher=("Téléphone", "informés de cette transmission"), remplir=LETTRE[:1]),
    Genre("lettre, code demandé", None, "lettre sans code"),
    Genre("lettre, code faux", None, "lettre sans code", statut=422, envoyer="Ouvrir le dossier",
          remplir=(("Code à 8 chiffres", "1234"),)),
    Genre("lettre", None, "lettre", envoyer="Ouvrir le dossier",
          remplir=(("Code à 8 chiffres", "code de la lettre"),)),
    Genre("lettre déjà ouverte", None, "lettre ouverte", statut=404),
    Genre("lettre, réponse", None, "lettre, réponse"),
)  # fmt: skip

SURVEILLER = (
    Genre("à surveiller", SUIVI, "/vigilance"),
    Genre("surveillé", SUIVI, "surveillé"),
    Genre("marquer vu", SUIVI, "marquer vu"),
    Genre("règles de la liste", SUIVI, "/vigilance/reglages"),
)

DEVENIRS = (
    Genre("devenirs", SUIVI, "/devenirs?annee=2026-2027"),
    Genre("devenirs à dire", SUIVI, "/devenirs/a-dire"),
    Genre("devenirs, les jeunes", SUIVI, "/devenirs/jeunes?annee=2026-2027"),
    Genre("devenir du dossier", SUIVI, "devenir du dossier"),
    Genre("devenirs du territoire", DREETS, "/devenirs/territoire?annee=2025-2026"),
    Genre("impact", None, "/impact?annee=2025-2026"),
)

GENRES = LISTES + DOSSIER + AIDE + SURVEILLER + DEVENIRS
