"""What is seen, in words made from its numbers."""
