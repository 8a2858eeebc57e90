"""Tables, SQL and migrations of the analyzer."""
