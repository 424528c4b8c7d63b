"""The calendar of the filled organisation: things in it were made at fixed days of the past, on every machine alike,
and under the same identifiers.

The emulator has no way to make a resource yesterday, so the clock that its modules see is turned while it is filled.
"""

import datetime
import sys
import time
import types
import uuid
from contextlib import contextmanager

import moto.core.utils
from moto.moto_api._internal import mock_random

# The day on which the filled organisation is looked at; `yagura scan --now` takes the same.
NOW = datetime.datetime(2026, 2, 1)

# Temporary credentials expire by the real clock, which programs that use them go by.
_REAL = "moto.sts"

_real_utcnow = moto.core.utils.utcnow
_real_datetime = datetime.datetime


def _present():
    return _real_datetime.now(datetime.UTC).replace(tzinfo=None)


class Calendar:
    """Turns the clock that the emulator's modules see, and no other."""

    def __init__(self):
        self.time = None
        self.seen = 0

    def utcnow(self):
        """What the emulator takes for the present, in UTC and without a time zone."""
        return self.time or _present()

    def seconds(self):
        """The same, in seconds since 1970."""
        return self.utcnow().replace(tzinfo=datetime.UTC).timestamp()

    def install(self):
        """Puts this clock into every module of the emulator that is loaded by now."""
        if self.seen == len(sys.modules):
            return
        self.seen = len(sys.modules)
        for name, module in list(sys.modules.items()):
            if name.startswith(_REAL):
                module.utcnow = _present
            elif name.startswith("moto."):
                for attribute, real, ours in _REPLACED:
                    if getattr(module, attribute, None) is real:
                        setattr(module, attribute, ours)

    def stop(self):
        """Stops the clock at `NOW`: what tells the present, as a database does its latest restorable time, tells that."""
        self.time = NOW
        self.install()

    @contextmanager
    def days_ago(self, days):
        """Makes what happens inside happen that many days before `NOW`."""
        before = self.time
        self.time = NOW - datetime.timedelta(days=days)
        self.install()
        try:
            yield
        finally:
            self.time = before


CALENDAR = Calendar()


class _AnyDatetime(type):
    def __instancecheck__(cls, value):
        return isinstance(value, _real_datetime)


class _Datetime(_real_datetime, metaclass=_AnyDatetime):
    @classmethod
    def now(cls, tz=None):
        """The calendar's present."""
        return CALENDAR.utcnow().replace(tzinfo=datetime.UTC).astimezone(tz) if tz else CALENDAR.utcnow()

    @classmethod
    def utcnow(cls):
        """The calendar's present."""
        return CALENDAR.utcnow()


class _Like(types.ModuleType):
    """A module like another one, but for some names."""

    def __init__(self, real, **changed):
        super().__init__(real.__name__)
        self.__dict__.update(vars(real))
        self.__dict__.update(changed)


_REPLACED = (
    ("utcnow", _real_utcnow, CALENDAR.utcnow),
    ("datetime", _real_datetime, _Datetime),
    ("datetime", datetime, _Like(datetime, datetime=_Datetime)),
    ("time", time, _Like(time, time=CALENDAR.seconds)),
    ("time", time.time, CALENDAR.seconds),
    ("uuid", uuid, _Like(uuid, uuid4=mock_random.uuid4)),
    ("uuid4", uuid.uuid4, mock_random.uuid4),
)
