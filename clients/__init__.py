"""Official clients and the official conformance suite against the built server: `make accept-clients`."""
