"""The steps of a run, each over a `Session`: what stands in the folders that a session is made of knows of none."""
