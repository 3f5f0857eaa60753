"""From a received date to the calendar day it means. Pure.

API: text starting YYYY-MM-DD whose rest parses (domain.md §4.2). File: also what a spreadsheet gives (§4.3).
The day is the written one, except for an instant that is midnight in Europe/Paris: its Paris day (decision 11).
"""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from tdba.transmissions.refus import DATE_INVALIDE, Refus

PARIS = ZoneInfo("Europe/Paris")

# Written without an instant, or at 00:00 UTC, which is never midnight in Paris on another day.
_SUFFIXES_DU_JOUR_ECRIT = frozenset({"", "T00:00:00.000Z", "T00:00:00Z", "T00:00:00", "T00:00:00.000+00:00"})
# How midnight in Paris is usually sent; the other ways are read by the pattern, which takes twice as long.
_MINUITS_USUELS = {
    f"T{heure}:00:00{fraction}Z": time(heure, tzinfo=UTC) for heure in (22, 23) for fraction in ("", ".000")
}
_INSTANT = re.compile(
    r"[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,9}))?)?(?:\s?(?:(Z)|([+-])([0-9]{2}):?([0-9]{2})))?",
    re.ASCII,
)
_JOUR_FRANCAIS = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4}|[0-9]{2})")
_LONGUEUR_MAXIMALE = 64

_ORIGINE_EXCEL = date(1899, 12, 30)
_DERNIER_JOUR_EXCEL = 2_958_465
# Excel believes that 29 February 1900 existed (serial 60): serials before it are one day off.
_FAUX_29_FEVRIER = 60
# Two-digit years up to 40 are in this century (domain.md §4.3).
_PIVOT = 40


def date_iso(recu: object) -> date | Refus:
    """Read a date of the API: `2021-09-01`, `2021-09-01T00:00:00.000Z`, … (domain.md §4.2, decision 11)."""
    if not isinstance(recu, str) or len(recu) > _LONGUEUR_MAXIMALE:
        return DATE_INVALIDE
    jour_ecrit = recu[:10]
    # fromisoformat also takes 20210901 and 2021-W35-1, which are not a text starting YYYY-MM-DD.
    if jour_ecrit[4:5] != "-" or jour_ecrit[7:8] != "-":
        return DATE_INVALIDE
    try:
        jour = date.fromisoformat(jour_ecrit)
    except ValueError:
        return DATE_INVALIDE
    reste = recu[10:]
    if reste in _SUFFIXES_DU_JOUR_ECRIT:
        return jour
    if heure := _MINUITS_USUELS.get(reste):
        return _jour_a_paris(datetime.combine(jour, heure))
    return _jour_de_l_instant(jour, reste.rstrip())


def date_de_cellule(recu: object) -> date | Refus:
    """Read a date of a spreadsheet: serial number, date cell, French or ISO text (domain.md §4.3, decision 11).

    What cannot be read is refused, never dropped: a lost end of contract would change a status (decision 13).
    """
    if isinstance(recu, datetime):
        return _jour_a_paris(recu)
    if isinstance(recu, date):
        return recu
    if isinstance(recu, bool):
        return DATE_INVALIDE
    if isinstance(recu, (int, float)):
        return _jour_excel(recu)
    if (
        isinstance(recu, str)
        and len(recu) <= len("31/12/9999")
        and (parties := _JOUR_FRANCAIS.fullmatch(recu))
    ):
        return _jour_francais(*parties.groups())
    return date_iso(recu)


def _jour_de_l_instant(jour: date, reste: str) -> date | Refus:
    """Return the day meant by a written day followed by a time, and perhaps a zone."""
    if not reste:
        return jour
    parties = _INSTANT.fullmatch(reste)
    if parties is None:
        return DATE_INVALIDE
    heures, minutes, secondes, fraction, zulu, signe, zone_h, zone_m = parties.groups()
    try:
        instant = datetime(  # noqa: DTZ001 - the zone, when there is one, is put below
            jour.year,
            jour.month,
            jour.day,
            int(heures),
            int(minutes),
            int(secondes or 0),
            int((fraction or "0").ljust(6, "0")[:6]),
        )
        if zulu:
            return _jour_a_paris(instant.replace(tzinfo=UTC))
        if not signe:
            return jour
        ecart = timedelta(hours=int(zone_h), minutes=int(zone_m)) * (1 if signe == "+" else -1)
        return _jour_a_paris(instant.replace(tzinfo=timezone(ecart)))
    except ValueError:
        return DATE_INVALIDE


def _jour_a_paris(instant: datetime) -> date:
    """Return the written day, or the Paris day of an instant that is midnight there (decision 11)."""
    if instant.tzinfo is None:
        return instant.date()
    try:
        a_paris = instant.astimezone(PARIS)
    except OverflowError:  # first and last day of the calendar
        return instant.date()
    minuit = not (a_paris.hour or a_paris.minute or a_paris.second or a_paris.microsecond)
    return a_paris.date() if minuit else instant.date()


def _jour_excel(numero: float) -> date | Refus:
    # Written so that NaN is refused too.
    if not 1 <= numero < _DERNIER_JOUR_EXCEL + 1 or int(numero) == _FAUX_29_FEVRIER:
        return DATE_INVALIDE
    return _ORIGINE_EXCEL + timedelta(days=int(numero) + (numero < _FAUX_29_FEVRIER))


def _jour_francais(jour: str, mois: str, annee: str) -> date | Refus:
    valeur = int(annee)
    if len(annee) == 2:
        valeur += 2000 if valeur <= _PIVOT else 1900
    try:
        return date(valeur, int(mois), int(jour))
    except ValueError:
        return DATE_INVALIDE
