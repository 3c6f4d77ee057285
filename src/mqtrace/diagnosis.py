"""Inputs to Report: the pipeline."""
