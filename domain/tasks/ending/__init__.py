"""How a task ends or goes on as another: completion, score, cancellation, carry-over, next year."""
