#!/usr/bin/env python3
"""An interpreter host that connects and never answers a call: it stands in for a hung Resolve."""

import json
import os
import sys


def say(message: object) -> None:
    sys.stdout.write(json.dumps(message) + '\n')
    sys.stdout.flush()


say({'hello': {'wire': 3, 'pid': os.getpid(), 'python': '3.0.0'}})
for line in sys.stdin:
    request = json.loads(line)
    if request['op'] == 'connect':
        outcome = {'connected': {'product': 'DaVinci Resolve', 'version': '0.0'}}
        say({'reply': {'id': request['id'], 'outcome': outcome, 'api_calls': 2, 'generation': 1}})
