"""What protects persons: names read from registration on demand, own copies, retention periods, small cells, personal numbers."""
