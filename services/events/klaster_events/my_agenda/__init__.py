"""What one person does at the forum, behind the link of their registration: taking part in meetings, and the agenda."""
