"""A paced, durable queue on PostgreSQL: lanes, leases with fencing, fairness, retry.

Nothing is lost: a job is put in the transaction that makes it necessary, and removed in the one
that writes its effects. A claim is a lease; a worker whose lease has passed finds its fencing
number out of date and must not write.
"""

from magpie.kit.queue.model import Job, Lane, LaneStatus, Put
from magpie.kit.queue.queue import Queue
from magpie.kit.queue.wake import Wakes
from magpie.kit.queue.worker import Done, Handler, Worker

__all__ = ["Done", "Handler", "Job", "Lane", "LaneStatus", "Put", "Queue", "Wakes", "Worker"]
