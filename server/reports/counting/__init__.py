"""How figures are counted: the cases of a day (sources), kept in packs by column, loaded as tables, split into groups."""
