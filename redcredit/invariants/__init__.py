"""What must be true of the money whatever happened: each sentence one question to the database for what breaks it."""
