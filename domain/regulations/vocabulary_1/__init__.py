"""Vocabulary 1: the shapes of which a regulation consists, what they mean, and their sentences.

A released vocabulary is never edited: a rating is derived again by the vocabulary it was decided
under. What is to mean something else becomes the next number, in a folder of its own.
"""
