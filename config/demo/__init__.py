"""The demo district: two real streets of 金川区 with invented grids, people and petitions.

The petitions live through the real services and transitions at past moments, and the real sweep runs between them.
"""
