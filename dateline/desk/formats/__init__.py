"""How the desk writes dates where Django's English is America's: FORMAT_MODULE_PATH."""
