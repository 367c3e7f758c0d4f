"""The hostile pickles, one module for each part of what a scanner has to follow.

Each module has SAMPLES, a list of ops.Sample. The bytes are opcodes written by hand; nothing is loaded.
"""
