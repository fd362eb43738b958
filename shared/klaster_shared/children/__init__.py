"""Child processes for heavy libraries and hostile files: the service neither grows by them nor falls with them."""
