"""Party cells: officials attend their meetings and judge their quality (D3, D4)."""
