"""The one place that asks what day it is."""

from __future__ import annotations

import datetime
import os

from generator.errors import ConfigError

CHINA = datetime.timezone(datetime.timedelta(hours=8))


def today() -> datetime.date:
    """The day of ``SOURCE_DATE_EPOCH`` (seconds, in UTC), else of the clock in China, wherever the machine stands.

    An embargo opens on the portal's day: not hours early on a machine further east, nor hours late on one in UTC.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if not epoch:
        return datetime.datetime.now(CHINA).date()
    try:
        return datetime.datetime.fromtimestamp(int(epoch), datetime.UTC).date()
    except (ValueError, OverflowError, OSError):
        raise ConfigError(
            f"环境变量 SOURCE_DATE_EPOCH 应为秒数，现值为 {epoch}。",
            f"The variable SOURCE_DATE_EPOCH should be a number of seconds; it is {epoch}.",
        ) from None
