"""Measures, run by `make bench`: each figure is printed beside its floor, from the same run."""
