"""The four services. Each runs alone and never imports another."""
