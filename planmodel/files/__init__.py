"""Files as people save them: read with every fault at once, written whole or not at all."""
