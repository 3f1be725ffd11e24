"""The fault lab: mail servers and name servers on loopback that fail in known ways."""
