"""How settings are watched: logins on a schedule, and incidents."""
