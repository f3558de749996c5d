"""What a CRM is told: the port, and the signed webhook that goes through it."""
