"""Pure reading of mail: bytes in, frozen values out; no database, no settings, no exceptions."""
