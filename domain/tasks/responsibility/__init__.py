"""Who answers for a task, and how that changes: handover, transfer, vacancy, co-accountability."""
