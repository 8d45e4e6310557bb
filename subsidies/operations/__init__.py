"""Every write of this app. A page, a command and a job all come through here."""
