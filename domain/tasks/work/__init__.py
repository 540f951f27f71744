"""Work on a task: plan, reports, results, revisions and corrections."""
