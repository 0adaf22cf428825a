"""Widgets that know nothing of models: surfaces, cards, menus, switches, and where the keyboard is."""
