"""What every service uses and no service owns: the published language, the log, the bus, and one module per job."""
