"""The framework of a draft, part by part: every edit is an edit of its document, checked as a whole."""
