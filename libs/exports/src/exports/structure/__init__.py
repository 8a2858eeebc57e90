"""A resume as data: the person, positions, schools, skills and languages. What is uncertain is left out."""
