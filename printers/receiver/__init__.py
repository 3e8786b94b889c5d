"""The other end of the line: a printer made of software, which really reads the bytes it is sent."""
