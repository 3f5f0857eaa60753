"""Five hundred invented lives, from a seed: what each ERP knows of each youth, day after day.

Days fall often on the edges of the calendar: 29 February, the ends of months around it, both nights of summer time.
"""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from tests.invariants.un_an_oracle import Contrat, Faits, Vie, vivre

DEBUT, FIN = date(2027, 9, 1), date(2028, 8, 31)
"""366 days: 2028 is a leap year."""
NUITS_DE_L_HEURE: Final = (date(2027, 10, 31), date(2028, 3, 26))
RENTREE: Final = date(2028, 8, 1)
REMARQUABLES: Final = (
    *(date(2027, 8, 29), date(2027, 8, 30), date(2027, 8, 31), date(2027, 9, 26), date(2027, 9, 30)),
    *(date(2027, 10, 30), *NUITS_DE_L_HEURE, date(2027, 11, 1), date(2027, 11, 29), date(2027, 11, 30)),
    *(date(2027, 12, 1), date(2027, 12, 31), date(2028, 1, 31), date(2028, 2, 28), date(2028, 2, 29)),
    *(date(2028, 3, 1), date(2028, 3, 25), date(2028, 3, 27), date(2028, 5, 31), date(2028, 8, 31)),
)
FINS: Final = (
    *(date(2028, 8, 31), date(2028, 8, 31), date(2028, 7, 7), date(2029, 8, 31), date(2029, 6, 30)),
    *(date(2028, 2, 29), date(2028, 3, 26), date(2028, 6, 30), date(2027, 12, 31)),
)
SITES: Final = 4


@dataclass
class Fiche:
    """One record: what its ERP says from each day on, and what the product was told of it."""

    cle: str
    rang: int
    site: int
    annee: str = "2027-2028"
    dits: list[tuple[date, Faits]] = field(default_factory=list)
    """What the ERP says, and from which day."""
    envoye: Faits | None = None
    """What was last sent, whether or not it was taken."""
    recu: Faits | None = None
    """What the product last took from the ERP."""
    ruptures: dict[date, date | None] = field(default_factory=dict)
    """Ruptures as corrected by hand, by the start of their contract."""
    exclusion: date | None = None
    """As corrected by hand."""
    ajoute: Contrat | None = None
    """A contract added by hand."""
    effectif_id: int = 0
    en_corbeille: bool = False
    opposee: bool = False
    remplacee: bool = False
    """The record of the next school year took its place."""
    ailleurs: "Fiche | None" = None
    """The record of the same youth in a CFA of another family."""
    depart_ecarte: bool = False
    partis: dict[str, date] = field(default_factory=dict)
    """Kind of the file, and the day since which the youth is known to have left."""

    _vie: Vie | None = None

    @property
    def vie(self) -> Vie:
        """Painted again only when the dates change."""
        if self._vie is None or self._vie.faits != self.faits:
            self._vie = vivre(self.faits)
        return self._vie

    def dire(self, jour: date, faits: Faits) -> None:
        """From that day on the ERP says this; never before what it said last."""
        self.dits.append((max([jour, DEBUT, *(j for j, _ in self.dits)]), faits))

    def dit_au(self, jour: date) -> Faits | None:
        sus = [faits for depuis, faits in self.dits if depuis <= jour]
        return sus[-1] if sus else None

    def stable(self, jour: date) -> bool:
        """The ERP will say nothing more of which contracts there are: what people correct is found again."""
        a_venir = [self.dit_au(jour), *(faits for depuis, faits in self.dits if depuis > jour)]
        futurs = {tuple(c.debut for c in faits.contrats) for faits in a_venir if faits}
        return self.recu is not None and futurs == {tuple(c.debut for c in self.recu.contrats)}

    @property
    def faits(self) -> Faits:
        """Corrections over what the ERP says (decision 17)."""
        assert self.recu is not None
        if not (self.ruptures or self.ajoute or self.exclusion):
            return self.recu
        contrats = [
            c._replace(rupture=self.ruptures[c.debut]) if c.debut in self.ruptures else c
            for c in self.recu.contrats
        ]
        if self.ajoute:
            contrats.append(self.ajoute)
        return self.recu._replace(contrats=tuple(contrats), exclusion=self.exclusion or self.recu.exclusion)

    def prendre(self, faits: Faits) -> None:
        """What comes from the ERP: a correction that it joins is closed."""
        self.recu = faits
        dites = {c.debut: c.rupture for c in faits.contrats}
        self.ruptures = {d: r for d, r in self.ruptures.items() if dites.get(d) != r}
        if self.exclusion == faits.exclusion:
            self.exclusion = None

    def oublier(self) -> None:
        """Erased for good: the next sending creates it again."""
        self.recu = self.envoye = self.exclusion = self.ajoute = None
        self.ruptures, self.partis, self.en_corbeille, self.effectif_id = {}, {}, False, 0

    @property
    def libre(self) -> bool:
        """Whether people of the CFA act on it in this story."""
        seule = not (self.remplacee or self.ailleurs or self.partis or self.annee != "2027-2028")
        return bool(self.effectif_id) and seule and not (self.en_corbeille or self.opposee)


def des_vies(nombre: int, graine: int) -> list[Fiche]:
    """The records of that many people: some have two (the next school year; another CFA)."""
    hasard = random.Random(graine)  # noqa: S311 - invented lives
    fiches: list[Fiche] = []
    for rang in range(nombre):
        fiche = Fiche(f"J-{rang}", rang, hasard.randrange(SITES))
        _grandir(hasard, fiche)
        fiches.append(fiche)
        if rang % 14 == 0:
            fiches.append(_ailleurs(hasard, fiche))
        elif fiche.dits[-1][1].fin > date(2028, 9, 30) and rang % 2:
            fiches.append(_annee_suivante(hasard, fiche))
    return fiches


def _jour(hasard: random.Random, jour: date) -> date:
    """That day, or often a remarkable one close to it."""
    proches = [r for r in REMARQUABLES if abs((r - jour).days) <= 20]
    return hasard.choice(proches) if proches and hasard.random() < 0.5 else jour


def _dans(hasard: random.Random, jour: date, au_moins: int, au_plus: int) -> date:
    return jour + timedelta(days=hasard.randint(au_moins, au_plus))


def _grandir(hasard: random.Random, fiche: Fiche) -> None:
    entree = hasard.choice((date(2026, 9, 1), date(2027, 9, 1), date(2027, 9, 1), date(2028, 1, 10)))
    entree = _jour(hasard, _dans(hasard, entree, -5, 60))
    fin = hasard.choice([f for f in FINS if (f - entree).days > 45])
    faits = Faits(entree, fin)
    fiche.dire(_dans(hasard, entree, -20, 10), faits)
    libre = entree
    for _ in range(4):
        attente = hasard.choice(
            (0, 0, hasard.randint(1, 60), hasard.randint(40, 130), hasard.randint(80, 250))
        )
        debut = _jour(hasard, libre + timedelta(days=attente))
        if debut < libre or debut >= min(fin, FIN) or debut in {c.debut for c in faits.contrats}:
            break
        sort = hasard.choices(("TERME", "RUPTURE", "JUSQU_AU_BOUT"), (3, 5, 3))[0]
        terme = hasard.choice((fin, None, fin - timedelta(days=hasard.randint(50, 70))))
        if sort == "TERME":
            terme = _jour(hasard, _dans(hasard, debut, 20, 150))
        if terme is not None and not debut < terme <= fin:
            terme = fin
        faits = _signer(hasard, fiche, faits, Contrat(debut, terme))
        if sort == "JUSQU_AU_BOUT" or (sort == "TERME" and terme is None):
            break
        libre = (terme or fin) + timedelta(days=1)
        if sort == "RUPTURE":
            libre = _jour(hasard, _dans(hasard, debut, 1, 200))
            if libre <= debut or libre > (terme or fin):
                break
            faits = _rompre(hasard, fiche, faits, libre)
        if hasard.random() < 0.25:
            break
    _finir(hasard, fiche, faits)


def _signer(hasard: random.Random, fiche: Fiche, faits: Faits, contrat: Contrat) -> Faits:
    """A contract is known around its start; its first day may be said wrong at first."""
    su = _dans(hasard, contrat.debut, -15, 20)
    if hasard.random() < 0.06:
        faux = contrat._replace(debut=contrat.debut + timedelta(days=5))
        fiche.dire(su, faits._replace(contrats=(*faits.contrats, faux)))
        su = _dans(hasard, su, 3, 30)
    faits = faits._replace(contrats=(*faits.contrats, contrat))
    fiche.dire(su, faits)
    return faits


def _rompre(hasard: random.Random, fiche: Fiche, faits: Faits, rupture: date) -> Faits:
    """A rupture is known around its day, sometimes with another date first; sometimes there was none after all."""
    *avant, contrat = faits.contrats
    rompus = faits._replace(contrats=(*avant, contrat._replace(rupture=rupture)))
    su = _dans(hasard, rupture, -20, 15)
    tirage = hasard.random()
    if tirage < 0.12:
        faux = _dans(hasard, rupture, -8, 25)
        fiche.dire(su, faits._replace(contrats=(*avant, contrat._replace(rupture=faux))))
        su = _dans(hasard, su, 2, 40)
    fiche.dire(su, rompus)
    if tirage > 0.93:
        fiche.dire(_dans(hasard, su, 2, 30), faits)
        fiche.dire(_dans(hasard, su, 31, 60), rompus)
    return rompus


def _finir(hasard: random.Random, fiche: Fiche, faits: Faits) -> None:
    """Some are excluded, or said so by mistake; the end of some formations moves."""
    tirage = hasard.random()
    su = _dans(hasard, fiche.dits[-1][0], 1, 90)
    if tirage < 0.12:
        exclus = faits._replace(exclusion=_jour(hasard, _dans(hasard, su, -10, 10)))
        fiche.dire(su, exclus)
        if tirage < 0.04:
            fiche.dire(_dans(hasard, su, 3, 40), faits)
    elif tirage < 0.22:
        fiche.dire(su, faits._replace(fin=_dans(hasard, faits.fin, -30, 30)))


def _ailleurs(hasard: random.Random, fiche: Fiche) -> Fiche:
    """The same youth enters a CFA of another family; the former ERP says nothing more."""
    arrivee = _dans(hasard, max(fiche.dits[0][1].entree, DEBUT), 40, 240)
    fiche.dits = [d for d in fiche.dits if d[0] <= arrivee]
    autre = Fiche(f"{fiche.cle}-bis", fiche.rang, (fiche.site + 1) % SITES)
    faits = Faits(arrivee, date(2028, 8, 31))
    autre.dire(_dans(hasard, arrivee, -10, 20), faits)
    if hasard.random() < 0.6:
        _signer(hasard, autre, faits, Contrat(_dans(hasard, arrivee, 0, 30), faits.fin))
    fiche.ailleurs, autre.ailleurs = autre, fiche
    return autre


def _annee_suivante(hasard: random.Random, fiche: Fiche) -> Fiche:
    """From August on, the ERP sends the youth for the next school year, and no longer for this one."""
    rentree = _dans(hasard, RENTREE, 0, 25)
    suite = Fiche(fiche.cle, fiche.rang, fiche.site, annee="2028-2029")
    for jour, faits in fiche.dits:
        if jour >= rentree or not suite.dits:
            suite.dits = [(max(jour, rentree), faits)] if jour < rentree else [*suite.dits, (jour, faits)]
        else:
            suite.dits = [(rentree, faits)]
    fiche.dits = [d for d in fiche.dits if d[0] < rentree] or [fiche.dits[0]]
    return suite
