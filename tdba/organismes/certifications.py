"""Which certification a session is under, from the codes that were sent (domain.md §4.5). Pure.

A code that is not valid for the session gives way to the only one of its continuity that is; with none, or several,
it stays. The couple then known decides codes, title and level. Without a couple the codes stay as sent.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Final, NamedTuple

MEMOIRE: Final = 50_000
"""Answers kept: sessions of one CFA are few, and asked again at each sending."""


class Session(NamedTuple):
    """When the formation takes place; a bound that is None is not checked."""

    debut: date | None
    fin: date | None


class Code(NamedTuple):
    """Validity of one code, both days included, and the codes of its continuity."""

    ouverture: date | None
    fermeture: date | None
    continuite: tuple[str, ...] = ()


class Couple(NamedTuple):
    """One certification of the référentiel. A session must start between `ouverture` and `fermeture`."""

    rncp: str | None
    cfd: str | None
    intitule: str
    niveau: int | None
    ouverture: date | None = None
    fermeture: date | None = None
    active: bool = True


class Formation(NamedTuple):
    """What is held of a formation: effective codes, and those sent that they replace."""

    rncp: str | None
    cfd: str | None
    intitule: str | None
    niveau: int | None
    remplaces: tuple[str, ...] = ()
    inconnus: tuple[str, ...] = ()
    """Codes sent that the référentiel does not know."""


def session(entree: date | None, fin: date | None, periode: tuple[int, int] | None = None) -> Session:
    """The session of a record: its dates; without an entry, the civil years of its period (domain.md §4.5)."""
    if entree is not None or periode is None:
        return Session(entree, fin)
    return Session(date(periode[0], 1, 1), fin or date(periode[1], 12, 31))


def ecrire_rncp(recu: str) -> str:
    """With its prefix."""
    return recu if recu.startswith("RNCP") else f"RNCP{recu}"


def ecrire_cfd(recu: str) -> str:
    """On eight characters."""
    return recu.zfill(8)


def valide_rncp(session: Session, code: Code) -> bool:
    """An RNCP code is judged on the start alone."""
    return _contient(code.ouverture, code.fermeture, session.debut)


def valide_cfd(session: Session, code: Code) -> bool:
    """A CFD is judged on both ends."""
    return _contient(code.ouverture, code.fermeture, session.debut) and _contient(
        code.ouverture, code.fermeture, session.fin
    )


def descendances(liens: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """From (former code, new code) pairs, every code that each descends from or became, in order; never its siblings."""
    avant, apres = defaultdict(set), defaultdict(set)
    for ancien, nouveau in liens:
        avant[nouveau].add(ancien)
        apres[ancien].add(nouveau)
    tous = avant.keys() | apres.keys()
    return {code: tuple(sorted((_suite(code, avant) | _suite(code, apres)) - {code})) for code in tous}


class Certifications:
    """Certifications in memory; they never change. `resoudre` answers without I/O, at once for a question asked before."""

    def __init__(self, couples: Iterable[Couple], codes: Mapping[str, Code]) -> None:
        self._codes = codes
        self._couples: dict[tuple[str | None, str | None], Couple] = {}
        self._par_code: dict[str, list[Couple]] = defaultdict(list)
        for couple in sorted(couples, key=_rang):
            self._couples[couple.rncp, couple.cfd] = couple
            for code in (couple.rncp, couple.cfd):
                if code is not None:
                    self._par_code[code].append(couple)
        self._memoire: dict[tuple[str | None, str | None, date | None, date | None], Formation] = {}

    def resoudre(self, rncp: str | None, cfd: str | None, session: Session) -> Formation:
        """What to hold of a formation sent with these codes."""
        cle = (rncp, cfd, session.debut, session.fin)
        trouvee = self._memoire.get(cle)
        if trouvee is None:
            if len(self._memoire) >= MEMOIRE:
                self._memoire.clear()
            trouvee = self._memoire[cle] = self._resoudre(rncp, cfd, session)
        return trouvee

    def connait(self, code: str) -> bool:
        """True when the référentiel holds this code, in any certification."""
        return code in self._codes or code in self._par_code

    def _resoudre(self, rncp: str | None, cfd: str | None, session: Session) -> Formation:
        rncp_ecrit = None if rncp is None else ecrire_rncp(rncp)
        cfd_ecrit = None if cfd is None else ecrire_cfd(cfd)
        inconnus = tuple(c for c in (rncp_ecrit, cfd_ecrit) if c is not None and not self.connait(c))
        couple = self._couple(
            rncp_ecrit and self._continu(rncp_ecrit, session, valide_rncp),
            cfd_ecrit and self._continu(cfd_ecrit, session, valide_cfd),
            session,
        )
        if couple is not None:
            recus = ((rncp, couple.rncp), (cfd, couple.cfd))
            remplaces = tuple(recu for recu, tenu in recus if recu is not None and recu != tenu)
            return Formation(couple.rncp, couple.cfd, couple.intitule, couple.niveau, remplaces, inconnus)
        dits = [c for code in (cfd_ecrit, rncp_ecrit) if code for c in self._seuls_d_abord(code)]
        niveau = next((c.niveau for c in dits if c.niveau is not None), None)
        return Formation(rncp, cfd, dits[0].intitule if dits else None, niveau, (), inconnus)

    def _continu(self, code: str, session: Session, valide: Callable[[Session, Code], bool]) -> str:
        connu = self._codes.get(code)
        if connu is None or valide(session, connu):
            return code
        suite = [c for c in dict.fromkeys(connu.continuite) if c in self._codes]
        valables = [c for c in suite if valide(session, self._codes[c])]
        return valables[0] if len(valables) == 1 else code

    def _couple(self, rncp: str | None, cfd: str | None, session: Session) -> Couple | None:
        """The first certification of these codes that holds for the session; both codes sent must be its own."""
        if rncp is not None and cfd is not None:
            exact = self._couples.get((rncp, cfd))
            candidats = [exact] if exact else []
        else:
            candidats = self._par_code.get(rncp or cfd or "", [])
        return next((c for c in candidats if self._vaut(c, session)), None)

    def _vaut(self, couple: Couple, session: Session) -> bool:
        rncp = self._codes.get(couple.rncp or "")
        cfd = self._codes.get(couple.cfd or "")
        return (
            _contient(couple.ouverture, couple.fermeture, session.debut)
            and (rncp is None or valide_rncp(session, rncp))
            and (cfd is None or valide_cfd(session, cfd))
        )

    def _seuls_d_abord(self, code: str) -> list[Couple]:
        """The certifications of a code, its own entry of the nomenclature first."""
        return sorted(self._par_code.get(code, ()), key=lambda c: c.rncp is not None and c.cfd is not None)


def _rang(couple: Couple) -> tuple[bool, date, bool, str, str]:
    """Couples before lone codes; then the one that ends first, since it came first; then those still active."""
    seul = couple.rncp is None or couple.cfd is None
    return seul, couple.fermeture or date.max, not couple.active, couple.rncp or "", couple.cfd or ""


def _contient(debut: date | None, fin: date | None, jour: date | None) -> bool:
    return jour is None or ((debut is None or debut <= jour) and (fin is None or jour <= fin))


def _suite(code: str, liens: Mapping[str, set[str]]) -> set[str]:
    vus, a_voir = {code}, [code]
    while a_voir:
        nouveaux = liens.get(a_voir.pop(), set()) - vus
        vus |= nouveaux
        a_voir += nouveaux
    return vus
