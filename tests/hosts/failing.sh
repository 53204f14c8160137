#!/bin/sh
# An interpreter host that cannot start: it stands in for one whose Python is broken.
echo 'the library of Python cannot be loaded' >&2
exit 3
