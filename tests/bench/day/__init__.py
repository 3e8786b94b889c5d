"""A simulated day of a very large hall against a real server, and how its cost grows with counters, screens and history.

plan      who comes when and how long each is served
line      one kept HTTP connection
players   kiosks, clerks and telephones
screens   the websockets: they count what arrives and when a call was on the last display
paper     printers that take everything at once
figures   what was measured, hour by hour
growth    a ticket's and a call's cost in halls of different sizes
"""
