"""The console's routes, one module for each subject. A route asks the desk or the mirror, and renders a template."""
