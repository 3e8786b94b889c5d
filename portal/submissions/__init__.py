"""Submissions: taken sealed from units (`taking`), worked by officers of the administration concerned (`working`)."""
