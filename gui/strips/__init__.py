"""What stands under a picture and chooses what of it is shown."""
