import logging

from web.middleware import current_request_id


class RequestIdFilter(logging.Filter):
    """Give every log record `request_id`, the number the person sees on an error page ("-" outside a request)."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current_request_id.get()
        return True
