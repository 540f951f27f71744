"""Read models: events become rows: batch by batch, or all anew, and swapped in."""
