"""Opening hours: when the hall and each service are open, and whether the kiosk gives tickets now."""
