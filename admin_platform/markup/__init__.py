"""HTML from elsewhere: read in one pass, brought into order, turned into text, cleaned."""
