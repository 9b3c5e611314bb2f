"""Reads the queues and streams of event source mappings, and invokes their functions.

`polling` does this for all mappings: `queue_reader` and `stream_reader` read a source each, `records` converts and
filters what they read, and `batches` invokes a function with a batch.
"""
