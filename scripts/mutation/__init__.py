"""Mutation testing: what `mutants.py` changes in function/. Imports terminal."""
