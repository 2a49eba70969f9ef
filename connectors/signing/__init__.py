"""The signing page's API: a plan behind its link, for the customer it belongs to."""
