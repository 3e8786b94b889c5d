"""What is reported: families of figures, each defined in docs/figures.md."""
