"""What is recorded late, ahead or wrongly is put right, and every past day reads true."""
