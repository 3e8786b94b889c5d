"""The pages of the portal: the national page, and the submissions that an officer works."""
