"""Media work in a process of its own: a codec that crashes there takes one answer along, not the engine."""
