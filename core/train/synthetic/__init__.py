"""Drawn micrographs of many kinds with their instances, to train on what no collection shows."""

from core.train.synthetic.scene import KINDS, Kind, random_scene

__all__ = ["KINDS", "Kind", "random_scene"]
