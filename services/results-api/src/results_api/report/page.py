"""The HTML of the report page."""

from results_api.report.rendering import render
from results_api.report.view_model import ReportPage


def render_page(page: ReportPage) -> str:
    """Return the page as one HTML document without scripts and external resources."""
    return render("page.html", page=page, t=page.texts)
