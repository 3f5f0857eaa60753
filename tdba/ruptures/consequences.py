"""What a correction would change for the files of this slice, said before it is saved: dates in, sentences out.

The file open on the day is told by the effect of the correction itself; here are those to come, and the youth who never
had a contract.
"""

from collections.abc import Sequence
from datetime import date

from tdba.effectifs.effet import Situation
from tdba.formats import date_longue
from tdba.ruptures.regles import Fenetre, dossiers_voulus, fenetre_sans_contrat


def annoncer(_effectif_id: int, avant: Situation, apres: Situation, jour: date) -> Sequence[str]:
    """Sentences about files of ruptures still to come, and about the follow-up of those without a contract."""
    return [*_ruptures_a_venir(avant, apres, jour), *_sans_contrat(avant, apres, jour)]


def _ruptures_a_venir(avant: Situation, apres: Situation, jour: date) -> list[str]:
    anciennes, nouvelles = _a_venir(avant, jour), _a_venir(apres, jour)
    ouvertes = [
        f"Un dossier de rupture s’ouvrira le {date_longue(d)}." for d in sorted(nouvelles - anciennes)
    ]
    retirees = [
        f"Le dossier de rupture prévu le {date_longue(d)} ne s’ouvrira pas."
        for d in sorted(anciennes - nouvelles)
    ]
    return retirees + ouvertes


def _a_venir(situation: Situation, jour: date) -> set[date]:
    voulus = dossiers_voulus(fin=situation.fin, contrats=situation.contrats, exclusion=situation.exclusion)
    return {voulu.ouvert_du for voulu in voulus if voulu.ouvert_du > jour}


def _sans_contrat(avant: Situation, apres: Situation, jour: date) -> list[str]:
    suivi, le_sera = _ouverte(_fenetre(avant), jour), _ouverte(_fenetre(apres), jour)
    if suivi == le_sera:
        return []
    if le_sera:
        return ["Ce jeune sera suivi parmi ceux qui n’ont pas encore de contrat."]
    return ["Ce jeune ne sera plus suivi parmi ceux qui n’ont pas encore de contrat."]


def _fenetre(situation: Situation) -> Fenetre | None:
    if situation.entree is None:
        return None
    return fenetre_sans_contrat(
        entree=situation.entree,
        fin=situation.fin,
        contrats=situation.contrats,
        exclusion=situation.exclusion,
    )


def _ouverte(fenetre: Fenetre | None, jour: date) -> bool:
    if fenetre is None or fenetre.ouvert_du > jour:
        return False
    return fenetre.clos_du is None or jour < fenetre.clos_du
