"""Heatmaps that live: small ones, the enlarged one, galleries of many, their scale and their layers."""
