"""Sessions, figures, lists and models that come from outside: through a menu, a drop, the command line."""
