"""Whose fault it is.

MimeError
+-- ReadError    theirs: too deep, too many parts, headers without an end
+-- WriteError   ours: a value that no header or no boundary can carry
"""


class MimeError(Exception):
    pass


class ReadError(MimeError):
    pass


class WriteError(MimeError):
    pass
