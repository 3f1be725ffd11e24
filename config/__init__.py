"""Wiring: settings, the worker's app and its timetable, the map of pages, the commands."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
