"""Taking events: a batch is read and judged (`reading`), then stored exactly once (`storing`)."""
