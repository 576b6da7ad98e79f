"""Everything around the services: the command line, private servers, the local stack, provisioning. Services never import it."""
