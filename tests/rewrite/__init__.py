"""Tests of the writers and their checks."""
