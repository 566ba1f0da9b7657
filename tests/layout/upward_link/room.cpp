// Nothing: the project is configured, never built.
