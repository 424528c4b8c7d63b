"""The organisation that the emulator is filled with: Hinode Shoji, a fictional trading house with shops and games."""
