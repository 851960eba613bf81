"""What people see of ``unlock``: sentences, tables, charts."""
