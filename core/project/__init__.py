"""A project: the images of one piece of work, their objects, and every step of the work."""
