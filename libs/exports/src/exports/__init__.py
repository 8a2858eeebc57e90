"""Write a resume again: without the identity of its person, or as structured data.

Services import `exports.exporter`, `exports.source`, `exports.limits` and `exports.errors`.
All other modules are private to this package.
"""
