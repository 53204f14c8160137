"""Grades: an item's nodes collapsed into one lattice. OpenColorIO is imported only where it is needed."""
