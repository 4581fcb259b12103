"""Brings the official files of the registry into a folder: the only network door below apps."""

from maillage.download.fetch import Arrival as Arrival
from maillage.download.fetch import Follower as Follower
from maillage.download.fetch import fetch as fetch
from maillage.download.transfer import Client as Client
from maillage.download.transfer import Patience as Patience
from maillage.download.wanted import read_given as read_given
