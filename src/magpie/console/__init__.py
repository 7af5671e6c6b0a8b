"""The console: pages for people, rendered here; the browser gets HTML and little else."""
