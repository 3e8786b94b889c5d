"""What the hall does by itself in the course of a day: doors, notices, and the end of the day."""
