"""Read the text of a job: markup, headings, sentences, and what each sentence asks for."""
