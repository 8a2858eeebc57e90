"""Write a resume again: without the identity of its person, or as structured data.

Services import `exports.renderer` and `exports.errors`; all other modules are private to this package.
"""
