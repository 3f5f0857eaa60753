"""What a correction would change for the files of this slice, said before it is saved: dates in, sentences out.

The rupture file open on the day is told by the effect of the correction itself; here are those to come, and the youths
who have no contract: none yet, or none after the term of the last one.
"""

from collections.abc import Sequence
from datetime import date

from tdba.effectifs.effet import Situation
from tdba.formats import date_longue
from tdba.ruptures.fins import fins_voulues
from tdba.ruptures.regles import DossierVoulu, Fenetre, dossiers_voulus, fenetre_sans_contrat


def annoncer(_effectif_id: int, avant: Situation, apres: Situation, jour: date) -> Sequence[str]:
    """Sentences about files of ruptures and of ended contracts still to come, and about who is followed on the day."""
    return [
        *_ruptures_a_venir(avant, apres, jour),
        *_termes(avant, apres, jour),
        *_sans_contrat(avant, apres, jour),
    ]


def _ruptures_a_venir(avant: Situation, apres: Situation, jour: date) -> list[str]:
    anciennes, nouvelles = _a_venir(_ruptures(avant), jour), _a_venir(_ruptures(apres), jour)
    ouvertes = [
        f"Un dossier de rupture s’ouvrira le {date_longue(d)}." for d in sorted(nouvelles - anciennes)
    ]
    retirees = [
        f"Le dossier de rupture prévu le {date_longue(d)} ne s’ouvrira pas."
        for d in sorted(anciennes - nouvelles)
    ]
    return retirees + ouvertes


def _termes(avant: Situation, apres: Situation, jour: date) -> list[str]:
    """The term of a contract without a next one: never called a rupture (decision 9)."""
    anciens, nouveaux = _a_venir(_fins(avant), jour), _a_venir(_fins(apres), jour)
    phrases = [f"Le suivi prévu le {date_longue(d)} ne s’ouvrira pas." for d in sorted(anciens - nouveaux)]
    phrases += [
        f"Un suivi s’ouvrira le {date_longue(d)}, lendemain du terme, si aucun contrat ne commence avant."
        for d in sorted(nouveaux - anciens)
    ]
    suivi, le_sera = _ouvert(_fins(avant), jour), _ouvert(_fins(apres), jour)
    if suivi and not le_sera:
        phrases.append(
            "Ce jeune ne sera plus suivi parmi ceux dont le contrat est arrivé à terme sans suite."
        )
    if le_sera and not suivi:
        phrases.append("Ce jeune sera suivi parmi ceux dont le contrat est arrivé à terme sans suite.")
    return phrases


def _sans_contrat(avant: Situation, apres: Situation, jour: date) -> list[str]:
    suivi, le_sera = _ouverte(_fenetre(avant), jour), _ouverte(_fenetre(apres), jour)
    if suivi == le_sera:
        return []
    if le_sera:
        return ["Ce jeune sera suivi parmi ceux qui n’ont pas encore de contrat."]
    return ["Ce jeune ne sera plus suivi parmi ceux qui n’ont pas encore de contrat."]


def _ruptures(situation: Situation) -> list[DossierVoulu]:
    return dossiers_voulus(fin=situation.fin, contrats=situation.contrats, exclusion=situation.exclusion)


def _fins(situation: Situation) -> list[DossierVoulu]:
    return fins_voulues(
        entree=situation.entree,
        fin=situation.fin,
        contrats=situation.contrats,
        exclusion=situation.exclusion,
    )


def _a_venir(voulus: Sequence[DossierVoulu], jour: date) -> set[date]:
    return {voulu.ouvert_du for voulu in voulus if voulu.ouvert_du > jour}


def _ouvert(voulus: Sequence[DossierVoulu], jour: date) -> bool:
    return any(_ouverte(Fenetre(*voulu[1:]), jour) for voulu in voulus)


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
