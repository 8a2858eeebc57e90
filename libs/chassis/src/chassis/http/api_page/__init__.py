"""The page that describes the API, with its assets from a package: no request leaves the service."""
