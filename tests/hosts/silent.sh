#!/bin/sh
# An interpreter host that never says hello: it stands in for a Python that takes long to start.
while read -r _; do :; done
