"""Read DOCX files."""
