"""Citizens' words: submissions, taken sealed from units (`taking`) and worked by officers of the administration concerned
(`working`), and what was added to ratings (`comments`)."""
