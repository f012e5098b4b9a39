"""The running bot: two processes, so that acks never wait for work.

The front takes in what Slack sends, keeps it and acks; the worker reviews, rewrites and posts. They share the store and
nothing else. In the playground both run in one process. This package and ``bot.__main__`` are the only ones that import
``handlers``.
"""
