"""Who may come in and what they may do: roles and their permissions, people, sessions, devices, pairing.

Tokens and session keys are 256 random bits of which the database holds only the SHA-256; passwords and PINs are argon2id.
"""

from server.access.roles import PERMISSIONS, Principal

__all__ = ["PERMISSIONS", "Principal"]
