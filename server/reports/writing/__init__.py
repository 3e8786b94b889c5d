"""How a report is written: CSV, XLSX, PDF and pictures, all from one document of sections in a reader's language."""
