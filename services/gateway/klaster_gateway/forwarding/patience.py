"""How long a service may be silent, by operation: whoever searches waits for seconds, an import takes its time."""

# Seconds. A search is answered within 50 ms (p99, a million names); a hundred times as long helps nobody.
BRIEF = 5.0
LONG = 120.0  # files of a hundred thousand rows are read before there is an answer
OPEN = 600.0  # exports are written as they are read; between two parts a slow database may think for long
_BY_OPERATION = {
    BRIEF: (
        "search_registry",
        "suggest_in_registry",
        "suggest_reconciliation_entity",
        "suggest_reconciliation_property",
        "suggest_reconciliation_type",
        "search_door_people",
    ),
    LONG: (
        "import_attendance",
        "import_registrations",
        "import_observations",
        "put_import_file",
        "rehearse_import",
        "apply_import",
        "match_entities",
        "reconcile_entities",
        "export_badges",
        "issue_certificates",
    ),
    OPEN: ("export_registry", "export_indicators", "get_import_result"),
}
PATIENCE = {operation: seconds for seconds, operations in _BY_OPERATION.items() for operation in operations}
