"""Pictures of every screen in every language, mode and orientation, to be looked at against docs/screens.md."""
