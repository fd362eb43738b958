"""Pictures of time lines: charts by a child process that alone loads matplotlib, sparklines by hand."""
