"""What all services share: the event contracts (published language), the log, the bus, and one module per job."""
