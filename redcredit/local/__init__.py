"""What `./run` does once the environment stands: local services, the demo, the checks. It needs no Django to start."""
