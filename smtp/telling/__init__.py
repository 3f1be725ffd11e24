"""How mails and webhooks tell people what changed."""
