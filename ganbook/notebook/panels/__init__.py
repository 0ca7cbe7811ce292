"""Panels: live views of runs and data in a notebook. A folder per panel holds its Python, JavaScript and styles.

A new panel needs two files. ``panel.py`` has a subclass of :class:`~ganbook.notebook.panels.base.Panel`: methods that
pages may call, marked with :func:`~ganbook.notebook.panels.base.verb`, ``send_all`` for a page that connects, and
``snapshot`` for readers without a kernel. ``panel.js`` has a store that takes the messages, a view that draws them, and
``export default mount(MyStore, MyView)``. ``tests/browser/counter`` is the smallest one.
"""
