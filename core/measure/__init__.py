"""Measurements of objects and images: one implementation for panels, tables and exports."""
