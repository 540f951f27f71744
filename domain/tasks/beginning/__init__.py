"""How a task begins: registered or commissioned, advised on, amended, approved, assigned."""
