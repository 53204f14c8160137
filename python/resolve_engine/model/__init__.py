"""What a project is: plain records and rules over them. No files, no database, nothing of the API."""
