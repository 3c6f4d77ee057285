"""Hides who and where: hosts, users and organisations get pseudonyms in what leaves the house."""
