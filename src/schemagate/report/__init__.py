"""Tells a :class:`schemagate.finding.Report`: one module a format, each a pure function from Report to str."""
