"""Finding out what media hold: how sounds lie to each other. Runs in the worker process."""
