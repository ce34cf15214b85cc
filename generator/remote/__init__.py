"""The remote room: data on other hosts, fetched only from where the operator allows it. The only place that imports
fsspec and the clients below it.

``fetch`` brings the files of all packages into the cache, ``on_this_machine`` gives a package whose remote paths lead
to them. What comes after sees a package like any other, and what it says of the files is said of their addresses.
"""

from generator.remote.fetching import NOTHING, Fetched, fetch
from generator.remote.standin import StandIn, on_this_machine

__all__ = ["NOTHING", "Fetched", "StandIn", "fetch", "on_this_machine"]
