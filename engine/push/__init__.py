"""What every token contributes to every state, pushed forward through the frozen network as vectors.

``sharing`` credits a bias to tokens, ``sites`` holds the few steps layers are made of, ``propagation`` takes them
through all layers and the head. This takes a vector per pair of tokens and layer; where one backward pass gives the
same numbers, :meth:`engine.frozen.FrozenNetwork.pull` is the way.
"""
