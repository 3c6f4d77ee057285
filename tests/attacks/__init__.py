"""Attacks: the words that prove a failure, put where they prove nothing.

`planting.py` holds the planters: small functions that take the lines of a healthy carrier and the words to plant, and
give the lines of an input in which those words stand in a place where they are no evidence: after the call has
returned, in another thread, in the text of a dump, in the data of a put, before the call. A test takes the words from
what ships (the `match` examples of the trace patterns here), so that a new pattern is attacked without anyone writing a
test.

To add an attack, write a planter `(lines, words) -> lines` and put it into a table of planters with the carriers it is
for; to attack another kind of knowledge (signs, messages of logs), write a test module that takes its words from that
kind's entries. An attack has failed when nothing is certain or traced that is not so without the planted words. All
inputs are SYNTHETIC.
"""
