"""What a manager is to be told of now: what begins, since when it is so, who has seen it, what has ended.

facts      the hall, its devices and what is outside, read in one go
hall       alerts of queues and counters        devices   of printers and displays
outside    of the portal and of backups         citizens  of ratings, and of words that can't be taken
registry   all of them: another one is a function and a line
store      those that hold, since when, and who has seen them
watch      the worker that looks again and again
"""
