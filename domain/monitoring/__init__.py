"""Monitoring: one leading official follows each commune; others attend party cells' meetings."""
