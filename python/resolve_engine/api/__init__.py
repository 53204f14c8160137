"""Resolve's classes by Resolve's names, one file per class; what a script sees.

Answers, failure values and frame rules are those measured on Resolve 21.1. Where Resolve was seen to answer success for
what it did not do, the engine refuses and says why: placing on a locked track or over another item, an unknown clip
colour, saving the untitled project (Resolve blocks). Where it does something only by accident (tracks that cannot be
switched on the Deliver page, stills cut to a default length), the engine does the plain thing.
"""
