"""The headless engine under the name that scripts import: `DaVinciResolveScript.scriptapp("Resolve")`.

As with Resolve's own module, what an import leaves in `sys.modules` is the module that owns `scriptapp`.
"""

import sys

from resolve_engine import fusionscript

sys.modules[__name__] = fusionscript
