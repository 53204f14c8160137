#!/usr/bin/env python3
"""An interpreter host that answers by the name of the method: it stands in for what Resolve does at its worst."""

import json
import os
import sys

FAULTS = {
    'GetCurrentTimecode': {'raised': {'method': 'Timeline.GetCurrentTimecode', 'exception': 'TypeError', 'message': 'no'}},
    'GetStartFrame': {'too_large': {'method': 'Timeline.GetStartFrame', 'bytes': 20000000, 'limit': 16777216}},
}
ANSWERS = {
    'GetCurrentPage': {'value': 'edit'},
    # Says that it did what it did not do.
    'SetName': {'value': True},
    'GetName': {'value': 'as before'},
    # Not what was asked.
    'GetStartTimecode': {'batch': []},
}
SILENT = 'GetEndFrame'


def say(message: object) -> None:
    sys.stdout.write(json.dumps(message) + '\n')
    sys.stdout.flush()


def outcome(op: object) -> object:
    if op == 'connect':
        return {'connected': {'product': 'DaVinci Resolve Studio', 'version': '21.1.0.14'}}
    method = op['call']['method']
    if method in FAULTS:
        return {'fault': FAULTS[method]}
    return ANSWERS.get(method, {'value': None})


say({'hello': {'wire': 3, 'pid': os.getpid(), 'python': '3.0.0'}})
for line in sys.stdin:
    request = json.loads(line)
    if request['op'] == 'connect' or request['op']['call']['method'] != SILENT:
        say({'reply': {'id': request['id'], 'outcome': outcome(request['op']), 'api_calls': 1, 'generation': 1}})
