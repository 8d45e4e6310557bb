"""Keeping a county: database and files in one folder that proves itself, and the way back."""
