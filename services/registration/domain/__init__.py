"""The four aggregates of registration: organisation, member, certificate, registration. Pure: no clock, no random, no I/O."""
