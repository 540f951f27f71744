"""What is written of monitoring: by monitors, communes and bodies, year by year."""
